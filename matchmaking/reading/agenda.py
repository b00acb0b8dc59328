"""One participant's agenda: whom one meets, when, where and why. The page, the calendar and the badge read the same."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking.affinity import sentences
from matchmaking.cards import card
from matchmaking.models import Affinity, Meeting, Participant, Round, Seat, Session, Table


def is_shown(round_: Round) -> bool:
    """Whether participants see a timetable: the published one, or what they have agreed on so far."""
    if round_.timetable_id is None:
        return False
    agreed = round_.status == Round.Status.OPEN and round_.takes_requests
    return agreed or round_.status in {Round.Status.PUBLISHED, Round.Status.OVER, Round.Status.CANCELLED}


def seats_of(participant: Participant) -> list[Seat]:
    """The seats that a participant sees, one for each other: a cancelled meeting only if it was not set anew."""
    if not is_shown(participant.round):
        return []
    rows = participant.seats.filter(timetable=participant.round.timetable_id).select_related(
        "meeting__slot", "meeting__table", "meeting__a__cluster", "meeting__b__cluster"
    )
    latest = {}
    for seat in rows.order_by("-is_given_up", "meeting__status_at", "pk"):
        latest[other_of(seat.meeting, participant).pk] = seat
    return sorted(latest.values(), key=lambda seat: seat.meeting.slot.starts_at)


def other_of(meeting: Meeting, participant: Participant) -> Participant:
    """Whom the participant meets."""
    return meeting.b if meeting.a_id == participant.pk else meeting.a


def breaks_of(round_: Round) -> list[Session]:
    """The breaks of the programme."""
    return list(round_.sessions.filter(kind=Session.Kind.BREAK).order_by("starts_at"))


def reasons_for(participant: Participant) -> dict[int, list[str]]:
    """Why each of the others may interest this participant."""
    rows = Affinity.objects.filter(Q(a=participant) | Q(b=participant))
    return {(row.b_id if row.a_id == participant.pk else row.a_id): sentences(row, participant) for row in rows}


def place(table: Table, round_: Round) -> str:
    """Where a meeting is: Table 4, Hall A; or that it is a video call."""
    if table.link:
        return _("Video call %(number)s") % {"number": table.number}
    return ", ".join(part for part in (str(table), table.room) if part)


def clocks_differ(participant: Participant, at: datetime) -> bool:
    """Whether the round's clocks show another time than the participant's own."""
    return at.astimezone(participant.zone).utcoffset() != at.astimezone(participant.round.zone).utcoffset()


def agenda(participant: Participant) -> dict[str, Any]:
    """What the page shows: the days with their entries in order, meetings and breaks alike."""
    round_, reasons = participant.round, reasons_for(participant)
    entries: list[dict[str, Any]] = [
        _entry(seat, participant, round_, reasons) for seat in seats_of(participant)
    ]  # fmt: skip
    standing = [entry for entry in entries if not entry["cancelled"]]
    if standing:
        first, last = standing[0]["starts_at"], standing[-1]["starts_at"]
        entries += [
            {"pause": session.name, "starts_at": session.starts_at, "ends_at": session.ends_at}
            for session in breaks_of(round_)
            if first < session.starts_at < last
        ]
    for entry in entries:
        entry["differs"] = clocks_differ(participant, entry["starts_at"])
    entries.sort(key=lambda entry: entry["starts_at"])
    return {
        "entries": entries,
        "count": len(standing),
        "to_come": any(entry["ends_at"] > timezone.now() for entry in standing),
        "shown": is_shown(round_),
        "differs": any(entry["differs"] for entry in entries),
        "city": round_.time_zone.rpartition("/")[2].replace("_", " "),
    }


def _entry(seat: Seat, participant: Participant, round_: Round, reasons: dict[int, list[str]]) -> dict[str, Any]:
    meeting = seat.meeting
    other = other_of(meeting, participant)
    return {
        "seat": seat,
        "meeting": meeting,
        "starts_at": meeting.slot.starts_at,
        "ends_at": meeting.slot.ends_at,
        "place": place(meeting.table, round_),
        "link": meeting.table.link,
        "cancelled": seat.is_given_up,
        "why_cancelled": meeting.why_cancelled,
        "card": card(other, by_name=True, reasons=reasons.get(other.pk, ())),
    }
