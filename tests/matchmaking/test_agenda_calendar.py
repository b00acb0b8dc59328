"""The calendar that follows an agenda: the same event stays the same, changes grow, what falls away says so."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from matchmaking import links, timetables
from matchmaking.actions import meetings
from matchmaking.models import Affinity, Meeting, Round, Session, Slot, Table
from tests.factories.matchmaking import TimetableFactory, meeting_of
from tests.matchmaking.ground import Ground, ground


@pytest.fixture
def g(db, manager) -> Ground:
    found = ground(venue="Town hall, Kalmar")
    found.meeting(0, 0, 0)
    found.meeting(1, 1, 1)
    return found


def fetched(client, participant) -> dict[str, Event]:
    """The events of a participant's feed by their names, the feed fetched anew."""
    response = client.get(links.url_of(participant, "agenda_ics").removeprefix("http://127.0.0.1:8000"))
    assert response.status_code == 200
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(response.content).events}


def meeting_with(client, one, other) -> Event:
    return fetched(client, one)[f"Meeting with {other.company}"]


def test_feed_is_a_calendar_that_programs_fetch_and_people_download(g, client):
    g.publish()
    path = links.url_of(g.here[0], "agenda_ics").removeprefix("http://127.0.0.1:8000")
    response = client.get(path)
    calendar = Calendar.from_ical(response.content)

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert client.get(path, {"save": ""}).headers["Content-Disposition"].startswith("attachment")
    assert (calendar["VERSION"], calendar["X-WR-CALNAME"]) == ("2.0", g.round.name)
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(minutes=15)
    assert response.content == client.get(path).content


def test_meeting_stands_at_its_moment_with_place_and_reason(g, client):
    g.publish()
    Slot.objects.filter(pk=g.slots[0].pk).update(
        starts_at=datetime(2027, 3, 28, 0, 50, tzinfo=UTC), ends_at=datetime(2027, 3, 28, 1, 10, tzinfo=UTC)
    )
    Table.objects.filter(number=1).update(room="Hall A")
    Affinity.objects.create(
        a=g.here[0], b=g.there[0], score=1, reasons_a=[["shared_words", {"words": ["pumps", "pipes"]}]], reasons_b=[]
    )
    event = meeting_with(client, g.here[0], g.there[0])

    # The clocks are put forward between its beginning and its end.
    assert event.start == datetime(2027, 3, 28, 0, 50, tzinfo=UTC)
    assert event.end - event.start == timedelta(minutes=20)
    assert event["LOCATION"] == "Table 1, Hall A, Town hall, Kalmar"
    assert event["STATUS"] == "CONFIRMED"
    assert "You both name: pumps and pipes." in event["DESCRIPTION"]
    assert links.url_of(g.here[0], "agenda") in event["DESCRIPTION"]


def test_both_sides_have_the_same_event(g, client):
    g.publish()
    assert meeting_with(client, g.here[0], g.there[0])["UID"] == meeting_with(client, g.there[0], g.here[0])["UID"]


def test_moved_meeting_is_the_same_event_with_a_higher_sequence(g, client, manager):
    g.publish()
    before = meeting_with(client, g.here[0], g.there[0])
    meetings.move(meeting=g.timetable.meetings.get(a=g.here[0]), slot=g.slots[2], by=manager)
    after = meeting_with(client, g.here[0], g.there[0])

    assert after["UID"] == before["UID"]
    assert after.start == g.slots[2].starts_at
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt


def test_cancelled_meeting_says_so_and_comes_back_as_the_same_event(g, client, manager):
    g.publish()
    before = meeting_with(client, g.here[0], g.there[0])
    meetings.cancel(meeting=g.timetable.meetings.get(a=g.here[0]), why="", by=manager)
    cancelled = meeting_with(client, g.here[0], g.there[0])
    assert (cancelled["STATUS"], cancelled["TRANSP"], cancelled["UID"]) == ("CANCELLED", "TRANSPARENT", before["UID"])

    meetings.add(
        timetable=g.timetable, one=g.here[0], other=g.there[0], slot=g.slots[2], origin=Meeting.Origin.HAND, by=manager
    )
    back = meeting_with(client, g.here[0], g.there[0])
    assert (back["STATUS"], back["UID"], back["SEQUENCE"]) == ("CONFIRMED", before["UID"], 2)


def test_events_outlive_a_second_publication(g, client, manager):
    timetables.publish(timetable=g.timetable, by=manager)
    stays, goes = (meeting_with(client, one, other) for one, other in zip(g.here, g.there, strict=True))
    second = TimetableFactory(round=g.round, number=2)
    meeting_of(second, g.here[0], g.there[0], g.slots[3], g.tables[0])
    timetables.publish(timetable=second, over=g.timetable, by=manager)

    again, gone = (meeting_with(client, one, other) for one, other in zip(g.here, g.there, strict=True))
    assert (again["UID"], again.start) == (stays["UID"], g.slots[3].starts_at)
    assert again["SEQUENCE"] > stays["SEQUENCE"]
    assert (gone["UID"], gone["STATUS"]) == (goes["UID"], "CANCELLED")


def test_breaks_are_in_it_without_blocking_the_time(g, client):
    g.publish()
    at = g.slots[0].ends_at
    Session.objects.create(round=g.round, kind="break", name="Lunch", starts_at=at, ends_at=at + timedelta(minutes=45))
    lunch = fetched(client, g.here[0])["Lunch"]

    assert (lunch.start, lunch["TRANSP"]) == (at, "TRANSPARENT")


def test_before_publication_the_round_stands_in_it_and_no_meeting(g, client):
    events = fetched(client, g.here[0])

    assert list(events) == [g.round.name]
    assert events[g.round.name]["STATUS"] == "TENTATIVE"
    assert (events[g.round.name].start, events[g.round.name].end) == (g.slots[0].starts_at, g.slots[-1].ends_at)


def test_cancelled_round_cancels_its_meetings(g, client):
    g.publish()
    Round.objects.update(status=Round.Status.CANCELLED)
    assert meeting_with(client, g.here[0], g.there[0])["STATUS"] == "CANCELLED"


def test_video_link_is_the_address_of_the_event(g, client):
    g.publish()
    Table.objects.filter(number=1).update(link="https://video.example/1")
    event = meeting_with(client, g.here[0], g.there[0])
    assert (event["URL"], event["LOCATION"]) == ("https://video.example/1", "Video call 1, Town hall, Kalmar")


def test_line_breaks_in_names_add_nothing_to_the_calendar(g, client):
    g.publish()
    g.there[0].company = "Evil\r\nATTENDEE:mailto:x@evil.example"
    g.there[0].save()
    content = client.get(links.url_of(g.here[0], "agenda_ics").removeprefix("http://127.0.0.1:8000")).content

    assert b"\r\nATTENDEE" not in content
