"""The tabs of the secretary's pages of a call."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, named_tabs
from funding.models import FundingCall

# The name of a view, its label, and in which phases it is there (None: in all).
ENTRIES: list[tuple[str, object, frozenset[str] | None]] = [
    ("funding:overview", _("Overview"), None),
    ("funding:funders", _("Funders"), None),
    ("funding:form", _("Form"), None),
    ("funding:criteria", _("Criteria"), None),
    ("funding:documents", _("Documents"), None),
]


def call_tabs(request: HttpRequest, call: FundingCall) -> list[Tab]:
    """The secretary's pages of one call, in the order of the work, as far as it is."""
    entries = [(name, label) for name, label, phases in ENTRIES if phases is None or call.phase in phases]
    return named_tabs(request, entries, call.slug)
