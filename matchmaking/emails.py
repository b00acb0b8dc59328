"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from core import mail
from matchmaking import links
from matchmaking.changes import Change
from matchmaking.models import Participant, Seat, Timetable
from members.emails import letterhead


def send_agenda_changed(*, participant: Participant, timetable: Timetable, changes: Sequence[Change]) -> None:
    """What changed in a published agenda, before and after, on the participant's own clocks; once for a revision."""
    mail.queue(
        to=participant.email,
        kind="agenda",
        key=f"agenda-changed:{timetable.pk}:{timetable.revision}:{participant.pk}",
        template="agenda_changed",
        context=letterhead()
        | {
            "participant": participant,
            "round": timetable.round,
            "changes": changes,
            "url": links.url_of(participant, "agenda"),
        },
    )


def send_feedback_wanted(*, participant: Participant, day: date, seats: Sequence[Seat]) -> None:
    """After the last meeting of a day: each meeting with its own link; once a day."""
    _ask(participant, seats, kind="round-feedback", key=f"round-feedback:{participant.pk}:{day}", page="feedback")


def send_outcome_wanted(*, participant: Participant, months: int, seats: Sequence[Seat]) -> None:
    """Months after the round: each meeting that was held with its own link; once for 3 and once for 12 months."""
    key = f"round-outcome:{participant.pk}:{months}"
    _ask(participant, seats, kind="round-outcome", key=key, page="outcome", months=months)


def _ask(
    participant: Participant, seats: Sequence[Seat], *, kind: str, key: str, page: str, months: int | None = None
) -> None:
    """A question about each of some meetings."""
    token = links.token_of(participant)
    asked = [
        {
            "seat": seat,
            "other": seat.meeting.b if seat.meeting.a_id == participant.pk else seat.meeting.a,
            "url": mail.absolute(reverse(f"matchmaking:{page}", args=[token, seat.pk, *([months] if months else [])])),
        }
        for seat in seats
    ]
    mail.queue(
        to=participant.email,
        kind=kind,
        key=key,
        template=kind.replace("-", "_"),
        context=letterhead()
        | {
            "participant": participant,
            "round": participant.round,
            "asked": asked,
            "months": months,
            "url": links.url_of(participant, "feedback_overview"),
        },
    )
