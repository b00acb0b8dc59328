"""The tabs of the room's pages: one group for each of its subjects."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, grouped_tabs, named_tabs
from members.models import User
from programme.models import Strategy

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
    """What this person finds in the room."""
    groups = (
        (_("Strategy"), (("programme:strategies", _("Strategy")),)),
        (_("Services"), _services(request.user)),
    )
    listed = [(label, [(reverse(name), each) for name, each in entries]) for label, entries in groups]
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
