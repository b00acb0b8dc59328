"""How many answered in each group: one table for each kind of group, protected beside the others. Pure.

The page of a running wave and the tables of a closed one are made here, from the same counts in the same order. So the
last state of the page shows nothing that the tables do not show, and there is no difference between them to take.
"""

from collections.abc import Mapping

from evaluations.disclosure import Protected, Table, protect
from evaluations.disclosure.types import Key
from evaluations.tabulating import GROUPS

Totals = Mapping[str, tuple[int, int]]  # group -> how many were asked, how many have answered


def table(name: str, totals: Totals, *, threshold: int) -> Table:
    """The counts of one kind of group. A group in which everybody answered would tell of each of them: it is unsafe.

    So is one more, where all of the hidden groups are such. Where all who were asked have answered, the total says so
    in any case, and no group is.
    """
    cells: dict[Key, int] = {(value,): n for value, (_asked, n) in sorted(totals.items()) if n}
    full = {value for value, (asked, n) in totals.items() if n and n == asked}
    others = sorted((n, value) for value, (asked, n) in totals.items() if 0 < n < asked)
    if sum(asked for asked, _n in totals.values()) == sum(cells.values()):
        full = set()
    elif full and all(n >= threshold for n, _value in others):
        full |= {value for _n, value in others[:1]}
    return Table((name,), cells, threshold, unsafe=frozenset((value,) for value in full))


def protected(by: Mapping[str, Totals], *, threshold: int) -> dict[str, Protected]:
    """All kinds of groups, as the tables of a closed wave would be."""
    made: dict[str, Protected] = {}
    for name in GROUPS:
        counts = table(name, by[name], threshold=threshold)
        if counts.cells:
            made[name] = protect(counts, list(made.values()))
    return made
