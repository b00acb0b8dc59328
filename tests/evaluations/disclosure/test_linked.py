"""Several tables of one population: filters, exports and earlier tables, held against each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.disclosure import BadTable, Protected, Table, protect
from tests.evaluations.disclosure.tables import exposed, random_counts

NAMES = ("size_class", "sector", "country")


def view(counts: np.ndarray, axes: tuple[int, ...], picked: dict[int, int], threshold: int = 5) -> Table:
    """A table over some axes, of those who are in one place of others."""
    for axis, place in picked.items():
        counts = np.take(counts, [place], axis)
    summed = counts.sum(axis=tuple(axis for axis in range(3) if axis not in axes))
    where = {NAMES[axis]: (place,) for axis, place in picked.items()}
    cells = {tuple(spot): int(summed[spot]) for spot in np.ndindex(*summed.shape)}
    return Table(tuple(NAMES[axis] for axis in axes), cells, threshold, where=where)


VIEWS = st.lists(
    st.sampled_from([
        ((0,), {}), ((1,), {}), ((0, 1), {}), ((0, 2), {}), ((1,), {0: 0}), ((0,), {2: 1}), ((0, 1), {2: 0}),
        ((2,), {0: 1, 1: 0}),
    ]),
    min_size=2,
    max_size=3,
    unique_by=str,
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(VIEWS, st.integers(0, 5_000), st.sampled_from((1.0, 5.0, 15.0)))
def test_no_table_gives_away_what_another_hides(views, seed, mean):
    counts = random_counts((3, 3, 2), seed, mean)
    published: list[Protected] = []
    for axes, picked in views:
        published.append(protect(view(counts, axes, picked), published))

    assert exposed(published) == []


def test_the_difference_of_two_filters_is_a_count_too():
    """20 micro firms, 18 of them in Sweden: the two others are nobody's cell, and still they would be told."""
    everyone = protect(Table(("size_class",), {("micro",): 20, ("small",): 40}))
    swedish = Table(("size_class",), {("micro",): 18, ("small",): 25}, where={"country": ("SE",)})

    assert protect(swedish).loss.share_of_figures == 0
    assert protect(swedish, [everyone]).cells["micro",].n is None


def test_what_was_hidden_stays_hidden_in_the_next_export():
    first = protect(Table(("size_class",), {("micro",): 3, ("small",): 20, ("medium",): 30}))
    hidden = [key for key, cell in first.cells.items() if cell.n is None]
    again = protect(
        Table(
            ("size_class", "sector"), {("micro", "x"): 3, ("small", "x"): 9, ("small", "y"): 11, ("medium", "x"): 30}
        ),
        [first],
    )

    assert all(again.cells[(*key, None)].n is None for key in hidden)
    assert exposed([first, again]) == []


def test_tables_of_different_people_are_refused():
    first = protect(Table(("size_class",), {("micro",): 20, ("small",): 40}))

    with pytest.raises(BadTable, match="cannot be of the same population"):
        protect(Table(("size_class",), {("micro",): 21, ("small",): 40}), [first])


def test_a_threshold_holds_for_its_own_table():
    """An evaluator has seen more in-house than the public; the public table may not tell more than it did."""
    inside = protect(Table(("size_class",), {("micro",): 7, ("small",): 40}, 5))
    outside = protect(Table(("size_class",), {("micro",): 7, ("small",): 40}, 10), [inside])

    assert inside.cells["micro",].n == 7
    assert outside.cells["micro",].n is None
    assert ("micro",) in outside.known


def test_where_zeros_would_tell_too_much_the_table_is_withheld():
    first = protect(Table(("size_class",), {("micro",): 3, ("small",): 20, ("medium",): 30}))
    second = Table(("size_class", "sector"), {("micro", "x"): 3, ("small", "y"): 20, ("medium", "z"): 30})
    protected = protect(second, [first])

    assert exposed([first, protected]) == []


def test_group_that_agrees_is_shown_beside_what_is_out_and_small_counts_stay_hidden():
    """Nobody of the first group told anything: the zeros say so, which is no reason to show nothing at all."""
    counts = {"contact": (0, 12, 3), "project": (0, 9, 8), "sales": (0, 7, 9), "none": (30, 0, 0)}
    told = {(answer, source): n for answer, row in counts.items() for source, n in zip("abc", row, strict=True)}
    sizes = protect(Table(("source",), {("a",): 30, ("b",): 28, ("c",): 20}))
    alone = protect(Table(("answer",), {(answer,): sum(row) for answer, row in counts.items()}), [sizes])
    both = protect(Table(("answer", "source"), told), [sizes, alone])

    assert not both.withheld
    assert both.cells["none", "a"].n == 30
    assert both.cells["contact", "c"].n is None
    assert exposed([sizes, alone, both]) == []
