"""The whole way from a round to its timetable: choose, assign, improve, soothe, explain. docs/timetable.md tells it."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from matchmaking.timetable.assign import annealing, board, place, tables
from matchmaking.timetable.choose import Choice, choose, slot_classes
from matchmaking.timetable.comfort import idle_slots, soothed
from matchmaking.timetable.explain import unmet
from matchmaking.timetable.faults import checked
from matchmaking.timetable.minimums import minimum_conflicts
from matchmaking.timetable.pins import pin_conflicts
from matchmaking.timetable.problem import Ints, Problem, compiled
from matchmaking.timetable.types import FEASIBLE, INFEASIBLE, OPTIMAL, Meeting, Round, Timetable

if TYPE_CHECKING:
    from matchmaking.timetable.board import Board

Progress = Callable[[str, float], None]

# Values that differ by less than this share are the same: sums of floats.
SAME = 1e-9
# Of the bound: what is closer is not worth minutes of annealing.
_NEAR = 5e-4
STEPS_A_PAIR, _MOST_STEPS = 6_000, 4_500_000
_STRETCHES = 24
# The share of the time that annealing leaves for what comes after it.
_COMFORT = 0.2
# Idle slots a person that annealing aims at. Their price, in units of the mean weight of a meeting, starts between
# these two and follows from half time on, by so much a stretch.
_AIM = 0.1
_CHEAP, _DEAR, _RISE = 0.05, 0.4, 1.12
# Of the bound: fewer idle slots are not worth more value than leaves so much. Many people leave more ways.
_FLOOR, _FLOOR_OF_LARGE, _LARGE = 0.991, 0.9922, 500
_RECOVERY, _FALL = 16, 0.6
# Temperatures in units of the mean weight of a meeting.
_HOT, _COLD = 0.1, 0.01


def solve(round_: Round, *, progress: Callable[[str, float], None] | None = None) -> Timetable:
    """The timetable of a round. Raises BadRound (faults.py) when the round cannot be used.

    `progress` is called now and then with the stage ("choosing", "assigning", "improving", "smoothing", "explaining")
    and the share of the work that is done, from 0 to 1; what it raises ends the work. The answer depends on the round
    alone unless `time_limit_s` cuts the work short.
    """
    end = time.monotonic() + checked(round_).time_limit_s
    tell = progress or _silent
    contradictions = pin_conflicts(round_)
    if contradictions:
        return Timetable(INFEASIBLE, (), 0.0, 0.0, (), contradictions)
    problem = compiled(round_)
    tell("choosing", 0.0)
    choice = choose(problem, slot_classes(problem), max(end - time.monotonic(), 0.1) / 2)
    tell("assigning", 0.3)
    found = place(problem, choice).slot_of
    found = _improved(problem, choice, found, end - _COMFORT * round_.time_limit_s, tell)
    tell("smoothing", 0.8)
    found = soothed(problem, found, end)
    tell("explaining", 0.95)
    return _timetable(round_, problem, found, choice.bound)


def _silent(stage: str, share: float) -> None:
    """Nobody listens."""


def _improved(problem: Problem, choice: Choice, slot_of: Ints, end: float, tell: Progress) -> Ints:
    """The better of what was placed and what annealing makes of it: value less a price for idle slots.

    What participants hold already was made with that price: then only value is looked at.
    """
    pairs = choice.promising[problem.pinned[choice.promising] < 0]
    if not len(pairs) or problem.value(slot_of) >= choice.bound - _NEAR * abs(choice.bound):
        return slot_of
    scale = _scale(problem, slot_of)
    prices = None if (problem.published >= 0).any() else (_CHEAP * scale, _DEAR * scale)
    state, idle = _annealed(problem, board(problem, slot_of, movable=pairs), pairs, scale, prices, end, tell)
    if prices:
        floor = _FLOOR_OF_LARGE if problem.people > _LARGE else _FLOOR
        state = _recovered(problem, state, pairs, scale, floor * choice.bound, end)
    found: Ints = state.slot_of
    worth = [problem.value(each) - idle * idle_slots(problem, each) for each in (slot_of, found)]
    return found if worth[1] > worth[0] else slot_of


def _recovered(problem: Problem, state: "Board", pairs: Ints, scale: float, floor: float, end: float) -> "Board":
    """With a price for idle slots that falls until the value that it has cost is back up to the floor."""
    steps = min(len(pairs) * STEPS_A_PAIR, _MOST_STEPS) // _STRETCHES // 2
    for _ in range(_RECOVERY):
        if time.monotonic() > end or problem.value(state.slot_of) >= floor:
            break
        state = state._replace(idle=state.idle * _FALL)
        annealing().anneal(state, pairs, steps, scale * _COLD, scale * _COLD / 4)
    return state


def _scale(problem: Problem, slot_of: Ints) -> float:
    held = problem.weight[slot_of >= 0]
    return float(held.mean()) if len(held) and held.mean() > 0 else 1.0


def _annealed(
    problem: Problem,
    state: "Board",
    pairs: Ints,
    scale: float,
    prices: tuple[float, float] | None,
    end: float,
    tell: Progress,
) -> tuple["Board", float]:
    """Annealing in stretches, so that progress can be told and the time limit be kept; the last one only gains.

    Also the price of an idle slot at the end, which lies between `prices`; None: it costs nothing.
    """
    steps = min(len(pairs) * STEPS_A_PAIR, _MOST_STEPS) // _STRETCHES
    heats = scale * np.geomspace(_HOT, _COLD, _STRETCHES + 1)
    low, high = prices or (0.0, 0.0)
    state = state._replace(idle=(low * high) ** 0.5)
    for stretch in range(_STRETCHES):
        if time.monotonic() > end:
            break
        annealing().anneal(state, pairs, steps, heats[stretch], heats[stretch + 1])
        if 2 * stretch >= _STRETCHES:
            many = idle_slots(problem, state.slot_of) > _AIM * problem.people
            state = state._replace(idle=min(max(state.idle * (_RISE if many else 1 / _RISE), low), high))
        tell("improving", 0.3 + 0.5 * stretch / _STRETCHES)
    annealing().anneal(state, pairs, steps, scale * 1e-9, scale * 1e-9)
    return state, state.idle


def _timetable(round_: Round, problem: Problem, slot_of: Ints, bound: float) -> Timetable:
    value = problem.value(slot_of)
    bound = max(bound, value)
    return Timetable(
        status=OPTIMAL if value >= bound - SAME * max(1.0, abs(bound)) else FEASIBLE,
        meetings=meetings_of(round_, problem, slot_of),
        value=value,
        bound=bound,
        unmet=unmet(round_, problem, slot_of),
        conflicts=minimum_conflicts(round_, problem, slot_of),
    )


def meetings_of(round_: Round, problem: Problem, slot_of: Ints) -> tuple[Meeting, ...]:
    """The meetings in the order of slots and tables; whoever keeps a published slot keeps its table."""
    number = {name: place for place, name in enumerate(problem.names)}
    slot = {name: place for place, name in enumerate(problem.slots)}
    pair_of = {(int(a), int(b)): pair for pair, (a, b) in enumerate(zip(problem.left, problem.right, strict=True))}
    before = []
    for each in round_.published:
        a, b = sorted((number[each.a], number[each.b]))
        if (a, b) in pair_of and each.table <= problem.tables[slot[each.slot]]:
            before.append((pair_of[a, b], slot[each.slot], each.table))
    table = tables(slot_of, before)
    held = sorted(np.flatnonzero(slot_of >= 0), key=lambda pair: (slot_of[pair], table[pair]))
    return tuple(
        Meeting(
            problem.names[problem.left[pair]],
            problem.names[problem.right[pair]],
            problem.slots[slot_of[pair]],
            int(table[pair]),
        )
        for pair in held
    )
