"""The day for the cluster team: who is here, walk-ins, free slots, and how the meetings went.

Every act is one small POST that may come twice: on the venue's network it does.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.forms import refused_on
from core.htmx import render_page
from matchmaking.actions import day as actions
from matchmaking.forms.day import LateForm, WalkInForm
from matchmaking.models import Meeting, Participant, Round
from matchmaking.reading import day as reading
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round


def _context(request: HttpRequest, round_: Round, **more: object) -> dict[str, object]:
    return {"round": round_, "tabs": round_tabs(request, round_), **more}


@require_safe
@for_managers
def day(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is here, as a list to tap on."""
    round_ = visible_round(request.user, slug)
    show, q = request.GET.get("show", ""), request.GET.get("q", "")
    show = show if show in reading.STATES else ""
    found = reading.list_of(round_, show=show, q=q)
    context = _context(request, round_, show=show, q=q, **found)
    return render_page(request, "matchmaking/day.html", context, part="people")


def _participant(round_: Round, pk: int) -> Participant:
    participant = get_object_or_404(Participant.objects.filter(round=round_).select_related("cluster"), pk=pk)
    participant.round = round_
    return participant


def _act(request: HttpRequest, slug: str, pk: int, act: Callable[[Participant], actions.Followed]) -> HttpResponse:
    """Does it and shows the line as it is then: the line alone to htmx, the page at that line otherwise."""
    round_ = visible_round(request.user, slug)
    participant = _participant(round_, pk)
    refused, told = "", ""
    try:
        told = _told(act(participant))
    except Refused as refusal:
        refused = str(refusal)
    if not request.htmx:
        (messages.error if refused else messages.success)(request, refused or told or _("Saved."))
        return redirect(reverse("matchmaking:day", args=[slug]) + f"#p{pk}")
    context = {"round": round_, "told": told, "refused": refused, "is_answer": True}
    context |= reading.line_of(round_, _participant(round_, pk))
    return TemplateResponse(request, "matchmaking/_at_door.html", context)


def _told(followed: actions.Followed) -> str:
    """What became of the meetings."""
    parts = [
        ngettext("%(n)s meeting freed", "%(n)s meetings freed", followed.freed) % {"n": followed.freed},
        ngettext("%(n)s brought back", "%(n)s brought back", followed.back) % {"n": followed.back},
        ngettext("%(n)s new from the waiting list", "%(n)s new from the waiting list", followed.filled)
        % {"n": followed.filled},
    ]
    kept = [part for part, count in zip(parts, followed, strict=True) if count]
    return ", ".join(kept) + "." if kept else ""


@require_POST
@for_managers
def check_in(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Is here."""
    return _act(request, slug, pk, lambda participant: actions.check_in(participant=participant, by=request.user))


@require_POST
@for_managers
def no_show(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Does not come."""
    return _act(request, slug, pk, lambda participant: actions.no_show(participant=participant, by=request.user))


@require_POST
@for_managers
def undo_check_in(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes back what was tapped."""
    return _act(request, slug, pk, lambda participant: actions.expect(participant=participant, by=request.user))


@require_POST
@for_managers
def late(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Comes at the time that was typed, on the round's clocks."""

    def act(participant: Participant) -> actions.Followed:
        form = LateForm(request.POST, round_=participant.round)
        if not form.is_valid():
            raise Refused(form.errors["until"][0])
        return actions.expect_late(participant=participant, until=form.cleaned_data["until"], by=request.user)

    return _act(request, slug, pk, act)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def walk_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody who was not on the list, in one form."""
    round_ = visible_round(request.user, slug)
    form = WalkInForm(request.POST or None, round_=round_)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            participant = actions.walk_in(round_=round_, by=request.user, **form.cleaned_data)
            count = participant.seats.standing().count()
            said = ngettext("%(who)s is in, with %(n)s meeting.", "%(who)s is in, with %(n)s meetings.", count)
            messages.success(request, said % {"who": participant, "n": count})
            return redirect("matchmaking:day", slug=slug)
    return TemplateResponse(request, "matchmaking/walk_in.html", _context(request, round_, form=form))


@require_POST
@for_managers
def refill(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts together who is there and free."""
    round_ = visible_round(request.user, slug)
    try:
        count = actions.refill(round_=round_, by=request.user)
        none = _("No two who are free and would like to meet have a slot and a table in common.")
        said = ngettext("%(n)s new meeting. Both sides know.", "%(n)s new meetings. All sides know.", count)
        messages.success(request, said % {"n": count} if count else none)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matchmaking:day", slug=slug)


@require_safe
@for_managers
def day_meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """Which meetings were held, slot by slot."""
    round_ = visible_round(request.user, slug)
    context = _context(request, round_, **reading.meetings_of_the_day(round_, request.GET.get("slot", "")))
    return TemplateResponse(request, "matchmaking/day_meetings.html", context)


@require_POST
@for_managers
def mark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Notes from the table whether a meeting was held."""
    round_ = visible_round(request.user, slug)
    meetings = Meeting.objects.filter(timetable=round_.timetable_id)
    meeting = get_object_or_404(meetings.select_related("a", "b", "slot", "table"), pk=pk)
    refused = ""
    try:
        actions.mark(meeting=meeting, status=request.POST.get("status", ""), by=request.user)
    except Refused as refusal:
        refused = str(refusal)
    if not request.htmx:
        if refused:
            messages.error(request, refused)
        return redirect(reverse("matchmaking:day_meetings", args=[slug]) + f"?slot={meeting.slot_id}#m{pk}")
    meeting.refresh_from_db(fields=["status"])
    entry = {"meeting": meeting, "note": reading.note_of(meeting)}
    return TemplateResponse(request, "matchmaking/_marked.html", {"round": round_, "entry": entry, "refused": refused})
