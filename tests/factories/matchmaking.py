"""Rounds and who takes part: minimal by default, states as traits."""

from datetime import UTC, datetime, timedelta

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from matchmaking import models
from tests.factories.members import OrganisationFactory


def morning(days: int = 30) -> datetime:
    """Nine o'clock UTC, so many days from now."""
    return (timezone.now() + timedelta(days=days)).astimezone(UTC).replace(hour=9, minute=0, second=0, microsecond=0)


class RoundFactory(DjangoModelFactory):
    """A round that is open for choices, without slots; `with_programme` adds slots and tables. Trait: planned."""

    class Meta:
        model = models.Round
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Round {n}")
    slug = factory.LazyAttribute(lambda round_: slugify(round_.name))
    aim = "New partners for clean water around the Baltic Sea."
    time_zone = "Europe/Stockholm"
    register_until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))
    choose_until = factory.LazyFunction(lambda: timezone.now() + timedelta(days=25))
    status = models.Round.Status.OPEN

    class Params:
        planned = factory.Trait(status=models.Round.Status.PLANNED)


def with_programme(round_: models.Round, *, slots: int = 4, tables: int = 3, starts_at: datetime | None = None) -> None:
    """Adds one session of slots of twenty minutes with pauses of five, and tables."""
    starts_at = starts_at or morning()
    ends_at = starts_at + timedelta(minutes=25 * slots)
    session = models.Session.objects.create(round=round_, name="Meetings", starts_at=starts_at, ends_at=ends_at)
    for number in range(slots):
        begin = starts_at + timedelta(minutes=25 * number)
        models.Slot.objects.create(
            round=round_, session=session, starts_at=begin, ends_at=begin + timedelta(minutes=20)
        )
    for number in range(1, tables + 1):
        models.Table.objects.create(round=round_, number=number)


class ParticipantFactory(DjangoModelFactory):
    """A guest of a foreign cluster who takes part. Traits: invited, shown (agreed to the name being shown)."""

    class Meta:
        model = models.Participant
        skip_postgeneration_save = True

    round = factory.SubFactory(RoundFactory)
    cluster = factory.SubFactory(OrganisationFactory, partner=True, name=factory.Sequence(lambda n: f"Cluster {n}"))
    company = factory.Sequence(lambda n: f"Guest company {n}")
    person = factory.Sequence(lambda n: f"Guest {n}")
    email = factory.Sequence(lambda n: f"guest{n}@guest.example")
    country = "EE"
    town = "Tartu"
    time_zone = "Europe/Tallinn"
    offers = "Pumps for small treatment plants"
    seeks = "Sensors that measure nitrate"
    status = models.Participant.Status.CONFIRMED

    class Params:
        invited = factory.Trait(status=models.Participant.Status.INVITED, offers="", seeks="")
        shown = factory.Trait(shows_name=True, shows_name_at=factory.LazyFunction(timezone.now))


class TimetableFactory(DjangoModelFactory):
    """A draft that the solver has finished."""

    class Meta:
        model = models.Timetable

    round = factory.SubFactory(RoundFactory)
    number = factory.Sequence(lambda n: n + 1)
    status = models.Timetable.Status.DONE
    result = models.Timetable.Result.OPTIMAL


def meeting_of(
    timetable: models.Timetable,
    one: models.Participant,
    other: models.Participant,
    slot: models.Slot,
    table: models.Table,
    **facts: object,
) -> models.Meeting:
    """A meeting with its two seats."""
    a, b = models.ordered(one, other)
    meeting = models.Meeting.objects.create(timetable=timetable, a=a, b=b, slot=slot, table=table, **facts)
    for participant in (a, b):
        models.Seat.objects.create(meeting=meeting, timetable=timetable, slot=slot, participant=participant)
    return meeting
