"""What makes a table unusable: every fault as one line that names the cell."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import prod

from evaluations.disclosure.types import LOWEST_THRESHOLD, Key, Protected, Table

LARGEST_THRESHOLD, LARGEST_COUNT, MOST_DIMENSIONS, MOST_FIGURES = 1_000, 10_000_000, 8, 5_000
MOST_FAULTS = 100


class BadTable(ValueError):
    """A table that cannot be used; `faults` has one line each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def checked(table: Table, published: Sequence[Protected] = ()) -> Table:
    """The table itself, if it can be used beside what is published. Raises BadTable."""
    found = list(_of_the_head(table)) or list(_of_the_cells(table)) or list(_of_the_bases(table))
    found = found or list(_of_the_others(table, published))
    if found:
        more = [f"And {len(found) - MOST_FAULTS:,} more faults."] if len(found) > MOST_FAULTS else []
        raise BadTable(found[:MOST_FAULTS] + more)
    return table


def shown(value: object) -> str:
    """A name as it stands in a message: short, and without line ends or lone surrogates."""
    text = "the total" if value is None else str(value)
    printable = "".join(sign if sign.isprintable() else "?" for sign in text)
    return f'"{printable if len(printable) <= 60 else printable[:59] + "…"}"'


def named(key: Key) -> str:
    """A cell as it stands in a message."""
    return ", ".join(shown(category) for category in key)


def _of_the_head(table: Table) -> Iterator[str]:
    if not 1 <= len(table.dimensions) <= MOST_DIMENSIONS:
        yield f"A table has from 1 to {MOST_DIMENSIONS} dimensions, not {len(table.dimensions)}."
    for name in sorted({name for name in table.dimensions if table.dimensions.count(name) > 1}):
        yield f"Dimension {shown(name)} occurs twice."
    if not LOWEST_THRESHOLD <= table.threshold <= LARGEST_THRESHOLD:
        yield f"The threshold must lie between {LOWEST_THRESHOLD} and {LARGEST_THRESHOLD:,}, not {table.threshold}."
    for name, rule in table.multiple.items():
        if name not in table.dimensions:
            yield f'"multiple" names dimension {shown(name)}, which there is not.'
        if rule.least < 0 or (rule.most is not None and rule.most < max(rule.least, 1)):
            yield f'"multiple" of {shown(name)}: "least" and "most" must be numbers of answers in this order.'
    for name, passing in table.where.items():
        if not passing or len(set(passing)) < len(passing):
            yield f'"where" of {shown(name)} must name at least one category, and none twice.'
        if name in table.multiple:
            yield f'"where" cannot filter {shown(name)}, to which there are several answers in this table.'


def _of_the_cells(table: Table) -> Iterator[str]:
    listed: list[set[object]] = [set() for _ in table.dimensions]
    for key, n in table.cells.items():
        if len(key) != len(table.dimensions):
            yield f"Cell {named(key)} must have {len(table.dimensions)} categories, not {len(key)}."
            continue
        for name, category, seen in zip(table.dimensions, key, listed, strict=True):
            seen.add(category)
            if category is None and name not in table.multiple:
                yield f"Cell {named(key)}: totals over {shown(name)} are computed; leave them out."
            if name in table.where and category not in table.where[name]:
                yield f'Cell {named(key)}: "where" does not let {shown(category)} of {shown(name)} pass.'
        if not 0 <= n <= LARGEST_COUNT:
            yield f"Cell {named(key)}: n must lie between 0 and {LARGEST_COUNT:,}."
    figures = prod(len(seen - {None}) + 1 for seen in listed)
    if figures > MOST_FIGURES:
        yield f"The table has {figures:,} cells and totals; at most {MOST_FIGURES:,} can be protected."
    for key in sorted(table.unsafe, key=repr):
        fits = len(key) == len(table.dimensions)
        if not fits or any(each is not None and each not in seen for each, seen in zip(key, listed, strict=True)):
            yield f"Cell {named(key)} is called unsafe, and there is no such cell."


def _of_the_bases(table: Table) -> Iterator[str]:
    """Nobody can give more answers to a question than were asked it."""
    asked = [place for place, name in enumerate(table.dimensions) if name in table.multiple]
    for key, n in table.cells.items():
        answered = [place for place in asked if key[place] is not None]
        for place in answered:
            base = tuple(None if each == place else category for each, category in enumerate(key))
            if base not in table.cells and n:
                yield f"Cell {named(key)} needs its base: a cell with null for {shown(table.dimensions[place])}."
            elif table.cells.get(base, 0) < n:
                yield f"Cell {named(key)}: {n:,} of a base of {table.cells.get(base, 0):,}."
        for pair in combinations(answered, 2):
            yield from _of_a_pair(table, key, pair)
    for place in asked:
        yield from _of_the_limits(table, place)


def _of_the_others(table: Table, published: Sequence[Protected]) -> Iterator[str]:
    """Linked tables mean the same by the same dimension."""
    asked = set(table.multiple).union(*(each.multiple for each in published))
    tables: list[Table | Protected] = [table, *published]
    for place, each in enumerate(tables):
        where = f"Published table {place}" if place else "The table"
        if not 1 <= each.threshold <= LARGEST_THRESHOLD:
            yield f"{where}: the threshold must lie between 1 and {LARGEST_THRESHOLD:,}, not {each.threshold}."
        for name in each.dimensions:
            if name in asked and name not in each.multiple:
                yield f"{where}: {shown(name)} takes several answers in another table, so it must here."
        for name, passing in each.where.items():
            if name in asked and len(passing) != 1:
                yield f'{where}: "where" must name one answer of {shown(name)}, to which there are several.'
        for key in each.cells:
            if len(key) != len(each.dimensions):
                yield f"{where}: cell {named(key)} must have {len(each.dimensions)} categories, not {len(key)}."


def _of_a_pair(table: Table, key: Key, pair: tuple[int, int]) -> Iterator[str]:
    first, second, both = (
        tuple(None if place in left_out else category for place, category in enumerate(key))
        for left_out in ({pair[1]}, {pair[0]}, set(pair))
    )
    n = {spot: table.cells.get(spot, 0) for spot in (key, first, second, both)}
    if n[both] - n[first] - n[second] + n[key] < 0:
        yield f"Cell {named(key)}: too few for the two answers and their base."


def _of_the_limits(table: Table, place: int) -> Iterator[str]:
    rule = table.multiple[table.dimensions[place]]
    given: dict[Key, int] = {}
    for key, n in table.cells.items():
        base = (*key[:place], None, *key[place + 1 :])
        given[base] = given.get(base, 0) + (n if key[place] is not None else 0)
    for base, answers in given.items():
        n = table.cells.get(base, 0)
        if answers < rule.least * n or (rule.most is not None and answers > rule.most * n):
            yield f"Cell {named(base)}: {answers:,} answers of {n:,} respondents do not fit least and most."
