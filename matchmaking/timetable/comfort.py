"""Stage 4, comfort: the same meetings with fewer idle slots in between."""

import time

import numpy as np

from matchmaking.timetable.assign import annealing, board, kernels
from matchmaking.timetable.problem import Ints, Problem

_STEPS_A_MEETING, _MOST_STEPS = 6_000, 40_000_000
_STRETCHES = 10
_HOT, _COLD = 0.5, 0.1


def soothed(problem: Problem, slot_of: Ints, end: float) -> Ints:
    """The slots after soothing: the same value.

    Pinned meetings and those in their published slot stay where they are. `end` is the time on the monotonic clock at
    which to stop.
    """
    stay = (slot_of >= 0) & (slot_of == problem.published)
    state = board(problem, slot_of, locked=stay)
    meetings = int((slot_of >= 0).sum())
    steps = min(meetings * _STEPS_A_MEETING, _MOST_STEPS) // _STRETCHES
    people = np.zeros(problem.people + 1, np.int64)
    heats = np.geomspace(_HOT, _COLD, _STRETCHES + 1)
    for stretch in range(_STRETCHES):
        if not meetings or time.monotonic() > end:
            break
        annealing().soothe(state, steps, heats[stretch], heats[stretch + 1], people)
    slots: Ints = state.slot_of
    return slots


def idle_slots(problem: Problem, slot_of: Ints) -> int:
    """Free slots between two meetings of one person and session, over all people."""
    state = board(problem, slot_of)
    return int(sum(kernels().unease(state, person)[0] for person in range(problem.people)))
