"""The set of greatest value: against trying every set, and what holds of it whatever the call."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.funding import synthetic_call
from funding.ranking import Call, best, in_order, ranked
from tests.funding.ranking.small import by_trying, call_of, calls, fits


def test_two_small_projects_take_the_place_of_a_better_ranked_large_one():
    call = call_of({"f": 100}, ("A", 90, {"f": 100}), ("B", 80, {"f": 50}), ("C", 70, {"f": 50}))
    choice = best(call)

    assert choice.selection.funded == ("B", "C")
    assert (choice.value, choice.bound, choice.is_proven) == (150, 150, True)


def test_value_counts_from_the_threshold():
    """Two that are just good enough are not worth more than an excellent one."""
    call = call_of({"f": 100}, ("A", 90, {"f": 100}), ("B", 61, {"f": 50}), ("C", 61, {"f": 50}), threshold=60)

    assert best(call).selection.funded == ("A",)


def test_of_two_sets_of_the_same_value_the_better_ranked_one_is_proposed():
    applications = [("A", 50, {"f": 100}), ("B", 50, {"f": 100}), ("C", 50, {"f": 100})]

    assert best(call_of({"f": 200}, *applications)).selection.funded == ("A", "B")


def test_nobody_applied():
    choice = best(call_of({"f": 200}))

    assert (choice.selection.funded, choice.value, choice.is_proven) == ((), 0, True)


def test_amounts_that_floating_point_cannot_hold():
    """The solver takes 0.99999999999 of a project for the whole of it, which is a cent too much."""
    asks = {"A": "500000000000.00", "B": "500000000000.00", "C": "499999999999.99"}
    scores = {"A": 90, "B": 80, "C": 10}
    call = call_of({"f": "999999999999.99"}, *((id_, scores[id_], {"f": amount}) for id_, amount in asks.items()))

    assert best(call).selection.funded == ("A", "C")


def test_at_the_limit_of_nodes_the_rest_is_told():
    applications = [
        (f"P{at}", 40 + at * 7 % 50, {"f": 1000 + at * 37 % 410, "g": 900 + at * 53 % 370}) for at in range(60)
    ]
    call = call_of({"f": 21_111, "g": 19_777}, *applications)
    choice = best(call, most_nodes=1)

    assert fits(call, choice.selection.funded)
    assert choice.value <= best(call).value <= choice.bound
    assert choice.is_proven == (choice.gap == 0)


def test_large_call_is_proven_before_the_limit_of_nodes():
    """Two hundred applications to eight funders, which pay about a third: the search ends by itself."""
    assert best(synthetic_call(200, 8, 0.35, 3)).is_proven


@given(calls())
@settings(max_examples=150, deadline=None)
def test_no_set_is_worth_more(call: Call):
    choice = best(call)
    rows = [each.id for _place, each in ranked(call) if call.can_be_funded(each)]
    places = sum(len(rows) - rows.index(id_) for id_ in choice.selection.funded)

    assert (choice.value, places) == by_trying(call)
    assert choice.is_proven


@given(calls(), st.integers(0, 2), st.decimals(0, 50_000, places=2))
@settings(deadline=None)
def test_more_money_is_never_worth_less(call: Call, which: int, more: Decimal):
    richer = call.funders[which % len(call.funders)]
    funders = [
        each.model_copy(update={"budget": each.budget + more}) if each is richer else each for each in call.funders
    ]

    assert best(call.model_copy(update={"funders": tuple(funders)})).value >= best(call).value


@given(calls())
@settings(deadline=None)
def test_it_is_worth_at_least_the_list_in_order_and_always_the_same(call: Call):
    rows = {each.id: each for each in call.applications}
    choice = best(call)

    assert choice.value >= sum((rows[id_].score - call.threshold for id_ in in_order(call).funded), Decimal(0))
    assert best(call) == choice
