"""The set of greatest value within every budget: a multidimensional knapsack, solved as a mixed-integer programme.

Two programmes one after the other. The first looks for the greatest value. The second looks, among the sets of that
value, for the one whose places are best together, so that the answer does not depend on chance. HiGHS
(https://highs.dev) solves both by branch and cut; what it says is never believed but counted again in whole cents.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import highspy
import numpy as np

from funding.ranking.listing import candidates, in_order
from funding.ranking.types import Application, Call, Selection, asked, selection

# Nodes of the search, not seconds: the same call gives the same answer on a slow machine.
MOST_NODES = 1000
# Among sets of the same value: which of them is taken is a matter of order, not of worth.
MOST_NODES_OF_ORDER = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """The proposal. `value` and `bound` are points: no set within the budgets is worth more than `bound`."""

    selection: Selection
    value: Decimal
    bound: Decimal

    @property
    def is_proven(self) -> bool:
        """Whether no set is worth more."""
        return self.value == self.bound

    @property
    def gap(self) -> Decimal:
        """How much more a set could be worth at most, as a share of the value. 0 when it is proven."""
        return (self.bound - self.value) / self.value if self.value else self.bound - self.value


@dataclass(frozen=True, slots=True)
class _Found:
    rows: tuple[int, ...]
    bound: float


def best(call: Call, *, most_nodes: int = MOST_NODES) -> Choice:
    """The set of greatest value. At the limit of nodes the best one found, with how much better one could be."""
    rows = candidates(call)
    worth = [call.worth(each) for each in rows]
    listed = in_order(call)
    start = tuple(at for at, each in enumerate(rows) if each.id in set(listed.funded))
    first = _Programme(call, rows, worth, most_nodes).solve(start)
    value = sum(worth[at] for at in first.rows)
    # Below a whole hundredth lies nothing but the solver's rounding.
    bound = max(value, math.floor(first.bound + 1e-3))
    chosen = first.rows
    if bound == value:
        order = _Programme(call, rows, [len(rows) - at for at in range(len(rows))], MOST_NODES_OF_ORDER)
        order.at_least(worth, value)
        chosen = order.solve(first.rows).rows
    return Choice(selection(call, (rows[at] for at in chosen)), Decimal(value) / 100, Decimal(bound) / 100)


class _Programme:
    """One programme: a yes or no for each application, a row for each funder."""

    def __init__(self, call: Call, rows: Sequence[Application], gains: Sequence[int], most_nodes: int) -> None:
        self._gains = gains
        self._asks = [asked(each) for each in rows]
        self._budgets = call.cents()
        self._floor: tuple[Sequence[int], int] | None = None
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy leaves its constructor untyped
        options: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "threads": 1,
            "presolve": "off",  # it finds nothing in rows of knapsacks, and takes a third of the time
            "mip_heuristic_effort": 0.0,
            "mip_pscost_minreliable": 0,  # rows of knapsacks: nodes are worth more than trials where to branch
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.99,  # gains are whole numbers
            "mip_feasibility_tolerance": 1e-9,
            "mip_max_nodes": most_nodes,
        }
        for option, value in options.items():
            self._model.setOptionValue(option, value)
        count = len(rows)
        self._model.addVars(count, np.zeros(count), np.ones(count))
        every = np.arange(count, dtype=np.int32)
        self._model.changeColsIntegrality(
            count, every, np.full(count, highspy.HighsVarType.kInteger.value, dtype=np.uint8)
        )
        self._model.changeColsCost(count, every, np.array(gains, dtype=float))
        self._model.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for funder, budget in self._budgets.items():
            of = {at: asks[funder] for at, asks in enumerate(self._asks) if funder in asks}
            self._row(of, -highspy.kHighsInf, budget / 100, 100)

    def at_least(self, worth: Sequence[int], value: int) -> None:
        """Only sets that are worth so much."""
        self._floor = (worth, value)
        self._row(dict(enumerate(worth)), value - 0.5, highspy.kHighsInf, 1)

    def _row(self, weights: dict[int, int], least: float, most: float, unit: int) -> None:
        columns = np.array(list(weights), dtype=np.int32)
        self._model.addRow(least, most, len(columns), columns, np.array(list(weights.values()), dtype=float) / unit)

    def solve(self, start: tuple[int, ...]) -> _Found:
        """The best set that the solver finds, `start` if it finds none that is better, and its bound."""
        while True:
            self._model.run()
            bound = self._model.getInfo().mip_dual_bound
            found = tuple(at for at, part in enumerate(self._model.getSolution().col_value) if part > 0.5)
            broken = self._broken(found)
            if broken is None:
                break
            # The solver's rounding let a cent too much pass: these together are too many.
            self._row(dict.fromkeys(broken, 1), -highspy.kHighsInf, len(broken) - 1, 1)
        if self._is_short(found) or self._gain(found) < self._gain(start):
            found = start
        return _Found(found, bound if math.isfinite(bound) else float(sum(self._gains)))

    def _broken(self, rows: tuple[int, ...]) -> list[int] | None:
        for funder, budget in self._budgets.items():
            payers = [at for at in rows if funder in self._asks[at]]
            if sum(self._asks[at][funder] for at in payers) > budget:
                return payers
        return None

    def _is_short(self, rows: tuple[int, ...]) -> bool:
        return self._floor is not None and sum(self._floor[0][at] for at in rows) < self._floor[1]

    def _gain(self, rows: tuple[int, ...]) -> int:
        return sum(self._gains[at] for at in rows)
