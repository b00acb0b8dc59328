"""The inner loops, compiled with numba: placing meetings, Kempe chains, annealing. Single-threaded, so deterministic.

A board is the state that all of them change: `at` (n, s) holds the pair that a person meets in a slot or -1, `slot_of`
(m) the slot of a pair or -1, `load` (s) the tables taken, `count` (n) the meetings of a person. `rng` is a single
uint64, the state of a xorshift generator (Marsaglia 2003).
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

# Room for what one move of the annealing changes: a placement, at most five taken off, each put elsewhere.
_LOG = 16
# Of the people who have nothing to gain, one in so many is asked to move for others.
_CALM = 8


class Board(NamedTuple):
    """The problem's arrays (problem.py) and the state, as one argument of the kernels."""

    left: Any
    right: Any
    weight: Any
    open: Any
    tables: Any
    quota: Any
    need: Any
    published: Any
    locked: Any
    session: Any
    free: Any
    at: Any
    slot_of: Any
    load: Any
    count: Any
    rng: Any
    shortfall: float
    move: float
    in_a_row: int


def kernel(function: F) -> F:
    """Compiled on its first call, or loaded from the cache beside the file."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))


def inlined(function: F) -> F:
    """A small kernel that becomes part of its caller: handing a board over costs more than what it does."""
    return cast(F, numba.njit(cache=True, nogil=True, inline="always")(function))


@inlined
def below(board: Board, limit: int) -> int:
    """A random whole number from 0 to limit - 1."""
    x = board.rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    board.rng[0] = x
    return int(np.int64((x >> np.uint64(11)) % np.uint64(limit)))


@inlined
def chance(board: Board) -> float:
    """A random number from 0 to 1."""
    return below(board, 1 << 30) / (1 << 30)


@inlined
def put(board: Board, pair: int, slot: int) -> float:
    """Place a pair in a slot where both have nothing; what the timetable gains."""
    gain = board.weight[pair]
    if board.published[pair] == slot:
        gain += board.move
    for person in (board.left[pair], board.right[pair]):
        if board.count[person] < board.need[person]:
            gain += board.shortfall
        board.count[person] += 1
        board.at[person, slot] = pair
    board.slot_of[pair] = slot
    board.load[slot] += 1
    return float(gain)


@inlined
def take(board: Board, pair: int) -> float:
    """Take a pair out of its slot; what the timetable gains, which is not above 0."""
    slot = board.slot_of[pair]
    gain = -board.weight[pair]
    if board.published[pair] == slot:
        gain -= board.move
    for person in (board.left[pair], board.right[pair]):
        board.count[person] -= 1
        if board.count[person] < board.need[person]:
            gain -= board.shortfall
        board.at[person, slot] = -1
    board.slot_of[pair] = -1
    board.load[slot] -= 1
    return float(gain)


@inlined
def fits(board: Board, pair: int, slot: int) -> bool:
    """Whether the pair can be put into the slot without moving anything; quotas are not looked at."""
    return bool(
        board.open[pair, slot]
        and board.load[slot] < board.tables[slot]
        and board.at[board.left[pair], slot] < 0
        and board.at[board.right[pair], slot] < 0
    )


@inlined
def has_quota(board: Board, pair: int) -> bool:
    """Whether both of the pair may have one more meeting."""
    left, right = board.left[pair], board.right[pair]
    return bool(board.count[left] < board.quota[left] and board.count[right] < board.quota[right])


@kernel
def emptiest(board: Board, pair: int) -> int:
    """The slot with most tables left among those in which the pair fits, its published one first; -1 if none."""
    best, most = -1, -1
    for slot in range(len(board.load)):
        if fits(board, pair, slot):
            room = board.tables[slot] - board.load[slot]
            if slot == board.published[pair]:
                return slot
            if room > most:
                best, most = slot, room
    return best


@inlined
def any_fit(board: Board, pair: int) -> int:
    """A random slot in which the pair fits, or -1."""
    slots = len(board.load)
    slot = below(board, slots)
    for _ in range(slots):
        if fits(board, pair, slot):
            return slot
        slot = slot + 1 if slot + 1 < slots else 0
    return -1


@kernel
def chain(board: Board, person: int, slot: int, other: int, people: Any) -> int:
    """The people whose meetings in two slots hang together with those of `person`: written to `people`, their number.

    Every person has at most one meeting in each slot, so they form a path or a ring. 0 if swapping the two slots for
    all of them is impossible: a meeting is locked, a pair is not free in the other slot, or tables do not suffice.
    """
    people[0] = person
    size, balance = 1, 0
    for start in (slot, other):
        now, here = person, start
        while board.at[now, here] >= 0:
            pair = board.at[now, here]
            there = other if here == slot else slot
            if board.locked[pair] or not board.open[pair, there]:
                return 0
            balance += 1 if here == slot else -1
            now = board.left[pair] + board.right[pair] - now
            if now == person:
                return size
            people[size] = now
            size += 1
            here = there
    if board.load[slot] - balance > board.tables[slot] or board.load[other] + balance > board.tables[other]:
        return 0
    return size


@kernel
def swap(board: Board, people: Any, size: int, slot: int, other: int) -> None:
    """Swap two slots for all people of a chain."""
    for place in range(size):
        person = people[place]
        first, second = board.at[person, slot], board.at[person, other]
        board.at[person, slot], board.at[person, other] = second, first
        if first >= 0 and board.left[first] == person:
            board.load[slot] -= 1
            board.load[other] += 1
            board.slot_of[first] = other
        if second >= 0 and board.left[second] == person:
            board.load[other] -= 1
            board.load[slot] += 1
            board.slot_of[second] = slot


@kernel
def colour(board: Board, wanted: Any, people: Any) -> int:
    """Place the pairs in this order, where need be by swapping a Kempe chain; how many found no place."""
    failed = 0
    for pair in wanted:
        if not has_quota(board, pair):
            continue
        slot = emptiest(board, pair)
        if slot < 0:
            slot = _freed(board, pair, people)
        if slot >= 0:
            put(board, pair, slot)
        else:
            failed += 1
    return failed


@kernel
def _freed(board: Board, pair: int, people: Any) -> int:
    """A slot in which the pair fits after one chain was swapped, or -1."""
    slots = len(board.load)
    for slot in range(slots):
        if not board.open[pair, slot]:
            continue
        for end in (board.left[pair], board.right[pair]):
            partner = board.left[pair] + board.right[pair] - end
            if board.at[end, slot] < 0 or board.at[partner, slot] >= 0:
                continue
            for other in range(slots):
                if board.at[end, other] < 0 and _clears(board, pair, end, slot, other, people):
                    return slot
    return -1


@kernel
def _clears(board: Board, pair: int, end: int, slot: int, other: int, people: Any) -> bool:
    """Swap the chain of `end` if the pair then fits into the slot; whether it does."""
    size = chain(board, end, slot, other, people)
    if size == 0:
        return False
    swap(board, people, size, slot, other)
    if fits(board, pair, slot):
        return True
    swap(board, people, size, slot, other)
    return False


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
    if _barred(board, log, used):
        return _undone(board, log, used)
    gain += put(board, pair, slot)
    for place in range(used):
        gain += _elsewhere(board, log[place, 0])
    if gain >= least:
        return gain
    take(board, pair)
    return _undone(board, log, used)


@inlined
def _elsewhere(board: Board, rival: int) -> float:
    """Put a pair that was taken off into another slot, if it fits into one; what was gained."""
    slot = -1
    if board.slot_of[rival] < 0 and has_quota(board, rival):
        slot = any_fit(board, rival)
    return put(board, rival, slot) if slot >= 0 else 0.0


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
def unease(board: Board, person: int, heavy: float) -> float:
    """Idle free slots between two meetings of a session, and `heavy` for each meeting too many in a row."""
    total, idle, row, last = 0.0, 0, 0, -1
    for slot in range(len(board.load)):
        if board.session[slot] != last:
            last, idle, row = board.session[slot], -1, 0
        if board.at[person, slot] >= 0:
            row += 1
            total += max(idle, 0) + (heavy if row > board.in_a_row else 0.0)
            idle = 0
        else:
            row = 0
            if idle >= 0 and board.free[person, slot]:
                idle += 1
    return total


@kernel
def soothe(board: Board, steps: int, hot: float, cold: float, heavy: float, people: Any) -> float:
    """Annealing over Kempe chains: fewer idle slots and rests where asked for, the same meetings; what was gained."""
    gained, heat = 0.0, hot
    cooling = (cold / hot) ** (1 / max(steps, 1))
    slots = len(board.load)
    for _ in range(steps):
        heat *= cooling
        person = below(board, len(board.at))
        slot, other = below(board, slots), below(board, slots)
        if board.at[person, slot] < 0 or board.at[person, other] >= 0 or not board.free[person, other]:
            continue
        if unease(board, person, heavy) == 0.0 and below(board, _CALM) > 0:
            continue
        size = chain(board, person, slot, other, people)
        if size == 0:
            continue
        gain = _unease_of(board, people, size, heavy)
        swap(board, people, size, slot, other)
        gain -= _unease_of(board, people, size, heavy)
        if gain >= heat * np.log(chance(board) + 1e-12):
            gained += gain
        else:
            swap(board, people, size, slot, other)
    return gained


@kernel
def _unease_of(board: Board, people: Any, size: int, heavy: float) -> float:
    total = 0.0
    for place in range(size):
        total += unease(board, people[place], heavy)
    return total


@kernel
def fill(board: Board, wanted: Any) -> None:
    """Place the pairs in this order wherever they fit; nothing that is placed moves."""
    for pair in wanted:
        if board.slot_of[pair] < 0 and has_quota(board, pair):
            slot = emptiest(board, pair)
            if slot >= 0:
                put(board, pair, slot)
