"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Sequence

from django.utils import timezone

from core import mail
from matchmaking import cards, links
from matchmaking.changes import Change
from matchmaking.models import Meeting, MeetingRequest, Participant, Timetable
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


def _send_about_request(name: str, *, request: MeetingRequest, to: Participant, key: str, **more: object) -> None:
    other = request.receiver if to.pk == request.sender_id else request.sender
    mail.queue(
        to=to.email,
        kind="requests",
        key=f"{name}:{request.pk}:{key}",
        template=name,
        context=letterhead()
        | {
            "participant": to,
            "round": to.round,
            "request": request,
            "who": cards.title(other, reader=to),
            "url": f"{links.url_of(to, 'own_requests')}#request-{request.pk}",
        }
        | more,
    )


def send_request_received(*, request: MeetingRequest) -> None:
    """Somebody asks to meet, or proposes another time: once for each time that an answer is waited for."""
    key, moved = request.expires_at.isoformat(), bool(request.answered_at)
    _send_about_request("request_received", request=request, to=request.turn, key=key, moved=moved)


def send_request_answered(*, request: MeetingRequest, to: Participant) -> None:
    """Yes or no, to the one who waited for it."""
    _send_about_request("request_answered", request=request, to=to, key=request.status)


def send_request_expired(*, request: MeetingRequest, to: Participant) -> None:
    """Nobody answered: the time is free again."""
    _send_about_request("request_expired", request=request, to=to, key="")


def send_request_reminder(*, request: MeetingRequest) -> None:
    """Half of the time to answer has passed."""
    key = request.expires_at.isoformat()
    _send_about_request("request_reminder", request=request, to=request.turn, key=key)


def send_meeting_called_off(*, meeting: Meeting, to: Participant, why: str) -> None:
    """A meeting that was agreed on falls away before the timetable is published."""
    mail.queue(
        to=to.email,
        kind="requests",
        key=f"meeting-called-off:{meeting.pk}:{to.pk}",
        template="meeting_called_off",
        context=letterhead()
        | {
            "participant": to,
            "round": to.round,
            "meeting": meeting,
            "why": why,
            "url": links.url_of(to, "own_requests"),
        },
    )


def send_new_link(*, participant: Participant) -> None:
    """The newest link, to the address on record: at most once an hour, however often somebody asks."""
    hour = timezone.now().strftime("%Y%m%d%H")
    mail.queue(
        to=participant.email,
        kind="own-link",
        key=f"own-link:{participant.pk}:{participant.link_version}:{hour}",
        template="own_link",
        context=letterhead()
        | {"participant": participant, "round": participant.round, "url": links.url_of(participant)},
    )
