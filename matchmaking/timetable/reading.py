"""A round from JSON, and a timetable into it. docs/timetable.md shows both."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from matchmaking.timetable.faults import BadRound, shown
from matchmaking.timetable.sentences import sentence
from matchmaking.timetable.types import (
    Affinity,
    Ban,
    Key,
    Meeting,
    Participant,
    Pin,
    Round,
    Timetable,
    Weights,
    Wish,
)

Row = Mapping[str, Any]


def read(text: str | bytes) -> Round:
    """The round that a JSON text tells. Raises BadRound with a line for each value of a wrong kind."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadRound([f"This is not JSON: {error.msg}, line {error.lineno}, column {error.colno}."]) from error
    except UnicodeDecodeError as error:
        raise BadRound([f"This is not UTF-8 text (byte {error.start})."]) from error
    except (ValueError, RecursionError) as error:
        raise BadRound([f"This JSON cannot be read: {error}."]) from error
    if not isinstance(data, dict):
        raise BadRound(["The round must be a JSON object."])
    return _Reader(data).round()


def written(timetable: Timetable) -> dict[str, Any]:
    """The timetable as JSON values; reasons and changes as sentences."""
    return {
        "status": timetable.status,
        "meetings": [{"a": each.a, "b": each.b, "slot": each.slot, "table": each.table} for each in timetable.meetings],
        "value": timetable.value,
        "bound": timetable.bound,
        "unmet": [
            {
                "participant": each.participant,
                "wanted": each.wanted,
                "wish": each.wish,
                "reason": sentence(each.reason),
            }
            for each in timetable.unmet
        ],
        "conflicts": [
            {
                "kind": each.kind,
                "participants": list(each.participants),
                "slots": list(each.slots),
                "reasons": [sentence(reason) for reason in each.reasons],
                "changes": [sentence(change) for change in each.changes],
            }
            for each in timetable.conflicts
        ],
    }


class _Reader:
    """Reads one round and gathers the faults on the way; what is faulty is left out until they are raised."""

    def __init__(self, data: Row) -> None:
        self._data = data
        self._faults: list[str] = []

    def round(self) -> Round:
        """The round, or BadRound with everything found."""
        data = self._data
        slots = self._names(data, "slots", "The round")
        fields_: dict[str, Any] = {
            "slots": slots,
            "capacity": self._capacity(slots),
            "participants": self._rows("participants", self._participant, required=True),
            "wishes": self._rows("wishes", self._wish),
            "affinity": self._rows("affinity", self._affinity),
            "pins": self._rows("pins", self._pin),
            "weights": self._weights(),
            "forbidden": self._rows("forbidden", self._ban),
            "published": self._rows("published", self._meeting),
            "breaks": self._names(data, "breaks", "The round") if "breaks" in data else (),
            "seed": self._whole(data, "seed", "The round", 0),
            "time_limit_s": self._number(data, "time_limit_s", "The round", 60.0),
        }
        longest = data.get("max_in_a_row")
        fields_["max_in_a_row"] = None if longest is None else self._whole(data, "max_in_a_row", "The round")
        if self._faults:
            raise BadRound(self._faults)
        return Round(**fields_)

    def _rows(self, field: str, read_one: Callable[[Row, str], Any], *, required: bool = False) -> tuple[Any, ...]:
        rows = self._data.get(field)
        if rows is None and not required:
            return ()
        if not isinstance(rows, list):
            self._faults.append(f'The round: "{field}" must be a list.')
            return ()
        found = []
        for place, row in enumerate(rows, start=1):
            if isinstance(row, dict):
                found.append(read_one(row, f"Number {place} of {field}"))
            else:
                self._faults.append(f"Number {place} of {field} must be an object.")
        return tuple(found)

    def _participant(self, row: Row, where: str) -> Participant:
        name = self._name(row, "id", where)
        where = f"Participant {shown(name)}"
        return Participant(
            id=name,
            available=self._names(row, "available", where),
            quota=self._whole(row, "quota", where),
            minimum=self._whole(row, "minimum", where, 0),
            side=None if row.get("side") is None else self._name(row, "side", where),
        )

    def _wish(self, row: Row, where: str) -> Wish:
        wisher = self._name(row, "from", where)
        wanted = self._name(row, "to", where)
        wish = row.get("wish")
        if not isinstance(wish, str):
            self._faults.append(f'Wish of participant {shown(wisher)} for {shown(wanted)}: "wish" must be a text.')
        return Wish(wisher, wanted, str(wish))

    def _affinity(self, row: Row, where: str) -> Affinity:
        a, b = self._two(row, where)
        return Affinity(a, b, self._number(row, "score", f"Affinity of participants {shown(a)} and {shown(b)}"))

    def _pin(self, row: Row, where: str) -> Pin:
        return Pin(*self._two(row, where), self._name(row, "slot", where))

    def _ban(self, row: Row, where: str) -> Ban:
        return Ban(*self._two(row, where), None if row.get("slot") is None else self._name(row, "slot", where))

    def _meeting(self, row: Row, where: str) -> Meeting:
        return Meeting(*self._two(row, where), self._name(row, "slot", where), self._whole(row, "table", where))

    def _two(self, row: Row, where: str) -> tuple[Key, Key]:
        return self._name(row, "a", where), self._name(row, "b", where)

    def _capacity(self, slots: tuple[Key, ...]) -> tuple[int, ...]:
        given = self._data.get("capacity")
        if not isinstance(given, dict):
            return (self._whole(self._data, "capacity", "The round"),) * len(slots)
        names = {str(name) for name in slots}
        self._faults += [
            f'"capacity" names slot {shown(name)}, which there is not.' for name in given if name not in names
        ]
        return tuple(
            self._whole({"capacity": given.get(str(name))}, "capacity", f"Slot {shown(name)}") for name in slots
        )

    def _weights(self) -> Weights:
        given = self._data.get("weights")
        if given is None:
            return Weights()
        if not isinstance(given, dict):
            self._faults.append('The round: "weights" must be an object.')
            return Weights()
        known = {field.name: field.default for field in fields(Weights)}
        self._faults += [
            f'There is no weight "{name}"; there are {", ".join(known)}.' for name in given if name not in known
        ]
        return Weights(**{name: self._number(given, name, "The weights", usual) for name, usual in known.items()})

    def _name(self, row: Row, field: str, where: str) -> Key:
        value = row.get(field)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            self._faults.append(f'{where}: "{field}" must be a text or a whole number.')
            return ""
        return value

    def _names(self, row: Row, field: str, where: str) -> tuple[Key, ...]:
        values = row.get(field)
        if not isinstance(values, list):
            self._faults.append(f'{where}: "{field}" must be a list.')
            return ()
        return tuple(self._name({field: value}, field, where) for value in values)

    def _whole(self, row: Row, field: str, where: str, usual: int | None = None) -> int:
        value = row.get(field, usual)
        if isinstance(value, bool) or not isinstance(value, int):
            self._faults.append(f'{where}: "{field}" must be a whole number.')
            return 0
        return value

    def _number(self, row: Row, field: str, where: str, usual: Any = None) -> float:
        value = row.get(field, usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self._faults.append(f'{where}: "{field}" must be a number.')
            return 0.0
        return float(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False
