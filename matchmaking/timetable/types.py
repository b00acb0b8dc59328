"""What goes into the solver and what comes out: frozen dataclasses, nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Names of participants and slots, as the caller has them: texts or whole numbers.
Key = str | int

MUST, NICE, NEVER = "must", "nice", "never"
WISHES = (MUST, NICE, NEVER)
MINIMUM = "minimum"

OPTIMAL, FEASIBLE, INFEASIBLE = "optimal", "feasible", "infeasible"


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone who meets others: the slots it is free in, at most `quota` meetings, `minimum` of them if possible.

    Two participants of the same side may not meet; `side` None meets anyone.
    """

    id: Key
    available: tuple[Key, ...]
    quota: int
    minimum: int = 0
    side: Key | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What one participant says of another: must, nice or never. A never of one side is enough."""

    wisher: Key
    wanted: Key
    wish: str


@dataclass(frozen=True, slots=True)
class Affinity:
    """How well two participants fit each other, from 0 to 1, whatever they wish."""

    a: Key
    b: Key
    score: float


@dataclass(frozen=True, slots=True)
class Pin:
    """A meeting that the organiser has placed: it is kept whatever it costs."""

    a: Key
    b: Key
    slot: Key


@dataclass(frozen=True, slots=True)
class Ban:
    """Two participants whom the organiser keeps apart: in one slot, or altogether when `slot` is None."""

    a: Key
    b: Key
    slot: Key | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two participants in a slot at a table; `a` comes before `b` in the order of names, tables count from 1."""

    a: Key
    b: Key
    slot: Key
    table: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much. All are at least 0.

    must, nice: the wish of one side; mutual: on top when both sides wish; affinity: times the score of the pair;
    shortfall: for each meeting that a participant lacks to its minimum; move: for each published meeting that is
    cancelled or put into another slot.
    """

    must: float = 1.0
    nice: float = 0.6
    mutual: float = 0.4
    affinity: float = 0.35
    shortfall: float = 2.0
    move: float = 0.5


@dataclass(frozen=True, slots=True)
class Round:
    """Everything that a timetable is made from.

    `slots` are in the order of time. `capacity` is the number of tables in each slot. `breaks` names the slots after
    which there is a break: idle slots and meetings in a row are counted between breaks. `published` is the timetable
    that participants hold already: `weights.move` is the price of leaving it.
    """

    slots: tuple[Key, ...]
    capacity: tuple[int, ...]
    participants: tuple[Participant, ...]
    wishes: tuple[Wish, ...] = ()
    affinity: tuple[Affinity, ...] = ()
    pins: tuple[Pin, ...] = ()
    weights: Weights = Weights()
    seed: int = 0
    time_limit_s: float = 60.0
    forbidden: tuple[Ban, ...] = ()
    published: tuple[Meeting, ...] = ()
    breaks: tuple[Key, ...] = ()
    max_in_a_row: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is, free of language: `code` names a template of sentences.py, `values` fill it."""

    code: str
    values: Mapping[str, Key | Sequence[Key]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish (must or nice) that the timetable leaves open, or a minimum: then `wanted` is None."""

    participant: Key
    wanted: Key | None
    wish: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Conflict:
    """Things of the input that cannot all be kept, and the smallest set of changes that puts it right.

    `kind` is "pin" (no timetable exists) or "minimum" (a timetable exists, someone stays below the minimum).
    `participants` and `slots` are those concerned; `reasons` say what collides, `changes` what to change.
    """

    kind: str
    participants: tuple[Key, ...]
    slots: tuple[Key, ...]
    reasons: tuple[Reason, ...]
    changes: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Timetable:
    """The answer. `value` is what docs/timetable.md defines; no timetable of this round is worth more than `bound`."""

    status: str
    meetings: tuple[Meeting, ...]
    value: float
    bound: float
    unmet: tuple[Unmet, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
