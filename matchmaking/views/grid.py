"""What is done by hand in a timetable's grid. Each act goes back to the grid, and says what was done or why not."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.actions import Refused
from matchmaking.actions import meetings
from matchmaking.forms.timetables import AddForm, CancelForm, PlaceForm
from matchmaking.models import ForbiddenPair, Meeting, Timetable
from matchmaking.reading.board import Board
from matchmaking.views.access import for_managers
from matchmaking.views.timetables import VIEWS, visible_timetable


def _meeting(request: HttpRequest, slug: str, number: int, pk: int) -> Meeting:
    timetable = visible_timetable(request, slug, number)
    meeting = get_object_or_404(timetable.meetings.for_grid(), pk=pk)
    meeting.timetable = timetable
    return meeting


def _try(
    request: HttpRequest, timetable: Timetable, act: Callable[[], object], said: str, **picked: int
) -> HttpResponse:
    try:
        act()
        messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _back(request, timetable, **picked)


def _back(request: HttpRequest, timetable: Timetable, **picked: int) -> HttpResponse:
    """To the grid as it was, with what was worked on beside it."""
    view = request.POST.get("view")
    query = ({"view": view} if view in VIEWS[1:] else {}) | picked
    path = reverse("matchmaking:timetable", args=[timetable.round.slug, timetable.number], query=query or None)
    return redirect(f"{path}#board" if picked else path)


def _told(timetable: Timetable, said: str) -> str:
    """What was done, and that those concerned hear of it when participants see this timetable."""
    if timetable.pk != timetable.round.timetable_id:
        return said
    return _("%(done)s Those concerned get a mail.") % {"done": said}


@require_POST
@for_managers
def move_meeting(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Puts a meeting into another slot or at another table."""
    meeting = _meeting(request, slug, number, pk)
    form = PlaceForm(request.POST, board=Board(meeting.timetable))
    if not form.is_valid():
        messages.error(request, _("Choose a time or a table from the list."))
        return _back(request, meeting.timetable, m=pk)
    slot, table = form.cleaned_data["place"]

    def act() -> None:
        meetings.move(meeting=meeting, slot=slot, table=table, by=request.user)

    return _try(request, meeting.timetable, act, _told(meeting.timetable, _("Moved.")), m=pk)


@require_POST
@for_managers
def pin_meeting(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Keeps a meeting where it is when the round is solved again, or lets it go."""
    meeting, pinned = _meeting(request, slug, number, pk), request.POST.get("pinned") == "yes"
    said = _("Pinned. Solving again leaves it here.") if pinned else _("No longer pinned.")

    def act() -> None:
        meetings.pin(meeting=meeting, pinned=pinned, by=request.user)

    return _try(request, meeting.timetable, act, said, m=pk)


@require_POST
@for_managers
def cancel_meeting(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Takes a meeting out."""
    meeting, form = _meeting(request, slug, number, pk), CancelForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why in at most 300 characters."))
        return _back(request, meeting.timetable, m=pk)

    def act() -> None:
        meetings.cancel(meeting=meeting, why=form.cleaned_data["why"], by=request.user)

    return _try(request, meeting.timetable, act, _told(meeting.timetable, _("Taken out.")))


@require_POST
@for_managers
def forbid_pair(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Takes a meeting out and keeps its two apart from now on."""
    meeting = _meeting(request, slug, number, pk)
    said = _told(meeting.timetable, _("Taken out. These two are kept apart from now on."))

    def act() -> None:
        meetings.forbid(one=meeting.a, other=meeting.b, timetable=meeting.timetable, by=request.user)

    return _try(request, meeting.timetable, act, said)


@require_POST
@for_managers
def allow_pair(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Lets two meet again that were kept apart."""
    timetable = visible_timetable(request, slug, number)
    pair = get_object_or_404(ForbiddenPair.objects.filter(a__round=timetable.round).select_related("a", "b"), pk=pk)

    def act() -> None:
        meetings.allow(pair=pair, by=request.user)

    return _try(request, timetable, act, _("They may be put together again."))


@require_POST
@for_managers
def add_meeting(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Puts two together by hand."""
    timetable = visible_timetable(request, slug, number)
    form = AddForm(request.POST, board=Board(timetable))
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return _back(request, timetable)
    asked = {name: form.cleaned_data[name] for name in ("one", "other", "slot")}

    def act() -> None:
        meetings.add(timetable=timetable, origin=Meeting.Origin.HAND, by=request.user, **asked)

    return _try(request, timetable, act, _told(timetable, _("Added and pinned.")), who=asked["one"].pk)
