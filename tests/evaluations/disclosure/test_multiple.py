"""Questions with several answers: the base is a figure of its own, and so is everybody who did not give an answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.disclosure import PRIMARY, Answers, BadTable, Table, protect, shares
from tests.evaluations.disclosure.tables import exposed


def asked(bases: list[int], named: list[list[int]], threshold: int = 5, rule: Answers | None = None) -> Table:
    cells: dict = {(group, None): base for group, base in enumerate(bases)}
    cells |= {(group, answer): n for group, row in enumerate(named) for answer, n in enumerate(row)}
    return Table(("size_class", "barrier"), cells, threshold, multiple={"barrier": rule or Answers()})


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5_000), st.sampled_from((3, 5, 10)))
def test_neither_those_who_named_nor_those_who_did_not_can_be_counted(seed, threshold):
    random = np.random.default_rng(seed)
    bases = random.poisson(random.gamma(1, 12, random.integers(1, 5)))
    named = [random.binomial(base, random.choice((0.05, 0.5, 0.95), 3)).tolist() for base in bases]
    protected = protect(asked(bases.tolist(), named, threshold))

    assert exposed([protected]) == []
    for (group, answer), cell in protected.cells.items():
        base = protected.cells[group, None].n
        if answer is not None and cell.n is not None and base is not None:
            assert base - cell.n == 0 or base - cell.n >= threshold


def test_nineteen_of_twenty_tell_of_the_twentieth():
    protected = protect(asked([20, 40], [[19, 10], [20, 20]]))

    assert protected.cells[0, 0].suppressed == PRIMARY
    assert protected.cells[0, None].n == 20


def test_totals_over_groups_add_up_and_totals_over_answers_are_bases():
    protected = protect(asked([20, 40], [[10, 10], [20, 20]]))

    assert protected.cells[None, 0].n == 30
    assert protected.cells[None, None].n == 60


def test_a_limit_of_answers_is_a_sum_that_everybody_knows():
    """Whoever must give exactly one answer fills the base: then one hidden answer follows from the others."""
    free = protect(asked([60], [[3, 27, 30]]))
    bound = protect(asked([60], [[3, 27, 30]], rule=Answers(1, 1)))

    assert [cell.n is None for cell in free.cells.values()].count(True) == 2
    assert [cell.n is None for key, cell in bound.cells.items() if key[0] == 0].count(True) == 2


def test_shares_of_a_base_and_none_of_a_hidden_one():
    found = shares(protect(asked([20, 4, 40], [[10, 0], [2, 0], [20, 20]])), "barrier")

    assert found[2, 0] == 0.5
    assert found[1, 0] is None
    assert found[1, 1] is None, "not even that nobody of a small group gave an answer"


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (asked([5], [[6]]), "6 of a base of 5"),
        (Table(("q",), {("a",): 5}, multiple={"q": Answers()}), "needs its base"),
        (asked([10], [[9, 9]], rule=Answers(0, 1)), "18 answers of 10 respondents do not fit"),
    ],
)
def test_bases_that_cannot_be_are_refused(table, line):
    with pytest.raises(BadTable, match=line):
        protect(table)
