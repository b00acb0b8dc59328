"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from core import mail
from matchmaking import cards, links
from matchmaking.changes import Change
from matchmaking.clocks import moment_in, span_in
from matchmaking.models import Meeting, MeetingRequest, Participant, Round, RoundPartner, Seat, Timetable
from members.emails import accept_url, letterhead
from members.models import Invitation


def _round_words(round_: Round, zone: str, starts_at: datetime | None, ends_at: datetime | None) -> dict[str, object]:
    """When a round is and until when one signs up, on the reader's clocks."""
    return letterhead() | {
        "round": round_,
        "when": span_in(starts_at, ends_at, zone) if starts_at and ends_at else "",
        "register_until": moment_in(round_.register_until, zone),
        "choose_until": moment_in(round_.choose_until, zone),
    }


def _to(participant: Participant, template: str, kind: str, key: str, **more: object) -> None:
    """A mail to a participant with the link to its own pages. Needs `with_span`."""
    row: Any = participant
    context = _round_words(participant.round, participant.time_zone, row.starts_at, row.ends_at)
    context |= {"participant": participant, "url": links.url_of(participant)} | more
    mail.queue(to=participant.email, kind=kind, key=key, template=template, context=context)


def send_round_invitation(*, participant: Participant) -> None:
    """What the round is for, when it is, and the link; once for each version of the link. Needs `with_span`."""
    key = f"round-invitation:{participant.pk}:{participant.link_version}"
    _to(
        participant,
        "round_invitation" if participant.status == Participant.Status.INVITED else "round_link",
        "round-invitation",
        key,
        decline_url=links.url_of(participant, "decline"),
    )


def send_round_reminder(*, participant: Participant) -> None:
    """What is still missing: the answer to the invitation, or the choices. Needs `with_span`."""
    at = int(participant.reminded_at.timestamp())
    is_unanswered = participant.status == Participant.Status.INVITED
    _to(
        participant,
        "round_reminder",
        "round-reminder",
        f"round-reminder:{participant.pk}:{at}",
        is_unanswered=is_unanswered,
        decline_url=links.url_of(participant, "decline"),
    )


def send_round_withdrawn(*, participant: Participant, why: str) -> None:
    """Somebody else has taken the participant out of the round. Needs `with_span`."""
    key = f"round-withdrawn:{participant.pk}:{int(participant.status_at.timestamp())}"
    _to(participant, "round_withdrawn", "round-news", key, why=why)


def send_round_venue(*, participant: Participant, change: int) -> None:
    """The published round takes place elsewhere; once for each change of the venue. Needs `with_span`."""
    _to(participant, "round_venue", "round-news", f"round-venue:{participant.pk}:{change}")


def send_round_cancelled(*, round_: Round, to: str, key: str) -> None:
    """The round does not take place, in the manager's own words."""
    context = letterhead() | {"round": round_}
    mail.queue(to=to, kind="round-news", key=f"round-cancelled:{key}", template="round_cancelled", context=context)


def send_round_partner(*, partner: RoundPartner, to: str, invitation: Invitation | None = None) -> None:
    """What a partner can do in a round. Somebody who has no account yet comes in by the invitation first."""
    round_ = partner.round
    span = round_.slots.aggregate(starts_at=Min("starts_at"), ends_at=Max("ends_at"))
    context = _round_words(round_, round_.time_zone, **span) | {
        "partner": partner,
        "invitation": invitation,
        "url": accept_url(invitation) if invitation else mail.absolute(round_.get_absolute_url()),
    }
    mail.queue(
        to=to,
        kind="round-invitation",
        key=f"round-partner:{partner.pk}:{to.lower()}",
        template="round_partner",
        context=context,
    )


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
