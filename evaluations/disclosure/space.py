"""What lies behind published tables: the joint cells of the population, of which every figure is a sum.

Tables that share dimensions are linked. The full cross of all their dimensions would soon be too large; the joint cells
are therefore kept for the cliques of a triangulated graph of dimensions, which agree on what they share. A set of
cliques in this order (a junction tree) fits one population exactly when neighbours agree (Lauritzen, Graphical
Models, 1996, chapter 2; Dobra and Fienberg, Bounds for cell entries in contingency tables, PNAS 97, 2000), so nothing
is lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from evaluations.disclosure.faults import BadTable
from evaluations.disclosure.types import Answers, Category, Key, Protected, Table

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shape = Table | Protected
Choice = Mapping[str, tuple[Category | None, ...]]
# Weighted joint cells: the terms of a sum.
Terms = dict[int, int]

LARGEST_SPACE = 30_000


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of joint cells with their bounds: low <= matrix @ cells <= high."""

    matrix: csr_array
    low: Floats
    high: Floats


class Space:
    """The joint cells of a set of linked tables. Raises BadTable when they are too many."""

    def __init__(self, tables: Sequence[Shape]) -> None:
        self.tables = tables
        self.multiple: dict[str, Answers] = {name: rule for table in tables for name, rule in table.multiple.items()}
        self.categories = {name: self._categories(name) for name in _dimensions(tables)}
        self._cliques = _cliques([(*table.dimensions, *table.where) for table in tables], list(self.categories))
        shapes = [tuple(self._size(name) for name in clique) for clique in self._cliques]
        self.size = sum(int(np.prod(shape, dtype=object)) for shape in shapes)
        if self.size > LARGEST_SPACE:
            raise BadTable(
                [f"There are {self.size:,} joint cells; at most {LARGEST_SPACE:,} can be protected together."]
            )
        self._cells: list[Ints] = []
        start = 0
        for shape in shapes:
            count = int(np.prod(shape))
            self._cells.append(np.arange(start, start + count).reshape(shape))
            start += count

    def _categories(self, name: str) -> tuple[Category | None, ...]:
        """All categories of a dimension; a last None stands for the base, or for all others that no table names."""
        found: set[Category] = set()
        covered = False
        for table in self.tables:
            found.update(table.where.get(name, ()))
            if name in table.dimensions:
                place = table.dimensions.index(name)
                found.update(part for key in table.cells if (part := key[place]) is not None)
                covered = covered or not table.where
        ordered: tuple[Category | None, ...] = tuple(sorted(found, key=by_kind))
        return ordered if covered and name not in self.multiple else (*ordered, None)

    def _size(self, name: str) -> int:
        return len(self.categories[name])

    def terms(self, table: Shape, key: Key, instead: Choice | None = None) -> Ints:
        """The joint cells that a figure of the table sums; `instead` replaces the categories of some filters."""
        wanted: dict[str, tuple[Category | None, ...] | None] = {**table.where, **(instead or {})}
        for name, category in zip(table.dimensions, key, strict=True):
            if category is not None:
                wanted[name] = (category,)
        place = self._home((*table.dimensions, *table.where))
        clique, cells = self._cliques[place], self._cells[place]
        return cells[np.ix_(*(self._places(name, wanted.get(name)) for name in clique))].ravel()

    def _home(self, names: Iterable[str]) -> int:
        """The smallest clique that holds all these dimensions."""
        fitting = [place for place, clique in enumerate(self._cliques) if set(names) <= set(clique)]
        return min(fitting, key=lambda place: self._cells[place].size)

    def _places(self, name: str, wanted: tuple[Category | None, ...] | None) -> list[int]:
        categories = self.categories[name]
        if wanted is not None:
            return [categories.index(each) for each in wanted]
        return [len(categories) - 1] if name in self.multiple else list(range(len(categories)))

    def empty(self) -> Ints:
        """The joint cells that every reader knows to be empty: categories that a table does not list."""
        found: list[Ints] = [np.zeros(0, np.int64)]
        for table in self.tables:
            if isinstance(table, Protected) and table.withheld:
                continue
            for place, name in enumerate(table.dimensions):
                listed = {key[place] for key in table.cells}
                passing = table.where.get(name)
                for position, category in enumerate(self.categories[name]):
                    if category in listed or (passing is not None and category not in passing):
                        continue
                    if category is None and (name in self.multiple or passing is not None):
                        continue
                    found.append(self._slice(table, name, position))
        return np.unique(np.concatenate(found))

    def _slice(self, table: Shape, name: str, position: int) -> Ints:
        place = self._home((*table.dimensions, *table.where))
        picked = [
            [position] if each == name else self._places(each, table.where.get(each)) for each in self._cliques[place]
        ]
        return self._cells[place][np.ix_(*picked)].ravel()

    def rules(self) -> Sums:
        """What holds for every population: neighbours agree, answers keep to the base and to their limits."""
        rows: list[tuple[Terms, float, float]] = []
        for place in range(len(self._cliques)):
            rows += self._within(place)
        rows += self._between()
        matrix = gathered([terms for terms, _, _ in rows], self.size)
        return Sums(matrix, np.array([low for _, low, _ in rows]), np.array([high for _, _, high in rows]))

    def _within(self, place: int) -> Iterator[tuple[Terms, float, float]]:
        """Whoever named some answers and not others: each such group counts at least zero."""
        clique, cells = self._cliques[place], self._cells[place]
        asked = [axis for axis, name in enumerate(clique) if name in self.multiple]
        if not asked:
            return
        answers = [range(size - 1) if axis in asked else range(size) for axis, size in enumerate(cells.shape)]
        for spot in product(*answers):
            for named in product((True, False), repeat=len(asked)):
                if not all(named):
                    yield _named_or_not(cells, spot, asked, named), 0.0, np.inf
        for axis in asked:
            rule, base = self.multiple[clique[axis]], cells.shape[axis] - 1
            lines = np.moveaxis(cells, axis, -1).reshape(-1, base + 1)
            for limit, sign in ((rule.least, 1), (rule.most, -1)):
                if limit:
                    for line in lines:
                        terms = {int(cell): sign for cell in line[:base]}
                        yield {**terms, int(line[base]): -sign * limit}, 0.0, np.inf

    def _between(self) -> Iterator[tuple[Terms, float, float]]:
        for a, b in _tree(self._cliques):
            shared = [name for name in self._cliques[a] if name in self._cliques[b]]
            for spot in product(*(range(self._size(name)) for name in shared)):
                fixed = dict(zip(shared, spot, strict=True))
                terms = {int(cell): 1 for cell in self._fixed(a, fixed)}
                terms.update({int(cell): -1 for cell in self._fixed(b, fixed)})
                yield terms, 0.0, 0.0

    def _fixed(self, place: int, fixed: Mapping[str, int]) -> Ints:
        picked = [[fixed[name]] if name in fixed else self._places(name, None) for name in self._cliques[place]]
        return self._cells[place][np.ix_(*picked)].ravel()

    def rests(self, table: Shape, key: Key) -> Iterator[Terms]:
        """Those in the base of a figure who did not give its answers: they can be computed, so they count too."""
        asked = [
            place for place, name in enumerate(table.dimensions) if name in table.multiple and key[place] is not None
        ]
        for named in product((True, False), repeat=len(asked)):
            if not all(named):
                yield self._signed(table, key, asked, named)

    def _signed(self, table: Shape, key: Key, asked: Sequence[int], named: Sequence[bool]) -> Terms:
        terms: Terms = {}
        left_out = [place for place, yes in zip(asked, named, strict=True) if not yes]
        for count in range(len(left_out) + 1):
            for base in combinations(left_out, count):
                # (not named) = base - named, for each answer left out
                spot = tuple(None if place in base else category for place, category in enumerate(key))
                sign = 1 if (len(left_out) - count) % 2 == 0 else -1
                for cell in self.terms(table, spot):
                    terms[int(cell)] = terms.get(int(cell), 0) + sign
        return terms

    def differences(self, table: Shape, key: Key) -> Iterator[Ints]:
        """What is left when a filtered figure is taken from a wider one, or a narrower one from it."""
        choices: list[list[tuple[str, tuple[Category | None, ...]]]] = []
        for name, passing in table.where.items():
            if name in self.multiple:
                continue
            choices.append([(name, passing), *((name, rest) for rest in self._rests_of(name, set(passing)))])
        own = tuple(choice[0] for choice in choices)
        for chosen in product(*choices):
            if chosen != own:
                yield self.terms(table, key, dict(chosen))

    def _rests_of(self, name: str, own: set[Category]) -> list[tuple[Category | None, ...]]:
        families = [set(self.categories[name])]
        families += [set(table.where[name]) for table in self.tables if name in table.where]
        rests = {frozenset(other - own) for other in families if own < other}
        rests |= {frozenset(own - other) for other in families if other < own}
        return sorted((tuple(sorted(rest, key=by_kind)) for rest in rests), key=repr)


def by_kind(category: Category | None) -> tuple[str, str | int]:
    """An order of categories that are texts and whole numbers."""
    return ("~", "") if category is None else (type(category).__name__, category)


def gathered(rows: Sequence[Terms], width: int) -> csr_array:
    """Rows of terms as a sparse matrix."""
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.fromiter((cell for row in rows for cell in row), np.int64, int(starts[-1]))
    weights = np.fromiter((weight for row in rows for weight in row.values()), float, int(starts[-1]))
    return csr_array((weights, columns, starts), shape=(len(rows), width))


def _named_or_not(cells: Ints, spot: tuple[int, ...], asked: Sequence[int], named: Sequence[bool]) -> Terms:
    left_out = [axis for axis, yes in zip(asked, named, strict=True) if not yes]
    terms: Terms = {}
    for count in range(len(left_out) + 1):
        for base in combinations(left_out, count):
            place = tuple(cells.shape[axis] - 1 if axis in base else spot[axis] for axis in range(cells.ndim))
            terms[int(cells[place])] = 1 if (len(left_out) - count) % 2 == 0 else -1
    return terms


def _dimensions(tables: Sequence[Shape]) -> list[str]:
    names = dict.fromkeys(name for table in tables for name in (*table.dimensions, *table.where))
    return sorted(names)


def _cliques(groups: Sequence[Sequence[str]], names: Sequence[str]) -> list[tuple[str, ...]]:
    """Maximal cliques after eliminating the dimension that joins the fewest new pairs, again and again."""
    beside: dict[str, set[str]] = {name: set() for name in names}
    for group in groups:
        for name in group:
            beside[name] |= set(group) - {name}
    found: list[set[str]] = []
    while beside:
        name = min(beside, key=lambda each: (_missing(beside, each), each))
        clique = {name, *beside[name]}
        if not any(clique <= other for other in found):
            found.append(clique)
        for other in beside.pop(name):
            beside[other] |= clique - {name, other}
            beside[other].discard(name)
    return [tuple(sorted(clique)) for clique in found] or [()]


def _missing(beside: Mapping[str, set[str]], name: str) -> int:
    return sum(b not in beside[a] for a, b in combinations(sorted(beside[name]), 2))


def _tree(cliques: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """A spanning tree whose neighbours share most (Prim)."""
    joined, edges = [0], []
    while len(joined) < len(cliques):
        left = [place for place in range(len(cliques)) if place not in joined]
        a, b = max(
            product(joined, left),
            key=lambda pair: (len(set(cliques[pair[0]]) & set(cliques[pair[1]])), -pair[0], -pair[1]),
        )
        joined.append(b)
        edges.append((a, b))
    return edges
