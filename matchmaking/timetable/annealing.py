"""Annealing, compiled with numba: over whole timetables, and over slots of the same meetings.

The cache of numba looks at this file alone: after a change in kernels.py, save this one too or empty the cache.
"""

from typing import Any

import numpy as np

from matchmaking.timetable.board import NOTHING, Board
from matchmaking.timetable.compiling import below, chance, inlined, kernel
from matchmaking.timetable.kernels import (
    any_fit,
    chain,
    closed,
    has_quota,
    put,
    rested,
    rests,
    row,
    swap,
    take,
    unease,
    unease_of,
)

# Room for what one move of the annealing changes: a placement, what it takes off, what follows there.
_LOG = 12
# Of the people who have nothing to gain, one in so many is asked to move for others.
_CALM = 8


@kernel
def anneal(board: Board, movable: Any, steps: int, hot: float, cold: float) -> float:
    """Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983) over whole timetables; what was gained.

    A step places a pair of `movable` in a random slot, takes off what stands in the way and puts it elsewhere if it
    fits. Steps that lose are undone with a probability that grows as the temperature falls from hot to cold.
    """
    log = np.empty((_LOG, 2), np.int64)
    gained = 0.0
    cooling = (cold / hot) ** (1 / max(steps, 1))
    heat = hot
    for _ in range(steps):
        heat *= cooling
        pair = movable[below(board, len(movable))]
        slot = below(board, len(board.load))
        if not board.open[pair, slot] or board.slot_of[pair] == slot:
            continue
        least = heat * np.log(chance(board) + 1e-12)
        gained += _tried(board, pair, slot, least, log)
    return gained


@kernel
def _tried(board: Board, pair: int, slot: int, least: float, log: Any) -> float:
    """Place the pair in the slot, whatever moves for it, unless that gains less than `least`; what was gained."""
    used, gain = 0, 0.0
    if board.slot_of[pair] >= 0:
        used, gain = _noted(board, pair, log, used, gain)
    for person in (board.left[pair], board.right[pair]):
        rival = board.at[person, slot]
        if rival < 0 and board.count[person] >= board.quota[person]:
            rival = _any_meeting(board, person)
        if rival >= 0:
            used, gain = _noted(board, rival, log, used, gain)
    if board.load[slot] >= board.tables[slot]:
        used, gain = _noted(board, _any_in(board, slot), log, used, gain)
    used, gain = _made_room(board, pair, slot, log, used, gain)
    if _barred(board, log, used) or not rests(board, pair, slot):
        return _undone(board, log, used)
    gain += put(board, pair, slot)
    used, gain = _settled(board, pair, log, used, gain)
    if gain >= least:
        return gain
    take(board, pair)
    return _undone(board, log, used)


@inlined
def _settled(board: Board, pair: int, log: Any, used: int, gain: float) -> tuple[int, float]:
    """Put what was taken off elsewhere and give its people another meeting there, which may take off more."""
    place = 0
    while place < used:
        rival, left = log[place, 0], log[place, 1]
        if left >= 0:
            gain += _elsewhere(board, rival)
            for person in (board.left[rival], board.right[rival]):
                used, gain = _followed(board, person, left, pair, log, used, gain)
        place += 1
    return used, gain


@inlined
def _made_room(board: Board, pair: int, slot: int, log: Any, used: int, gain: float) -> tuple[int, float]:
    """Take off what would leave one of the pair too little rest with a meeting in this slot, as far as that goes."""
    if board.in_a_row < len(board.load):
        for person in (board.left[pair], board.right[pair]):
            step = 1 - 2 * below(board, 2)
            for _ in range(2):
                rival = -1 if rested(board, person, slot) else _next(board, person, slot, step)
                if rival >= 0:
                    used, gain = _noted(board, rival, log, used, gain)
                step = -step
    return used, gain


@kernel
def _next(board: Board, person: int, slot: int, step: int) -> int:
    """The next meeting of the problem in the row in one direction, or -1."""
    for distance in range(1, row(board.at[person], board.session, slot, step) + 1):
        if board.at[person, slot + step * distance] >= 0:
            return int(board.at[person, slot + step * distance])
    return -1


@inlined
def _elsewhere(board: Board, rival: int) -> float:
    """Put a pair that was taken off into another slot, if it fits into one; what was gained."""
    slot = -1
    if board.slot_of[rival] < 0 and has_quota(board, rival):
        slot = any_fit(board, rival)
    return put(board, rival, slot) if slot >= 0 else 0.0


@kernel
def _successor(board: Board, person: int, slot: int, pair: int, log: Any, used: int) -> int:
    """The pair that gains most in a slot that a person has come free in, in the place of another meeting if need be."""
    best, most = -1, 0.0
    if board.at[person, slot] != NOTHING or board.count[person] >= board.quota[person]:
        return best
    if board.idle > 0.0:
        most = -board.idle * closed(board, person, slot)
    for place in range(board.first[person], board.first[person + 1]):
        fresh = board.pairs_of[place]
        if board.slot_of[fresh] >= 0 or not board.open[fresh, slot]:
            continue
        mate = board.left[fresh] + board.right[fresh] - person
        gain = _gain(board, fresh, mate, slot, pair)
        rival = board.at[mate, slot]
        if (
            gain > max(most, -0.99)
            and not _is_noted(log, used, fresh)
            and (rival < 0 or not _is_noted(log, used, rival))
        ):
            best, most = fresh, gain
    return best


@inlined
def _gain(board: Board, fresh: int, mate: int, slot: int, pair: int) -> float:
    """About what a meeting with this mate gains, less what the mate gives up; least of all if it cannot be."""
    rival = board.at[mate, slot]
    gain = board.weight[fresh]
    if board.count[mate] < board.need[mate]:
        gain += board.shortfall
    if rival >= 0:
        return -np.inf if rival == pair or board.locked[rival] else float(gain - board.weight[rival])
    if rival != NOTHING or board.count[mate] >= board.quota[mate] or board.load[slot] >= board.tables[slot]:
        return -np.inf
    return float(gain + board.idle * closed(board, mate, slot) if board.idle > 0.0 else gain)


@kernel
def _followed(board: Board, person: int, slot: int, pair: int, log: Any, used: int, gain: float) -> tuple[int, float]:
    """Give a person who has come free in a slot its best meeting there."""
    fresh = _successor(board, person, slot, pair, log, used)
    if fresh < 0 or used + 2 > _LOG:
        return used, gain
    rival = board.at[board.left[fresh] + board.right[fresh] - person, slot]
    if rival >= 0:
        used, gain = _noted(board, rival, log, used, gain)
    if rests(board, fresh, slot):
        log[used, 0], log[used, 1] = fresh, -1
        return used + 1, gain + put(board, fresh, slot)
    if rival >= 0:
        used -= 1
        gain += put(board, rival, slot)
    return used, gain


@inlined
def _is_noted(log: Any, used: int, pair: int) -> bool:
    found = False
    for place in range(used):
        found |= log[place, 0] == pair
    return found


@inlined
def _noted(board: Board, pair: int, log: Any, used: int, gain: float) -> tuple[int, float]:
    """Take the pair off and note where it was."""
    log[used, 0], log[used, 1] = pair, board.slot_of[pair]
    return used + 1, gain + take(board, pair)


@inlined
def _barred(board: Board, log: Any, used: int) -> bool:
    """Whether a locked meeting was taken off."""
    found = False
    for place in range(used):
        found |= board.locked[log[place, 0]]
    return found


@inlined
def _undone(board: Board, log: Any, used: int) -> float:
    """Put everything back to where it was; gains nothing."""
    for place in range(used):
        if board.slot_of[log[place, 0]] >= 0:
            take(board, log[place, 0])
    for place in range(used):
        if log[place, 1] >= 0:
            put(board, log[place, 0], log[place, 1])
    return 0.0


@kernel
def _any_meeting(board: Board, person: int) -> int:
    """A random meeting of a person who has one."""
    slots = len(board.load)
    slot = below(board, slots)
    while board.at[person, slot] < 0:
        slot = (slot + 1) % slots
    return int(board.at[person, slot])


@kernel
def _any_in(board: Board, slot: int) -> int:
    """A random meeting in a slot that holds one."""
    people = len(board.at)
    person = below(board, people)
    while board.at[person, slot] < 0:
        person = (person + 1) % people
    return int(board.at[person, slot])


@kernel
def soothe(board: Board, steps: int, hot: float, cold: float, people: Any) -> float:
    """Annealing over Kempe chains: fewer idle slots, the same meetings, no rest lost; what was gained."""
    gained, heat = 0.0, hot
    cooling = (cold / hot) ** (1 / max(steps, 1))
    slots = len(board.load)
    for _ in range(steps):
        heat *= cooling
        person = below(board, len(board.at))
        slot, other = below(board, slots), below(board, slots)
        if board.at[person, slot] < 0 or board.at[person, other] >= 0 or not board.free[person, other]:
            continue
        if unease(board, person)[0] == 0 and below(board, _CALM) > 0:
            continue
        size = chain(board, person, slot, other, people)
        if size == 0:
            continue
        before = unease_of(board, people, size)
        swap(board, people, size, slot, other)
        after = unease_of(board, people, size)
        gain = before[0] - after[0]
        if gain >= heat * np.log(chance(board) + 1e-12) and after[1] <= before[1]:
            gained += gain
        else:
            swap(board, people, size, slot, other)
    return gained
