"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.clocks import moment_in, span_in
from matchmaking import cards, links
from matchmaking.changes import Change
from matchmaking.models import Meeting, MeetingRequest, Participant, Round, RoundPartner, Seat, Timetable
from members.emails import accept_url, write
from members.models import Invitation


def _round_words(round_: Round, zone: str, starts_at: datetime | None, ends_at: datetime | None) -> dict[str, object]:
    """When a round is and until when one signs up, on the reader's clocks."""
    return {
        "round": round_,
        "when": span_in(starts_at, ends_at, zone) if starts_at and ends_at else "",
        "register_until": moment_in(round_.register_until, zone),
        "choose_until": moment_in(round_.choose_until, zone),
    }


def _write(
    to: Participant, template: str, *, key: str, kind: str = "", page: str = "own", anchor: str = "", **more: object
) -> None:
    """A mail to a participant about its round, with the link to one of its pages; its kind is mostly the template's."""
    about = {"participant": to, "round": to.round, "url": links.url_of(to, page) + anchor}
    write(template, to=to.email, key=key, kind=kind, **about | more)


def _write_of_round(to: Participant, template: str, *, key: str, kind: str = "", **more: object) -> None:
    """The same, which also tells when the round is. Needs `with_span`."""
    row: Any = to
    words = _round_words(to.round, to.time_zone, row.starts_at, row.ends_at)
    _write(to, template, key=key, kind=kind, **words | more)


def send_round_invitation(*, participant: Participant) -> None:
    """What the round is for, when it is, and the link; once for each version of the link. Needs `with_span`."""
    is_invited = participant.status == Participant.Status.INVITED
    _write_of_round(
        participant,
        "round_invitation" if is_invited else "round_link",
        kind="round-invitation",
        key=f"round-invitation:{participant.pk}:{participant.link_version}",
        decline_url=links.url_of(participant, "decline"),
    )


def send_round_reminder(*, participant: Participant) -> None:
    """What is still missing: the answer to the invitation, or the choices. Needs `with_span`."""
    _write_of_round(
        participant,
        "round_reminder",
        key=f"round-reminder:{participant.pk}:{int(participant.reminded_at.timestamp())}",
        is_unanswered=participant.status == Participant.Status.INVITED,
        decline_url=links.url_of(participant, "decline"),
    )


def send_round_withdrawn(*, participant: Participant, why: str) -> None:
    """Somebody else has taken the participant out of the round. Needs `with_span`."""
    key = f"round-withdrawn:{participant.pk}:{int(participant.status_at.timestamp())}"
    _write_of_round(participant, "round_withdrawn", kind="round-news", key=key, why=why)


def send_round_venue(*, participant: Participant, change: int) -> None:
    """The published round takes place elsewhere; once for each change of the venue. Needs `with_span`."""
    _write_of_round(participant, "round_venue", kind="round-news", key=f"round-venue:{participant.pk}:{change}")


def send_round_cancelled(*, round_: Round, to: str, key: str) -> None:
    """The round does not take place, in the manager's own words."""
    write("round_cancelled", to=to, kind="round-news", key=f"round-cancelled:{key}", round=round_)


def send_round_partner(*, partner: RoundPartner, to: str, invitation: Invitation | None = None) -> None:
    """What a partner can do in a round. Somebody who has no account yet comes in by the invitation first."""
    round_ = partner.round
    span = round_.slots.aggregate(starts_at=Min("starts_at"), ends_at=Max("ends_at"))
    context = _round_words(round_, round_.time_zone, **span) | {
        "partner": partner,
        "invitation": invitation,
        "url": accept_url(invitation) if invitation else mail.absolute(round_.get_absolute_url()),
    }
    write("round_partner", to=to, kind="round-invitation", key=f"round-partner:{partner.pk}:{to.lower()}", **context)


def send_agenda_changed(*, participant: Participant, timetable: Timetable, changes: Sequence[Change]) -> None:
    """What changed in a published agenda, before and after, on the participant's own clocks; once for a revision."""
    key = f"agenda-changed:{timetable.pk}:{timetable.revision}:{participant.pk}"
    _write(participant, "agenda_changed", kind="agenda", key=key, page="agenda", changes=changes)


def send_agenda(*, participant: Participant, meetings: Sequence[tuple[Meeting, Participant]]) -> None:
    """The whole agenda when a timetable is published: whom one meets when, and the calendar's address."""
    key = f"agenda:{participant.round_id}:{participant.pk}"
    calendar_url = links.url_of(participant, "agenda_ics")
    _write(participant, "agenda", key=key, page="agenda", meetings=meetings, calendar_url=calendar_url)


def _about_request(name: str, *, request: MeetingRequest, to: Participant, key: str, **more: object) -> None:
    other = request.receiver if to.pk == request.sender_id else request.sender
    _write(
        to,
        name,
        kind="requests",
        key=f"{name}:{request.pk}:{key}",
        page="own_requests",
        anchor=f"#request-{request.pk}",
        request=request,
        who=cards.title(other, reader=to),
        **more,
    )


def send_request_received(*, request: MeetingRequest) -> None:
    """Somebody asks to meet, or proposes another time: once for each time that an answer is waited for."""
    key, moved = request.expires_at.isoformat(), bool(request.answered_at)
    _about_request("request_received", request=request, to=request.turn, key=key, moved=moved)


def send_request_answered(*, request: MeetingRequest, to: Participant) -> None:
    """Yes or no, to the one who waited for it."""
    _about_request("request_answered", request=request, to=to, key=request.status)


def send_request_expired(*, request: MeetingRequest, to: Participant) -> None:
    """Nobody answered: the time is free again."""
    _about_request("request_expired", request=request, to=to, key="")


def send_request_reminder(*, request: MeetingRequest) -> None:
    """Half of the time to answer has passed."""
    key = request.expires_at.isoformat()
    _about_request("request_reminder", request=request, to=request.turn, key=key)


def send_meeting_called_off(*, meeting: Meeting, to: Participant, why: str) -> None:
    """A meeting that was agreed on falls away before the timetable is published."""
    key = f"meeting-called-off:{meeting.pk}:{to.pk}"
    _write(to, "meeting_called_off", kind="requests", key=key, page="own_requests", meeting=meeting, why=why)


def send_new_link(*, participant: Participant) -> None:
    """The newest link, to the address on record: at most once an hour, however often somebody asks."""
    hour = timezone.now().strftime("%Y%m%d%H")
    _write(participant, "own_link", key=f"own-link:{participant.pk}:{participant.link_version}:{hour}")


def send_feedback_wanted(*, participant: Participant, day: date, seats: Sequence[Seat]) -> None:
    """After the last meeting of a day: each meeting with its own link; once a day."""
    _ask(participant, seats, "round_feedback", key=f"round-feedback:{participant.pk}:{day}", page="feedback")


def send_outcome_wanted(*, participant: Participant, months: int, seats: Sequence[Seat]) -> None:
    """Months after the round: each meeting that was held with its own link; once for 3 and once for 12 months."""
    key = f"round-outcome:{participant.pk}:{months}"
    _ask(participant, seats, "round_outcome", key=key, page="outcome", months=months)


def _ask(
    participant: Participant, seats: Sequence[Seat], template: str, *, key: str, page: str, months: int | None = None
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
    _write(participant, template, key=key, page="feedback_overview", asked=asked, months=months)
