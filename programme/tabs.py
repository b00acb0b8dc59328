"""The tabs above the pages of the room."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, named_tabs, tabs_of
from programme.models import Activity
from programme.permissions import can_lead

ENTRIES = (("programme:activities", _("Activities")),)


def programme_tabs(request: HttpRequest) -> list[Tab]:
    """The room's parts, for whoever is signed in."""
    return tabs_of(request.path, [(reverse(name), label) for name, label in ENTRIES])


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
