"""The tabs of the room's pages, for managers and for evaluators."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluations.models import Wave

# Each part of the room adds its entries here: address, label, whether evaluators see it too.
ENTRIES: list[tuple[str, str, bool]] = [
    ("evaluations:home", _("Results"), True),
    ("evaluations:tables", _("Tables"), True),
    ("evaluations:boosters", _("Boosters and blockers"), True),
    ("evaluations:quarters", _("By quarter"), True),
    ("evaluations:outcomes", _("Outcomes"), False),
    ("evaluations:funnel", _("Funnel"), False),
    ("evaluations:engaged", _("Work abroad"), False),
    ("evaluations:worklist", _("Worklist"), False),
    ("evaluations:waves", _("Survey waves"), False),
    ("evaluations:questionnaires", _("Questionnaires"), True),
    ("evaluations:reports", _("Reports"), True),
    ("evaluations:benchmarks", _("Benchmarks"), True),
    ("evaluations:method", _("Method"), True),
]


def room_tabs(request: HttpRequest) -> list[dict[str, object]]:
    """The room's pages that this person may enter."""
    entries = [(reverse(name), label) for name, label, open_to_all in ENTRIES if open_to_all or request.user.is_manager]
    above = [url for url, _label in entries if request.path.startswith(url)]
    here = max(above, key=len, default="")
    return [{"label": label, "url": url, "count": None, "current": url == here} for url, label in entries]


def wave_tabs(request: HttpRequest, wave: Wave) -> list[dict[str, object]]:
    """The manager's pages of one wave."""
    entries = [("evaluations:wave", _("Overview")), ("evaluations:wave_people", _("Who is asked"))]
    urls = [(reverse(name, args=[wave.slug]), label) for name, label in entries]
    return [{"label": label, "url": url, "count": None, "current": url == request.path} for url, label in urls]
