"""The rules for quotes and for amounts."""

import pytest

from evaluations.disclosure import PRIMARY, Table, dominated, dominated_keys, protect, quotable


@pytest.mark.parametrize(("n", "allowed"), [(5, True), (4, False), (0, False), (None, False)])
def test_quotes_come_from_groups_that_are_large_enough_and_shown(n, allowed):
    assert quotable(n, 5) is allowed


@pytest.mark.parametrize(
    ("amounts", "is_so"),
    [
        ([], False),
        ([0, 0], False),
        ([10], True),
        ([10, 10], True),
        ([43, 43, 14], True),  # 86 of 100
        ([42, 42, 16], False),  # 84 of 100, and 16 hides more than a tenth of 42
        ([800, 10, 10, 10, 10, 10], True),
        ([10] * 20, False),
    ],
)
def test_two_contributors_may_not_hold_more_than_85_percent(amounts, is_so):
    assert dominated(amounts) is is_so


def test_the_second_may_not_come_near_the_first():
    assert not dominated([50, 20, 4.9] + [5] * 2, most=1.0)
    assert dominated([50, 20, 4.9], most=1.0)


@pytest.mark.parametrize("amount", [-1, float("nan"), float("inf")])
def test_amounts_that_are_none_are_refused(amount):
    with pytest.raises(ValueError, match="finite numbers"):
        dominated([1, amount])


def test_a_dominated_cell_is_hidden_and_its_total_judged_on_its_own():
    amounts = {("a",): [900, 50, 10, 10, 10, 10], ("b",): [100] * 40, ("c",): [90] * 40}
    table = Table(("sector",), {key: len(each) for key, each in amounts.items()})
    unsafe = dominated_keys(table, amounts)

    assert unsafe == {("a",)}
    assert protect(Table(table.dimensions, table.cells, unsafe=unsafe)).cells["a",].suppressed == PRIMARY
