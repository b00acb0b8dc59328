"""Tables of a published round: rooms and links can change, nobody's meeting is lost, and only those concerned hear."""

from datetime import timedelta

import pytest
from django.urls import reverse
from lxml import html

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking.actions.tables import set_tables
from matchmaking.models import Meeting, Round, Table
from tests.factories.matchmaking import TimetableFactory, meeting_of
from tests.matchmaking.ground import Ground, ground

HALL = ("Main hall", "")


@pytest.fixture
def g(db) -> Ground:
    """Two meetings at two tables in the first slot, one at the second table in the next; three tables."""
    found = ground(each=3, tables=3)
    found.meeting(0, 0, slot=0)
    found.meeting(1, 1, slot=0, table=1)
    found.meeting(2, 2, slot=1, table=1)
    found.publish()
    return found


def address(g: Ground, name: str = "tables") -> str:
    return reverse(f"matchmaking:{name}", args=[g.round.slug])


def told() -> set[str]:
    return set(Mail.objects.values_list("to", flat=True))


def at(g: Ground) -> dict[str, int]:
    return {row.a.company[-2:]: row.table.number for row in Meeting.objects.standing().filter(timetable=g.timetable)}


def test_new_room_is_told_to_those_who_sit_there_and_to_nobody_else(sign_in, manager, g):
    response = sign_in(manager).post(
        address(g), {"number": "3", "rooms": "Main hall: 1\n<Gallery>: 1\nMain hall: 1"}, follow=True
    )
    Mail.objects.all().delete()
    client = sign_in(manager)
    client.post(address(g), {"number": "3", "rooms": "Main hall: 1\nAttic <b>: 1\nMain hall: 1"})

    assert "Saved. 6 people are told." in response.content.decode()
    people = (g.here[1], g.there[1], g.here[2], g.there[2])
    assert told() == {each.email for each in people}
    mail = Mail.objects.get(to=g.here[1].email)
    assert "Before: " in mail.text
    assert "Table 2 (<Gallery>)" in mail.text
    assert "Table 2 (Attic <b>)" in mail.text
    assert "Attic &lt;b&gt;" in mail.html
    event = AuditEvent.objects.filter(action="matchmaking.tables_set").latest("pk")
    assert (event.details["tables"], event.details["told"]) == (3, 4)


def test_new_video_link_is_told_with_the_link(manager, g):
    Round.objects.update(place="online")
    links = [("", f"https://meet.example/{n}") for n in range(3)]
    set_tables(round_=g.round, tables=links, by=manager)
    revision = Round.objects.get().timetable.revision
    Mail.objects.all().delete()

    set_tables(round_=g.round, tables=[("", "https://meet.example/new"), *links[1:]], by=manager)

    assert told() == {g.here[0].email, g.there[0].email}
    assert "https://meet.example/new" in Mail.objects.first().text
    assert Round.objects.get().timetable.revision == revision + 1, "calendars follow the revision"


def test_saving_the_same_tells_nobody(manager, g):
    for _ in range(2):
        set_tables(round_=g.round, tables=[("", "")] * 3, by=manager)
    assert not Mail.objects.exists()
    assert Round.objects.get().timetable.revision == 0


def test_meetings_of_a_table_that_goes_move_to_a_free_one(manager, g):
    moved = g.meeting(0, 1, slot=2, table=2)
    assert set_tables(round_=g.round, tables=[("", "")] * 2, by=manager) == 2

    moved.refresh_from_db()
    assert moved.table.number == 1
    assert told() == {g.here[0].email, g.there[1].email}
    assert "Table 3" in Mail.objects.first().text


def test_table_that_is_needed_stays_and_nothing_changes(sign_in, manager, g):
    g.round.tables.update(room="Main hall")
    response = sign_in(manager).post(address(g), {"number": "1", "rooms": "Attic"})

    said = html.document_fromstring(response.content.decode()).text_content()
    assert "Table 2 is needed at 10:00, for Here company 01 and There company 01." in " ".join(said.split())
    assert 'value="1"' in response.content.decode(), "what was typed is kept"
    assert set(g.round.tables.values_list("number", "room")) == {(n, "Main hall") for n in (1, 2, 3)}
    assert at(g) == {"00": 1, "01": 2, "02": 2}
    assert not Mail.objects.exists()


def test_table_that_was_used_stays(manager, g, time_machine):
    time_machine.move_to(g.slots[1].ends_at + timedelta(minutes=1), tick=False)
    Meeting.objects.filter(slot=g.slots[0]).update(status="held")
    with pytest.raises(Refused, match="Keep tables that were used"):
        set_tables(round_=g.round, tables=[HALL], by=manager)
    assert set_tables(round_=g.round, tables=[HALL, HALL], by=manager) == 0, "what is over concerns nobody"


def test_cancelled_meetings_and_other_drafts_hold_no_table(manager, g):
    gone = g.meeting(0, 1, slot=3, table=2, status="cancelled")
    draft = TimetableFactory(round=g.round, number=2)
    meeting_of(draft, g.here[0], g.there[0], g.slots[0], g.tables[2])

    set_tables(round_=g.round, tables=[("", "")] * 2, by=manager)

    gone.refresh_from_db()
    assert gone.table.number == 1
    assert not draft.meetings.exists()
    assert not Mail.objects.exists()


def test_table_is_added_without_a_word(sign_in, manager, g):
    page = sign_in(manager).get(address(g, "programme")).content.decode()
    assert "Save the tables" in page
    assert "Tables, rooms and video links can change" in page
    set_tables(round_=g.round, tables=[("", "")] * 5, by=manager)
    assert (Table.objects.count(), Mail.objects.count()) == (5, 0)


@pytest.mark.parametrize(
    ("change", "tables", "sentence"),
    [
        ({"place": "online"}, [("", "https://a.example/"), ("", "")], "Give each table a video link"),
        ({}, [], "Say how many tables there are."),
        ({"status": "over"}, [HALL] * 3, "This round is over. Its tables stay as they are."),
        ({"status": "cancelled"}, [HALL] * 3, "This round is cancelled. Its tables stay as they are."),
    ],
)
def test_what_does_not_fit_is_refused_in_words(manager, g, change, tables, sentence):
    Round.objects.update(**change)
    with pytest.raises(Refused, match=sentence):
        set_tables(round_=g.round, tables=tables, by=manager)
    assert Table.objects.filter(room="", link="").count() == 3


def test_before_publishing_agreed_meetings_move_silently_or_the_table_stays(manager, g):
    Round.objects.update(status="open")
    g.meeting(0, 1, slot=2, table=2)
    set_tables(round_=g.round, tables=[("", "")] * 2, by=manager)

    assert at(g)["00"] == 1
    assert not Mail.objects.exists()
    with pytest.raises(Refused, match="Table 2 is needed"):
        set_tables(round_=g.round, tables=[("", "")], by=manager)
