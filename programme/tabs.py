"""The tabs of the room's pages."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, named_tabs, tabs_of
from programme.models import Strategy

ENTRIES = [
    ("programme:strategies", _("Strategy")),
]


def room_tabs(request: HttpRequest) -> list[Tab]:
    """The subjects of the room."""
    return tabs_of(request.path, [(reverse(name), label) for name, label in ENTRIES])


def strategy_tabs(request: HttpRequest, strategy: Strategy) -> list[Tab]:
    """The manager's pages of one strategy."""
    entries = [
        ("programme:strategy", _("What it says")),
        ("programme:stakeholders", _("Who stands behind it")),
        ("programme:versions", _("Versions")),
    ]
    return named_tabs(request, entries, strategy.slug)
