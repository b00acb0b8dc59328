"""Needs over time, from what was published and from nothing else."""

from collections import defaultdict

from django.utils.translation import gettext as _

from evaluations import protection
from evaluations.groups import label
from evaluations.models import Publication
from evaluations.models.publications import Audience
from evaluations.quarters import NEEDED, NEEDS
from evaluations.reading.quarters import cell_of, cells_of
from evaluations.recoding import NO_ANSWER
from members.models import Gap, SizeClass, User


def over_time(user: User) -> dict[str, object]:
    """A table for each gap: a line for each year, the newest first; one question to the database."""
    names = {subject.name: gap for gap, subject in NEEDS.items()}
    rows = Publication.objects.visible_to(user).filter(wave=None, audience=Audience.HOUSE, cut_off__isnull=False)
    found: dict[str, dict[int, dict[str, Publication]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows.filter(subject__startswith="needs_").order_by("-cut_off", "pk"):
        gap = names.get(row.subject.partition(":")[0])
        if gap:
            found[gap][row.cut_off.year][",".join(row.dimensions)] = row
    return {"tables": [_table(Gap(gap), found[gap]) for gap in NEEDS if gap in found]}


def _table(gap: Gap, years: dict[int, dict[str, Publication]]) -> dict[str, object]:
    sizes = SizeClass.values
    columns = [_("Member companies"), _("Told nothing"), _("Need help"), *(label("size_class", size) for size in sizes)]
    return {
        "gap": gap,
        "columns": columns,
        "rows": [{"year": year, "cells": cells_of(columns, _cells(tables, sizes))} for year, tables in years.items()],
    }


def _cells(tables: dict[str, Publication], sizes: list[str]) -> list[dict[str, object]]:
    """How many there are, told nothing and need help; then how many of each size need it."""
    alone, sized = (protection.from_json(tables[key].table) if key in tables else None for key in ("", "size_class"))
    return [
        cell_of(alone, (None,)),
        cell_of(alone, (NO_ANSWER,)),
        cell_of(alone, (NEEDED,)),
        *(cell_of(sized, (NEEDED, size)) for size in sizes),
    ]
