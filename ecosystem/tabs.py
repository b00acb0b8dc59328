"""The tabs of the room's pages, for the cluster team and for a partner's people."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.tabs import Tab, named_tabs, tabs_of
from ecosystem.models import Partnership


def room_tabs(request: HttpRequest) -> list[Tab]:
    """The cluster team's lists."""
    if not request.user.is_manager:
        return []
    entries = (
        ("ecosystem:partners", _("Partners")),
        ("ecosystem:shortlists", _("Shortlists")),
        ("exchange:home", _("Exchange of portals")),
    )
    return tabs_of(request.path, [(reverse(name), label) for name, label in entries])


def partner_tabs(request: HttpRequest, partnership: Partnership) -> list[Tab]:
    """The pages of one partner."""
    entries = (
        ("ecosystem:partner", _("Overview")),
        ("ecosystem:pool", _("Shared opportunities")),
        ("ecosystem:partner_lists", _("Shortlists")),
    )
    return named_tabs(request, entries, partnership.organisation.slug)
