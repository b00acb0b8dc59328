"""The day itself: slots that became free are filled again, and nothing else moves."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

from matchmaking.timetable.assign import annealing, board, kernels
from matchmaking.timetable.faults import checked
from matchmaking.timetable.problem import Bools, Ints, Problem, compiled
from matchmaking.timetable.types import Ban, Key, Meeting, Participant, Round

_STEPS = 20_000
# The last temperature of a full solution, in units of a meeting of weight 1: a few exchanges, no new start.
_HEAT = 0.02


def refill(
    round_: Round, meetings: Sequence[Meeting], *, gone: Collection[Key] = (), start: Key | None = None
) -> tuple[Meeting, ...]:
    """The new meetings that fit beside those that still hold, in the order of slots and tables.

    `meetings` is the timetable as it stands. Those of people in `gone` no longer hold (no-show, withdrawal), nor those
    in slots that a participant is not available in any more (late arrival: pass a round with its new availability).
    New meetings are put into `start` and later slots only; None means all. Pins and published meetings of the round
    are history here and not looked at. Raises BadRound.
    """
    checked(replace(round_, pins=(), published=tuple(meetings)))
    people = {each.id: each for each in round_.participants}
    hold = [each for each in meetings if _holds(each, people, gone)]
    rest = _residual(round_, people, hold, gone, start)
    problem = compiled(rest)
    problem = replace(problem, held=_seats(problem, hold))
    slot_of = _filled(problem)
    return _meetings(problem, slot_of, hold)


def _holds(meeting: Meeting, people: dict[Key, Participant], gone: Collection[Key]) -> bool:
    return all(name not in gone and meeting.slot in people[name].available for name in (meeting.a, meeting.b))


def _residual(
    round_: Round, people: dict[Key, Participant], hold: list[Meeting], gone: Collection[Key], start: Key | None
) -> Round:
    """What is left of the round: idle slots, unused quotas and tables of those present; pairs that have not met."""
    later = set(round_.slots if start is None else round_.slots[round_.slots.index(start) :])
    seats = {(name, each.slot) for each in hold for name in (each.a, each.b)}
    had = Counter(name for each in hold for name in (each.a, each.b))
    used = Counter(each.slot for each in hold)
    idle = {}
    for each in people.values():
        slots = tuple(slot for slot in each.available if slot in later and (each.id, slot) not in seats)
        if each.id not in gone and slots and each.quota > had[each.id]:
            rest = {"quota": each.quota - had[each.id], "minimum": max(each.minimum - had[each.id], 0)}
            idle[each.id] = replace(each, available=slots, **rest)
    return replace(
        round_,
        capacity=tuple(max(size - used[slot], 0) for slot, size in zip(round_.slots, round_.capacity, strict=True)),
        participants=tuple(idle.values()),
        wishes=tuple(each for each in round_.wishes if each.wisher in idle and each.wanted in idle),
        affinity=tuple(each for each in round_.affinity if each.a in idle and each.b in idle),
        forbidden=tuple(
            each
            for each in (*round_.forbidden, *(Ban(met.a, met.b) for met in hold))
            if each.a in idle and each.b in idle
        ),
        pins=(),
        published=(),
    )


def _seats(problem: Problem, hold: list[Meeting]) -> Bools:
    """The slots in which people have a meeting that holds, shape (n, s): a new one beside them may be one too many."""
    number = {name: place for place, name in enumerate(problem.names)}
    slot = {name: place for place, name in enumerate(problem.slots)}
    seats = np.zeros((problem.people, len(slot)), np.bool_)
    for each in hold:
        for name in (each.a, each.b):
            if name in number:
                seats[number[name], slot[each.slot]] = True
    return seats


def _filled(problem: Problem) -> Ints:
    """Best pairs first, then a little annealing; whichever is worth more."""
    state = board(problem)
    order = np.argsort(-problem.weight, kind="stable").astype(np.int32)
    kernels().fill(state, order)
    first = state.slot_of.copy()
    if problem.pairs:
        annealing().anneal(state, order, _STEPS, _HEAT, _HEAT / 20)
    better: Ints = state.slot_of if problem.value(state.slot_of) > problem.value(first) else first
    return better


def _meetings(problem: Problem, slot_of: Ints, hold: list[Meeting]) -> tuple[Meeting, ...]:
    """The placed pairs at the lowest free tables of their slots."""
    taken = {(each.slot, each.table) for each in hold}
    found = []
    for pair in sorted(np.flatnonzero(slot_of >= 0), key=lambda each: (slot_of[each], each)):
        slot = problem.slots[slot_of[pair]]
        table = next(number for number in count(1) if (slot, number) not in taken)
        taken.add((slot, table))
        found.append(Meeting(problem.names[problem.left[pair]], problem.names[problem.right[pair]], slot, table))
    return tuple(found)
