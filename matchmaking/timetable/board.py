"""What the compiled loops (kernels.py) work on."""

from typing import Any, NamedTuple

NOTHING, ELSEWHERE = -1, -2


class Board(NamedTuple):
    """The problem's arrays (problem.py) and the state of a timetable, as one argument of the kernels.

    at (n, s): the pair that a person meets in a slot, NOTHING, or ELSEWHERE for a meeting that is none of the
    problem's. slot_of (m): the slot of a pair or -1. load (s): tables taken. count (n): meetings of a person. rng (1):
    the state of a xorshift generator (Marsaglia 2003). idle: the price of an idle slot.
    """

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
    first: Any
    pairs_of: Any
    at: Any
    slot_of: Any
    load: Any
    count: Any
    rng: Any
    shortfall: float
    move: float
    idle: float
    in_a_row: int
