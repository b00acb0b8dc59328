"""The ranking, each funder's cut, and what would have to come free."""

from decimal import Decimal

from hypothesis import given

from funding.ranking import Application, Call, best, cut, in_order, missing_of, next_of, ranked
from funding.ranking.sentences import euro, of_cut, of_missing, of_next
from tests.funding.ranking.small import call_of, calls, fits

JOINT = (
    {"north": 100, "south": 60},
    ("A", 9, {"north": 60}),
    ("B", 8, {"north": 50, "south": 20}),
    ("C", 7, {"south": 40}),
    ("D", 6, {"north": 30}),
)


def test_line_of_a_funder_falls_at_the_first_it_cannot_pay():
    call = call_of(*JOINT)
    found = cut(call)

    assert found.selection.funded == ("A", "C")
    assert found.lines == {"north": "B"}
    assert found.blocked == {"B": ("north",), "D": ("north",)}
    assert of_cut(call, found, "B") == "The money of North does not reach it."
    assert of_cut(call, found, "D") == "The line of North lies above it, at B."


def test_joint_project_takes_nothing_when_one_of_its_funders_cannot_pay():
    found = cut(call_of(*JOINT))

    assert found.selection.left == {"north": 40, "south": 20}


def test_in_order_passes_over_only_those_that_cannot_be_paid():
    assert in_order(call_of(*JOINT)).funded == ("A", "C", "D")


def test_last_cent_of_a_budget_is_paid():
    call = call_of({"f": "0.30"}, ("A", 9, {"f": "0.10"}), ("B", 8, {"f": "0.20"}), ("C", 7, {"f": "0.01"}))

    assert cut(call).selection.funded == in_order(call).funded == ("A", "B")
    assert in_order(call).left == {"f": 0}


def test_equal_scores_share_a_place_and_failed_ones_stand_last():
    call = call_of({"f": 0}, ("A", 5, {}), ("B", 7, {}), ("C", 7, {}), ("D", 1, {}), threshold="2")
    call = call.model_copy(update={"applications": (*call.applications, Application(id="E", score=9, passes=False))})

    assert [(place, each.id) for place, each in ranked(call)] == [(1, "B"), (1, "C"), (3, "A"), (4, "E"), (5, "D")]
    assert cut(call).selection.funded == ("B", "C", "A")


def test_reserve_says_what_would_have_to_come_free_and_where_the_money_goes():
    call = call_of(*JOINT)
    listed = in_order(call)
    (reserve,) = missing_of(call, listed)

    assert (reserve.application, reserve.short, reserve.instead) == ("B", {"north": 40}, ("D",))
    assert of_missing(call, reserve, listed.left, is_best=False) == (
        "North has EUR 10 left: EUR 40 are missing. Its money goes further down, to D."
    )


def test_more_money_brings_in_who_lacks_least_and_of_two_the_better_ranked():
    call = call_of(
        {"f": 100, "g": 0},
        ("A", 9, {"f": 100}), ("B", 8, {"f": 30, "g": 1}), ("C", 7, {"f": 50}), ("D", 6, {"f": 50}),
    )  # fmt: skip
    found = next_of(call, in_order(call))

    assert {funder: (each.application, each.more) for funder, each in found.items()} == {"f": ("C", 50)}
    assert of_next(call, "f", found["f"]) == "With EUR 50 more of F, C comes in."


def test_more_money_does_what_is_said():
    call = call_of(*JOINT)
    more = next_of(call, in_order(call))["north"]
    budgets = {"north": 100 + more.more, "south": 60}

    assert more.application not in in_order(call).funded
    assert more.application in in_order(call_of(budgets, *JOINT[1:])).funded


def test_cents_are_told_where_there_are_any():
    assert [euro(Decimal(each)) for each in ("12000", "0.05", "1234.50")] == ["EUR 12,000", "EUR 0.05", "EUR 1,234.50"]


@given(calls())
def test_no_budget_is_broken_and_nobody_is_funded_who_failed(call: Call):
    passed = {each.id for each in call.applications if call.can_be_funded(each)}
    for funded in (cut(call).selection.funded, in_order(call).funded, best(call).selection.funded):
        assert fits(call, funded)
        assert set(funded) <= passed


@given(calls())
def test_whoever_is_left_out_lacks_money_somewhere(call: Call):
    for chosen in (in_order(call), best(call).selection):
        for each in missing_of(call, chosen):
            assert each.short
            assert not fits(call, (*chosen.funded, each.application))


@given(calls())
def test_strict_cut_funds_nobody_whom_the_list_in_order_would_not_reach_before(call: Call):
    """What lies above every line is paid either way, up to the first that is passed over."""
    strict = cut(call)
    first = next(iter(strict.blocked), None)
    order = [each.id for _place, each in ranked(call)]
    above = order[: order.index(first)] if first else [id_ for id_ in order if id_ in strict.selection.funded]

    assert [id_ for id_ in above if id_ in strict.selection.funded] == [
        id_ for id_ in above if id_ in in_order(call).funded
    ]
