"""What the first round after an installation would wait for: the loops are compiled, and numba keeps them."""

from matchmaking.timetable.live import refill
from matchmaking.timetable.solving import solve
from matchmaking.timetable.types import Affinity, Participant, Round

_PEOPLE, _SLOTS, _SIDES = 12, 6, 3


def compile_loops() -> None:
    """Solves and refills a small round that leads through every loop."""
    people = range(_PEOPLE)
    round_ = Round(
        slots=tuple(range(_SLOTS)),
        capacity=(_PEOPLE // 4,) * _SLOTS,
        participants=tuple(Participant(one, tuple(range(_SLOTS)), 3, minimum=1, side=one % _SIDES) for one in people),
        affinity=tuple(
            Affinity(a, b, (7 * a + 3 * b) % 10 / 10) for b in people for a in range(b) if a % _SIDES != b % _SIDES
        ),
        breaks=(_SLOTS // 2,),
    )
    refill(round_, solve(round_).meetings, gone=[0, 1])
