"""Why wishes stay unmet. A never stays a secret: its reason is one that other pairs get as well."""

from collections.abc import Iterator

import numpy as np

from matchmaking.timetable.problem import Ints, Problem
from matchmaking.timetable.types import MINIMUM, NEVER, Key, Participant, Reason, Round, Unmet


def unmet(round_: Round, problem: Problem, slot_of: Ints) -> tuple[Unmet, ...]:
    """Every must and nice without a meeting and every minimum not reached, in the order of names."""
    told = _Told(round_, problem, slot_of)
    return (*told.minimums(), *told.wishes())


def below(someone: Participant, meetings: int, minimum: int) -> Reason:
    """Why someone has fewer meetings than the minimum."""
    if len(someone.available) < minimum:
        values = {"participant": someone.id, "slots": len(someone.available), "minimum": minimum}
        return Reason("below_few_slots", values)
    return Reason("below", {"participant": someone.id, "meetings": meetings, "minimum": minimum})


class _Told:
    """The state of a timetable as reasons need it."""

    def __init__(self, round_: Round, problem: Problem, slot_of: Ints) -> None:
        self._problem, self._round = problem, round_
        self._number = {name: place for place, name in enumerate(problem.names)}
        self._people = {each.id: each for each in round_.participants}
        held = np.flatnonzero(slot_of >= 0)
        self._met = {(int(problem.left[pair]), int(problem.right[pair])) for pair in held}
        self._idle = problem.free.copy()
        for ends in (problem.left, problem.right):
            self._idle[ends[held], slot_of[held]] = False
        self._count = problem.meetings(slot_of)
        self._room = np.bincount(slot_of[held], minlength=len(problem.slots)) < problem.tables

    def minimums(self) -> Iterator[Unmet]:
        for place in np.flatnonzero(self._count < self._problem.need):
            someone = self._people[self._problem.names[place]]
            reason = below(someone, int(self._count[place]), int(self._problem.need[place]))
            yield Unmet(someone.id, None, MINIMUM, reason)

    def wishes(self) -> Iterator[Unmet]:
        wishes = [each for each in self._round.wishes if each.wish != NEVER]
        for wish in sorted(wishes, key=lambda each: (self._number[each.wisher], self._number[each.wanted])):
            a, b = sorted((self._number[wish.wisher], self._number[wish.wanted]))
            if (a, b) not in self._met:
                yield Unmet(wish.wisher, wish.wanted, wish.wish, self._reason(wish.wisher, wish.wanted))

    def _reason(self, participant: Key, wanted: Key) -> Reason:
        mine, theirs = self._people[participant], self._people[wanted]
        a, b = self._number[participant], self._number[wanted]
        pair = {"participant": participant, "wanted": wanted}
        if mine.side is not None and mine.side == theirs.side:
            return Reason("same_side", pair)
        if not (self._problem.free[a] & self._problem.free[b]).any():
            return Reason("no_common_slot", pair)
        for code, place, someone in (("wanted_full", b, theirs), ("own_full", a, mine)):
            if self._count[place] >= self._problem.quota[place]:
                return Reason(code, {**pair, "quota": someone.quota})
        both_idle = self._idle[a] & self._idle[b]
        if not both_idle.any():
            return Reason("busy", pair)
        return Reason("not_chosen" if (both_idle & self._room).any() else "tables_full", pair)
