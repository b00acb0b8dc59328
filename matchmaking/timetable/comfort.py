"""Stage 4, comfort: the same meetings with fewer idle slots in between and, where asked for, enough rest."""

import time
from typing import TYPE_CHECKING

import numpy as np

from matchmaking.timetable.assign import board, kernels
from matchmaking.timetable.problem import Ints, Problem

if TYPE_CHECKING:
    from matchmaking.timetable.kernels import Board

# A meeting beyond the longest row counts as so many idle slots.
_HEAVY = 50.0
_STEPS_A_MEETING, _MOST_STEPS = 6_000, 40_000_000
_STRETCHES = 10
_HOT, _COLD = 0.5, 0.1


def soothed(problem: Problem, slot_of: Ints, end: float) -> Ints:
    """The slots after soothing: the same value, unless a row is longer than allowed and a meeting has to go.

    Pinned meetings and those in their published slot stay where they are. `end` is the time on the monotonic clock at
    which to stop.
    """
    stay = (slot_of >= 0) & (slot_of == problem.published)
    state = board(problem, slot_of, stay)
    meetings = int((slot_of >= 0).sum())
    steps = min(meetings * _STEPS_A_MEETING, _MOST_STEPS) // _STRETCHES
    people = np.zeros(problem.people + 1, np.int64)
    heats = np.geomspace(_HOT, _COLD, _STRETCHES + 1)
    for stretch in range(_STRETCHES):
        if not meetings or time.monotonic() > end:
            break
        kernels().soothe(state, steps, heats[stretch], heats[stretch + 1], _HEAVY, people)
    if problem.in_a_row < len(problem.slots):
        _rest(problem, state)
    slots: Ints = state.slot_of
    return slots


def idle_slots(problem: Problem, slot_of: Ints) -> int:
    """Free slots between two meetings of one person and session, over all people."""
    state = board(problem, slot_of)
    return int(sum(kernels().unease(state, person, 0.0) for person in range(problem.people)))


def _rest(problem: Problem, state: "Board") -> None:
    """Cancel the least valuable unpinned meeting of each row that is still too long."""
    for person in range(problem.people):
        row: list[int] = []
        session = -1
        for slot, pair in enumerate(state.at[person]):
            row = [] if pair < 0 or problem.session[slot] != session else row
            session = problem.session[slot]
            row = [*row, int(pair)] if pair >= 0 else row
            loose = [each for each in row if problem.pinned[each] < 0]
            if len(row) > problem.in_a_row and loose:
                dropped = min(loose, key=lambda each: (problem.weight[each], each))
                kernels().take(state, dropped)
                row = row[row.index(dropped) + 1 :]
