"""The cheapest pattern: an integer programme that learns from attacks.

The programme chooses which figures are hidden. A pattern under which some interval is too narrow is answered by a
cut: the dual of the attack says how much each further figure could widen that interval, and so what every good
pattern must satisfy. This is the exact method of Fischetti and Salazar-González (2001), a Benders decomposition.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from evaluations.disclosure.attack import Attacker, Flags, Prices
from evaluations.disclosure.problem import Problem, categories_of
from evaluations.disclosure.space import Floats, Ints

_TINY = 1e-7


class Cuts:
    """What is known of every pattern that holds: coefficients @ hidden >= 1 for each cut, over the table's figures."""

    def __init__(self, problem: Problem, cost: Floats) -> None:
        self._problem = problem
        self._cost = cost
        self._rows: list[Floats] = []
        self._least: list[float] = []
        figures = problem.moves.figures
        single = np.flatnonzero(np.diff(figures.indptr)[: problem.own] == 1)
        self._cell_row = np.full(figures.shape[1], -1)
        self._cell_row[figures.indices[figures.indptr[single]]] = single

    def __len__(self) -> int:
        return len(self._rows)

    def begin(self) -> None:
        """What follows from each sum alone: whoever is hidden in it needs others that can give or take enough."""
        for line in lines_of(self._problem):
            for row in line:
                if self._problem.openable[row]:
                    others = line[(line != row) & self._problem.openable[line]]
                    self._of_a_line(row, others, row == line[-1], int(line[-1]))

    def _of_a_line(self, row: int, others: Ints, is_total: bool, total: int) -> None:
        problem = self._problem
        for attacker in (problem.reader, problem.insider):
            need = float(attacker.need[row])
            if need <= 0:
                continue
            own_up, own_down = float(attacker.high[row]), -float(attacker.low[row])
            # A part goes up when other parts go down or the total goes up; a total goes up when parts do.
            sides = np.where((others == total) | is_total, 1, -1)
            up, down = attacker.high[others], -attacker.low[others]
            rising, falling = np.where(sides > 0, up, down), np.where(sides > 0, down, up)
            self._add(row, others, rising, need - own_down)
            self._add(row, others, falling, need - own_up)
            self._add(row, others, rising + falling, need)

    def _add(self, row: int, others: Ints, widths: Floats, missing: float) -> None:
        """hidden[row] needs that the others, each as wide as it is, make up for what is missing."""
        if missing <= 0:
            return
        coefficients = np.zeros(self._problem.own)
        coefficients[others] = np.clip(widths, 0, missing) / missing
        self._keep(row, coefficients)

    def _keep(self, row: int, coefficients: Floats) -> None:
        wanted = row < self._problem.own and not self._problem.primary[row]
        if wanted:
            coefficients[row] -= 1.0
        self._rows.append(coefficients)
        self._least.append(0.0 if wanted else 1.0)

    def learn(self, attacker: Attacker, row: int, hidden: Flags) -> None:
        """The cut that this pattern breaks, because it leaves this row exposed."""
        need = float(attacker.need[row])
        pattern = self._problem.pattern(hidden)
        coefficients, constant = np.zeros(self._problem.own), 0.0
        for prices in attacker.bound(row, pattern):
            more, fixed = self._capacities(attacker, prices)
            coefficients += more
            constant += fixed
        missing = need - constant
        coefficients = np.clip(np.nan_to_num(coefficients, posinf=missing), 0, max(missing, 0))
        if missing <= _TINY or coefficients[hidden].sum() >= missing * (1 - 1e-4):
            # Fractions of people would do, whole people do not: something else must be hidden as well.
            coefficients, missing = (~hidden).astype(float), 1.0
        coefficients[coefficients < _TINY] = 0
        self._keep(row, coefficients / missing)

    def _capacities(self, attacker: Attacker, prices: Prices) -> tuple[Floats, float]:
        """What each figure of the table adds to the end of the interval when it is hidden, and what there is anyway."""
        problem, moves = self._problem, self._problem.moves
        own, reach = problem.own, moves.reach
        more, constant = np.zeros(own), prices.rules
        later_up = np.where(problem.later, attacker.high[own:], 0.0)
        later_down = np.where(problem.later, -attacker.low[own:], 0.0)
        for price, ends, later in (
            (prices.rows_up, attacker.high, later_up),
            (prices.rows_down, -attacker.low, later_down),
        ):
            priced = price > _TINY
            more[priced[:own]] += price[:own][priced[:own]] * ends[:own][priced[:own]]
            constant += float((price[own:] * np.where(price[own:] > _TINY, later, 0)).sum())
        for price, ends, most in (
            (prices.cells_up, attacker.high, np.full(len(moves.start), reach)),
            (prices.cells_down, -attacker.low, np.minimum(moves.start, reach)),
        ):
            most = self._at_most(most, later_up if price is prices.cells_up else later_down)
            cells = np.flatnonzero(price > _TINY)
            rows = self._cell_row[cells]
            free = rows < 0
            constant += float((price[cells] * most[cells])[free].sum())
            owned = cells[~free]
            np.add.at(more, rows[~free], price[owned] * np.minimum(ends[rows[~free]], most[owned]))
        return more, constant

    def _at_most(self, most: Floats, later: Floats) -> Floats:
        """Joint cells that a figure of an earlier table limits as well, and those known to be empty."""
        figures, own = self._problem.moves.figures, self._problem.own
        single = own + np.flatnonzero(np.diff(figures.indptr)[own:] == 1)
        most = most.copy()
        np.minimum.at(most, figures.indices[figures.indptr[single]], later[single - own])
        most[self._problem.moves.empty] = 0
        return most

    def cheapest(self, nodes: int, gap: float) -> Flags | None:
        """The cheapest pattern that fits everything learnt so far."""
        problem = self._problem
        found = milp(
            self._cost,
            constraints=LinearConstraint(np.array(self._rows), np.array(self._least) - _TINY, np.inf)
            if self._rows
            else (),
            bounds=Bounds(problem.primary.astype(float), problem.openable.astype(float)),
            integrality=np.ones(problem.own),
            options={"node_limit": nodes, "mip_rel_gap": gap},
        )
        return None if found.x is None else np.asarray(found.x > 0.5)


def lines_of(problem: Problem) -> list[Ints]:
    """Every sum along one dimension: the rows of its parts, then that of its total."""
    shape = [len(categories) + 1 for categories in categories_of(problem.table)]
    rows = np.arange(problem.own).reshape(shape)
    found: list[Ints] = []
    for axis, name in enumerate(problem.table.dimensions):
        if name not in problem.table.multiple:
            found += list(np.moveaxis(rows, axis, -1).reshape(-1, shape[axis]))
    return found
