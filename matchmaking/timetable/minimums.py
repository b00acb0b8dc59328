"""Minimums that are not reached: the fewest things to change so that they would be, as far as it is about limits."""

from matchmaking.timetable.problem import Ints, Problem
from matchmaking.timetable.types import Conflict, Round


def minimum_conflicts(round_: Round, problem: Problem, slot_of: Ints) -> tuple[Conflict, ...]:
    return ()
