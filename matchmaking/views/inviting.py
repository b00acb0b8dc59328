"""Inviting members and guests to a round, by managers and by the partners that bring their own companies."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from core.pages import paginate
from matchmaking import guests as lists
from matchmaking.actions import participants as actions
from matchmaking.filters import MemberFilter
from matchmaking.forms.participants import GuestForm, GuestLinesForm, MembersForm, contacts
from matchmaking.models import Round
from matchmaking.permissions import can_bring_companies, can_run_rounds
from matchmaking.reading import people
from matchmaking.views.access import for_managers, visible_round
from members.models import Organisation, User
from members.permissions import insist, refused

MEMBERS_PER_PAGE = 50


def _said(request: HttpRequest, round_: Round, count: int) -> None:
    if round_.status == Round.Status.PLANNED:
        told = ngettext(
            "%(n)s is on the list. The mail goes out when the round opens.",
            "%(n)s are on the list. The mails go out when the round opens.",
            count,
        )
    else:
        told = ngettext("%(n)s is invited.", "%(n)s are invited.", count)
    messages.success(request, told % {"n": count})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def invite_members(request: HttpRequest, slug: str) -> HttpResponse:
    """Members of the home cluster, many at once, each with its contact person."""
    round_ = visible_round(request.user, slug)
    found = MemberFilter(request.GET, people.members_to_invite(round_))
    page = paginate(request, found.qs, per_page=MEMBERS_PER_PAGE)
    form = MembersForm(request.POST or None, members=page)
    if request.method == "POST" and (chosen := _chosen(request, form, found)):
        return _invite_members(request, round_, chosen)
    context = {"round": round_, "filter": found, "page": page, "form": form}
    return TemplateResponse(request, "matchmaking/invite_members.html", context)


def _chosen(request: HttpRequest, form: MembersForm, found: MemberFilter) -> list[tuple[Organisation, str, str]]:
    """Those that are ticked, or everybody whom the filter finds and who has somebody to write to."""
    if request.POST.get("which") == "all":
        return [(each, who[0].user.name, who[0].user.email) for each in found.qs if (who := contacts(each))]
    return form.picked() if form.is_valid() else []


def _invite_members(request: HttpRequest, round_: Round, members: list[tuple[Organisation, str, str]]) -> HttpResponse:
    try:
        added, refusals = actions.invite_members(round_=round_, members=members, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("matchmaking:invite_members", round_.slug)
    if added:
        _said(request, round_, len(added))
    for wanted, reason in refusals:
        messages.warning(request, f"{wanted.facts['company']}: {reason}")
    return redirect("matchmaking:participants", round_.slug)


# Guests


def _clusters(round_: Round, user: User) -> QuerySet[Organisation]:
    """In whose name this person invites; who may invite in nobody's name is told why."""
    found = people.clusters_for(round_, user)
    if not can_run_rounds(user):
        first = found.first()
        insist(can_bring_companies(user, round_, first) if first else refused(_("Only partners bring companies.")))
    return found


def _guests_page(request: HttpRequest, round_: Round, clusters: QuerySet[Organisation], **more: object) -> HttpResponse:
    context = {
        "round": round_,
        "form": GuestForm(clusters=clusters),
        "lines_form": GuestLinesForm(clusters=clusters, auto_id="lines_%s"),
        "partnerships": people.own_partnerships(round_, request.user),
        "back": _list_of(round_, request.user),
    }
    return TemplateResponse(request, "matchmaking/invite_guest.html", context | more)


def _list_of(round_: Round, user: User) -> str:
    return reverse("matchmaking:participants", args=[round_.slug]) if user.is_manager else round_.get_absolute_url()


@require_http_methods(["GET", "HEAD", "POST"])
def invite_guest(request: HttpRequest, slug: str) -> HttpResponse:
    """One guest by form; the same page takes several."""
    round_ = visible_round(request.user, slug)
    clusters = _clusters(round_, request.user)
    form = GuestForm(request.POST or None, clusters=clusters)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_guest(round_=round_, by=request.user, **form.cleaned_data)
            _said(request, round_, 1)
            return redirect("matchmaking:invite_guest", slug)
        except Refused as refusal:
            form.add_error("email", str(refusal))
    return _guests_page(request, round_, clusters, form=form)


@require_POST
def invite_guests(request: HttpRequest, slug: str) -> HttpResponse:
    """Several guests at once. Lines that do not fit stand in the box again, with the reason."""
    round_ = visible_round(request.user, slug)
    clusters = _clusters(round_, request.user)
    form = GuestLinesForm(request.POST, request.FILES, clusters=clusters, auto_id="lines_%s")
    if not form.is_valid():
        return _guests_page(request, round_, clusters, lines_form=form)
    found, refusals = form.guests()
    cluster = form.cleaned_data["cluster"]
    try:
        added, more = actions.invite_guests(round_=round_, cluster=cluster, guests=found, by=request.user)
    except Refused as refusal:
        form.add_error("lines", str(refusal))
        return _guests_page(request, round_, clusters, lines_form=form)
    if added:
        _said(request, round_, len(added))
    lines = {guest.email: guest.line for guest in found}
    refusals += [lists.Refusal(lines[wanted.email], reason) for wanted, reason in more]
    if not refusals:
        return redirect(_list_of(round_, request.user))
    again = {"lines": "\n".join(line for line, _reason in refusals), "cluster": cluster}
    form = GuestLinesForm(initial=again, clusters=clusters, auto_id="lines_%s")
    return _guests_page(request, round_, clusters, lines_form=form, refusals=refusals)
