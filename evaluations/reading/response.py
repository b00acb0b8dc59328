"""Who is missing, by group: the response so far, with what would say who has answered left out."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from evaluations.disclosure import Table, protect
from evaluations.groups import label
from evaluations.models import Wave
from evaluations.reading.waves import CAPTIONS, columns, row

KEPT_FOR = 24 * 60 * 60  # seconds
TOGETHER = "together"
SHOWN = ("size_class", "section", "country")


def tables(wave: Wave) -> list[dict[str, object]]:
    """One table a group: how many were asked and how many have answered. Small groups stand together or are hidden.

    Managers know who was asked and to which group each belongs. A group in which everybody has answered would tell of
    each of them, so it is hidden like one with few answers.
    """
    rows = wave.invitees.order_by().values_list(*SHOWN)
    counted = list(rows.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(has_answered=True))))
    return [_table(wave, group, _by(counted, at)) for at, group in enumerate(SHOWN)]


def _by(counted: Sequence[tuple], at: int) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for *values, asked, answered in counted:
        before = totals.get(values[at], (0, 0))
        totals[values[at]] = (before[0] + asked, before[1] + answered)
    return totals


def _table(wave: Wave, group: str, totals: Mapping[str, tuple[int, int]]) -> dict[str, object]:
    totals = together(totals, threshold=wave.fewest_in_house)
    shown = _kept(totals, threshold=wave.fewest_in_house)
    heads = [(_("Group"), False), (_("Asked"), True), (_("Answered"), True), (_("Share"), True)]
    lines = []
    order = {TOGETHER: 1, "": 2}
    for value in sorted(totals, key=lambda each: (order.get(each, 0), -totals[each][0], each)):
        asked = totals[value][0]
        answered = shown[value]
        told = [_("Too few to show"), "–"] if answered is None else [answered, f"{round(100 * answered / asked)} %"]
        name = _("Smaller groups together") if value == TOGETHER else label(group, value)
        lines.append(row(heads, [name, asked, *told]))
    return {"caption": CAPTIONS[group](), "columns": columns(heads), "rows": lines}


def together(totals: Mapping[str, tuple[int, int]], *, threshold: int) -> dict[str, tuple[int, int]]:
    """The same, with all groups of which fewer were asked than must be shown as one."""
    small = {value for value, (asked, _answered) in totals.items() if asked < threshold}
    if not small:
        return dict(totals)
    rest = {value: told for value, told in totals.items() if value not in small}
    return rest | {TOGETHER: (sum(totals[each][0] for each in small), sum(totals[each][1] for each in small))}


def _kept(totals: Mapping[str, tuple[int, int]], *, threshold: int) -> dict[str, int | None]:
    """The same counts are protected once, in the same way for every reader, and not while somebody waits again."""
    told = json.dumps([threshold, sorted(totals.items())])
    key = f"response:{sha256(told.encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: protected(totals, threshold=threshold), timeout=KEPT_FOR)


def protected(totals: Mapping[str, tuple[int, int]], *, threshold: int) -> dict[str, int | None]:
    """Group -> how many have answered; None where that is hidden. `totals`: group -> asked, answered.

    How many have answered altogether is always told. Where that must not be known, no group is shown.
    """
    everybody = frozenset((value,) for value, (asked, answered) in totals.items() if answered == asked)
    cells = {(value,): answered for value, (_asked, answered) in totals.items()}
    shown = protect(Table(("group",), cells, threshold=threshold, unsafe=everybody)).cells
    is_told = shown[(None,)].n is not None
    hidden = {value for value in totals if not is_told or shown[(value,)].n is None}
    # Of so few, a zero would tell of each: it is hidden too, and never alone.
    few = {value for value, (asked, _answered) in totals.items() if asked < threshold}
    if few and not hidden:
        hidden = set(sorted(totals.keys() - few, key=lambda value: (totals[value][1], value))[:1])
    return {value: None if value in hidden | few else totals[value][1] for value in totals}
