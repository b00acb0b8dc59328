"""Tables from JSON, and protected tables into it and back. docs/disclosure.md shows both."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from evaluations.disclosure.faults import MOST_FIGURES, BadTable, named, shown
from evaluations.disclosure.types import (
    COMPLEMENTARY,
    PRIMARY,
    USUAL_THRESHOLD,
    Answers,
    Category,
    Cell,
    Key,
    Loss,
    Protected,
    Table,
)

Row = Mapping[str, Any]

_OWN_FIELDS = ("n", "suppressed", "unsafe")
_OF_A_TABLE = ("dimensions", "cells", "threshold", "multiple", "where", "published")
_OF_A_PROTECTED = ("dimensions", "cells", "threshold", "multiple", "where", "loss", "known", "withheld")


def read(text: str | bytes) -> tuple[Table, tuple[Protected, ...]]:
    """The table of a JSON text, and what it says is published. Raises BadTable with a line for each fault."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadTable([f"This is not JSON: {error.msg}, line {error.lineno}, column {error.colno}."]) from error
    except UnicodeDecodeError as error:
        raise BadTable([f"This is not UTF-8 text (byte {error.start})."]) from error
    except (ValueError, RecursionError) as error:
        raise BadTable([f"This JSON cannot be read: {error}."]) from error
    if not isinstance(data, dict):
        raise BadTable(["The table must be a JSON object."])
    table = _Reader(data, "The table", _OF_A_TABLE).table()
    published = data.get("published", [])
    if not isinstance(published, list) or not all(isinstance(each, dict) for each in published):
        raise BadTable(['The table: "published" must be a list of protected tables.'])
    return table, tuple(
        read_protected(each, f"Published table {place}") for place, each in enumerate(published, start=1)
    )


def read_protected(data: Row, where: str = "The protected table") -> Protected:
    """A protected table from the JSON values that `written` made of it. Raises BadTable."""
    return _Reader(data, where, _OF_A_PROTECTED).protected()


def written(protected: Protected) -> dict[str, Any]:
    """A protected table as JSON values; null as a category means that the dimension is summed out."""
    return {
        "dimensions": list(protected.dimensions),
        "threshold": protected.threshold,
        "multiple": {name: asdict(rule) for name, rule in protected.multiple.items()},
        "where": {name: list(categories) for name, categories in protected.where.items()},
        "withheld": protected.withheld,
        "cells": [_written_cell(protected, key, cell) for key, cell in protected.cells.items()],
        "loss": asdict(protected.loss),
        "known": [dict(zip(protected.dimensions, key, strict=True)) for key in protected.known],
    }


def _written_cell(protected: Protected, key: Key, cell: Cell) -> dict[str, Any]:
    mark = {"unsafe": True} if key in protected.unsafe else {}
    return {**dict(zip(protected.dimensions, key, strict=True)), "n": cell.n, "suppressed": cell.suppressed, **mark}


class _Reader:
    """Reads one table and gathers the faults on the way; what is faulty is left out until they are raised."""

    def __init__(self, data: Row, where: str, fields: tuple[str, ...]) -> None:
        self._data, self._where = data, where
        self._faults = [
            f"{where}: there is no {shown(name)}; there are {', '.join(fields)}." for name in data if name not in fields
        ]
        self._dimensions = self._names()
        self._unsafe: set[Key] = set()

    def table(self) -> Table:
        """The table, or BadTable with everything found."""
        head = self._head()
        counts: dict[Key, int] = {}
        for key, row, where in self._cells("unsafe"):
            if "n" not in row and row.get("unsafe") is True:
                continue
            if key in counts:
                self._faults.append(f"{where} occurs twice.")
            counts[key] = self._whole(row, "n", where)
        self._end()
        return Table(cells=counts, unsafe=frozenset(self._unsafe), **head)

    def protected(self) -> Protected:
        """The protected table, or BadTable with everything found."""
        head = self._head()
        cells: dict[Key, Cell] = {}
        for key, row, where in self._cells("unsafe", "suppressed"):
            hidden = row.get("n") is None
            reason = row.get("suppressed")
            if reason not in ((PRIMARY, COMPLEMENTARY) if hidden else (None,)):
                self._faults.append(f'{where}: "suppressed" does not fit its n.')
            cells[key] = Cell(None, reason) if hidden else Cell(self._whole(row, "n", where))
        loss = self._loss()
        known = self._data.get("known", [])
        fitting = isinstance(known, list) and all(isinstance(each, dict) for each in known)
        self._end()
        keys = tuple(tuple(each.get(name) for name in head["dimensions"]) for each in known) if fitting else ()
        return Protected(
            cells=cells,
            loss=loss,
            known=keys,
            unsafe=frozenset(self._unsafe),
            withheld=self._data.get("withheld") is True,
            **head,
        )

    def _end(self) -> None:
        if self._faults:
            raise BadTable(self._faults[:100])

    def _head(self) -> dict[str, Any]:
        return {
            "dimensions": self._dimensions,
            "threshold": self._whole(self._data, "threshold", self._where, USUAL_THRESHOLD),
            "multiple": self._multiple(),
            "where": self._passing(),
        }

    def _names(self) -> tuple[str, ...]:
        names = self._data.get("dimensions")
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            raise BadTable([*self._faults, f'{self._where}: "dimensions" must be a list of names.'])
        taken = [name for name in names if name in _OWN_FIELDS]
        self._faults += [f"{self._where}: a dimension cannot be called {shown(name)}." for name in taken]
        return tuple(names)

    def _cells(self, *more: str) -> list[tuple[Key, Row, str]]:
        rows = self._data.get("cells")
        if not isinstance(rows, list):
            self._faults.append(f'{self._where}: "cells" must be a list.')
            return []
        if len(rows) > MOST_FIGURES:
            self._faults.append(f"{self._where} has {len(rows):,} cells; at most {MOST_FIGURES:,} can be protected.")
            return []
        found: list[tuple[Key, Row, str]] = []
        for place, row in enumerate(rows, start=1):
            where = f"{self._where}: cell {place}"
            if not isinstance(row, dict):
                self._faults.append(f"{where} must be an object.")
                continue
            key = tuple(self._category(row, name, where) for name in self._dimensions)
            known = {*self._dimensions, "n", *more}
            self._faults += [f"{where}: there is no {shown(name)}." for name in row if name not in known]
            if not isinstance(row.get("unsafe", False), bool):
                self._faults.append(f'{where}: "unsafe" must be true or false.')
            if row.get("unsafe") is True:
                self._unsafe.add(key)
            found.append((key, row, f"{self._where}: cell {named(key)}"))
        return found

    def _category(self, row: Row, name: str, where: str) -> Category | None:
        if name not in row:
            self._faults.append(f"{where} has no category of {shown(name)}.")
            return ""
        value = row[name]
        return None if value is None else self._one(value, f"{where}: {shown(name)}")

    def _one(self, value: Any, where: str) -> Category:
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            self._faults.append(f"{where} must be a text or a whole number.")
            return ""
        return value

    def _multiple(self) -> dict[str, Answers]:
        given = self._data.get("multiple", {})
        if isinstance(given, list) and all(isinstance(name, str) for name in given):
            return {name: Answers() for name in given}
        if not isinstance(given, dict) or not all(isinstance(rule, dict) for rule in given.values()):
            self._faults.append(
                f'{self._where}: "multiple" must be a list of dimensions, or an object with their limits.'
            )
            return {}
        return {
            name: self._answers(rule, f'{self._where}: "multiple" of {shown(name)}') for name, rule in given.items()
        }

    def _answers(self, rule: Row, where: str) -> Answers:
        self._faults += [f"{where}: there is no {shown(name)}." for name in rule if name not in ("least", "most")]
        most = None if rule.get("most") is None else self._whole(rule, "most", where)
        return Answers(self._whole(rule, "least", where, 0), most)

    def _passing(self) -> dict[str, tuple[Category, ...]]:
        given = self._data.get("where", {})
        if not isinstance(given, dict) or not all(isinstance(each, list) for each in given.values()):
            self._faults.append(
                f'{self._where}: "where" must be an object with a list of categories for each dimension.'
            )
            return {}
        return {
            name: tuple(self._one(value, f'{self._where}: "where" of {shown(name)}') for value in values)
            for name, values in given.items()
        }

    def _loss(self) -> Loss:
        given: Any = self._data.get("loss")
        try:
            return Loss(**given)
        except TypeError:
            self._faults.append(f'{self._where}: "loss" must be what was written there.')
            return Loss(0, 0, 0, 0, 0.0, 0.0)

    def _whole(self, row: Row, field: str, where: str, usual: int | None = None) -> int:
        value = row.get(field, usual)
        if isinstance(value, bool) or not isinstance(value, int):
            self._faults.append(f'{where}: "{field}" must be a whole number.')
            return 0
        return value
