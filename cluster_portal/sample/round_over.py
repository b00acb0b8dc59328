"""The sample round that is over.

The actions refuse what lies in the past, and rightly so. The round is therefore lived through ahead of today; then
every date of it is moved back by the same number of weeks, past the actions. What is said after the meetings is said
then.
The audit trail alone keeps the time at which the sample was loaded.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, F, Model
from django.utils import timezone

from cluster_portal.sample.round_steps import chance, confirm, hand_in_ballots, invite, set_up, solve
from core.ladder import AmountClass, Attribution
from matchmaking import timetables
from matchmaking.actions import day, feedback, rounds
from matchmaking.asking import to_ask
from matchmaking.models import (
    Affinity,
    Meeting,
    Outcome,
    Participant,
    Round,
    RoundPartner,
    Seat,
    Session,
    Slot,
    Timetable,
    Wish,
)
from members.models import User

AHEAD = 3  # weeks from today, while it is lived through
ABSENT, LATE = 2, 1
SAY_SOMETHING = 0.72
NEXT_STEPS = {  # by relevance: what is said comes next, the likelier ones more than once
    1: ("none",),
    2: ("none", "none", "contact"),
    3: ("none", "none", "none", "contact", "nda"),
    4: ("none", "none", "contact", "nda", "proposal", "project"),
    5: ("contact", "proposal", "project", "project", "deal"),
}
# How many answer after so many months, and what comes of each stage until the next question.
ANSWER = {3: 0.55, 12: 0.42}
COMES_OF = {
    "nothing": ("nothing",),
    "knowledge": ("nothing", "knowledge", "knowledge", "contact"),
    "contact": ("nothing", "knowledge", "contact", "contact", "opportunity"),
    "opportunity": ("knowledge", "contact", "opportunity", "opportunity", "project"),
    "project": ("contact", "opportunity", "project", "project", "agreement"),
    "agreement": ("opportunity", "project", "agreement", "agreement", "sales"),
    "sales": ("sales",),
}
WORTH = (AmountClass.UNDER_10K, AmountClass.UNDER_10K, AmountClass.UNDER_50K)
WHOSE = (*[Attribution.WOULD_NOT] * 4, *[Attribution.LATER] * 3, Attribution.ANYWAY)
OF_THE_ROUND: tuple[tuple[type[Model], str], ...] = (
    (Round, "pk"),
    (Session, "round"),
    (Slot, "round"),
    (RoundPartner, "round"),
    (Participant, "round"),
    (Wish, "participant__round"),
    (Timetable, "round"),
    (Meeting, "timetable__round"),
)

Told = dict[str, Any]


def load(
    told: Told,
    guests: list[Told],
    sentences: dict[str, list[str]],
    outcomes: dict[str, list[str]],
    *,
    today: date,
    by: User,
) -> Round:
    """Everybody came and chose, the timetable was published, the day was run; what came of it was told for a year."""
    round_ = set_up(told | {"weeks": AHEAD}, today=today, by=by)
    rounds.open_round(round_=round_, by=by)
    own = {guest["email"]: guest for guest in guests}
    for participant in invite(round_, told, guests, by=by):
        participant.round = round_
        confirm(participant, own.get(participant.email))
    hand_in_ballots(round_)
    timetables.publish(timetable=solve(round_, by=by), by=by)
    round_.refresh_from_db()
    began = timezone.now()
    run_the_day(round_, by=by)
    back = move_back(round_, weeks=AHEAD - told["weeks"])
    date_the_day(round_, began - back)
    say_how_it_went(round_, sentences)
    note_from_the_tables(round_, by=by)
    date_what_was_said(round_)
    say_what_came_of_it(round_, outcomes)
    rounds.finish_round(round_=round_, by=by)
    return round_


def run_the_day(round_: Round, *, by: User) -> None:
    """Most are here in time; one is late, and two do not come: their meetings are freed and filled anew."""
    people = list(Participant.objects.confirmed().filter(round=round_).order_by("pk"))
    missing = chance("day", round_.slug).sample(people, ABSENT + LATE)
    third = round_.slots.order_by("starts_at")[2]
    for participant in people:
        participant.round = round_
        if participant not in missing:
            day.check_in(participant=participant, by=by)
    for participant in missing[:ABSENT]:
        day.no_show(participant=participant, by=by)
    for participant in missing[ABSENT:]:
        day.expect_late(participant=participant, until=third.starts_at, by=by)


def move_back(round_: Round, *, weeks: int) -> timedelta:
    """Moves every date of the round by so many weeks on its own clocks, and returns by how much that is."""
    first = round_.slots.earliest("starts_at").starts_at
    local = first.astimezone(round_.zone)
    back = first - (local - timedelta(weeks=weeks)).astimezone(UTC)  # the clocks may have changed in between
    for model, of in OF_THE_ROUND:
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, DateTimeField)]
        model.objects.filter(**{of: round_.pk}).update(**{name: F(name) - back for name in names})
    round_.refresh_from_db()
    return back


def date_the_day(round_: Round, began: datetime) -> None:
    """What was tapped on the day was tapped just before the first meeting."""
    first = round_.slots.earliest("starts_at").starts_at
    people = list(round_.participants.all())
    for number, participant in enumerate(people):
        if participant.checked_in_at:
            participant.checked_in_at = first - timedelta(minutes=3 + number % 25)
        if participant.no_show_at:
            participant.no_show_at = first - timedelta(minutes=2)
    Participant.objects.bulk_update(people, ["checked_in_at", "no_show_at"])
    changed = Meeting.objects.filter(timetable=round_.timetable, status_at__gte=began)
    changed.update(status_at=first - timedelta(minutes=2))


# Afterwards


def say_what_came_of_it(round_: Round, sentences: dict[str, list[str]]) -> None:
    """After 3 and 12 months some answer and many do not; most go on a little, few come to a contract or sales."""
    for months in Outcome.LATER:
        asked = to_ask(round_, months).select_related("participant", "slot", "meeting__a", "meeting__b").order_by("pk")
        last = dict(Outcome.objects.filter(seat__in=asked).order_by("months").values_list("seat", "stage"))
        for seat in asked:
            dice = chance("outcome", str(months), seat.participant.email, seat.meeting.a.email, seat.meeting.b.email)
            if dice.random() > ANSWER[months]:
                continue
            stage = dice.choice(COMES_OF[last.get(seat.pk, Outcome.Stage.CONTACT)])
            told = {"stage": stage, "amount": dice.choice(WORTH), "attribution": dice.choice(WHOSE)}
            feedback.tell_outcome(seat=seat, months=months, **told, words=dice.choice(sentences[stage]))
            at = seat.slot.due_at(months) + timedelta(days=dice.randint(1, 12), minutes=dice.randint(1, 400))
            Outcome.objects.filter(seat=seat, months=months).update(told_at=at)


def say_how_it_went(round_: Round, sentences: dict[str, list[str]]) -> None:
    """Seven of ten say something; the better two fit, the more often something follows."""
    fits = {(row.a_id, row.b_id): row.score for row in Affinity.objects.filter(a__round=round_)}
    for seat in _seats(round_):
        a, b = seat.meeting.a, seat.meeting.b
        together = chance("meeting", a.email, b.email).random()
        dice = chance("seat", seat.participant.email, a.email, b.email)
        if dice.random() > SAY_SOMETHING:
            continue
        if together < 0.04:
            feedback.tell(seat=seat, held=Seat.Held.NO_SHOW)
        elif together < 0.07:
            feedback.tell(seat=seat, held=Seat.Held.MOVED)
        else:
            relevance = min(5, max(1, round(2.9 + 3 * fits.get((a.pk, b.pk), 0) + dice.uniform(-1.2, 1.2))))
            step = dice.choice(NEXT_STEPS[relevance])
            words = dice.choice(sentences[step])
            feedback.tell(seat=seat, held=Seat.Held.YES, relevance=relevance, next_step=step, words=words)


def _seats(round_: Round) -> Iterable[Seat]:
    rows = Seat.objects.standing().filter(timetable=round_.timetable)
    return rows.select_related("participant", "slot", "meeting__a", "meeting__b").order_by("slot__starts_at", "pk")


def note_from_the_tables(round_: Round, *, by: User) -> None:
    """Where neither side has said anything, the cluster team knows most of the time."""
    silent = Meeting.objects.filter(timetable=round_.timetable, status=Meeting.Status.PLANNED).select_related("a", "b")
    for meeting in silent.order_by("pk"):
        if chance("table", meeting.a.email, meeting.b.email).random() < 0.8:
            day.mark(meeting=meeting, status=Meeting.Status.HELD, by=by)


def date_what_was_said(round_: Round) -> None:
    """Feedback comes within the hour after a meeting."""
    seats = [seat for seat in _seats(round_) if seat.told_at]
    outcomes = list(Outcome.objects.filter(seat__in=seats, months=0).select_related("seat__slot"))
    for seat in seats:
        seat.told_at = seat.slot.ends_at + timedelta(minutes=1 + seat.pk % 50)
    for outcome in outcomes:
        outcome.told_at = outcome.seat.slot.ends_at + timedelta(minutes=1 + outcome.seat_id % 50)
    Seat.objects.bulk_update(seats, ["told_at"])
    Outcome.objects.bulk_update(outcomes, ["told_at"])
    over = Meeting.objects.filter(timetable=round_.timetable).exclude(status=Meeting.Status.CANCELLED)
    meetings = list(over.select_related("slot"))
    for meeting in meetings:
        meeting.status_at = meeting.slot.ends_at
    Meeting.objects.bulk_update(meetings, ["status_at"])
