"""Minimums that are not reached: the fewest things to change so that everyone could have the meetings it should have.

An integer programme over the meetings of those who lack some and of their partners. Limits may be lifted at the price
of one change each: a quota, the free slots of a person, the number of tables, or the minimum itself. It counts slots
and tables of the whole round and does not place meetings in slots; where that alone would do, and the timetable says
it does not, the minimum is what has to change.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from matchmaking.timetable.explain import below
from matchmaking.timetable.problem import Floats, Ints, Problem
from matchmaking.timetable.types import Conflict, Reason, Round

# Among sets of equal number those that lower no minimum come first, then those with the smaller changes.
_LAST, _LITTLE = 1e-2, 1e-5
_NODES, _SECONDS = 500, 5.0

# Rows, columns and factors of a sparse matrix; an upper limit for each row.
Block = tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]


def minimum_conflicts(round_: Round, problem: Problem, slot_of: Ints) -> tuple[Conflict, ...]:
    """Nothing when all minimums are reached; else one conflict that names those who lack meetings, and the changes."""
    count = problem.meetings(slot_of)
    short = np.flatnonzero(count < problem.need).astype(np.int32)
    if not len(short):
        return ()
    people = {each.id: each for each in round_.participants}
    reasons = tuple(below(people[problem.names[each]], int(count[each]), int(problem.need[each])) for each in short)
    changes = _Lifting(problem, slot_of, short).changes() or tuple(
        Reason("lower_minimum", {"participant": problem.names[each], "number": int(count[each])}) for each in short
    )
    return (Conflict("minimum", tuple(problem.names[each] for each in short), (), reasons, changes),)


class _Lifting:
    """Columns: pairs in scope; how far each quota, each one's slots, all tables are lifted and each minimum lowered;
    and for each of these whether it is changed at all."""

    def __init__(self, problem: Problem, slot_of: Ints, short: Ints) -> None:
        self._problem = problem
        left, right = problem.left, problem.right
        may = problem.open.any(axis=1)
        near = np.zeros(problem.people, np.bool_)
        near[short] = True
        touching = may & (near[left] | near[right])
        near[left[touching]] = near[right[touching]] = True
        self._pairs = np.flatnonzero(may & (near[left] | near[right]))
        outside = slot_of.copy()
        outside[self._pairs] = -1
        self._fixed = problem.meetings(outside)
        self._used = int((outside >= 0).sum())

    def changes(self) -> tuple[Reason, ...]:
        """The fewest changes; nothing when none are found or none are needed by count."""
        problem, pairs, people = self._problem, len(self._pairs), self._problem.people
        ends = np.concatenate([problem.left[self._pairs], problem.right[self._pairs]]).astype(np.int64)
        partners = np.bincount(ends, minlength=people)
        slots = (problem.free & (problem.tables > 0)).sum(axis=1)
        most = np.concatenate([partners, partners, [pairs], problem.need]).astype(np.float64)
        lifts, first = len(most), pairs
        both, who = np.tile(np.arange(pairs), 2), np.arange(people)
        blocks = [
            _block(ends, both, who, first + who, problem.quota - self._fixed),
            _block(ends, both, who, first + people + who, slots - self._fixed),
            _block(np.zeros(pairs), np.arange(pairs), [0], [first + 2 * people], [problem.tables.sum() - self._used]),
            _block(ends, both, who, first + 2 * people + 1 + who, self._fixed - problem.need, sign=-1.0),
            _switches(first, lifts, most),
        ]
        high = np.concatenate([block[3] for block in blocks])
        start = np.cumsum([0, *(len(block[3]) for block in blocks)])
        rows = np.concatenate([block[0] + at for block, at in zip(blocks, start, strict=False)])
        columns = np.concatenate([block[1] for block in blocks])
        factors = np.concatenate([block[2] for block in blocks])
        matrix = coo_matrix((factors, (rows, columns)), (len(high), pairs + 2 * lifts)).tocsr()
        price = np.ones(lifts)
        price[2 * people + 1 :] += _LAST
        solved = milp(
            np.concatenate([np.zeros(pairs), np.full(lifts, _LITTLE), price]),
            constraints=LinearConstraint(matrix, -np.inf, high),
            integrality=np.ones(pairs + 2 * lifts),
            bounds=Bounds(0, np.concatenate([np.ones(pairs), most, np.ones(lifts)])),
            options={"node_limit": _NODES, "time_limit": _SECONDS},
        )
        return () if solved.x is None else self._told(np.round(solved.x[pairs : pairs + lifts]).astype(int))

    def _told(self, lifted: Ints) -> tuple[Reason, ...]:
        problem, people = self._problem, self._problem.people
        found = []
        for number in np.flatnonzero(lifted):
            kind, place = divmod(int(number), people)
            by = int(lifted[number])
            if kind == 0:
                values = {"participant": problem.names[place], "number": int(problem.quota[place]) + by}
                found.append(Reason("raise_quota", values))
            elif kind == 1:
                found.append(Reason("widen", {"participant": problem.names[place], "number": by}))
            elif number == 2 * people:
                found.append(Reason("more_tables", {"number": by}))
            else:
                name, need = problem.names[number - 2 * people - 1], int(problem.need[number - 2 * people - 1])
                found.append(Reason("lower_minimum", {"participant": name, "number": need - by}))
        return tuple(found)


def _block(ends: Any, both: Any, who: Any, lift: Any, limit: Any, sign: float = 1.0) -> Block:
    """Rows in which the meetings of each one, less what is lifted, stay within the limit."""
    rows = np.concatenate([ends, who]).astype(np.int64)
    factors = np.concatenate([np.full(len(both), sign), np.full(len(who), -1.0)])
    return rows, np.concatenate([both, lift]).astype(np.int64), factors, np.asarray(limit, np.float64)


def _switches(first: int, lifts: int, most: Floats) -> Block:
    """Rows in which nothing is lifted without counting as a change."""
    rows = np.tile(np.arange(lifts), 2)
    columns = np.concatenate([first + np.arange(lifts), first + lifts + np.arange(lifts)])
    return rows, columns, np.concatenate([np.ones(lifts), -most]), np.zeros(lifts)
