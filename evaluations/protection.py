"""The one door: every figure of the room becomes a Publication here, protected, before anybody sees it.

A table is protected beside all that the same readers have or may have seen of the same subject. In-house readers see
what is public too. Therefore a public table comes after the in-house one of the same kind, and shows only what follows
from it: what is hidden in-house is hidden in public, and public tables tell in-house readers nothing new.

Tables of different questions share the sizes of their groups. Only groups whose size is shown take part in a breakdown;
the tables of one question then say nothing of another's that their sizes do not say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.actions import Refused
from evaluations import computing, recoding
from evaluations.disclosure import Answers, Cell, Protected, Table, protect
from evaluations.disclosure.types import Category, Key, Loss
from evaluations.models import Preparation, Publication, Wave
from evaluations.models.publications import Audience
from evaluations.tabulating import ANSWER, RESPONSE, Subject

_LOCK = 7104  # of the tables of one wave: nobody protects beside what another is just publishing


@transaction.atomic
def publish(
    *,
    wave: Wave | None,
    audience: str,
    subject: str,
    table: Table,
    about: Subject | None = None,
    filters: Mapping[str, Sequence[Category]] | None = None,
    cut_off: date | None = None,
    preparation: Preparation | None = None,
    populations: Mapping[Key, int] | None = None,
    sizes: str = RESPONSE,
    protecting: Callable[[Table, Sequence[Protected]], Protected] = protect,
) -> Publication:
    """The table as this audience may see it: protected, with the figures of what is shown, and kept.

    `table` holds raw counts; its dimensions are ANSWER, where there is one, and groups. `about` says how the answers
    are to be read; `populations` how many firms there are, by groups in the order of the table; `sizes` as which
    subject the sizes of the groups are published; `protecting` is `protect`, or a memory of it. The same table is
    published once: asked again, it is as it was.
    Raises BadTable, and Refused when it comes in the wrong order.
    """
    lock(wave)
    groups = sorted(name for name in table.dimensions if name != ANSWER)
    same = {"wave": wave, "audience": audience, "subject": subject, "cut_off": cut_off}
    same |= {"dimensions": groups, "filters": _as_json(filters or {})}
    if found := Publication.objects.filter(**same).first():
        return found
    # How many answered in each group is known too, whichever subject it was published with.
    known = list(Publication.objects.filter(wave=wave, subject__in={subject, sizes}).order_by("pk"))
    earlier = [each for each in known if each.subject == subject]
    if audience == Audience.PUBLIC:
        table = for_public(earlier, table, filters=same["filters"], cut_off=cut_off)
    elif _is_public_first(earlier):
        raise Refused(_("This subject is out in public without an in-house table. It stays so."))
    protected = protecting(table, [from_json(each.table) for each in known if each.audience == audience])
    figures = computing.figures(protected, about, populations or {})
    return Publication.objects.create(**same, table=as_json(protected), figures=figures, preparation=preparation)


def lock(wave: Wave | None) -> None:
    """Nobody else publishes of this wave, or of the outcomes, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, wave.pk if wave else 0])


def for_public(
    earlier: Sequence[Publication],
    table: Table,
    *,
    filters: Mapping[str, Sequence[Category]] | None = None,
    cut_off: date | None = None,
) -> Table:
    """The table with every figure marked that in-house readers do not see; as it is for a subject of public tables
    alone.

    `earlier`: what is published of the subject. Raises Refused where the in-house table of the same kind is missing.
    """
    groups = sorted(name for name in table.dimensions if name != ANSWER)
    house = [each for each in earlier if each.audience == Audience.HOUSE]
    for each in house:
        if (each.dimensions, each.filters, each.cut_off) == (groups, _as_json(filters or {}), cut_off):
            return _no_more_than(_as_coarse(from_json(each.table), table), table)
    if house:
        raise Refused(_("A public table comes after the in-house one of the same kind. Make that one first."))
    return table


def _as_coarse(house: Protected, table: Table) -> Protected:
    """The in-house table with those answers together that are together in the public one."""
    boxes = [str(key[0]) for key in table.cells if ANSWER in table.dimensions and recoding.JOIN in str(key[0])]
    return recoding.folded(house, list(dict.fromkeys(boxes))) if boxes else house


def _is_public_first(earlier: Sequence[Publication]) -> bool:
    return bool(earlier) and all(each.audience == Audience.PUBLIC for each in earlier)


def _no_more_than(house: Protected, table: Table) -> Table:
    """The table with every figure marked that does not follow from what the in-house one shows.

    It may be of fewer groups, as more are too small in public. A sum over its groups follows where all of them are
    shown.
    """
    categories = [[*dict.fromkeys(key[place] for key in table.cells), None] for place in range(len(table.dimensions))]
    groups = [name != ANSWER for name in table.dimensions]
    cut = [name in table.where for name in table.dimensions]
    unsafe = set(table.unsafe)
    for key in product(*(dict.fromkeys(each) for each in categories)):
        summed = [place for place, part in enumerate(key) if part is None and groups[place] and cut[place]]
        parts = [
            [each for each in categories[place] if each is not None] if place in summed else [part]
            for place, part in enumerate(key)
        ]
        if any((cell := house.cells.get(spot)) is None or cell.n is None for spot in product(*parts)):
            unsafe.add(key)
    return replace(table, unsafe=frozenset(unsafe))


def shown_groups(protected: Protected) -> tuple[Category, ...]:
    """The groups of a table of sizes alone that may be broken down by: their size is shown, and not nought."""
    return tuple(key[0] for key, cell in protected.cells.items() if key[0] is not None and cell.n)


def as_json(protected: Protected) -> dict[str, Any]:
    """A protected table as the database keeps it."""
    return {
        "dimensions": list(protected.dimensions),
        "cells": [[*key, cell.n, cell.suppressed] for key, cell in protected.cells.items()],
        "threshold": protected.threshold,
        "loss": asdict(protected.loss),
        "multiple": {name: [rule.least, rule.most] for name, rule in protected.multiple.items()},
        "where": _as_json(protected.where),
        "unsafe": sorted((list(key) for key in protected.unsafe), key=repr),
        "known": [list(key) for key in protected.known],
        "withheld": protected.withheld,
    }


def from_json(data: Mapping[str, Any]) -> Protected:
    """The protected table that `as_json` wrote."""
    return Protected(
        dimensions=tuple(data["dimensions"]),
        cells={tuple(row[:-2]): Cell(row[-2], row[-1]) for row in data["cells"]},
        threshold=data["threshold"],
        loss=Loss(**data["loss"]),
        multiple={name: Answers(*rule) for name, rule in data["multiple"].items()},
        where={name: tuple(groups) for name, groups in data["where"].items()},
        unsafe=_keys(data["unsafe"]),
        known=tuple(tuple(key) for key in data["known"]),
        withheld=data["withheld"],
    )


def _keys(rows: Iterable[Sequence[Category | None]]) -> frozenset[Key]:
    return frozenset(tuple(row) for row in rows)


def _as_json(groups: Mapping[str, Sequence[Category]]) -> dict[str, list[Category]]:
    return {name: list(groups[name]) for name in sorted(groups)}
