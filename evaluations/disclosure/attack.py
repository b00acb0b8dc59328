"""The attacker: what the published figures say about the hidden ones.

It holds every equation at once and asks which populations fit. The method is the audit of Fischetti and
Salazar-González (Solving the cell suppression problem on tabular data with linear constraints, Management Science 47,
2001), over whole respondents instead of fractions of them: an interval of fractions may be wider than what there can
really be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack, vstack

from evaluations.disclosure.space import Floats, Ints, Sums

Flags = npt.NDArray[np.bool_]

# How far a joint cell is moved in search of another population: several times the width that is asked for.
REACH = 8
_NODES = 200
_ROUNDED = 1e-6


@dataclass(frozen=True, slots=True)
class Moves:
    """Ways to change a population, and what they do to the figures.

    `figures` maps joint cells to figures (rows x cells); `start` is a population that fits everything (cells); `rules`
    are what every population keeps to; `reach` is the longest move of a joint cell, in respondents.
    """

    figures: csr_array
    start: Floats
    rules: Sums
    empty: Ints
    reach: float


@dataclass(frozen=True, slots=True)
class Prices:
    """Dual values, all at least 0: of the ends of each joint cell and of each figure; `rules` is what the rules add."""

    cells_up: Floats
    cells_down: Floats
    rows_up: Floats
    rows_down: Floats
    rules: float


class Search:
    """Finds moves under changing bounds; the linear programme stays in memory, so that each start is a warm one.

    Columns: how far each joint cell goes up, then how far down; both cost, so that few cells move.
    """

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        entries = np.diff(moves.figures.indptr)
        self._single = entries == 1
        self._cells = moves.figures.indices[moves.figures.indptr[:-1][self._single]]
        self._rows = np.flatnonzero(~self._single)
        self._row_of = np.cumsum(~self._single) - 1
        offset = moves.rules.matrix @ moves.start
        self._rule_ends = moves.rules.low - offset, moves.rules.high - offset
        self._width = len(moves.start)
        self._cost = np.ones(2 * self._width)
        self._model = _model(vstack([moves.figures[self._rows], moves.rules.matrix]), self._cost)
        self._low = self._high = np.zeros(0)
        self.runs = 0

    def within(self, low: Floats, high: Floats) -> None:
        """From now on every figure moves between these ends (all rows long)."""
        if np.array_equal(low, self._low) and np.array_equal(high, self._high):
            return
        self._low, self._high = low.copy(), high.copy()
        moves = self._moves
        least, most = np.maximum(-moves.start, -moves.reach), np.full(self._width, moves.reach)
        most[moves.empty] = least[moves.empty] = 0
        np.maximum.at(least, self._cells, low[self._single])
        np.minimum.at(most, self._cells, high[self._single])
        self._least, self._most = least, most
        self._set_columns(np.arange(self._width), least, most)
        ends = [np.concatenate(pair) for pair in zip((low[self._rows], high[self._rows]), self._rule_ends, strict=True)]
        if len(ends[0]):
            rows = np.arange(len(ends[0]), dtype=np.int32)
            self._model.changeRowsBounds(len(rows), rows, *ends)  # type: ignore[attr-defined]  # missing in highspy's stubs

    def beyond(self, row: int, low: float, high: float) -> Ints | None:
        """A move that takes this figure between these ends, tighter than its own, and few others with it."""
        least, most = max(low, self._low[row]), min(high, self._high[row])
        if self._single[row]:
            cell = self._cell_of(row)
            least, most = max(least, self._least[cell]), min(most, self._most[cell])
        if least > most:
            return None
        self._tighten(row, least, most)
        found = self._found()
        if self._single[row]:
            self._tighten(row, self._least[cell], self._most[cell])
        else:
            self._tighten(row, self._low[row], self._high[row])
        return found

    def farthest(self, row: int, sign: int) -> Ints | None:
        """A move that takes this figure as far up (sign 1) or down (-1) as there is."""
        start, end = self._moves.figures.indptr[row : row + 2]
        wish = np.zeros(self._width)
        wish[self._moves.figures.indices[start:end]] = self._moves.figures.data[start:end]
        wish *= sign * 4 * self._moves.reach
        self._set_cost(self._cost - np.concatenate([wish, -wish]))
        found = self._found()
        self._set_cost(self._cost)
        return found

    def prices(self, row: int, sign: int) -> Prices:
        """What each bound is worth when this figure is taken as far up (1) or down (-1) as fractions allow."""
        start, end = self._moves.figures.indptr[row : row + 2]
        wish = np.zeros(self._width)
        wish[self._moves.figures.indices[start:end]] = sign * self._moves.figures.data[start:end]
        self._set_cost(np.concatenate([-wish, wish]))
        self._run()
        solution = self._model.getSolution()
        self._set_cost(self._cost)
        columns, rows = np.array(solution.col_dual), -np.array(solution.row_dual)
        up, down = np.maximum(-columns[: self._width], 0), np.maximum(-columns[self._width :], 0)
        return self._sorted_out(up, down, np.maximum(rows, 0), np.maximum(-rows, 0))

    def _sorted_out(self, up: Floats, down: Floats, high: Floats, low: Floats) -> Prices:
        count = len(self._rows)
        rows_up, rows_down = np.zeros(len(self._single)), np.zeros(len(self._single))
        rows_up[self._rows], rows_down[self._rows] = high[:count], low[:count]
        ends = [np.where(np.isfinite(end), end, 0) for end in self._rule_ends]
        rules = float(high[count:] @ ends[1] - low[count:] @ ends[0])
        return Prices(up, down, rows_up, rows_down, rules)

    def _tighten(self, row: int, low: float, high: float) -> None:
        if self._single[row]:
            self._set_columns(np.array([self._cell_of(row)]), np.array([low]), np.array([high]))
        else:
            self._model.changeRowBounds(int(self._row_of[row]), low, high)

    def _cell_of(self, row: int) -> int:
        return int(self._moves.figures.indices[self._moves.figures.indptr[row]])

    def _set_columns(self, cells: Ints, least: Floats, most: Floats) -> None:
        places = np.concatenate([cells, cells + self._width]).astype(np.int32)
        low = np.concatenate([np.maximum(least, 0), np.maximum(-most, 0)])
        high = np.concatenate([np.maximum(most, 0), np.maximum(-least, 0)])
        self._model.changeColsBounds(len(places), places, low, high)

    def _set_cost(self, cost: Floats) -> None:
        self._model.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)

    def _found(self) -> Ints | None:
        move = self._solved()
        if move is not None and np.abs(move - np.round(move)).max(initial=0) > _ROUNDED:
            everything = np.arange(2 * self._width, dtype=np.int32)
            self._model.changeColsIntegrality(len(everything), everything, np.ones(len(everything), np.uint8))
            move = self._solved()
            self._model.changeColsIntegrality(len(everything), everything, np.zeros(len(everything), np.uint8))
        return None if move is None else np.round(self._moves.figures @ np.round(move)).astype(np.int64)

    def _run(self) -> None:
        self.runs += 1
        self._model.run()

    def _solved(self) -> Floats | None:
        self._run()
        if self._model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        forward, back = np.split(np.array(self._model.getSolution().col_value), 2)
        move: Floats = forward - back
        return move


def _model(matrix: csr_array, cost: Floats) -> highspy.Highs:
    """A silent programme over [matrix, -matrix], all of whose bounds are still zero."""
    both = hstack([matrix, -matrix]).tocsc()
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = both.shape
    programme.col_cost_ = cost
    programme.col_lower_ = programme.col_upper_ = np.zeros(both.shape[1])
    programme.row_lower_ = programme.row_upper_ = np.zeros(both.shape[0])
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = both.indptr
    programme.a_matrix_.index_ = both.indices
    programme.a_matrix_.value_ = both.data
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy leaves its constructor untyped
    for option, value in {"output_flag": False, "threads": 1, "mip_max_nodes": _NODES}.items():
        model.setOptionValue(option, value)
    model.passModel(programme)
    return model


@dataclass(slots=True)
class Attacker:
    """One who knows `low` and `high` of a figure that is hidden (as moves from the start), and 0 of one that is shown.

    `need` is the width that the interval of each figure must have while it is hidden. Every population found is kept:
    it stays a witness for later patterns in which the figures that it changes are hidden.
    """

    search: Search
    low: Floats
    high: Floats
    need: Ints
    witnesses: list[Ints] = field(default_factory=list)
    # Another attacker, who knows less: what this one finds possible is possible to that one too.
    knows_less: "Attacker | None" = None

    def reached(self, hidden: Flags) -> tuple[Ints, Ints]:
        """How far down and up each figure is known to be able to lie, by the witnesses that fit this pattern."""
        zero = np.zeros(len(hidden), np.int64)
        if not self.witnesses:
            return zero, zero
        stack = np.array(self.witnesses)
        fitting = stack[~(stack[:, ~hidden] != 0).any(axis=1)]
        if not len(fitting):
            return zero, zero
        return np.minimum(zero, fitting.min(axis=0)), np.maximum(zero, fitting.max(axis=0))

    def open_rows(self, hidden: Flags) -> list[int]:
        """Hidden figures whose interval is not yet shown to be wide enough."""
        down, up = self.reached(hidden)
        return [int(row) for row in np.flatnonzero(hidden & (up - down < self.need))]

    def exposed(self, hidden: Flags, rows: Sequence[int] | None = None, *, first: bool = False) -> list[int]:
        """Hidden figures whose interval is too narrow, of these rows or of all; only the first one if asked so."""
        found: list[int] = []
        todo = self.open_rows(hidden)
        asked = set(todo if rows is None else rows)
        for row in todo:
            if row in asked and not self._widened(row, hidden):
                found.append(row)
                if first:
                    break
        return found

    def _widened(self, row: int, hidden: Flags) -> bool:
        """Whether there are populations as far apart as needed in this row; moves others along where that is free."""
        down, up = self.reached(hidden)
        if up[row] - down[row] >= self.need[row]:
            return True
        self.search.within(np.where(hidden, self.low, 0.0), np.where(hidden, self.high, 0.0))
        for sign in (1, -1):
            missing = float(self.need[row] + (down[row] if sign > 0 else -up[row]))
            ends = (missing, np.inf) if sign > 0 else (-np.inf, -missing)
            if self._keep(self.search.beyond(row, *ends)):
                return True
            self._keep(self.search.farthest(row, sign))
            down, up = self.reached(hidden)
        return bool(up[row] - down[row] >= self.need[row])

    def bound(self, row: int, hidden: Flags) -> list[Prices]:
        """Why the interval of this row is no wider under this pattern: the prices of both its ends."""
        self.search.within(np.where(hidden, self.low, 0.0), np.where(hidden, self.high, 0.0))
        return [self.search.prices(row, sign) for sign in (1, -1)]

    def without(self, count: int) -> "Attacker":
        """The same attacker, who has never seen the first `count` rows."""
        low, high = self.low.copy(), self.high.copy()
        low[:count], high[:count] = -np.inf, np.inf
        return Attacker(self.search, low, high, self.need)

    def _keep(self, found: Ints | None) -> bool:
        if found is not None:
            self.witnesses.append(found)
            if self.knows_less is not None:
                self.knows_less.witnesses.append(found)
        return found is not None
