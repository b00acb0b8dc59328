"""No more meetings in a row than asked for: a rule of every stage, and the best value under it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.rounds import FULL, HALF_DAYS, synthetic_round
from matchmaking.timetable import Meeting, Pin, Round, check, refill, solve
from matchmaking.timetable.check import broken
from tests.matchmaking.timetable.cases import best_value, pairs, person, pinned_rounds, round_of, rounds, solved
from tests.matchmaking.timetable.test_live import without


@st.composite
def restful(draw: st.DrawFn, source: st.SearchStrategy[Round]) -> Round:
    """A small round in which few meetings may follow each other, with a break or without."""
    round_ = draw(source)
    breaks = draw(st.lists(st.sampled_from(round_.slots), max_size=1))
    return replace(round_, max_in_a_row=draw(st.integers(1, 2)), breaks=tuple(breaks))


@settings(max_examples=60, deadline=None)
@given(restful(rounds()))
def test_small_rounds_with_rest_are_solved_to_the_best_value(round_: Round) -> None:
    timetable = solved(round_)
    assert timetable.status == "optimal"
    assert timetable.value == pytest.approx(best_value(round_))


@settings(max_examples=60, deadline=None)
@given(restful(pinned_rounds()))
def test_pins_come_before_rest_and_nothing_else_does(round_: Round) -> None:
    timetable = solved(round_)
    if timetable.status != "infeasible":
        assert timetable.value == pytest.approx(best_value(round_))


def test_a_meeting_that_would_be_one_too_many_goes_to_another_slot() -> None:
    people = [person("a"), *(person(name, ("s1", "s2", "s3", "s4")) for name in "bcd")]
    slots = ("s1", "s2", "s3", "s4")
    people[0] = person("a", slots)
    timetable = solved(round_of(*people, wishes="a!b a!c a!d", slots=slots, max_in_a_row=2))
    assert pairs(timetable) == {"ab", "ac", "ad"}
    assert {each.slot for each in timetable.meetings} in ({"s1", "s2", "s4"}, {"s1", "s3", "s4"})


def test_whom_rest_sets_free_meets_someone_else() -> None:
    people = [person("a"), person("b", ("s1",)), person("c", ("s2",)), person("d", ("s2",))]
    timetable = solved(round_of(*people, wishes="a!b a!c c+d", max_in_a_row=1))
    assert pairs(timetable) == {"ab", "cd"}
    assert timetable.status == "optimal"


@pytest.fixture
def heuristic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small rounds go the way of large ones."""
    for name, limit in {"EXACT": 0, "WHOLE": 0, "MANY": 400}.items():
        monkeypatch.setattr(f"matchmaking.timetable.choose.{name}", limit)
    monkeypatch.setattr("matchmaking.timetable.solving.STEPS_A_PAIR", 1_000)


@pytest.mark.usefixtures("heuristic")
@settings(max_examples=40, deadline=None)
@given(restful(pinned_rounds()))
def test_large_rounds_way_keeps_the_rest_and_the_bound(round_: Round) -> None:
    timetable = solved(round_)
    if timetable.status != "infeasible":
        assert timetable.bound >= best_value(round_) - 1e-6


@pytest.mark.usefixtures("heuristic")
@pytest.mark.parametrize(("availability", "share"), [(FULL, 0.97), (HALF_DAYS, 0.94), (0.5, 0.94)])
def test_large_rounds_with_rest_come_near_the_bound(availability: str | float, share: float) -> None:
    round_ = replace(synthetic_round(60, availability, seed=5), max_in_a_row=2, time_limit_s=600.0)
    timetable = solved(round_)
    assert timetable.value >= share * timetable.bound
    assert solve(round_) == timetable


def test_refill_leaves_everybody_its_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchmaking.timetable.solving.STEPS_A_PAIR", 500)
    round_ = replace(synthetic_round(80, HALF_DAYS, seed=4), max_in_a_row=2)
    before = solved(round_).meetings
    gone = {each.id for each in round_.participants[:8]}
    hold = tuple(each for each in before if not {each.a, each.b} & gone)
    fresh = refill(round_, before, gone=gone)
    assert fresh
    assert list(broken(without(round_, gone), (*hold, *fresh))) == []


@settings(max_examples=80, deadline=None)
@given(restful(rounds()), st.data())
def test_refill_of_small_rounds_breaks_no_rule(round_: Round, data: st.DataObject) -> None:
    before = solved(round_).meetings
    names = [each.id for each in round_.participants]
    gone = set(data.draw(st.lists(st.sampled_from(names), max_size=2))) if names else set()
    hold = tuple(each for each in before if not {each.a, each.b} & gone)
    fresh = refill(round_, before, gone=gone)
    assert list(broken(without(round_, gone), (*hold, *fresh))) == []


def test_a_slot_beside_meetings_that_hold_stays_free_for_rest() -> None:
    people = [person(name) for name in "abcd"]
    round_ = round_of(*people, wishes="a!b a!c a!d", max_in_a_row=2)
    hold = (Meeting("a", "b", "s1", 1), Meeting("a", "c", "s2", 1))
    assert refill(round_, hold) == ()
    assert {each.slot for each in refill(replace(round_, breaks=("s2",)), hold)} == {"s3"}


def test_pins_may_leave_no_rest_and_nothing_joins_them() -> None:
    people = [person(name) for name in "abcd"]
    pins = (Pin("a", "b", "s1"), Pin("a", "c", "s2"))
    round_ = round_of(*people, wishes="a!d", max_in_a_row=1, pins=pins)
    timetable = solved(round_)
    assert (pairs(timetable), timetable.status) == ({"ab", "ac"}, "optimal")
    assert check(round_, timetable) == []
