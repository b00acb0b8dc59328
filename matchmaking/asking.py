"""Whom we ask about their meetings, and when: after the last one of a day, and after 3 and 12 months."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Max, QuerySet
from django.utils import timezone

from matchmaking import emails
from matchmaking.models import Meeting, Outcome, Participant, Round, Seat, Slot

# What came too late is left out: after a pause of the workers nobody is asked about a day long past.
ASKED_WITHIN = timedelta(days=3)
OUTCOMES_ASKED_WITHIN = timedelta(days=30)


def ask_feedback() -> None:
    """Writes to each participant of a day whose last meeting is over. Twice is once."""
    now = timezone.now()
    for round_ in _with_slots_ended(now - ASKED_WITHIN, now):
        for day, slots in _days_over(round_, now):
            seats = Seat.objects.standing().filter(timetable=round_.timetable_id, slot__in=slots, told_at=None)
            came = seats.filter(participant__no_show_at=None).exclude(meeting__status=Meeting.Status.NO_SHOW)
            for participant, own in _by_participant(came, round_):
                emails.send_feedback_wanted(participant=participant, day=day, seats=own)


def _with_slots_ended(after: datetime, until: datetime) -> QuerySet[Round]:
    """Rounds with a timetable of which a slot ended in this span of time."""
    ended = Slot.objects.filter(ends_at__gt=after, ends_at__lte=until)
    rounds = Round.objects.filter(status__in=[Round.Status.PUBLISHED, Round.Status.OVER])
    return rounds.exclude(timetable=None).filter(pk__in=ended.values("round")).order_by("pk")


def _days_over(round_: Round, now: datetime) -> Iterator[tuple[date, list[Slot]]]:
    """The days, on the round's own clocks, whose last slot ended not long ago."""
    slots = round_.slots.order_by("starts_at")
    for day, found in groupby(slots, key=lambda slot: slot.starts_at.astimezone(round_.zone).date()):
        of_day = list(found)
        if now - ASKED_WITHIN < of_day[-1].ends_at <= now:
            yield day, of_day


def _by_participant(seats: QuerySet[Seat], round_: Round) -> Iterator[tuple[Participant, list[Seat]]]:
    """The seats of each participant who still takes part."""
    found: dict[Participant, list[Seat]] = defaultdict(list)
    for seat in seats.filter(participant__status=Participant.Status.CONFIRMED).for_list():
        found[seat.participant].append(seat)
    for participant, own in found.items():
        participant.round = round_
        yield participant, own


def ask_outcomes() -> None:
    """Writes to each participant 3 and 12 months after the round's last slot. Twice is once."""
    now = timezone.now()
    for months in Outcome.LATER:
        for round_ in _last_met(months, now):
            seats = to_ask(round_, months).exclude(outcomes__months=months)
            for participant, own in _by_participant(seats, round_):
                emails.send_outcome_wanted(participant=participant, months=months, seats=own)


def _last_met(months: int, now: datetime) -> Iterator[Round]:
    """Rounds whose last slot was so many months ago, and not much longer."""
    rounds = Round.objects.filter(status__in=[Round.Status.PUBLISHED, Round.Status.OVER]).exclude(timetable=None)
    # Months have up to 31 days: a wide net first, then by the calendar.
    long_ago = now - timedelta(days=32 * months) - OUTCOMES_ASKED_WITHIN
    for round_ in rounds.annotate(last=Max("slots__ends_at")).filter(last__gt=long_ago, last__lte=now).order_by("pk"):
        due = Slot(ends_at=round_.last).due_at(months)
        if now - OUTCOMES_ASKED_WITHIN < due <= now:
            yield round_


def to_ask(round_: Round, months: int) -> QuerySet[Seat]:
    """The seats whose outcome we ask for: the meeting was held, and nobody there said that nothing follows."""
    seats = Seat.objects.kept().filter(timetable=round_.timetable_id)
    if months == Outcome.LATER[-1]:
        ended = Outcome.objects.filter(months=Outcome.LATER[0], stage=Outcome.Stage.NOTHING)
        seats = seats.exclude(pk__in=ended.values("seat"))
    return seats
