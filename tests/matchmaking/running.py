"""A round of many companies in the middle of its day, for tests of its pages."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from matchmaking import links
from matchmaking.models import Meeting, Participant, Seat
from tests.factories.matchmaking import ParticipantFactory
from tests.matchmaking.ground import Ground, ground


def running(*, each: int = 6, slots: int = 4, **facts: object) -> Ground:
    """Person n of one cluster meets person n + slot of the other in each slot, at table n."""
    g = ground(each=each, slots=slots, tables=each, **facts)
    g.publish()
    meetings = [
        Meeting(timetable=g.timetable, a=g.here[n], b=g.there[(n + slot) % each], slot=g.slots[slot], table=g.tables[n])
        for slot in range(slots)
        for n in range(each)
    ]
    Meeting.objects.bulk_create(meetings)
    Seat.objects.bulk_create(
        Seat(meeting=meeting, timetable=g.timetable, slot=meeting.slot, participant=participant)
        for meeting in meetings
        for participant in (meeting.a, meeting.b)
    )
    return g


def add_a_person(g: Ground) -> Participant:
    """One more who takes part, with a meeting in the last slot."""
    person = ParticipantFactory(round=g.round, cluster=g.here[0].cluster)
    g.here.append(person)
    return person


def tell_of_all(g: Ground, *, held: str = "yes", relevance: int = 4, next_step: str = "contact") -> None:
    """Both sides of every meeting say the same."""
    Meeting.objects.filter(timetable=g.timetable).update(status="held" if held == "yes" else "no_show")
    said = {"held": held, "relevance": relevance, "next_step": next_step, "told_at": timezone.now()}
    Seat.objects.filter(timetable=g.timetable).update(**said)


def in_slot(g: Ground, number: int, *, minutes: int = 5):
    """A moment within a slot."""
    return g.slots[number].starts_at + timedelta(minutes=minutes)


def pages_of_a_day() -> list[tuple[str, str]]:
    """Every page of the day and after it that can be read, with things in it: name and path."""
    g = running(each=2, slots=1)
    g.round.slots.update(starts_at=timezone.now() - timedelta(minutes=5), ends_at=timezone.now() + timedelta(minutes=9))
    seat = g.here[0].seats.get()
    token = links.token_of(g.here[0])
    of_managers = ("day", "day_meetings", "walk_in", "board", "results", "report", "results_csv")
    arguments: dict[str, list[object]] = {name: [g.round.slug] for name in of_managers} | {
        "public_board": [links.board_token(g.round)],
        "feedback_overview": [token],
        "feedback": [token, seat.pk],
        "outcome": [token, seat.pk, 3],
    }
    return [(f"matchmaking:{name}", reverse(f"matchmaking:{name}", args=args)) for name, args in arguments.items()]
