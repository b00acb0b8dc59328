"""A participant's agenda as an iCalendar feed (RFC 5545) that calendars fetch again and again."""

from datetime import datetime

from django.db.models import Max, Min
from django.utils.translation import gettext as _
from icalendar import Event

from core import calendars
from matchmaking import links
from matchmaking.models import Participant, Round, Seat
from matchmaking.reading import agenda


def feed(participant: Participant) -> bytes:
    """Meetings, cancelled ones too, and breaks; before publication the span of the round."""
    calendar = calendars.calendar("Matchmaking", participant.round.name, time_zone=participant.time_zone)
    for event in _events(participant):
        calendar.add_component(event)
    return calendar.to_ical()


def _events(participant: Participant) -> list[Event]:
    if not agenda.is_shown(participant.round):
        return _span(participant.round)
    reasons = agenda.reasons_for(participant)
    meetings = [_meeting(seat, participant, reasons) for seat in agenda.seats_of(participant)]
    return meetings + [_break(session, participant.round) for session in agenda.breaks_of(participant.round)]


def _event(round_: Round, name: str, starts_at: datetime, ends_at: datetime, changed_at: datetime) -> Event:
    return calendars.event(
        f"round-{round_.pk}-{name}",
        starts_at=starts_at,
        ends_at=ends_at,
        changed_at=changed_at,
        revision=round_.timetable.revision if round_.timetable else 0,
    )


def _meeting(seat: Seat, participant: Participant, reasons: dict[int, list[str]]) -> Event:
    """One meeting. Its name is that of the pair, so that it stays the same event when it moves or is published anew."""
    meeting, round_ = seat.meeting, participant.round
    other = agenda.other_of(meeting, participant)
    changed_at = max(filter(None, (meeting.status_at, round_.timetable.published_at)))
    event = _event(
        round_, f"{meeting.a_id}-{meeting.b_id}", meeting.slot.starts_at, meeting.slot.ends_at, changed_at
    )  # fmt: skip
    is_off = seat.is_given_up or round_.status == Round.Status.CANCELLED
    event.add("summary", _("Meeting with %(company)s") % {"company": other.company})
    event.add("location", ", ".join(filter(None, (agenda.place(meeting.table, round_), round_.venue))))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    if meeting.table.link:
        event.add("url", meeting.table.link)
    about = [other.person, *reasons.get(other.pk, ()), meeting.table.link, links.url_of(participant, "agenda")]
    event.add("description", "\n".join(filter(None, about)))
    return event


def _break(session, round_: Round) -> Event:
    changed_at = round_.timetable.published_at or round_.created_at
    event = _event(round_, f"break-{session.pk}", session.starts_at, session.ends_at, changed_at)
    event.add("summary", session.name)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if round_.status == Round.Status.CANCELLED else "CONFIRMED")
    return event


def _span(round_: Round) -> list[Event]:
    """Until the timetable is there: that the round is, and when."""
    span = round_.slots.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    if span["first"] is None:
        return []
    event = _event(round_, "span", span["first"], span["last"], round_.created_at)
    event.add("summary", round_.name)
    event.add("description", _("Your meetings appear here when the timetable is published."))
    event.add("location", round_.venue)
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE")
    return [event]
