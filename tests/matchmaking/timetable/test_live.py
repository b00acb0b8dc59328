"""The day itself and changes after publishing: little moves, and what moves has its price."""

from dataclasses import replace

import pytest

from benchmarks.rounds import HALF_DAYS, synthetic_round
from matchmaking.timetable import Meeting, Round, Weights, refill
from matchmaking.timetable.check import broken
from tests.matchmaking.timetable.cases import as_list, pairs, person, round_of, solved

SLOT = ("s1",)


def without(round_: Round, gone: set[object]) -> Round:
    """The round in which nobody who is gone is free."""
    people = tuple(replace(each, available=() if each.id in gone else each.available) for each in round_.participants)
    return replace(round_, participants=people)


def test_freed_slot_goes_to_the_best_pair_that_is_left() -> None:
    people = [person(name, SLOT) for name in "abcd"]
    round_ = round_of(*people, wishes="a!b a+c b+d", capacity=1)
    meetings = (Meeting("a", "b", "s1", 1),)
    assert refill(round_, meetings) == ()
    assert refill(round_, meetings, gone={"b"}) == (Meeting("a", "c", "s1", 1),)


def test_refill_leaves_other_meetings_their_slots_and_tables() -> None:
    round_ = synthetic_round(120, HALF_DAYS, seed=4)
    before = solved(round_).meetings
    gone = {each.id for each in round_.participants[:6]}
    fresh = refill(round_, before, gone=gone)
    hold = tuple(each for each in before if not {each.a, each.b} & gone)
    assert fresh
    assert list(broken(without(round_, gone), (*hold, *fresh))) == []
    assert refill(round_, before, gone=gone) == fresh


def test_refill_starts_with_the_slot_that_comes_next() -> None:
    round_ = synthetic_round(60, HALF_DAYS, seed=4)
    before = solved(round_).meetings
    gone = {each.id for each in round_.participants[:10]}
    late = refill(round_, before, gone=gone, start="s12")
    assert late
    assert {each.slot for each in late} <= set(round_.slots[12:])


def test_late_arrival_gives_up_its_first_slots_and_gets_later_ones() -> None:
    people = [person("a"), person("b"), person("c")]
    round_ = round_of(*people, wishes="a!b b+c")
    meetings = (Meeting("a", "b", "s1", 1),)
    late = replace(round_, participants=(person("a", ("s3",)), *people[1:]))
    assert {(each.a, each.b, each.slot == "s3") for each in refill(late, meetings)} == {
        ("a", "b", True),
        ("b", "c", False),
    }


def test_walk_in_is_placed_beside_the_others() -> None:
    round_ = round_of(person("a"), person("b"), person("z"), wishes="a!b z!a z+b")
    assert {f"{each.a}{each.b}" for each in refill(round_, (Meeting("a", "b", "s1", 1),))} == {"az", "bz"}


def test_solving_again_near_a_published_timetable_changes_nothing_without_need() -> None:
    round_ = synthetic_round(80, HALF_DAYS, seed=6)
    first = solved(round_)
    again = solved(replace(round_, published=first.meetings, seed=99))
    assert as_list(again) == as_list(first)


def test_published_meeting_moves_only_for_more_than_its_price() -> None:
    people = [person("a", SLOT), person("b", SLOT), person("c", SLOT)]
    round_ = round_of(*people, wishes="a+b a!c", published=(Meeting("a", "b", "s1", 1),))
    assert pairs(solved(round_)) == {"ab"}
    cheap = replace(round_, weights=Weights(move=0.3))
    timetable = solved(cheap)
    assert pairs(timetable) == {"ac"}
    assert timetable.value == 1.0 - 0.3


def test_withdrawal_moves_few_of_the_published_meetings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchmaking.timetable.solving.STEPS_A_PAIR", 500)
    round_ = synthetic_round(80, HALF_DAYS, seed=6)
    first = solved(round_).meetings
    gone = {round_.participants[0].id, round_.participants[1].id}
    again = solved(replace(without(round_, gone), published=first))
    lost = {each for each in first if {each.a, each.b} & gone}
    assert len(set(first) - lost - set(again.meetings)) <= 4
