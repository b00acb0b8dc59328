"""Why wishes stay unmet and minimums are not reached, in words."""

import pytest

from benchmarks.rounds import synthetic_round
from matchmaking.timetable import Pin, Round, sentence
from tests.matchmaking.timetable.cases import pairs, person, round_of, solved

ONE = ("s1",)


def reason(round_: Round) -> str:
    [unmet] = solved(round_).unmet
    return sentence(unmet.reason)


@pytest.mark.parametrize(
    ("round_", "text"),
    [
        (round_of(person("a", side="x"), person("b", side="x"), wishes="a!b"), "a and b are of the same side."),
        (round_of(person("a", ONE), person("b", ("s2",)), wishes="a!b"), "a and b are never free in the same slot."),
        (
            round_of(person("a"), person("b", quota=1), person("c"), wishes="a+b c!b"),
            "b has all the meetings that its quota of 1 allows.",
        ),
        (
            round_of(person("a", quota=1), person("b"), person("c"), wishes="a+b a!c"),
            "a has all the meetings that its quota of 1 allows.",
        ),
        (
            round_of(person("a", ONE), person("b"), person("c"), wishes="a+b a!c"),
            "Wherever both are free, a or b has another meeting.",
        ),
        (
            round_of(person("a", ONE), person("b", ONE), person("c"), person("d", ONE), wishes="a+b c!d", capacity=1),
            "Wherever both have time, all tables are taken.",
        ),
    ],
)
def test_unmet_wish_has_its_reason(round_: Round, text: str) -> None:
    assert reason(round_) == text


def test_never_is_not_told_to_anyone() -> None:
    people = [person("a"), person("b")]
    assert reason(round_of(*people, wishes="a!b b-a")) == "It did not fit into the best timetable that was found."
    busy = round_of(person("a", quota=1), person("b"), person("c"), wishes="a!b b-a a!c")
    assert reason(busy) == "a has all the meetings that its quota of 1 allows."


def conflict(round_: Round) -> tuple[list[str], list[str]]:
    timetable = solved(round_)
    assert timetable.status == "optimal"
    [found] = timetable.conflicts
    assert found.kind == "minimum"
    assert {each.participant for each in timetable.unmet if each.wanted is None} == set(found.participants)
    return [sentence(each) for each in found.reasons], [sentence(each) for each in found.changes]


def test_one_quota_that_keeps_three_below_their_minimum_is_the_thing_to_change() -> None:
    hub = person("h", quota=1)
    others = [person(name, minimum=1) for name in "abc"]
    reasons, changes = conflict(round_of(hub, *others, wishes="a!h b!h c!h"))
    assert reasons == [f"{name} has 0 of 1 meetings: what its partners had to give is taken." for name in "bc"]
    assert changes == ["Raise the quota of h to 3."]


def test_too_few_slots_of_ones_own() -> None:
    people = [person("a", ONE, minimum=2), person("b"), person("c")]
    reasons, changes = conflict(round_of(*people, wishes="a!b a!c"))
    assert reasons == ["a is free in 1 slots only, fewer than its minimum of 2."]
    assert changes == ["Let a be free in 1 more slots."]


def test_too_few_tables() -> None:
    people = [person(name, ONE, minimum=1) for name in "abcdef"]
    _, changes = conflict(round_of(*people, wishes="a!b c!d e!f", capacity=1, slots=ONE))
    assert changes == ["Add tables for 2 more meetings."]


def test_slots_that_do_not_meet_leave_the_minimum_as_the_thing_to_change() -> None:
    people = [person("a", ("s1", "s2"), minimum=2), person("b", ONE), person("c", ONE)]
    _, changes = conflict(round_of(*people, wishes="a!b a!c"))
    assert changes == ["Lower the minimum of a to 1."]


def test_no_row_is_longer_than_asked_for_unless_pinned() -> None:
    round_ = synthetic_round(40, "full", seed=3)
    rested = solved(Round(**{name: getattr(round_, name) for name in Round.__dataclass_fields__} | {"max_in_a_row": 3}))
    for someone in round_.participants:
        busy = {each.slot for each in rested.meetings if someone.id in (each.a, each.b)}
        marks = "".join(
            ("x" if slot in busy else " ") + ("|" if slot in round_.breaks else "") for slot in round_.slots
        )
        assert "xxxx" not in marks
    crowded = round_of(*(person(name) for name in "abcd"), wishes="a!b a!c a+d", max_in_a_row=2)
    assert pairs(solved(crowded)) == {"ab", "ac"}
    pinned = round_of(person("a"), person("b"), person("c"), person("d"), max_in_a_row=2,
                      pins=(Pin("a", "b", "s1"), Pin("a", "c", "s2"), Pin("a", "d", "s3")))  # fmt: skip
    assert len(solved(pinned).meetings) == 3
