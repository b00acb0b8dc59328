"""One timetable is published: checked, told to everybody once, and later to those whose agenda changes."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking import timetables
from matchmaking.actions import meetings
from matchmaking.models import ForbiddenPair, Meeting, MeetingRequest, Round, Seat, Timetable, Wish
from tests.factories.matchmaking import TimetableFactory, meeting_of
from tests.matchmaking.ground import Ground, ground


@pytest.fixture
def g(db) -> Ground:
    found = ground()
    found.meeting(0, 0, 0)
    found.meeting(1, 1, 1)
    return found


def publish(timetable: Timetable, by, **more) -> Timetable:
    return timetables.publish(timetable=timetable, by=by, **more)


def refused(saying: str):
    return pytest.raises(Refused, match=saying)


def another(g: Ground, *places: tuple[int, int, int], number: int = 2) -> Timetable:
    """A second draft with meetings at the first table: here, there, slot."""
    found = TimetableFactory(round=g.round, number=number)
    for here, there, slot in places:
        meeting_of(found, g.here[here], g.there[there], g.slots[slot], g.tables[0])
    return found


def test_publish_shows_the_timetable_and_gives_everybody_an_agenda(g, manager):
    published = publish(g.timetable, manager)

    g.round.refresh_from_db()
    assert (g.round.status, g.round.timetable) == (Round.Status.PUBLISHED, published)
    assert g.round.published_at == published.published_at
    assert (published.published_by, published.revision) == (manager, 1)
    everybody = {each.email for each in [*g.here, *g.there]}
    assert set(Mail.objects.values_list("to", flat=True)) == everybody
    assert Mail.objects.count() == 4
    mail = Mail.objects.get(to=g.here[0].email)
    assert g.there[0].company in mail.text
    assert "agenda.ics" in mail.text
    assert g.there[1].company not in mail.text
    event = AuditEvent.objects.get(action="matchmaking.timetable_published")
    assert (event.actor_label, event.details["told"]) == (str(manager), 4)


def test_publish_twice_is_once(g, manager):
    publish(g.timetable, manager)
    publish(g.timetable, manager)

    assert Mail.objects.count() == 4
    assert AuditEvent.objects.filter(action="matchmaking.timetable_published").count() == 1


def test_who_has_no_meeting_is_told_so(g, manager):
    meetings.cancel(meeting=g.timetable.meetings.first(), why="", by=manager)
    publish(g.timetable, manager)

    assert "There is no meeting for you in this timetable yet" in Mail.objects.get(to=g.here[0].email).text


@pytest.mark.parametrize("status", [Timetable.Status.RUNNING, Timetable.Status.FAILED, Timetable.Status.CANCELLED])
def test_draft_that_is_not_done_is_not_published(g, manager, status):
    Timetable.objects.update(status=status)
    with refused("not made yet"):
        publish(g.timetable, manager)
    assert not Mail.objects.exists()


def test_only_managers_publish(g, owner, evaluator):
    for by in (owner, evaluator):
        with pytest.raises(PermissionDenied):
            publish(g.timetable, by)


def test_draft_without_meetings_or_of_a_closed_round_is_not_published(g, manager):
    with refused("has no meetings"):
        publish(another(g), manager)
    Round.objects.update(status=Round.Status.PLANNED)
    with refused("not open"):
        publish(g.timetable, manager)


def test_draft_that_no_longer_fits_is_not_published(g, manager):
    g.there[0].away.add(g.slots[0])
    with refused("is not there at"):
        publish(g.timetable, manager)
    g.there[0].away.clear()
    ForbiddenPair.objects.create(a=g.here[0], b=g.there[0])
    with refused("keeps these two apart"):
        publish(g.timetable, manager)
    ForbiddenPair.objects.all().delete()
    Round.objects.update(quota=0, minimum=0)
    with refused("changed their choices"):
        publish(g.timetable, manager)
    g.here[0].status = "withdrawn"
    g.here[0].save()
    with refused("does not take part"):
        publish(g.timetable, manager)


def test_never_after_solving_stops_publication_without_naming_anybody(g, manager):
    Wish.objects.create(participant=g.there[0], other=g.here[0], kind=Wish.Kind.NEVER)

    with refused("^Participants have changed their choices since then. Solve again around the pins.$"):
        publish(g.timetable, manager)


# Again


def test_second_timetable_tells_only_those_whose_agenda_changes(g, manager):
    publish(g.timetable, manager)
    Mail.objects.all().delete()
    second = another(g, (0, 0, 0), (1, 1, 2))
    published = publish(second, manager, over=g.timetable)

    assert set(Mail.objects.values_list("to", flat=True)) == {g.here[1].email, g.there[1].email}
    assert "Before" in Mail.objects.get(to=g.here[1].email).text
    assert published.revision == 2


def test_what_falls_away_is_kept_as_cancelled(g, manager):
    publish(g.timetable, manager)
    second = publish(another(g, (0, 0, 0)), manager, over=g.timetable)

    gone = second.meetings.get(status=Meeting.Status.CANCELLED)
    assert (gone.a, gone.b) == (g.here[1], g.there[1])
    assert set(gone.seats.values_list("is_given_up", flat=True)) == {True}
    assert Seat.objects.standing().filter(timetable=second).count() == 2


def test_requests_follow_their_meeting_into_the_new_timetable(g, manager):
    publish(g.timetable, manager)
    old = g.timetable.meetings.get(a=g.here[0])
    request = MeetingRequest.objects.create(
        sender=g.here[0], receiver=g.there[0], turn=g.there[0], slot=g.slots[0], sentence="Hello", status="accepted",
        expires_at=timezone.now(), meeting=old,
    )  # fmt: skip
    second = publish(another(g, (0, 0, 2), (1, 1, 1)), manager, over=g.timetable)

    request.refresh_from_db()
    assert request.meeting == second.meetings.get(a=g.here[0])


def test_agreed_meetings_must_be_in_it(g, manager):
    g.round.timetable = another(g, (0, 1, 3), number=3)
    g.round.save()
    g.round.timetable.meetings.update(origin=Meeting.Origin.REQUEST)

    with refused("1 meeting that two have agreed on is not in it"):
        publish(g.timetable, manager)


def test_timetable_whose_meetings_were_held_is_not_replaced(g, manager):
    publish(g.timetable, manager)
    g.timetable.meetings.filter(a=g.here[0]).update(status=Meeting.Status.HELD)

    with refused("were held already"):
        publish(another(g, (0, 0, 0)), manager, over=g.timetable)


def test_organiser_who_has_not_seen_the_other_publication_is_told(g, manager):
    second = another(g, (0, 0, 0))
    publish(g.timetable, manager)

    with refused("Maja Manager has published timetable 1 in the meantime"):
        publish(second, manager)
    g.round.refresh_from_db()
    assert g.round.timetable == g.timetable


@pytest.mark.django_db(transaction=True)
def test_two_organisers_at_once_end_with_one_published(manager):
    """Real connections: each thread has its own."""
    g = ground()
    g.meeting(0, 0, 0)
    second = another(g, (1, 1, 1))
    start, ends = threading.Barrier(2), []

    def go(timetable: Timetable) -> None:
        start.wait()
        try:
            ends.append(publish(timetable, manager).number)
        except Refused as refusal:
            ends.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=go, args=[each]) for each in (g.timetable, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    g.round.refresh_from_db()
    won = [end for end in ends if isinstance(end, int)]
    assert won == [g.round.timetable.number]
    assert [end for end in ends if isinstance(end, str)] == [
        f"Maja Manager has published timetable {won[0]} in the meantime. Look at it first."
    ]
    assert Mail.objects.count() == 4
    assert Timetable.objects.exclude(published_at=None).count() == 1


def test_change_while_a_round_is_published_counts_from_the_new_revision(g, manager):
    publish(g.timetable, manager)
    Mail.objects.all().delete()
    meetings.move(meeting=g.timetable.meetings.get(a=g.here[0]), slot=g.slots[3], by=manager)

    assert {mail.key.split(":")[2] for mail in Mail.objects.all()} == {"2"}
    assert timezone.now() - g.timetable.meetings.get(a=g.here[0]).status_at < timedelta(minutes=1)
