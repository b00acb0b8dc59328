"""The inner loops, compiled with numba: placing meetings, Kempe chains. Single-threaded, so deterministic.

They all change a board (board.py).
"""

from typing import Any

from matchmaking.timetable.board import NOTHING, Board
from matchmaking.timetable.compiling import below, inlined, kernel


@kernel
def _idle(at: Any, free: Any, session: Any, slot: int, step: int) -> int:
    """Idle slots of a person from here to the next meeting of the session in one direction, -1 if there is none."""
    found, there = 0, slot + step
    while 0 <= there < len(at) and session[there] == session[slot]:
        if at[there] != NOTHING:
            return found
        found += free[there]
        there += step
    return -1


@inlined
def closed(board: Board, person: int, slot: int) -> int:
    """How many idle slots fewer a person has once it has a meeting in this slot."""
    before = _idle(board.at[person], board.free[person], board.session, slot, -1)
    after = _idle(board.at[person], board.free[person], board.session, slot, 1)
    return 1 if before >= 0 and after >= 0 else -max(before, 0) - max(after, 0)


@kernel
def row(at: Any, session: Any, slot: int, step: int) -> int:
    """How many meetings of a person follow each other from the next slot in one direction to the first rest."""
    found, there = 0, slot + step
    while 0 <= there < len(at) and session[there] == session[slot] and at[there] != NOTHING:
        found += 1
        there += step
    return found


@inlined
def rested(board: Board, person: int, slot: int) -> bool:
    """Whether a meeting in this slot leaves a person the rest that it is to have."""
    length = row(board.at[person], board.session, slot, -1) + 1 + row(board.at[person], board.session, slot, 1)
    return bool(length <= board.in_a_row)


@inlined
def rests(board: Board, pair: int, slot: int) -> bool:
    """Whether a meeting in this slot leaves both of the pair their rest."""
    if board.in_a_row >= len(board.load):
        return True
    return rested(board, board.left[pair], slot) and rested(board, board.right[pair], slot)


@inlined
def put(board: Board, pair: int, slot: int) -> float:
    """Place a pair in a slot where both have nothing; what the timetable gains."""
    gain = board.weight[pair]
    if board.published[pair] == slot:
        gain += board.move
    for person in (board.left[pair], board.right[pair]):
        if board.count[person] < board.need[person]:
            gain += board.shortfall
        if board.idle > 0.0:
            gain += board.idle * closed(board, person, slot)
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
        board.at[person, slot] = NOTHING
        if board.idle > 0.0:
            gain -= board.idle * closed(board, person, slot)
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
        and rests(board, pair, slot)
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
def unease(board: Board, person: int) -> tuple[int, int]:
    """Idle slots of a person, free between two meetings of a session; meetings without the rest before them."""
    total, excess, idle, row, last = 0, 0, -1, 0, -1
    for slot in range(len(board.load)):
        if board.session[slot] != last:
            last, idle, row = board.session[slot], -1, 0
        if board.at[person, slot] != NOTHING:
            row += 1
            total += max(idle, 0)
            excess += row > board.in_a_row
            idle = 0
        else:
            row = 0
            if idle >= 0 and board.free[person, slot]:
                idle += 1
    return total, excess


@kernel
def unease_of(board: Board, people: Any, size: int) -> tuple[int, int]:
    """The same of the first people of a list."""
    total, excess = 0, 0
    for place in range(size):
        more = unease(board, people[place])
        total += more[0]
        excess += more[1]
    return total, excess


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
    excess = unease_of(board, people, size)[1]
    swap(board, people, size, slot, other)
    if fits(board, pair, slot) and unease_of(board, people, size)[1] <= excess:
        return True
    swap(board, people, size, slot, other)
    return False


@kernel
def fill(board: Board, wanted: Any) -> None:
    """Place the pairs in this order wherever they fit; nothing that is placed moves."""
    for pair in wanted:
        if board.slot_of[pair] < 0 and has_quota(board, pair):
            slot = emptiest(board, pair)
            if slot >= 0:
                put(board, pair, slot)
