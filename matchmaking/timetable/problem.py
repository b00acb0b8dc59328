"""A round as arrays: people and candidate pairs are numbered in the order of their names, not of the input."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaking.timetable.types import MUST, NEVER, NICE, Key, Meeting, Pin, Round

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Problem:
    """n people, m candidate pairs, s slots in the order of time.

    left, right (m): the people of a pair, left < right. weight (m): the value of their meeting. open (m, s): both are
    free and the slot has a table. free (n, s). tables (s). quota, need (n): at most, and at least if possible. pinned,
    published (m): the slot of the pair's pin or published meeting, else -1. session (s): number of the stretch between
    breaks. held (n, s): slots with meetings that are none of the problem's. gone: published meetings whose pair may not
    meet any more.
    """

    names: tuple[Key, ...]
    slots: tuple[Key, ...]
    left: Ints
    right: Ints
    weight: Floats
    open: Bools
    free: Bools
    tables: Ints
    quota: Ints
    need: Ints
    pinned: Ints
    published: Ints
    session: Ints
    held: Bools
    gone: int
    shortfall: float
    move: float
    in_a_row: int
    seed: int

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.names)

    @property
    def pairs(self) -> int:
        """How many pairs may meet."""
        return len(self.left)

    def value(self, slot_of: Ints) -> float:
        """The value of a timetable given as the slot of each pair, -1 for no meeting."""
        held = slot_of >= 0
        kept = held & (slot_of == self.published)
        left_out = int((self.published >= 0).sum()) + self.gone - int(kept.sum())
        lacking = np.maximum(self.need - self.meetings(slot_of), 0).sum()
        return float(self.weight[held].sum() - self.move * left_out - self.shortfall * lacking)

    def meetings(self, slot_of: Ints) -> Ints:
        """How many meetings each person has, shape (n,)."""
        held = slot_of >= 0
        ends = np.concatenate([self.left[held], self.right[held]])
        return np.bincount(ends, minlength=self.people).astype(np.int32)


def by_name(key: Key) -> tuple[bool, Key]:
    """Sorts names: numbers before texts."""
    return isinstance(key, str), key


def compiled(round_: Round) -> Problem:
    """The arrays of a round without faults (validating.py); pins need not be possible (conflicts.py)."""
    people = sorted(round_.participants, key=lambda each: by_name(each.id))
    number = {each.id: place for place, each in enumerate(people)}
    slot = {name: place for place, name in enumerate(round_.slots)}
    tables = np.array([min(each, len(people) // 2) for each in round_.capacity], np.int32)
    free = np.zeros((len(people), len(slot)), np.bool_)
    for place, each in enumerate(people):
        free[place, [slot[name] for name in each.available]] = True
    values = candidates(round_)
    pairs = sorted((number[a], number[b]) for a, b in values)
    weight = {(number[a], number[b]): value for (a, b), value in values.items()}
    left, right = (np.array([pair[end] for pair in pairs], np.int32) for end in (0, 1))
    quota = np.array([min(each.quota, len(slot)) for each in people], np.int32)
    able = free & (quota > 0)[:, None]
    open_ = able[left] & able[right] & (tables > 0)
    place_of = {pair: place for place, pair in enumerate(pairs)}
    for ban in round_.forbidden:
        pair = _numbers(number, ban.a, ban.b)
        if ban.slot is not None and pair in place_of:
            open_[place_of[pair], slot[ban.slot]] = False
    partners = np.bincount(np.concatenate([each[open_.any(axis=1)] for each in (left, right)]), minlength=len(people))
    least = np.array([min(each.minimum, len(people)) for each in people], np.int32)
    quotas = np.array([min(each.quota, len(people)) for each in people], np.int32)
    published = _slots_of(round_.published, number, slot, place_of)
    return Problem(
        names=tuple(each.id for each in people),
        slots=round_.slots,
        left=left,
        right=right,
        weight=np.array([weight[pair] for pair in pairs], np.float64),
        open=open_,
        free=free,
        tables=tables,
        quota=quota,
        need=np.minimum(np.minimum(least, quotas), partners).astype(np.int32),
        pinned=_slots_of(round_.pins, number, slot, place_of),
        published=published,
        session=_sessions(round_),
        held=np.zeros((len(people), len(slot)), np.bool_),
        gone=len(round_.published) - int((published >= 0).sum()),
        shortfall=round_.weights.shortfall,
        move=round_.weights.move,
        in_a_row=min(round_.max_in_a_row or len(slot), len(slot)),
        seed=round_.seed,
    )


def candidates(round_: Round) -> dict[tuple[Key, Key], float]:
    """The pairs that may meet, with the value of their meeting: names in order, pins that are no candidates worth 0.

    A pair may meet with a wish of one side or an affinity, unless one side says never, both are of the same side, or
    the organiser keeps them apart.
    """
    weights = round_.weights
    worth = {MUST: weights.must, NICE: weights.nice}
    values: dict[tuple[Key, Key], float] = {}
    wished: set[tuple[Key, Key]] = set()
    for wish in round_.wishes:
        if wish.wish != NEVER:
            pair = ordered(wish.wisher, wish.wanted)
            values[pair] = values.get(pair, 0.0) + worth[wish.wish] + (weights.mutual if pair in wished else 0.0)
            wished.add(pair)
    for each in round_.affinity:
        pair = ordered(each.a, each.b)
        values[pair] = values.get(pair, 0.0) + weights.affinity * each.score
    for pin in round_.pins:
        values.setdefault(ordered(pin.a, pin.b), 0.0)
    apart = kept_apart(round_)
    return {pair: value for pair, value in values.items() if pair not in apart}


def kept_apart(round_: Round) -> set[tuple[Key, Key]]:
    """The pairs, of those named anywhere, that may not meet: a never, a ban for all slots, the same side."""
    side = {each.id: each.side for each in round_.participants}
    apart = {ordered(wish.wisher, wish.wanted) for wish in round_.wishes if wish.wish == NEVER}
    apart |= {ordered(ban.a, ban.b) for ban in round_.forbidden if ban.slot is None}
    named = [(wish.wisher, wish.wanted) for wish in round_.wishes]
    named += [(each.a, each.b) for each in round_.affinity]
    named += [(pin.a, pin.b) for pin in round_.pins]
    return apart | {ordered(a, b) for a, b in named if side[a] is not None and side[a] == side[b]}


def ordered(a: Key, b: Key) -> tuple[Key, Key]:
    """The two names in order."""
    return (a, b) if by_name(a) <= by_name(b) else (b, a)


def _numbers(number: Mapping[Key, int], a: Key, b: Key) -> Pair:
    return min(number[a], number[b]), max(number[a], number[b])


def _slots_of(
    placed: Iterable[Pin | Meeting], number: Mapping[Key, int], slot: Mapping[Key, int], place_of: Mapping[Pair, int]
) -> Ints:
    found = np.full(len(place_of), -1, np.int32)
    for each in placed:
        pair = _numbers(number, each.a, each.b)
        if pair in place_of:
            found[place_of[pair]] = slot[each.slot]
    return found


def _sessions(round_: Round) -> Ints:
    ends = [name in round_.breaks for name in round_.slots]
    return np.array([sum(ends[:place]) for place in range(len(ends))], np.int32)
