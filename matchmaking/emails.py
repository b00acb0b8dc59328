"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Sequence

from core import mail
from matchmaking import links
from matchmaking.changes import Change
from matchmaking.models import Meeting, Participant, Timetable
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


def send_agenda(
    *, participant: Participant, timetable: Timetable, meetings: Sequence[tuple[Meeting, Participant]]
) -> None:
    """The whole agenda when a timetable is published: whom one meets when, and the calendar's address."""
    mail.queue(
        to=participant.email,
        kind="agenda",
        key=f"agenda:{timetable.round_id}:{participant.pk}",
        template="agenda",
        context=letterhead()
        | {
            "participant": participant,
            "round": timetable.round,
            "meetings": meetings,
            "url": links.url_of(participant, "agenda"),
            "calendar_url": links.url_of(participant, "agenda_ics"),
        },
    )
