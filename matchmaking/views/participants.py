"""Who takes part in a round: the list, one of them, inviting and reminding."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.downloads import as_csv
from core.htmx import render_page
from core.pages import paginate
from core.templatetags.portal import country
from matchmaking.actions import participants as actions
from matchmaking.filters import ParticipantFilter
from matchmaking.forms.participants import ParticipantForm
from matchmaking.forms.rounds import SentenceForm
from matchmaking.models import Participant, Round
from matchmaking.permissions import can_look_after, can_run_rounds
from matchmaking.reading import people
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round
from members.models import User
from members.permissions import insist


def _found(request: HttpRequest, round_: Round) -> ParticipantFilter:
    rows = people.participants(round_, request.user)
    return ParticipantFilter(request.GET, rows, round_=round_, clusters=people.clusters_in(round_))


@require_safe
@for_managers
def participant_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody on the list, searchable, with where they stand."""
    round_ = visible_round(request.user, slug)
    found = _found(request, round_)
    page = paginate(request, found.qs)
    context = {
        "round": round_,
        "tabs": round_tabs(request, round_),
        "filter": found,
        "page": page,
        "rows": people.rows(list(page)),
        "figures": people.figures(round_),
        "reminders": people.reminders(round_),
        "twice": people.twice(round_),
    }
    return render_page(request, "matchmaking/participants.html", context, part="results")


def _lines(found: list[Participant], round_: Round) -> Iterator[list[object]]:
    sides = {"a": round_.side_a, "b": round_.side_b}
    yield [
        _("Company"), _("Person"), _("E-mail"), _("Mobile number"), _("Cluster"), _("Country"), _("Town"), _("Size"),
        _("State"), _("Since"), _("Ballot"), _("Side"), _("Most meetings"),
    ]  # fmt: skip
    for each in found:
        yield [
            each.company, each.person, each.email, each.phone, each.cluster.name, country(each.country), each.town,
            each.get_size_class_display(), each.get_status_display(), _day(each.status_at), _day(each.chosen_at),
            sides.get(each.side, ""), each.quota if each.quota is not None else round_.quota,
        ]  # fmt: skip


def _day(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


@require_safe
@for_managers
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """What the list shows, all pages of it, for a spreadsheet."""
    round_ = visible_round(request.user, slug)
    found = list(_found(request, round_).qs)
    actions.note_export(round_=round_, count=len(found), by=request.user)
    return as_csv(_lines(found, round_), f"{round_.slug}-{timezone.localdate()}.csv")


@require_POST
@for_managers
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Those who have not answered, or not chosen, hear from us once more."""
    round_ = visible_round(request.user, slug)
    whom = "choices" if request.POST.get("whom") == "choices" else "answer"
    try:
        count = actions.remind(round_=round_, whom=whom, by=request.user)
        told = ngettext("%(n)s person is reminded.", "%(n)s people are reminded.", count) % {"n": count}
        messages.success(request, told if count else _("Everybody has heard from us today. Try again tomorrow."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matchmaking:participants", slug)


# One of them


def _participant(user: User, slug: str, pk: int) -> Participant:
    """One whom this person may look after; 404 otherwise, as if there were none."""
    found = people.participants(visible_round(user, slug), user)
    participant = get_object_or_404(found.select_related("cluster", "organisation", "round__timetable"), pk=pk)
    insist(can_look_after(user, participant.cluster))
    return participant


@require_http_methods(["GET", "HEAD", "POST"])
def participant_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What is known of one, and what can be done; its quota and side are for the cluster team."""
    participant = _participant(request.user, slug, pk)
    may_change = can_run_rounds(request.user)
    form = ParticipantForm(
        request.POST or None, instance=_participant(request.user, slug, pk), round_=participant.round
    )
    if request.method == "POST":
        insist(may_change)
        if form.is_valid():
            actions.change_participant(participant=participant, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("matchmaking:participant", slug, pk)
    return _show(request, participant, form if may_change else None)


def _show(
    request: HttpRequest, participant: Participant, form: ParticipantForm | None, why: SentenceForm | None = None
) -> HttpResponse:
    context = {
        "round": participant.round,
        "participant": participant,
        "state": people.state(participant),
        "facts": people.facts(participant),
        "form": form,
        "why_form": why or _why(participant),
        "may_send": participant.round.status not in {Round.Status.PLANNED, Round.Status.CANCELLED},
        "may_withdraw": participant.status in people.COMING and not participant.round.is_past,
    }
    return TemplateResponse(request, "matchmaking/participant.html", context)


def _why(participant: Participant, data: QueryDict | None = None) -> SentenceForm:
    """Who takes part is owed a sentence; who has not answered hears nothing."""
    is_needed = participant.status == Participant.Status.CONFIRMED
    return SentenceForm(data, is_needed=is_needed, auto_id="why_%s")


@require_POST
def resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new link; the older ones open nothing any more."""
    participant = _participant(request.user, slug, pk)
    try:
        actions.resend_link(participant=participant, by=request.user)
        told = _("%(email)s gets a new link. The older ones are switched off.")
        messages.success(request, told % {"email": participant.email})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matchmaking:participant", slug, pk)


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes one out of the round, with a sentence."""
    participant = _participant(request.user, slug, pk)
    form = _why(participant, request.POST)
    if not form.is_valid():
        own = ParticipantForm(instance=participant, round_=participant.round)
        return _show(request, participant, own if can_run_rounds(request.user) else None, form)
    try:
        actions.withdraw(participant=participant, why=form.cleaned_data["why"], by=request.user)
        messages.success(request, _("%(company)s is out of the round.") % {"company": participant.company})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matchmaking:participant", slug, pk)
