"""Timetables: golden cases, the guarantees as properties, and the best value by trying everything."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.rounds import FULL, HALF_DAYS, synthetic_round
from matchmaking.timetable import Affinity, BadRound, Ban, Pin, Round, Weights, check, solve
from matchmaking.timetable.check import needs
from tests.matchmaking.timetable.cases import (
    as_list,
    best_value,
    pairs,
    person,
    pinned_rounds,
    round_of,
    rounds,
    solved,
)

ONE = ("s1",)


def test_must_comes_before_nice_when_a_slot_is_scarce() -> None:
    timetable = solved(round_of(person("a", ONE), person("b", ONE), person("c", ONE), wishes="a!b a+c"))
    assert pairs(timetable) == {"ab"}
    assert (timetable.status, timetable.value, timetable.bound) == ("optimal", 1.0, 1.0)


def test_mutual_comes_before_one_sided_and_affinity_breaks_ties() -> None:
    people = [person(name, ONE) for name in "abcde"]
    assert pairs(solved(round_of(*people[:3], wishes="a+b a+c c+a"))) == {"ac"}
    tie = round_of(*people[:3], wishes="a+b a+c", affinity=(Affinity("a", "c", 0.1),))
    assert pairs(solved(tie)) == {"ac"}


def test_never_of_one_side_is_enough() -> None:
    assert pairs(solved(round_of(person("a"), person("b"), wishes="a!b b-a"))) == set()


def test_an_affinity_alone_is_enough_to_meet() -> None:
    timetable = solved(round_of(person("a"), person("b"), affinity=(Affinity("b", "a", 0.5),)))
    assert pairs(timetable) == {"ab"}
    assert timetable.value == pytest.approx(0.175)


def test_same_side_does_not_meet_and_no_side_meets_anyone() -> None:
    people = [person("a", side="x"), person("b", side="x"), person("c")]
    assert pairs(solved(round_of(*people, wishes="a!b a+c b+c"))) == {"ac", "bc"}


def test_minimum_comes_before_a_must_of_someone_who_has_enough() -> None:
    people = [person("a", ONE), person("b", ONE), person("c", ONE, minimum=1)]
    timetable = solved(round_of(*people, wishes="a!b c+a"))
    assert pairs(timetable) == {"ac"}
    assert timetable.conflicts == timetable.unmet[:0] == ()


def test_organisers_ban_holds_in_a_slot_or_altogether() -> None:
    people = [person("a", ("s1", "s2")), person("b", ONE)]
    for ban in (Ban("b", "a"), Ban("a", "b", "s1")):
        assert pairs(solved(round_of(*people, wishes="a!b", forbidden=(ban,)))) == set()
    assert pairs(solved(round_of(*people, wishes="a!b", forbidden=(Ban("a", "b", "s2"),)))) == {"ab"}


def test_pinned_strangers_meet() -> None:
    timetable = solved(round_of(person("a"), person("b"), pins=(Pin("b", "a", "s2"),)))
    assert as_list(timetable) == [("a", "b", "s2", 1)]
    assert (timetable.status, timetable.value) == ("optimal", 0.0)


@pytest.mark.parametrize(
    "empty",
    [
        Round((), (), ()),
        Round((), (), (person("a", ()),)),
        round_of(),
        round_of(person("a", minimum=2)),
        round_of(person("a"), person("b"), wishes="a!b", capacity=0),
        round_of(person("a", ()), person("b"), wishes="a!b"),
    ],
)
def test_a_round_without_possible_meetings_has_an_empty_timetable(empty: Round) -> None:
    timetable = solved(empty)
    assert (timetable.status, timetable.meetings, timetable.value) == ("optimal", (), 0.0)


def test_huge_numbers_mean_no_limit() -> None:
    people = [person(name, quota=10**30, minimum=10**30) for name in "ab"]
    timetable = solved(round_of(*people, wishes="a!b", capacity=10**30, seed=-(10**30)))
    assert pairs(timetable) == {"ab"}


def test_bad_weights_and_times_are_refused() -> None:
    for bad in ({"weights": Weights(must=float("nan"))}, {"time_limit_s": float("inf")}, {"max_in_a_row": 0}):
        with pytest.raises(BadRound):
            solve(round_of(person("a"), **bad))


@settings(max_examples=120, deadline=None)
@given(rounds())
def test_small_rounds_are_solved_to_the_best_value(round_: Round) -> None:
    timetable = solved(round_)
    assert timetable.status == "optimal"
    assert timetable.value == pytest.approx(best_value(round_))


@settings(max_examples=120, deadline=None)
@given(pinned_rounds())
def test_pins_and_published_meetings_belong_to_the_best_value(round_: Round) -> None:
    timetable = solved(round_)
    if timetable.status != "infeasible":
        assert timetable.status == "optimal"
        assert timetable.value == pytest.approx(best_value(round_))


@settings(max_examples=60, deadline=None)
@given(pinned_rounds(), st.randoms(use_true_random=False))
def test_order_of_the_input_changes_nothing(round_: Round, random: Random) -> None:
    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(rows, len(rows)))

    shuffled = replace(
        round_,
        participants=tuple(replace(each, available=mixed(each.available)) for each in mixed(round_.participants)),
        **{name: mixed(getattr(round_, name)) for name in ("wishes", "affinity", "pins", "forbidden", "published")},
    )
    assert solve(shuffled) == solve(round_)


@pytest.fixture
def heuristic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small rounds go the way of large ones: linear programme, rounding, colouring, annealing."""
    for name, limit in {"EXACT": 0, "WHOLE": 0, "MANY": 400}.items():
        monkeypatch.setattr(f"matchmaking.timetable.choose.{name}", limit)
    monkeypatch.setattr("matchmaking.timetable.solving.STEPS_A_PAIR", 1_000)


@pytest.mark.usefixtures("heuristic")
@pytest.mark.parametrize(("availability", "share"), [(FULL, 0.99), (HALF_DAYS, 0.98), (0.5, 0.95), (0.25, 0.75)])
def test_large_rounds_way_keeps_every_rule_and_comes_near_the_bound(availability: str | float, share: float) -> None:
    round_ = replace(synthetic_round(60, availability, seed=5), time_limit_s=600.0)
    timetable = solved(round_)
    assert timetable.value >= share * timetable.bound
    assert solve(round_) == timetable


@pytest.mark.usefixtures("heuristic")
def test_large_rounds_way_keeps_pins_published_meetings_and_bans() -> None:
    round_ = synthetic_round(60, 0.6, seed=7)
    first = solved(round_)
    pins = tuple(Pin(each.b, each.a, each.slot) for each in first.meetings[::9])
    bans = tuple(Ban(each.a, each.b) for each in first.meetings[1::9])
    again = solved(replace(round_, pins=pins, forbidden=bans, published=first.meetings))
    kept = {(each.a, each.b, each.slot, each.table) for each in first.meetings}
    kept &= {(each.a, each.b, each.slot, each.table) for each in again.meetings}
    assert len(kept) >= len(first.meetings) - 2 * len(bans)


@pytest.mark.usefixtures("heuristic")
@settings(max_examples=40, deadline=None)
@given(pinned_rounds())
def test_large_rounds_way_never_beats_the_bound_or_breaks_a_rule(round_: Round) -> None:
    timetable = solved(round_)
    if timetable.status != "infeasible":
        assert timetable.bound >= best_value(round_) - 1e-6


def test_rounds_of_half_days_reach_the_bound() -> None:
    timetable = solved(synthetic_round(120, HALF_DAYS, seed=3))
    assert timetable.value >= 0.999 * timetable.bound


def test_another_seed_may_change_the_timetable_but_not_its_worth() -> None:
    one, two = (solved(replace(synthetic_round(40, HALF_DAYS, seed=2), seed=seed)) for seed in (0, 1))
    assert one.value == pytest.approx(two.value, rel=1e-3)


def test_the_clock_is_only_the_last_guard() -> None:
    round_ = replace(synthetic_round(60, 0.5, seed=1), time_limit_s=1e-3)
    timetable = solve(round_)
    assert check(round_, timetable) == []


def test_progress_is_told_and_can_end_the_work() -> None:
    told: list[tuple[str, float]] = []
    solve(synthetic_round(30), progress=lambda stage, share: told.append((stage, share)))
    assert told[0][0] == "choosing"
    assert told == sorted(told, key=lambda each: each[1])

    def stop(stage: str, share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        solve(synthetic_round(30), progress=stop)


def test_minimum_is_capped_by_quota_and_by_partners_that_could_be_met() -> None:
    people = [
        person("a", quota=1, minimum=3),
        person("b", minimum=3),
        person("c", ("s1",), minimum=3),
        person("d", ("s2",), minimum=3),
    ]
    round_ = round_of(*people, wishes="a+b a-c b+c c+d", capacity=2)
    assert needs(round_) == {"a": 1, "b": 2, "c": 1, "d": 0}
