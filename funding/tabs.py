"""The tabs of the secretary's pages of a call."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, grouped_tabs
from funding.models import FundingCall

REVIEWED = frozenset({FundingCall.Phase.REVIEW, FundingCall.Phase.DECIDED, FundingCall.Phase.OVER})
KNOWN = REVIEWED - {FundingCall.Phase.REVIEW}

# What belongs together stands behind one tab: a view, its label, in which phases it is there (None: in all).
GROUPS: list[tuple[object, list[tuple[str, object, frozenset[str] | None]]]] = [
    (
        _("Call"),
        [
            ("funding:overview", _("Overview"), None),
            ("funding:funders", _("Funders"), None),
            ("funding:form", _("Form"), None),
            ("funding:criteria", _("Criteria"), None),
            ("funding:documents", _("Documents"), None),
        ],
    ),
    (
        _("Reviews"),
        [
            ("funding:reviewers", _("Reviewers"), None),
            ("funding:assignments", _("Assignments"), REVIEWED),
            ("funding:scores", _("Scores"), REVIEWED),
        ],
    ),
    (
        _("Decisions"),
        [
            ("funding:ranking", _("Ranking"), REVIEWED),
            ("funding:letters", _("Letters"), None),
            ("funding:reserve", _("Reserve"), KNOWN),
            ("funding:appeals", _("Appeals"), KNOWN),
        ],
    ),
    (_("Grants"), [("funding:call_grants", _("Grants"), KNOWN)]),
    (_("Record"), [("funding:trail", _("Record"), None)]),
]


def call_tabs(request: HttpRequest, call: FundingCall) -> list[Tab]:
    """The secretary's pages of one call, in the order of the work, as far as it is."""
    groups = [
        (
            label,
            [
                (reverse(name, args=[call.slug]), words)
                for name, words, phases in entries
                if phases is None or call.phase in phases
            ],
        )
        for label, entries in GROUPS
    ]
    return grouped_tabs(request.path, groups)
