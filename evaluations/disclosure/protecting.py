"""Which figures of a table are hidden, so that no attacker gets near any of them.

Growing: for each figure that is exposed, a linear programme moves it as far as it must be able to lie, and pays for
every figure that moves along and is still shown; what moves is hidden (Kelly, Golden and Assad, Cell suppression:
disclosure protection for sensitive tabular data, Networks 22, 1992). Weights are renewed by what moved before, which
makes the programme prefer few figures to many (Candès, Wakin and Boyd, Enhancing sparsity by reweighted l1
minimization, 2008). Pruning: every complementary figure is shown again if no attacker gains by it.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, vstack

from evaluations.disclosure.attack import Attacker, Flags
from evaluations.disclosure.cutting import Cuts
from evaluations.disclosure.faults import checked
from evaluations.disclosure.problem import Problem, posed
from evaluations.disclosure.space import Floats, Ints
from evaluations.disclosure.types import COMPLEMENTARY, PRIMARY, Cell, Loss, Protected, Table

_ROUNDS = 3
# How often attacks are answered by cuts: programmes solved, times figures of the table.
_WORK = 60_000
# Up to so many figures the pattern is proven to be the cheapest; nodes and gap of the integer programme.
_SMALL, _EXACT, _ROUGH = 250, (500, 0.002), (5, 0.05)


def protect(table: Table, published: Sequence[Protected] = ()) -> Protected:
    """The table with everything hidden that would let an attacker come near a small count.

    `published` are the tables of the same population that the same readers have or may have seen. Raises BadTable.
    """
    problem = posed(checked(table, published), published)
    hidden = _Pattern(problem, linked=bool(published)).found()
    return _protected(problem, hidden)


class _Pattern:
    """Searches the figures to be hidden."""

    def __init__(self, problem: Problem, *, linked: bool) -> None:
        self.problem, self.linked = problem, linked
        self.hidden = problem.primary.copy()
        self.cost = 1.0 + problem.count[: problem.own] / max(1, int(problem.count[: problem.own].max(initial=1)))

    def found(self) -> Flags | None:
        """The figures of the table that are hidden; None when only publishing nothing helps."""
        if not self._limit():
            self.problem.reader.need[: self.problem.own] = self._known_before()
            return None
        if not self._learn():
            self._grow()
            self._prune()
        return self.hidden

    def _known_before(self) -> Ints:
        """The width of each figure of the table, at most the threshold, when the table is not published."""
        problem = self.problem
        reader, pattern = problem.reader.without(problem.own), problem.withheld()
        reader.need = np.full(len(pattern), problem.table.threshold)
        reader.exposed(pattern, range(problem.own))
        down, up = reader.reached(pattern)
        return np.asarray(np.minimum(up - down, problem.table.threshold)[: problem.own])

    def _learn(self) -> bool:
        """Whether the cheapest pattern was found; else the last one tried stands, with some figures exposed."""
        cuts = Cuts(self.problem, self.cost)
        cuts.begin()
        until = self._runs() + _WORK // self.problem.own
        while (found := cuts.cheapest(*(_EXACT if self.problem.own <= _SMALL else _ROUGH))) is not None:
            self.hidden = found
            pattern = self.problem.pattern(found)
            exposed = [(each, row) for each in self.problem.attackers for row in each.exposed(pattern)]
            if not exposed:
                return True
            if self._runs() > until:
                return False
            for attacker, row in exposed:
                cuts.learn(attacker, row, found)
        return False

    def _runs(self) -> int:
        return sum(attacker.search.runs for attacker in self.problem.attackers)

    def _limit(self) -> bool:
        """Asks for no wider intervals than hiding everything gives; whether that is as wide as publishing nothing."""
        problem = self.problem
        everything, enough = problem.pattern(problem.openable), True
        for attacker in problem.attackers:
            tight = attacker.exposed(everything)
            if not tight:
                continue
            down, up = attacker.reached(everything)
            if self.linked:
                # Its own reasons may always tell an insider more of a figure than nothing would. A figure of its own
                # that no rule forbids may be shown: that zeros around it give it away is no harm.
                asked = [
                    row for row in tight if row >= problem.own or (attacker is problem.reader and problem.primary[row])
                ]
                unseen, pattern = attacker.without(problem.own), problem.withheld()
                unseen.exposed(pattern, asked)
                lower, upper = unseen.reached(pattern)
                before = np.minimum(upper - lower, attacker.need)
                enough = enough and bool((up - down >= before)[asked].all())
            attacker.need[tight] = np.minimum(attacker.need, up - down)[tight]
        return enough

    def _grow(self) -> None:
        while True:
            exposed = False
            for attacker in self.problem.attackers:
                for row in attacker.exposed(self.problem.pattern(self.hidden)):
                    exposed = True
                    if attacker.exposed(self.problem.pattern(self.hidden), [row]):
                        self._cover(attacker, row)
            if not exposed:
                return

    def _cover(self, attacker: Attacker, row: int) -> None:
        """Hides what is needed to give this row its width; if nothing does, as much as there is, and asks no more."""
        before = self.hidden.copy()
        for integral in (False, True):
            more = cheapest_cover(self.problem, attacker, self.hidden, row, self.cost, integral=integral)
            if more is not None:
                self.hidden = self.hidden | more
            if not attacker.exposed(self.problem.pattern(self.hidden), [row]):
                return
        everything = self.problem.pattern(self.problem.openable)
        if attacker.exposed(everything, [row]):
            down, up = attacker.reached(everything)
            attacker.need[row] = up[row] - down[row]
            self.hidden = before
        else:
            self.hidden = self.problem.openable.copy()

    def _prune(self) -> None:
        order = np.flatnonzero(self.hidden & ~self.problem.primary)
        for row in sorted(order.tolist(), key=lambda each: (-self.cost[each], each)):
            self.hidden[row] = False
            pattern = self.problem.pattern(self.hidden)
            if any(attacker.exposed(pattern, first=True) for attacker in self.problem.attackers):
                self.hidden[row] = True


def cheapest_cover(
    problem: Problem, attacker: Attacker, hidden: Flags, row: int, cost: Floats, *, integral: bool
) -> Flags | None:
    """Figures that must be hidden too so that two populations differ by enough in this row; None if there are none."""
    programme = _Cover(problem, attacker, hidden, row)
    weights = cost.copy()
    best: Flags | None = None
    price = np.inf
    for _ in range(1 if integral else _ROUNDS):
        moved = programme.moved(weights, integral=integral)
        if moved is None:
            break
        more = moved > 1e-6
        if (paid := float(cost[more].sum())) < price:
            best, price = more, paid
        weights = cost / (moved + 0.5)
    return best


class _Cover:
    """Two populations that differ in one row by its need; each figure still shown pays for its distance from the truth.

    Columns: the joint cells of both, then what goes up and down in each shown figure of both.
    """

    def __init__(self, problem: Problem, attacker: Attacker, hidden: Flags, row: int) -> None:
        moves, pattern = problem.moves, problem.pattern(hidden)
        self._paying = np.flatnonzero(problem.openable & ~hidden)
        self._own, self._cells = problem.own, moves.figures.shape[1]
        low, high = np.where(pattern, attacker.low, 0.0), np.where(pattern, attacker.high, 0.0)
        bound = np.flatnonzero(np.isfinite(low) | np.isfinite(high))
        slack = csr_array(
            (np.ones(len(self._paying)), (np.searchsorted(bound, self._paying), np.arange(len(self._paying)))),
            shape=(len(bound), len(self._paying)),
        )
        offset = moves.rules.matrix @ moves.start
        figures, rules = moves.figures[bound], moves.rules.matrix
        apart = moves.figures[[row]]
        none = csr_array((rules.shape[0], len(self._paying)))
        self._matrix = vstack(
            [
                block_array([[figures, None, -slack, slack, None, None], [None, figures, None, None, -slack, slack]]),
                block_array([[rules, None, none, none, none, none], [None, rules, none, none, none, none]]),
                block_array([[apart, -apart, csr_array((1, 4 * len(self._paying)))]]),
            ]
        ).tocsr()
        self._low = np.concatenate([*[low[bound]] * 2, *[moves.rules.low - offset] * 2, [attacker.need[row]]])
        self._high = np.concatenate([*[high[bound]] * 2, *[moves.rules.high - offset] * 2, [np.inf]])
        least, most = np.maximum(-moves.start, -moves.reach), np.full(self._cells, moves.reach)
        most[moves.empty] = least[moves.empty] = 0
        up, down = attacker.high[self._paying], -attacker.low[self._paying]
        self._bounds = Bounds(
            np.concatenate([least, least, np.zeros(4 * len(self._paying))]),
            np.concatenate([most, most, up, down, up, down]),
        )

    def moved(self, weights: Floats, *, integral: bool) -> Floats | None:
        """How far the figures of the table move in the cheapest such pair, both populations together."""
        count = len(self._paying)
        price = np.tile(weights[self._paying], 4)
        found = milp(
            np.concatenate([np.zeros(2 * self._cells), price]),
            constraints=LinearConstraint(self._matrix, self._low, self._high),
            bounds=self._bounds,
            integrality=np.concatenate([np.full(2 * self._cells, int(integral)), np.zeros(4 * count)]),
            options={"node_limit": 500},
        )
        if found.x is None:
            return None
        moved = np.zeros(self._own)
        moved[self._paying] = found.x[2 * self._cells :].reshape(4, count).sum(axis=0)
        return moved


def _protected(problem: Problem, found: Flags | None) -> Protected:
    table, count = problem.table, problem.count[: problem.own]
    hidden = np.ones(problem.own, bool) if found is None else found
    cells = {
        key: Cell(None, PRIMARY if problem.primary[row] else COMPLEMENTARY) if hidden[row] else Cell(int(count[row]))
        for row, key in enumerate(problem.keys)
    }
    primary, figures = int(problem.primary.sum()), problem.own
    loss = Loss(
        figures=figures,
        primary=primary,
        complementary=int(hidden.sum()) - primary,
        hidden_n=int(count[hidden].sum()),
        share_of_figures=float(hidden.sum()) / figures,
        share_of_n=float(count[hidden].sum()) / max(1, int(count.sum())),
    )
    need = problem.reader.need[: problem.own]
    known = tuple(
        key
        for row, key in enumerate(problem.keys)
        if hidden[row] and (found is None or count[row]) and need[row] < table.threshold
    )
    return Protected(
        dimensions=table.dimensions,
        cells=cells,
        threshold=table.threshold,
        loss=loss,
        multiple=table.multiple,
        where=table.where,
        unsafe=table.unsafe,
        known=known,
        withheld=found is None,
    )
