"""Who is missing, by group: the response so far, with what would say who has answered left out."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from evaluations.disclosure import Table, protect
from evaluations.groups import label
from evaluations.models import Wave
from evaluations.reading.waves import CAPTIONS, columns, row

SHOWN = ("size_class", "section", "country")


def tables(wave: Wave) -> list[dict[str, object]]:
    """One table a group: how many were asked and how many have answered. Small groups and their like are hidden.

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
    shown = protected(totals, threshold=wave.fewest_in_house)
    heads = [(_("Group"), False), (_("Asked"), True), (_("Answered"), True), (_("Share"), True)]
    lines = []
    for value, (asked, _answered) in sorted(totals.items(), key=lambda item: (not item[0], -item[1][0], item[0])):
        answered = shown[value]
        told = [_("Too few to show"), ""] if answered is None else [answered, f"{round(100 * answered / asked)} %"]
        lines.append(row(heads, [label(group, value), asked, *told]))
    return {"caption": CAPTIONS[group](), "columns": columns(heads), "rows": lines}


def protected(totals: Mapping[str, tuple[int, int]], *, threshold: int) -> dict[str, int | None]:
    """Group -> how many have answered; None where that is hidden. `totals`: group -> asked, answered.

    How many have answered altogether is always told. Where that must not be known, no group is shown.
    """
    everybody = frozenset((value,) for value, (asked, answered) in totals.items() if answered == asked)
    cells = {(value,): answered for value, (_asked, answered) in totals.items()}
    shown = protect(Table(("group",), cells, threshold=threshold, unsafe=everybody)).cells
    is_told = shown[(None,)].n is not None
    return {value: shown[(value,)].n if is_told else None for value in totals}
