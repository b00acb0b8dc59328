"""A matchmaking round from its set-up to what came of its meetings."""

from matchmaking.models.participants import Affinity, ForbiddenPair, MeetingRequest, Participant, Wish, ordered
from matchmaking.models.rounds import MOST_MEETINGS, Round, RoundPartner, Session, Slot, Table
from matchmaking.models.timetables import Meeting, Outcome, Seat, Timetable

__all__ = [
    "MOST_MEETINGS",
    "Affinity",
    "ForbiddenPair",
    "Meeting",
    "MeetingRequest",
    "Outcome",
    "Participant",
    "Round",
    "RoundPartner",
    "Seat",
    "Session",
    "Slot",
    "Table",
    "Timetable",
    "Wish",
    "ordered",
]
