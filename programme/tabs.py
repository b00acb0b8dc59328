"""The tabs of the room's pages: one group for each of its subjects."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, grouped_tabs, named_tabs
from members.models import User
from programme.models import Activity, Strategy
from programme.permissions import can_lead, can_see_services

SERVICES_FOR_MANAGERS = (
    ("programme:services", _("Catalogue")),
    ("programme:matrix", _("Services and needs")),
    ("programme:service_requests", _("Requests")),
    ("programme:service_hours", _("Hours")),
    ("programme:plans", _("Action plans")),
)
SERVICES_FOR_MEMBERS = (
    ("programme:services", _("Catalogue")),
    ("programme:service_requests", _("Your requests")),
    ("programme:plans", _("Your action plan")),
)


def room_tabs(request: HttpRequest) -> list[Tab]:
    """What this person finds in the room: activities are for everybody, the rest for members and the team."""
    activities = (_("Activities"), (("programme:activities", _("Activities")),))
    groups = (
        (_("Strategy"), (("programme:strategies", _("Strategy")),)),
        (_("Services"), _services(request.user)),
        activities,
    )
    entered = groups if can_see_services(request.user) else (activities,)
    listed = [(label, [(reverse(name), each) for name, each in entries]) for label, entries in entered]
    return grouped_tabs(request.path, listed)


def _services(user: User) -> tuple[tuple[str, object], ...]:
    return SERVICES_FOR_MANAGERS if user.is_manager else SERVICES_FOR_MEMBERS


def strategy_tabs(request: HttpRequest, strategy: Strategy) -> list[Tab]:
    """The manager's pages of one strategy."""
    entries = [
        ("programme:strategy", _("What it says")),
        ("programme:stakeholders", _("Who stands behind it")),
        ("programme:versions", _("Versions")),
    ]
    return named_tabs(request, entries, strategy.slug)


def activity_tabs(request: HttpRequest, activity: Activity) -> list[Tab]:
    """The pages of one activity, for the team and the company that leads it."""
    if not request.user.is_authenticated or not can_lead(request.user, activity):
        return []
    entries: list[tuple[str, object]] = [
        ("programme:activity", _("Overview")),
        ("programme:activity_people", _("Who comes")),
        ("programme:activity_words", _("Programme and results")),
    ]
    if request.user.is_manager:
        entries.insert(2, ("programme:activity_hosts", _("Hosts")))
    return named_tabs(request, entries, activity.slug)
