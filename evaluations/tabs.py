"""The tabs of the room's pages, for managers and for evaluators."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tabs import Tab, grouped_tabs, tabs_of
from evaluations.models import Wave

# What belongs together stands behind one tab: address, label, whether evaluators see it too.
GROUPS: list[tuple[object, list[tuple[str, object, bool]]]] = [
    (
        _("Results"),
        [
            ("evaluations:home", _("Findings"), True),
            ("evaluations:boosters", _("Boosters and blockers"), True),
            ("evaluations:tables", _("Tables"), True),
            ("evaluations:benchmarks", _("Benchmarks"), True),
            ("evaluations:method", _("Method"), True),
        ],
    ),
    (
        _("Outcomes"),
        [
            ("evaluations:outcomes", _("Ladder"), False),
            ("evaluations:quarters", _("By quarter"), True),
            ("evaluations:needs", _("Needs over time"), True),
            ("evaluations:funnel", _("Funnel"), False),
            ("evaluations:engaged", _("Work abroad"), False),
            ("evaluations:worklist", _("Worklist"), False),
            ("evaluations:goals", _("By goal"), False),
        ],
    ),
    (
        _("Surveys"),
        [
            ("evaluations:waves", _("Survey waves"), False),
            ("evaluations:questionnaires", _("Questionnaires"), True),
        ],
    ),
    (_("Reports"), [("evaluations:reports", _("Reports"), True)]),
]


def room_tabs(request: HttpRequest) -> list[Tab]:
    """The room's pages that this person may enter."""
    may_all = request.user.is_manager
    groups = [
        (label, [(reverse(name), words) for name, words, open_to_all in entries if open_to_all or may_all])
        for label, entries in GROUPS
    ]
    return grouped_tabs(request.path, groups)


def wave_tabs(request: HttpRequest, wave: Wave) -> list[Tab]:
    """The manager's pages of one wave."""
    entries = [("evaluations:wave", _("Overview")), ("evaluations:wave_people", _("Who is asked"))]
    return tabs_of(request.path, [(reverse(name, args=[wave.slug]), label) for name, label in entries])
