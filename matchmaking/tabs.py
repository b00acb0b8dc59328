"""The tabs of a round's pages, for the cluster team and for a participant."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.tabs import Tab, named_tabs
from matchmaking import links
from matchmaking.models import MeetingRequest, Participant, Round
from matchmaking.reading.others import sees_others


def round_tabs(request: HttpRequest, round_: Round) -> list[Tab]:
    """The manager's pages of one round, in the order of the work."""
    entries: list[tuple[str, str]] = [
        ("matchmaking:round", _("Overview")),
        ("matchmaking:programme", _("Programme")),
        ("matchmaking:partners", _("Partners")),
        ("matchmaking:participants", _("Participants")),
        *([("matchmaking:requests", _("Requests"))] if round_.takes_requests else []),
        ("matchmaking:timetables", _("Timetables")),
    ]
    if round_.is_out:
        entries += [
            ("matchmaking:day", _("The day")),
            ("matchmaking:results", _("Results")),
        ]
    return named_tabs(request, entries, round_.slug)


def own_tabs(request: HttpRequest, participant: Participant) -> list[Tab]:
    """What a participant's link opens, as far as the round is."""
    round_ = participant.round
    if not participant.is_in or round_.status == Round.Status.CANCELLED:
        return []
    entries: list[tuple[str, str]] = [("matchmaking:ballot", _("Companies"))] if sees_others(participant) else []
    if round_.takes_requests:
        entries += [("matchmaking:own_requests", _("Requests"))]
    entries += [("matchmaking:agenda", _("Agenda"))]
    if round_.is_out:
        entries += [("matchmaking:feedback_overview", _("Feedback"))]
    entries += [("matchmaking:sign_up", _("Profile"))]
    if not round_.is_past:
        entries += [("matchmaking:availability", _("Your time"))]
    tabs = named_tabs(request, entries, links.token_of(participant))
    if round_.takes_requests:
        at = [name for name, _label in entries].index("matchmaking:own_requests")
        tabs[at]["count"] = MeetingRequest.objects.waiting().filter(turn=participant).count() or None
    return tabs
