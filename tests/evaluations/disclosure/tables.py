"""Random tables, and what every protected table must be."""

import numpy as np
from hypothesis import strategies as st

from evaluations.disclosure import Key, Protected, Table, audit

NAMES = ("size_class", "sector", "country", "barrier")


def table_of(counts: np.ndarray, threshold: int = 5, **more: object) -> Table:
    """A table whose categories are the places in each axis."""
    cells: dict[Key, int] = {tuple(spot): int(counts[spot]) for spot in np.ndindex(*counts.shape)}
    return Table(NAMES[: counts.ndim], cells, threshold, **more)


def random_counts(shape: tuple[int, ...], seed: int, mean: float) -> np.ndarray:
    """Counts of uneven groups, as surveys have them."""
    random = np.random.default_rng(seed)
    return random.poisson(random.gamma(0.7, mean / 0.7, shape))


@st.composite
def tables(draw: st.DrawFn, most: tuple[int, ...] = (8, 5, 3, 2)) -> Table:
    """Tables of one to four dimensions, from empty ones to full ones."""
    dimensions = draw(st.integers(1, 4))
    sides = st.integers(1, most[dimensions - 1])
    shape = tuple(draw(st.lists(sides, min_size=dimensions, max_size=dimensions)))
    mean = draw(st.sampled_from((0.5, 2.0, 6.0, 20.0)))
    counts = random_counts(shape, draw(st.integers(0, 10_000)), mean)
    return table_of(counts, draw(st.sampled_from((3, 5, 10))))


def total(table: Table, key: Key) -> int:
    """The true value of a figure, counted by hand."""
    return sum(n for cell, n in table.cells.items() if all(b is None or a == b for a, b in zip(cell, key, strict=True)))


def exposed(published: list[Protected]) -> list[tuple[int, Key]]:
    """Hidden figures that readers can place within less than the threshold, and could not before."""
    assert not published[0].known, "nothing is known before the first table"
    return [
        (each.publication, each.key)
        for each in audit(published)
        if each.width < published[each.publication].threshold and each.key not in published[each.publication].known
    ]
