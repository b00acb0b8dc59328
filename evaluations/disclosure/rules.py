"""Rules for what is drawn from a protected table, and for amounts."""

import math
from collections.abc import Mapping, Sequence

from evaluations.disclosure.problem import figures_of
from evaluations.disclosure.types import Key, Protected, Table


def quotable(n: int | None, threshold: int) -> bool:
    """Whether a sentence may be shown as said by a group of `n` people, None when their number is hidden."""
    return n is not None and n >= threshold


def shares(protected: Protected, dimension: str) -> dict[Key, float | None]:
    """The share of each cell in its total over a dimension, from 0 to 1; of the base where answers are multiple.

    None where the cell or its total is hidden, and where the total is zero: a share tells as much as its count. So a
    group whose size is hidden has no shares at all, not even those that are zero.
    """
    place = protected.dimensions.index(dimension)
    found: dict[Key, float | None] = {}
    for key, cell in protected.cells.items():
        whole = protected.cells[(*key[:place], None, *key[place + 1 :])].n
        found[key] = cell.n / whole if cell.n is not None and whole else None
    return found


def dominated(contributions: Sequence[float], *, largest: int = 2, most: float = 0.85, percent: float = 10.0) -> bool:
    """Whether an amount gives away what somebody contributed to it.

    By the (n, k) rule the `largest` contributors may have at most the share `most` of the total. By the p % rule the
    second largest, who knows its own part, must not be able to estimate the largest to within `percent` of it
    (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4). Contributions are at least 0; raises
    ValueError.
    """
    if any(not math.isfinite(each) or each < 0 for each in contributions):
        raise ValueError("Contributions must be finite numbers of at least 0.")
    ordered = sorted(contributions, reverse=True)
    total = math.fsum(ordered)
    if total == 0:
        return False
    rest = math.fsum(ordered[2:])
    return math.fsum(ordered[:largest]) > most * total or rest < percent / 100 * ordered[0]


def dominated_keys(table: Table, contributions: Mapping[Key, Sequence[float]]) -> frozenset[Key]:
    """The cells and totals of a table whose amounts are dominated, for `Table.unsafe`.

    `contributions` holds what each respondent of a cell contributed, by the keys of the table's cells. A respondent who
    gave several answers stands in several cells, and once in the base.
    """
    single = [name not in table.multiple for name in table.dimensions]
    found = []
    for key in figures_of(table):
        merged = [
            amount
            for cell, amounts in contributions.items()
            if all(a == b or (b is None and one) for a, b, one in zip(cell, key, single, strict=True))
            for amount in amounts
        ]
        if dominated(merged):
            found.append(key)
    return frozenset(found)
