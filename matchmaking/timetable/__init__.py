"""The solver of matchmaking rounds: who meets whom, when and at which table. Pure: no database, no global randomness.

See docs/timetable.md for what it guarantees and how it works.
"""

from matchmaking.timetable.check import check
from matchmaking.timetable.faults import BadRound
from matchmaking.timetable.live import refill
from matchmaking.timetable.sentences import TEMPLATES, sentence
from matchmaking.timetable.solving import solve
from matchmaking.timetable.types import (
    Affinity,
    Ban,
    Conflict,
    Meeting,
    Participant,
    Pin,
    Reason,
    Round,
    Timetable,
    Unmet,
    Weights,
    Wish,
)

__all__ = [
    "TEMPLATES",
    "Affinity",
    "BadRound",
    "Ban",
    "Conflict",
    "Meeting",
    "Participant",
    "Pin",
    "Reason",
    "Round",
    "Timetable",
    "Unmet",
    "Weights",
    "Wish",
    "check",
    "refill",
    "sentence",
    "solve",
]
