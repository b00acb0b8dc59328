"""Stage 1, who meets whom: a mixed-integer programme over pairs and classes of slots, solved by HiGHS.

Slots in which nearly the same people are free form a class. The programme asks in which class a pair meets, as if the
class were a bag of slots. That is a relaxation of the timetable, so its bound is a bound for the timetable; where
classes are pure, Vizing's theorem and chain swaps make nearly every choice a timetable (stage 2).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix, vstack

from matchmaking.timetable.problem import Floats, Ints, Problem

# Slots belong together when at most this share of the people is free in one and not in the other.
LIKE = 0.2
# More classes than this say that availabilities are ragged: then a class is one slot or all of them.
MOST_CLASSES = 6
# Rounds with at most so many ways to put a pair into a slot are solved slot by slot, exactly.
EXACT = 2_000
# The linear programme slot by slot is quick up to here; beyond, all slots form one class.
MANY = 40_000
# Up to this size the choice is made by the whole programme; beyond, only what its linear relaxation leaves open.
WHOLE = 8_000
_NODES = 2_000
_FRACTION = 1e-6
# A pair that its prices outweigh by more than this share of the best weight has no chance in a better timetable.
_MARGIN = 0.04

Numbers = NDArray[np.int32] | NDArray[np.int64] | NDArray[np.float64]
Rows = tuple[Numbers, Numbers, int, Numbers]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom the first stage lets meet.

    pair (k), group (k): pairs and the class they meet in, in the order in which to place them; the last of them may
    be too many, where the linear relaxation could not decide. slot_class (s). bound: on the value of any timetable.
    promising: pairs that could be part of a better timetable.
    """

    pair: Ints
    group: Ints
    slot_class: Ints
    bound: float
    promising: Ints


def slot_classes(problem: Problem) -> Ints:
    """A class number for each slot: alike slots together, or each its own, or all one."""
    count = len(problem.slots)
    each = np.arange(count, dtype=np.int32)
    columns = int(problem.open.sum())
    if columns <= EXACT or count < 2:
        return each
    tree = linkage(problem.free.T.astype(np.float64), "complete", "hamming")
    _, found = np.unique(fcluster(tree, LIKE, "distance"), return_inverse=True)
    if found.max() < MOST_CLASSES:
        return found.astype(np.int32)
    return each if columns <= MANY else np.zeros(count, np.int32)


def choose(problem: Problem, slot_class: Ints, seconds: float) -> Choice:
    """The most valuable choice of meetings, pins taken as given, and a bound on the value of any timetable.

    `seconds` is the last guard: what has been found by then is used, with the bound that is proved.
    """
    model = Programme(problem, slot_class)
    columns = len(model.pair)
    if not columns:
        return _choice(model, np.zeros(0), 0.0 - model.lacking, np.zeros(0))
    most_columns = EXACT if model.ragged else WHOLE
    if columns <= most_columns:
        shares, best = _whole(model, model.least, model.most, seconds)
        if shares is not None:
            return _choice(model, shares, best, np.ones(columns))
    shares, best, reduced = _relaxed(model, seconds)
    open_ends = _near_fractions(problem, model, shares)
    if len(open_ends) <= most_columns:
        settled = np.ones(columns, np.bool_)
        settled[open_ends] = False
        least, most = model.least.copy(), model.most.copy()
        least[:columns][settled] = most[:columns][settled] = np.round(shares[settled])
        found, _ = _whole(model, least, most, seconds)
        shares = shares if found is None else found
    return _choice(model, shares, best, reduced)


def slot_rows(problem: Problem) -> "Programme":
    """The programme with a class for each slot: no relaxation but the timetable itself."""
    return Programme(problem, np.arange(len(problem.slots), dtype=np.int32))


def _whole(model: "Programme", least: Floats, most: Floats, seconds: float) -> tuple[Floats | None, float]:
    """The mixed-integer programme: shares of 0 and 1 (None if none were found in time), and its bound."""
    solved = milp(
        model.cost,
        constraints=LinearConstraint(model.matrix, model.low, model.high),
        integrality=model.integral,
        bounds=Bounds(least, most),
        options={"mip_rel_gap": 0.0, "node_limit": _NODES, "time_limit": seconds},
    )
    bound = np.inf if solved.mip_dual_bound is None else -float(solved.mip_dual_bound)
    return (None if solved.x is None else np.round(solved.x[: len(model.pair)])), bound


def _relaxed(model: "Programme", seconds: float) -> tuple[Floats, float, Floats]:
    """The linear programme: shares from 0 to 1, its optimum, and what each column is worth beyond its prices."""
    upper = np.isfinite(model.high)
    matrix = vstack([model.matrix[upper], -model.matrix[~upper]]).tocsr()
    limits = np.concatenate([model.high[upper], -model.low[~upper]])
    columns = len(model.pair)
    method = "highs-ipm" if model.ragged else "highs-ds"
    solved = linprog(
        model.cost,
        A_ub=matrix,
        b_ub=limits,
        bounds=np.column_stack([model.least, model.most]),
        method=method,
        options={"time_limit": seconds},
    )
    if solved.x is None or solved.status != 0:
        return np.zeros(columns), np.inf, np.ones(columns)
    reduced = matrix.T @ solved.ineqlin.marginals - model.cost
    return solved.x[:columns], -float(solved.fun), reduced[:columns]


def _near_fractions(problem: Problem, model: "Programme", shares: Floats) -> NDArray[np.int64]:
    """The columns of people whose meetings the linear programme leaves open."""
    split = (shares > _FRACTION) & (shares < 1 - _FRACTION)
    touched = np.zeros(problem.people, np.bool_)
    for ends in (problem.left, problem.right):
        touched[ends[model.pair[split]]] = True
    near = touched[problem.left[model.pair]] | touched[problem.right[model.pair]]
    return np.flatnonzero(near)


def _choice(model: "Programme", shares: Floats, best: float, reduced: Floats) -> Choice:
    worth = np.full(model.pairs, -np.inf)
    np.maximum.at(worth, model.pair, reduced)
    order = np.lexsort((np.arange(len(shares)), -shares))
    order = order[shares[order] > _FRACTION]
    margin = _MARGIN * float(model.weight.max(initial=0.0))
    return Choice(
        pair=model.pair[order],
        group=model.group[order],
        slot_class=model.slot_class,
        bound=min(best, model.ceiling) + model.constant,
        promising=np.flatnonzero(worth > -margin).astype(np.int32),
    )


class Programme:
    """Columns: a pair in a class, a published pair kept in its slot, a meeting that someone lacks."""

    def __init__(self, problem: Problem, slot_class: Ints) -> None:
        classes = int(slot_class.max(initial=-1)) + 1
        self._problem, self._classes = problem, classes
        self.slot_class, self.pairs, self.weight = slot_class, problem.pairs, problem.weight
        self.ragged = classes > MOST_CLASSES
        members = slot_class[:, None] == np.arange(classes)
        open_ = (problem.open.astype(np.float32) @ members.astype(np.float32)) > 0
        pair, group = np.nonzero(open_)
        kept = np.flatnonzero((problem.published >= 0) & _open_at(problem, problem.published))
        self.pair = np.concatenate([pair, kept])
        self.pair = self.pair.astype(np.int32)
        self.group = np.concatenate([group, slot_class[problem.published[kept]]]).astype(np.int32)
        people, columns = problem.people, len(self.pair)
        self.cost = np.concatenate([-problem.weight[self.pair], np.full(people, problem.shortfall)])
        self.cost[len(pair) : columns] -= problem.move
        self.integral = np.concatenate([np.ones(columns), np.zeros(people)])
        self.least, self.most = self._limits(slot_class, len(pair))
        available = np.zeros((people, classes), np.int64)
        for each in range(classes):
            available[:, each] = most_meetings(problem, problem.free & members[:, each])
        self._rows(available, problem.tables @ members)
        self.constant = -problem.move * (int((problem.published >= 0).sum()) + problem.gone)
        self.lacking = problem.shortfall * float(problem.need.sum())
        self.ceiling = float(problem.weight.sum() + problem.move * len(kept))

    def _limits(self, slot_class: Ints, plain: int) -> tuple[Floats, Floats]:
        """Bounds of the columns: a pin fixes its pair to its class, or to its published slot when that is the same."""
        problem, columns = self._problem, len(self.pair)
        pin = problem.pinned[self.pair]
        kept = np.arange(columns) >= plain
        same = pin == problem.published[self.pair]
        fixed = (pin >= 0) & (slot_class[pin] == self.group) & (kept == same)
        most = np.where((pin >= 0) & ~fixed, 0.0, 1.0)
        need = problem.need.astype(np.float64)
        return np.concatenate([fixed.astype(np.float64), np.zeros(len(need))]), np.concatenate([most, need])

    def _rows(self, available: NDArray[np.int64], tables: NDArray[np.int64]) -> None:
        """At most one class a pair, the free slots of a person in a class, quotas, tables; minimums if possible."""
        problem, columns, people = self._problem, len(self.pair), self._problem.people
        ends = np.concatenate([problem.left[self.pair], problem.right[self.pair]]).astype(np.int64)
        both, twice = np.tile(np.arange(columns), 2), np.tile(self.group, 2)
        lacking = columns + np.arange(people)
        limits: list[Rows] = [
            (self.pair, np.arange(columns), problem.pairs, np.ones(problem.pairs)),
            (ends * self._classes + twice, both, people * self._classes, available.ravel()),
            (ends, both, people, np.minimum(problem.quota, most_meetings(problem, problem.free))),
            (self.group, np.arange(columns), self._classes, tables),
        ]
        needs = (np.concatenate([ends, np.arange(people)]), np.concatenate([both, lacking]))
        if self._classes == len(problem.slots):
            limits += self._rests(ends, twice, both)
        blocks = [self._block(rows, at, size, high) for rows, at, size, high in limits]
        wanted = self._sparse(*needs, people)
        binding = problem.need > 0
        self.matrix = vstack([*(matrix for matrix, _ in blocks), wanted[binding]]).tocsr()
        self.high = np.concatenate([*(high for _, high in blocks), np.full(int(binding.sum()), np.inf)])
        self.low = np.full(len(self.high), -np.inf)
        self.low[len(self.high) - int(binding.sum()) :] = problem.need[binding]

    def _rests(self, ends: Numbers, slots: Numbers, both: Numbers) -> list[Rows]:
        """With a class for each slot: in any stretch of one slot more than the longest row somebody has a rest."""
        found: list[Rows] = []
        for first, whole in _stretches(self._problem):
            inside = (slots >= first) & (slots <= first + self._problem.in_a_row)
            high = self._problem.in_a_row + whole.astype(np.int64)
            found.append((ends[inside], both[inside], self._problem.people, high))
        return found

    def _block(self, rows: Numbers, at: Numbers, size: int, high: Numbers) -> tuple[csr_matrix, Floats]:
        """Rows with an upper limit, without those that their number of columns keeps below it."""
        matrix = self._sparse(rows, at, size)
        binding = np.diff(matrix.indptr) > high
        return matrix[binding], high[binding].astype(np.float64)

    def _sparse(self, rows: Numbers, at: Numbers, size: int) -> csr_matrix:
        shape = (size, len(self.cost))
        return coo_matrix((np.ones(len(rows)), (rows, at)), shape).tocsr()


def most_meetings(problem: Problem, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many meetings each person can have in the slots that it is free in (n, s), with the rest between them.

    Whoever is pinned without rest somewhere is taken to need none: that keeps a bound a bound.
    """
    row = np.zeros(problem.people, np.int64)
    found, last = np.zeros(problem.people, np.int64), -1
    for slot, session in enumerate(problem.session):
        row = np.where(free[:, slot], np.where(session == last, row, 0) + 1, 0)
        found += (row > 0) & (row % (problem.in_a_row + 1) > 0)
        last = session
    restless = np.zeros(problem.people, np.bool_)
    for _, whole in _stretches(problem):
        restless |= whole
    return np.where(restless, free.sum(axis=1), found)


def _stretches(problem: Problem) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """The first slot of each stretch that is a slot longer than the longest row; who is pinned in all of it (n,)."""
    seats = np.zeros((problem.people, len(problem.slots)), np.bool_)
    pinned = np.flatnonzero(problem.pinned >= 0)
    for ends in (problem.left, problem.right):
        seats[ends[pinned], problem.pinned[pinned]] = True
    for first in range(len(problem.slots) - problem.in_a_row):
        last = first + problem.in_a_row
        if problem.session[first] == problem.session[last]:
            yield first, np.all(seats[:, first : last + 1], axis=1)


def _open_at(problem: Problem, slot: Ints) -> NDArray[np.bool_]:
    return problem.open[np.arange(problem.pairs), slot]
