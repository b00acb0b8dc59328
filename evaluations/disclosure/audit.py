"""What readers can work out of published tables, computed without anything that only the publisher knows.

Each end of each interval is an integer programme of its own: the least and the most that a hidden figure can be in any
population that fits everything published. Shares no code with the search for a pattern but the equations.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from evaluations.disclosure.faults import BadTable
from evaluations.disclosure.space import Floats, Space, gathered
from evaluations.disclosure.types import PRIMARY, Cell, Interval, Key, Protected

_ROOM = 100


def audit(published: Sequence[Protected], *, insider: bool = False) -> list[Interval]:
    """The interval of every hidden figure of every table, in their order.

    The reader knows all figures shown and that nothing hidden is zero. An `insider` knows each reason as well: a figure
    is below its threshold (primary) or is not (complementary). Raises BadTable when no population fits the tables.
    """
    if not published:
        return []
    space = Space(published)
    known = [(place, key, cell) for place, each in enumerate(published) for key, cell in each.cells.items()]
    figures = gathered(
        [dict.fromkeys(space.terms(published[place], key).tolist(), 1) for place, key, _ in known], space.size
    )
    ends = np.array([_known(cell, published[place], insider=insider) for place, _, cell in known])
    attack = _Attack(space, figures, ends[:, 0], ends[:, 1], max(each.threshold for each in published))
    return list(_intervals(attack, known))


def _known(cell: Cell, table: Protected, *, insider: bool) -> tuple[float, float]:
    if cell.n is not None:
        return cell.n, cell.n
    if table.withheld:
        return 0, np.inf
    if not insider:
        return 1, np.inf
    if cell.suppressed != PRIMARY:
        return table.threshold, np.inf
    return 1, np.inf if table.multiple or table.unsafe else table.threshold - 1


def _intervals(attack: "_Attack", known: Sequence[tuple[int, Key, Cell]]) -> Iterator[Interval]:
    for row, (place, key, cell) in enumerate(known):
        if cell.n is None:
            high = attack.end(row, 1)
            yield Interval(place, key, attack.end(row, -1), None if high >= attack.ceiling else high)


class _Attack:
    """One programme, whose objective changes."""

    def __init__(self, space: Space, figures: csr_array, low: Floats, high: Floats, threshold: int) -> None:
        rules = space.rules()
        self._figures = figures
        self._constraints = LinearConstraint(
            vstack([figures, rules.matrix]), np.concatenate([low, rules.low]), np.concatenate([high, rules.high])
        )
        shown = low[low == high]
        # Beyond what is shown anywhere a figure has no end; the programme needs one.
        self.ceiling = int(shown.max(initial=0)) + _ROOM * threshold
        most = np.full(space.size, float(self.ceiling))
        most[space.empty()] = 0
        self._bounds = Bounds(0, most)

    def end(self, row: int, sign: int) -> int:
        """The least (sign -1) or the most (1) that a figure can be."""
        wish = np.asarray(self._figures[[row]].todense()).ravel()
        found = milp(-sign * wish, constraints=self._constraints, bounds=self._bounds, integrality=np.ones(len(wish)))
        if found.x is None:
            raise BadTable(["The published tables cannot be of the same population."])
        return round(sign * -float(found.fun))
