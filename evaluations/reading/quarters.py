"""The protected tables of a quarter in words, from what was published and from nothing else."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ladder import Rung
from evaluations import protection
from evaluations.disclosure.types import Key, Protected
from evaluations.groups import label
from evaluations.models import Publication
from evaluations.models.publications import Audience
from evaluations.quarters import QUARTER, Quarter
from evaluations.reading.engaged import LEVELS
from evaluations.reading.funnel import STEPS
from evaluations.recoding import NO_ANSWER
from members.models import User

TITLES = {
    "outcomes": gettext_lazy("How far companies told that they have come"),
    "funnel": gettext_lazy("The furthest step that companies made"),
    "engaged": gettext_lazy("Work with partners abroad, in the calendar year"),
}
NOTES = {
    "outcomes": gettext_lazy("Each member company counts once, by the furthest that it told in the quarter."),
    "funnel": gettext_lazy("Each member company counts once, by the furthest step that it made in the quarter."),
    "engaged": gettext_lazy("Each member company counts once, by the furthest that it came in the year."),
}
LABELS: dict[str, dict[str, object]] = {
    "outcomes": {**dict(Rung.choices), NO_ANSWER: gettext_lazy("Told nothing")},
    "funnel": {**{name: words for name, words, _column in STEPS}, NO_ANSWER: gettext_lazy("Was shown nothing")},
    "engaged": {**dict(LEVELS), NO_ANSWER: gettext_lazy("None of these on record")},
}


def quarters(user: User, wanted: str) -> dict[str, object]:
    """The tables of the quarter that is wanted, or of the newest; and which there are."""
    rows = Publication.objects.visible_to(user).filter(
        wave=None, audience=Audience.HOUSE, cut_off__isnull=False, filters__has_key=QUARTER
    )
    ends = rows.order_by("-cut_off").values_list("cut_off", flat=True).distinct()
    names = [Quarter.of(end).name for end in ends]
    chosen = wanted if wanted in names else next(iter(names), "")
    found = list(rows.filter(filters={QUARTER: [chosen]}).order_by("pk")) if chosen else []
    return {
        "quarter": chosen,
        "names": [{"name": name, "current": name == chosen} for name in names],
        "tables": [
            _table(name, own) for name in TITLES if (own := [row for row in found if row.subject == f"{name}:{chosen}"])
        ],
    }


def _table(subject: str, own: Sequence[Publication]) -> dict[str, object]:
    """One subject: all companies, and beside them each size, where that was published."""
    alone = next((protection.from_json(row.table) for row in own if not row.dimensions), None)
    sized = next((protection.from_json(row.table) for row in own if row.dimensions == ["size_class"]), None)
    sizes = groups_of(sized) if sized else []
    columns = [_("All"), *(label("size_class", size) for size in sizes)]
    return {
        "id": subject,
        "title": TITLES[subject],
        "note": NOTES[subject],
        "columns": columns,
        "rows": [
            {
                "label": words,
                "cells": cells_of(columns, [cell_of(alone, (key,)), *(cell_of(sized, (key, size)) for size in sizes)]),
            }
            for key, words in [*LABELS[subject].items(), (None, _("Member companies"))]
        ],
    }


def cells_of(columns: Sequence[str], cells: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Each with the name of its column, which stands beside it on a phone."""
    return [cell | {"column": column} for column, cell in zip(columns, cells, strict=True)]


def groups_of(sized: Protected) -> list[str]:
    return [str(each) for each in dict.fromkeys(key[1] for key in sized.cells) if each is not None]


def cell_of(protected: Protected | None, key: Key) -> dict[str, object]:
    """A figure, or that it is too small; nothing else is known of it here."""
    cell = protected.cells.get(key) if protected else None
    return {"n": cell.n if cell else None, "hidden": cell is None or cell.n is None}
