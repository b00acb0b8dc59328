"""The tabs of a round's pages, for the cluster team and for a participant."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from matchmaking import links
from matchmaking.models import Participant, Round


def round_tabs(request: HttpRequest, round_: Round) -> list[dict[str, object]]:
    """The manager's pages of one round, in the order of the work."""
    entries: list[tuple[str, str]] = [
        ("matchmaking:round", _("Overview")),
        ("matchmaking:programme", _("Programme")),
        ("matchmaking:partners", _("Partners")),
        ("matchmaking:participants", _("Participants")),
    ]
    return _tabs(request, entries, round_.slug)


def own_tabs(request: HttpRequest, participant: Participant) -> list[dict[str, object]]:
    """What a participant's link opens, as far as the round is."""
    entries: list[tuple[str, str]] = [
        ("matchmaking:own", _("Start")),
    ]
    return _tabs(request, entries, links.token_of(participant))


def _tabs(request: HttpRequest, entries: list[tuple[str, str]], argument: str) -> list[dict[str, object]]:
    tabs = [{"label": label, "url": reverse(name, args=[argument])} for name, label in entries]
    return [tab | {"current": tab["url"] == request.path} for tab in tabs]
