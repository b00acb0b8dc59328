"""A table to be protected as arrays: its figures, what is known of each, and what has been published before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from evaluations.disclosure.attack import REACH, Attacker, Flags, Moves, Search
from evaluations.disclosure.faults import BadTable
from evaluations.disclosure.space import Floats, Ints, Shape, Space, Sums, Terms, gathered
from evaluations.disclosure.types import PRIMARY, Category, Cell, Key, Protected, Table


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows are figures: first those of the table, in the order of `keys`, then what else must not become known.

    `count` holds the value of every row, `primary` which of the table's figures a rule forbids. `later` says of the
    rows after the table's own whether they are hidden, which is settled.
    """

    table: Table
    keys: tuple[Key, ...]
    moves: Moves
    count: Ints
    primary: Flags
    later: Flags
    reader: Attacker
    insider: Attacker

    @property
    def own(self) -> int:
        """How many rows are figures of the table."""
        return len(self.keys)

    @property
    def openable(self) -> Flags:
        """Figures of the table that may be hidden: zeros never are."""
        return self.count[: self.own] > 0

    @property
    def attackers(self) -> tuple[Attacker, Attacker]:
        """Both attackers, first the one who knows more."""
        return self.insider, self.reader

    def withheld(self) -> Flags:
        """All rows, when the table is not published at all."""
        return self.pattern(np.ones(self.own, bool))

    def pattern(self, hidden: Flags) -> Flags:
        """All rows, from the figures of the table that are hidden."""
        return np.concatenate([hidden, self.later])


def figures_of(table: Shape) -> tuple[Key, ...]:
    """The keys of all cells and totals, in the order in which the categories of each dimension first appear."""
    return tuple(product(*([*categories, None] for categories in categories_of(table))))


def categories_of(table: Shape) -> list[list[Category]]:
    """The categories of each dimension, in the order in which they first appear."""
    seen: list[dict[Category, None]] = [{} for _ in table.dimensions]
    for key in table.cells:
        for category, categories in zip(key, seen, strict=True):
            if category is not None:
                categories[category] = None
    return [list(categories) for categories in seen]


def posed(table: Table, published: Sequence[Protected]) -> Problem:
    """The problem of protecting this table beside others. Raises BadTable when no population fits all of them."""
    space = Space([table, *published])
    keys = figures_of(table)
    old = [(each, key, cell) for each in published for key, cell in each.cells.items()]
    shown = [_ones(space.terms(table, key)) for key in keys] + [_ones(space.terms(each, key)) for each, key, _ in old]
    rests = [(place, terms) for place, key in enumerate(keys) for terms in space.rests(table, key)]
    watched = list(_watched(space, published))
    figures = gathered([*shown, *(terms for _, terms in rests), *watched], space.size)
    totals, limits = _totals(table), _Limits(table.threshold, old)
    rules, empty = space.rules(), space.empty()
    start = _fitting(figures[: len(shown)], totals, limits, rules, empty) if published else _truth(space, table)
    count = np.round(figures @ start).astype(np.int64)
    small = (count > 0) & (count < table.threshold)
    rest_rows = np.arange(len(shown), len(shown) + len(rests))
    primary = small[: len(keys)].copy()
    primary[[place for (place, _), row in zip(rests, rest_rows, strict=True) if small[row]]] = True
    primary |= np.array([key in table.unsafe for key in keys])
    primary &= count[: len(keys)] > 0
    moves = Moves(figures, start, rules, empty, float(REACH * limits.largest))
    ranges = _Ranges(count, limits, rest_rows[small[rest_rows]], primary)
    later = np.ones(len(count) - len(keys), bool)
    later[: len(old)] = [cell.n is None for _, _, cell in old]
    reader, insider = ranges.reader(moves), ranges.insider(moves)
    insider.knows_less = reader
    problem = Problem(table, keys, moves, count, primary, later, reader, insider)
    _watch(problem, np.arange(len(shown) + len(rests), len(count)))
    return problem


class _Limits:
    """What everybody and what insiders know of the figures of earlier tables, by row after the table's own."""

    def __init__(self, threshold: int, old: Sequence[tuple[Protected, Key, Cell]]) -> None:
        self.threshold = threshold
        self.largest = max([threshold, *(each.threshold for each, _, _ in old)])
        self.n = np.array([-1 if cell.n is None else cell.n for _, _, cell in old], np.int64)
        self.hidden = self.n < 0
        self.withheld = np.array([each.withheld for each, _, _ in old], bool)
        self.thresholds = np.array([each.threshold for each, _, _ in old], np.int64)
        primary = np.array([cell.suppressed == PRIMARY for _, _, cell in old], bool)
        # Where answers are multiple or another rule has spoken, a primary figure need not be below the threshold.
        by_count = np.array([not each.multiple and not each.unsafe for each, _, _ in old], bool)
        self.below = self.hidden & primary & by_count & ~self.withheld
        self.above = self.hidden & ~primary & ~self.withheld

    def least(self) -> Ints:
        """The least that any reader thinks possible of a hidden figure: a withheld table hides its zeros too."""
        return np.where(self.withheld, 0, 1)

    def low(self) -> Floats:
        """The least that an insider thinks possible, in respondents."""
        return np.where(self.hidden, np.where(self.above, self.thresholds, self.least()), self.n).astype(float)

    def high(self) -> Floats:
        """The most that an insider thinks possible, in respondents."""
        return np.where(self.hidden, np.where(self.below, self.thresholds - 1, np.inf), self.n).astype(float)


@dataclass(frozen=True, slots=True)
class _Ranges:
    """What the attackers know of each row while it is hidden, as moves from its count."""

    count: Ints
    limits: _Limits
    small_rests: Ints
    primary: Flags

    def reader(self, moves: Moves) -> Attacker:
        """Knows that zeros are always shown. Whatever is hidden must be as wide as the threshold."""
        shown = len(self.primary) + len(self.limits.n)
        low, high = self._unknown()
        low[:shown] = np.where(self.count[:shown] > 0, 1 - self.count[:shown], 0)
        low[len(self.primary) : shown] = self.limits.least() - self.count[len(self.primary) : shown]
        need = np.zeros(len(self.count), np.int64)
        need[: len(self.primary)] = np.where(self.count[: len(self.primary)] > 0, self.limits.threshold, 0)
        need[len(self.primary) : shown] = self.limits.thresholds
        need[self.small_rests] = self.limits.threshold
        return Attacker(Search(moves), low, high, need)

    def insider(self, moves: Moves) -> Attacker:
        """Knows of each hidden figure whether it is below the threshold, and shall learn no more than that."""
        own, shown, threshold = len(self.primary), len(self.primary) + len(self.limits.n), self.limits.threshold
        low, high = self._unknown()
        small = np.concatenate([np.flatnonzero(self.primary & (self.count[:own] < threshold)), self.small_rests])
        low[:own] = np.where(self.primary, 1, np.minimum(threshold, self.count[:own])) - self.count[:own]
        low[small], high[small] = 1 - self.count[small], threshold - 1 - self.count[small]
        low[own:shown] = self.limits.low() - self.count[own:shown]
        high[own:shown] = self.limits.high() - self.count[own:shown]
        need = np.zeros(len(self.count), np.int64)
        need[small] = threshold - 2
        need[own:shown] = np.where(self.limits.below, self.limits.thresholds - 2, 0)
        return Attacker(Search(moves), low, high, need)

    def _unknown(self) -> tuple[Floats, Floats]:
        return np.full(len(self.count), -np.inf), np.full(len(self.count), np.inf)


def _ones(cells: Ints) -> Terms:
    return dict.fromkeys(cells.tolist(), 1)


def _totals(table: Table) -> Floats:
    """The value of every figure, in the order of `figures_of`."""
    categories = categories_of(table)
    places = [{category: place for place, category in enumerate(each)} for each in categories]
    counts = np.zeros([len(each) + 1 for each in categories])
    for key, n in table.cells.items():
        spot = (-1 if category is None else known[category] for known, category in zip(places, key, strict=True))
        counts[tuple(spot)] = n
    for axis, name in enumerate(table.dimensions):
        if name not in table.multiple:
            line = np.moveaxis(counts, axis, 0)
            line[-1] = line[:-1].sum(axis=0)
    return counts.ravel()


def _truth(space: Space, table: Table) -> Floats:
    """The joint cells of a table that stands alone; who passes a filter is put into the first of its categories."""
    start = np.zeros(space.size)
    passing = {name: categories[:1] for name, categories in table.where.items()}
    for key, n in table.cells.items():
        start[space.terms(table, key, passing)] = n
    return start


def _fitting(figures: csr_array, totals: Floats, limits: _Limits, rules: Sums, empty: Ints) -> Floats:
    """Some population that fits the table and everything that is known of the earlier ones."""
    low, high = np.concatenate([totals, limits.low()]), np.concatenate([totals, limits.high()])
    most = np.full(figures.shape[1], np.inf)
    most[empty] = 0
    found = milp(
        np.zeros(figures.shape[1]),
        constraints=LinearConstraint(
            vstack([figures, rules.matrix]), np.concatenate([low, rules.low]), np.concatenate([high, rules.high])
        ),
        bounds=Bounds(0, most),
        integrality=np.ones(figures.shape[1]),
    )
    if found.x is None:
        raise BadTable(["The table and what is published already cannot be of the same population."])
    return np.asarray(np.round(found.x))


def _watched(space: Space, published: Sequence[Protected]) -> Iterator[Terms]:
    """What could be computed from several tables together, and what is left of the bases of earlier ones."""
    if not published:
        return
    seen: set[tuple[int, ...]] = set()
    for table in space.tables:
        for key in figures_of(table):
            for cells in space.differences(table, key):
                if tuple(cells) not in seen:
                    seen.add(tuple(cells))
                    yield _ones(cells)
    for earlier in published:
        for key in earlier.cells:
            yield from space.rests(earlier, key)


def _watch(problem: Problem, rows: Ints) -> None:
    """Rows that are nobody's figures need a width only where they can be known to be small, or nearly."""
    threshold, reader = problem.table.threshold, problem.reader
    reader.need[rows] = threshold
    pattern = problem.pattern(problem.primary)
    tight = reader.exposed(pattern, rows.tolist())
    down, up = reader.reached(pattern)
    low, high = problem.count + down, problem.count + up
    reader.need[rows] = 0
    reader.need[[row for row in tight if low[row] < threshold and high[row] > 0]] = threshold
