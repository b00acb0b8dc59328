"""One table: nothing hidden can be computed, nothing shown is wrong, and no more is hidden than must be."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings

from evaluations.disclosure import COMPLEMENTARY, PRIMARY, Cell, Table, audit, protect
from tests.evaluations.disclosure.exact import fewest
from tests.evaluations.disclosure.tables import exposed, random_counts, table_of, tables, total

SLOW = settings(max_examples=20, deadline=None)


@SLOW
@given(tables())
def test_every_hidden_figure_can_be_anything_within_the_threshold(table):
    assert exposed([protect(table)]) == []


@pytest.mark.parametrize("block", [[[2, 3], [3, 2]], [[1, 1], [1, 5]], [[3, 3], [3, 3]]])
def test_small_counts_do_not_hide_each_other_when_there_are_too_few(block):
    """Four hidden counts in two rows and two columns, each sum of which leaves them little room."""
    counts = np.full((4, 4), 20)
    counts[:2, :2] = block

    assert exposed([protect(table_of(counts))]) == []


@SLOW
@given(tables())
def test_whatever_is_shown_is_true_and_whatever_is_small_is_hidden(table):
    for key, cell in protect(table).cells.items():
        n = total(table, key)
        if 0 < n < table.threshold:
            assert cell == Cell(None, PRIMARY)
        else:
            assert cell in (Cell(n), Cell(None, COMPLEMENTARY))
            assert n or cell == Cell(0), "zeros are shown"


@SLOW
@given(tables())
def test_loss_is_what_is_hidden(table):
    protected = protect(table)
    hidden = [key for key, cell in protected.cells.items() if cell.n is None]

    assert protected.loss.figures == len(protected.cells)
    assert protected.loss.primary + protected.loss.complementary == len(hidden)
    assert protected.loss.hidden_n == sum(total(table, key) for key in hidden)
    assert protected.loss.share_of_figures == pytest.approx(len(hidden) / len(protected.cells))


@pytest.mark.parametrize("seed", range(4))
def test_an_insider_learns_no_more_of_a_small_count_than_that_it_is_small(seed):
    """Where both parts of a sum are small, showing the sum would tell both: 4 and 4 make 8, and nothing else does."""
    counts = random_counts((4, 5), seed, 12.0)
    counts[0, :2] = 4
    protected = protect(table_of(counts))
    small = [each for each in audit([protected], insider=True) if protected.cells[each.key].suppressed == PRIMARY]

    assert small
    assert {(each.low, each.high) for each in small} == {(1, 4)}


def test_two_small_counts_are_not_left_alone_with_their_sum():
    protected = protect(Table(("size_class",), {("micro",): 4, ("small",): 4, ("medium",): 30}))

    assert protected.cells["medium",] == Cell(None, COMPLEMENTARY)


def test_totals_are_hidden_where_nothing_else_helps():
    assert protect(Table(("size_class",), {("micro",): 3})).cells == {
        ("micro",): Cell(None, PRIMARY),
        (None,): Cell(None, PRIMARY),
    }
    few = protect(Table(("size_class",), {("micro",): 3, ("small",): 3}))
    assert few.cells[(None,)] == Cell(None, COMPLEMENTARY)


def test_nothing_is_hidden_without_need():
    table = table_of(np.array([[5, 0, 9], [12, 0, 7]]))

    assert protect(table).loss.share_of_figures == 0


@pytest.mark.parametrize("shape", [(6,), (3, 4), (2, 2, 2)])
@pytest.mark.parametrize("seed", range(4))
def test_no_other_pattern_hides_fewer(shape, seed):
    """An integer programme that shares no code with the search proves how few there can be."""
    counts = random_counts(shape, seed, 14.0)
    best = fewest(counts, 5, insider=True)
    found = protect(table_of(counts)).loss

    # There is none where a small total limits its parts; then the reader alone gives the bound.
    bound = best if best is not None else fewest(counts, 5, insider=False)
    assert bound is not None
    assert bound[1], "the oracle has proven it"
    # The search weighs figures by size: it may hide one more to show a large total.
    assert bound[0] <= found.complementary <= bound[0] + (1 if best is not None else 4)


@pytest.mark.parametrize("seed", range(3))
def test_brute_force_finds_the_same_intervals(seed):
    """Every population of a tiny table is tried."""
    counts = np.minimum(random_counts((2, 2), seed, 4.0), 6)
    protected = protect(table_of(counts, 3))
    shown = {key: cell.n for key, cell in protected.cells.items()}
    top = 12
    seen: dict[tuple, set[int]] = {key: set() for key, n in shown.items() if n is None}
    for cells in product(range(top), repeat=4):
        figures = {
            key: sum(n for spot, n in zip(np.ndindex(2, 2), cells, strict=True) if fits(spot, key)) for key in shown
        }
        if all(figures[key] == n if n is not None else figures[key] > 0 for key, n in shown.items()):
            for key in seen:
                seen[key].add(figures[key])
    for each in audit([protected]):
        assert each.low == min(seen[each.key])
        if each.high is not None and each.high < top - 1:
            assert each.high == max(seen[each.key])


def fits(spot, key):
    return all(b is None or a == b for a, b in zip(spot, key, strict=True))


@pytest.mark.parametrize(("shape", "mean"), [((4, 9), 8.0), ((22, 9), 6.0), ((3, 4, 3), 8.0)])
def test_less_is_hidden_than_with_whole_rows(shape, mean):
    """The peer hides each line that holds a small count, in every direction, with its totals."""
    counts = random_counts(shape, 1, mean)
    protected = protect(table_of(counts))
    small = np.argwhere((counts > 0) & (counts < 5))
    lines = {(axis, *(v for d, v in enumerate(spot) if d != axis)) for spot in small for axis in range(counts.ndim)}
    hidden = sum(
        any((axis, *(v for d, v in enumerate(spot) if d != axis)) in lines for axis in range(counts.ndim))
        for spot in np.ndindex(*shape)
        if counts[spot]
    )

    ours = sum(cell.n is None for key, cell in protected.cells.items() if None not in key)
    assert ours < hidden


def test_tables_that_are_too_large_for_a_proof_hold_as_well():
    protected = protect(table_of(random_counts((5, 10, 3), 0, 8.0)))

    assert protected.loss.complementary < protected.loss.figures / 4
    assert exposed([protected]) == []


def test_the_same_table_is_hidden_the_same_way():
    counts = random_counts((4, 5), 3, 8.0)
    first = protect(table_of(counts))

    assert all(protect(table_of(counts)) == first for _ in range(2))


def test_no_figure_can_be_shown_again():
    """Opening any complementary figure would give something away: the pattern is minimal."""
    table = table_of(random_counts((4, 5), 2, 8.0))
    protected = protect(table)
    hidden = [key for key, cell in protected.cells.items() if cell.suppressed == COMPLEMENTARY]
    assert hidden
    for key in hidden:
        opened = {**protected.cells, key: Cell(total(table, key))}
        with_one_more = type(protected)(protected.dimensions, opened, protected.threshold, protected.loss)
        told = [
            (each.low, each.high)
            for each in audit([with_one_more], insider=True)
            if opened[each.key].suppressed == PRIMARY
        ]
        assert exposed([with_one_more]) or any(ends != (1, 4) for ends in told), key


def test_rows_in_another_order_hide_as_much():
    counts = random_counts((4, 5), 5, 8.0)
    cells = list(table_of(counts).cells.items())
    cells = [cells[place] for place in np.random.default_rng(1).permutation(len(cells))]
    shuffled = protect(Table(table_of(counts).dimensions, dict(cells)))

    assert shuffled.loss.complementary == protect(table_of(counts)).loss.complementary


def test_figures_that_another_rule_forbids_are_hidden_with_company():
    table = Table(("sector",), {("a",): 30, ("b",): 40, ("c",): 50}, unsafe=frozenset({("a",)}))
    protected = protect(table)

    assert protected.cells["a",] == Cell(None, PRIMARY)
    assert [cell.suppressed for cell in protected.cells.values()].count(COMPLEMENTARY) == 1


def test_every_pair_of_a_line_is_enough_or_not_by_its_numbers():
    """A sum of two hidden counts gives each of them a width of the sum less 2."""
    for a, b in combinations((3, 4, 5, 9), 2):
        protected = protect(Table(("q",), {(1,): a, (2,): b, (3,): 100}, 5))
        assert all(each.width >= 5 for each in audit([protected]))
