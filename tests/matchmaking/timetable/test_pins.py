"""Pins that contradict: what collides is named, with the smallest set of changes."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from matchmaking.timetable import Ban, Conflict, Pin, Round, sentence, solve
from matchmaking.timetable.pins import pin_conflicts
from tests.matchmaking.timetable.cases import fields, person, pinned_rounds, round_of


def only(round_: Round) -> Conflict:
    timetable = solve(round_)
    assert (timetable.status, timetable.meetings, len(timetable.conflicts)) == ("infeasible", (), 1)
    return timetable.conflicts[0]


def words(round_: Round) -> tuple[list[str], list[str]]:
    conflict = only(round_)
    return [sentence(each) for each in conflict.reasons], [sentence(each) for each in conflict.changes]


def pins(text: str) -> tuple[Pin, ...]:
    return tuple(Pin(each[0], each[1], f"s{each[2]}") for each in text.split())


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"wishes": "b-a"}, "a and b are pinned in s1, but these two may not meet."),
        ({"forbidden": (Ban("a", "b"),)}, "a and b are pinned in s1, but these two may not meet."),
        ({"forbidden": (Ban("b", "a", "s1"),)}, "a and b are pinned in s1, where the organiser keeps them apart."),
    ],
)
def test_pin_of_two_who_may_not_meet(more: dict[str, object], reason: str) -> None:
    reasons, changes = words(round_of(person("a"), person("b"), pins=pins("ab1"), **more))
    assert reasons == [reason]
    assert changes == ["Release or move the pin of a and b in s1."]


def test_pin_outside_the_availability() -> None:
    reasons, _ = words(round_of(person("a", ("s2",)), person("b"), pins=pins("ab1")))
    assert reasons == ["a and b are pinned in s1, but a is not free then."]


def test_double_booked_person_loses_one_pin_of_two() -> None:
    reasons, changes = words(round_of(person("a"), person("b"), person("c"), pins=pins("ab1 ac1")))
    assert reasons == ["a is pinned in s1 with b and c, but meets one at a time."]
    assert len(changes) == 1


def test_one_pin_that_collides_with_two_others_is_the_one_to_release() -> None:
    people = [person(name) for name in "abcd"]
    _, changes = words(round_of(*people, pins=pins("ab1 ac1 bd1")))
    assert changes == ["Release or move the pin of a and b in s1."]


def test_pair_pinned_twice() -> None:
    reasons, _ = words(round_of(person("a"), person("b"), pins=pins("ab1 ba2")))
    assert reasons == ["a and b are pinned in s1 and s2, but two meet only once."]


def test_quota_and_tables_are_raised_when_that_is_fewer_changes() -> None:
    people = [person("a", quota=1), *(person(name) for name in "bcd")]
    reasons, changes = words(round_of(*people, pins=pins("ab1 ac2 ad3")))
    assert reasons == ["a is pinned in 3 meetings, but its quota is 1."]
    assert changes == ["Raise the quota of a to 3."]
    crowd = [person(name) for name in "abcdef"]
    reasons, changes = words(round_of(*crowd, pins=pins("ab1 cd1 ef1"), capacity=1))
    assert reasons == ["3 meetings are pinned in s1, but it has 1 tables."]
    assert changes == ["Raise the capacity of s1 to 3."]


def test_conflicts_that_have_nothing_to_do_with_each_other_are_told_apart() -> None:
    people = [person(name) for name in "abcdef"]
    timetable = solve(round_of(*people, pins=pins("ab1 ac1 de2 df2")))
    assert [each.participants for each in timetable.conflicts] == [("a", "b", "c"), ("d", "e", "f")]
    assert [each.slots for each in timetable.conflicts] == [("s1",), ("s2",)]


@settings(max_examples=80, deadline=None)
@given(pinned_rounds(most_pins=5))
def test_no_smaller_set_of_changes_would_do(round_: Round) -> None:
    needed = sum(len(each.changes) for each in pin_conflicts(round_))
    released = min(
        size
        for size in range(len(round_.pins) + 1)
        if any(
            not pin_conflicts(Round(**{**fields(round_), "pins": kept}))
            for kept in combinations(round_.pins, len(round_.pins) - size)
        )
    )
    assert needed <= released
    assert (needed == 0) == (released == 0)
