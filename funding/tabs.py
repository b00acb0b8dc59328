"""The tabs of the room, by who looks, and those of the secretary's pages of a call."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, grouped_tabs
from funding.models import FundingCall, Reviewer
from funding.permissions import can_see_grants, may_enter
from members.models import User

REVIEWED = frozenset({FundingCall.Phase.REVIEW, FundingCall.Phase.DECIDED, FundingCall.Phase.OVER})
KNOWN = REVIEWED - {FundingCall.Phase.REVIEW}

GRANTS_OF_MANAGERS = [
    ("funding:grants", _("Grants")),
    ("funding:grant_money", _("Money by funder")),
    ("funding:ledger", _("De minimis ledger")),
    ("funding:aid_declarations", _("Declarations")),
    ("funding:register_imports", _("Central register")),
]
GRANTS_OF_MEMBERS = [("funding:grants", _("Your grants")), ("funding:own_statement", _("De minimis aid"))]

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


def room_tabs(request: HttpRequest, current: str = "") -> list[Tab]:
    """The room's pages that this person may enter; none for whoever may read the calls alone.

    `current`: the name of the page that is shown, where its address does not tell.
    """
    user = request.user
    if not user.is_authenticated:
        return []
    groups = [(label, [(reverse(name), words) for name, words in entries]) for label, entries in _groups(user)]
    return grouped_tabs(reverse(current) if current else request.path, groups) if len(groups) > 1 else []


def _groups(user: User) -> list[tuple[object, list[tuple[str, object]]]]:
    pages = [("funding:list", _("Calls"))]
    if user.own_membership:
        pages.append(("funding:applications", _("Our applications")))
    if may_enter(user):
        pages.append(("funding:searches", _("Partner searches")))
    if user.is_reviewer or (user.is_manager and Reviewer.objects.active().filter(user=user).exists()):
        pages.append(("funding:reviews", _("Your reviews")))
    groups = [(label, [(name, label)]) for name, label in pages]
    if can_see_grants(user):
        groups.append((_("Grants"), GRANTS_OF_MANAGERS if user.is_manager else GRANTS_OF_MEMBERS))
    return groups
