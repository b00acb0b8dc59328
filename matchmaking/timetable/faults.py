"""What makes a round unusable: every fault as one line that names the participant or the slot."""

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

from matchmaking.timetable.types import WISHES, Key, Meeting, Pin, Round

LARGEST_WEIGHT = 1e6


class BadRound(ValueError):
    """A round that cannot be used; `faults` has one line each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def checked(round_: Round) -> Round:
    """The round itself, if it can be used. Raises BadRound."""
    found = tuple(faults(round_))
    if found:
        raise BadRound(found)
    return round_


def faults(round_: Round) -> Iterator[str]:
    """Unknown and repeated names, numbers out of range. Pins that contradict each other are no faults."""
    yield from _slots(round_)
    yield from _participants(round_)
    yield from _pairs(round_)
    yield from _placed(round_, "Pin", round_.pins)
    yield from _placed(round_, "Published meeting", round_.published)
    yield from _weights(round_)
    if not _is_number(round_.time_limit_s) or round_.time_limit_s == 0:
        yield f'"time_limit_s" must be a number of seconds above 0, not {round_.time_limit_s!r}.'
    if round_.max_in_a_row is not None and round_.max_in_a_row < 1:
        yield f'"max_in_a_row" must be at least 1, not {round_.max_in_a_row}.'


def shown(name: Key) -> str:
    """A name as it stands in a message: texts in quotes."""
    return f'"{name}"' if isinstance(name, str) else str(name)


def _slots(round_: Round) -> Iterator[str]:
    for name in _repeated(round_.slots):
        yield f"Slot {shown(name)} occurs twice."
    for name in _unknown(round_.breaks, round_.slots):
        yield f'"breaks" names slot {shown(name)}, which there is not.'
    if len(round_.capacity) != len(round_.slots):
        yield f"There are {len(round_.slots)} slots and {len(round_.capacity)} capacities."
    for name, tables in zip(round_.slots, round_.capacity, strict=False):
        if tables < 0:
            yield f"Slot {shown(name)}: the capacity must be at least 0, not {tables}."


def _participants(round_: Round) -> Iterator[str]:
    for name in _repeated(each.id for each in round_.participants):
        yield f"Participant {shown(name)} occurs twice."
    slots = set(round_.slots)
    for each in round_.participants:
        where = f"Participant {shown(each.id)}:"
        for name in _unknown(each.available, slots):
            yield f'{where} "available" names slot {shown(name)}, which there is not.'
        for name in _repeated(each.available):
            yield f'{where} "available" names slot {shown(name)} twice.'
        for field, number in (("quota", each.quota), ("minimum", each.minimum)):
            if number < 0:
                yield f'{where} "{field}" must be at least 0, not {number}.'


def _pairs(round_: Round) -> Iterator[str]:
    known = {each.id for each in round_.participants}
    for wish in round_.wishes:
        if wish.wish not in WISHES:
            where = _where("Wish", wish.wisher, wish.wanted)
            yield f"{where} it must be one of {', '.join(WISHES)}, not {shown(wish.wish)}."
        yield from _two("Wish", wish.wisher, wish.wanted, known)
    for a, b in _repeated((wish.wisher, wish.wanted) for wish in round_.wishes):
        yield f"Participant {shown(a)} has two wishes for {shown(b)}."
    for each in round_.affinity:
        yield from _two("Affinity", each.a, each.b, known)
        if not _is_number(each.score) or each.score > 1:
            where = _where("Affinity", each.a, each.b)
            yield f"{where} the score must lie between 0 and 1, not {each.score!r}."
    for names in _repeated(frozenset((each.a, each.b)) for each in round_.affinity):
        yield f"Affinity of participants {' and '.join(sorted(map(shown, names)))} occurs twice."
    for ban in round_.forbidden:
        yield from _two("Forbidden meeting", ban.a, ban.b, known)
        if ban.slot is not None:
            yield from _slot("Forbidden meeting", ban.a, ban.b, ban.slot, round_)


def _placed(round_: Round, kind: str, placed: Sequence[Pin | Meeting]) -> Iterator[str]:
    known = {each.id for each in round_.participants}
    for each in placed:
        yield from _two(kind, each.a, each.b, known)
        yield from _slot(kind, each.a, each.b, each.slot, round_)
    for names, slot in _repeated((frozenset((each.a, each.b)), each.slot) for each in placed):
        yield f"{kind} of participants {' and '.join(sorted(map(shown, names)))} in {shown(slot)} occurs twice."


def _two(kind: str, a: Key, b: Key, known: set[Key]) -> Iterator[str]:
    for name in (a, b):
        if name not in known:
            yield f"{_where(kind, a, b)} there is no participant {shown(name)}."
    if a == b:
        yield f"{_where(kind, a, b)} nobody meets itself."


def _slot(kind: str, a: Key, b: Key, slot: Key, round_: Round) -> Iterator[str]:
    if slot not in round_.slots:
        yield f"{_where(kind, a, b)} there is no slot {shown(slot)}."


def _where(kind: str, a: Key, b: Key) -> str:
    return f"{kind} of participants {shown(a)} and {shown(b)}:"


def _weights(round_: Round) -> Iterator[str]:
    for field in ("must", "nice", "mutual", "affinity", "shortfall", "move"):
        weight = getattr(round_.weights, field)
        if not _is_number(weight) or weight > LARGEST_WEIGHT:
            yield f'Weight "{field}" must lie between 0 and {LARGEST_WEIGHT:,.0f}, not {weight!r}.'


def _is_number(number: float) -> bool:
    return math.isfinite(number) and number >= 0


def _repeated(names: Iterable[Hashable]) -> Iterator[Any]:
    seen: set[Hashable] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)


def _unknown(names: Iterable[Key], known: Iterable[Key]) -> list[Key]:
    there = set(known)
    return [name for name in names if name not in there]
