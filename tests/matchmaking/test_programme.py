"""Sessions are cut into slots as time passes, tables have rooms and links, and what stands is not taken away."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from matchmaking.actions import rounds as actions
from matchmaking.models import Meeting, MeetingRequest, Session, Slot, Table
from matchmaking.slots import cut
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.matchmaking.ground import ground
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2027-02-01T12:00:00+00:00", tick=False)


@pytest.fixture
def planned(manager):
    until = datetime(2027, 3, 1, tzinfo=UTC)
    return RoundFactory(planned=True, time_zone="Europe/Tallinn", register_until=until, choose_until=until)


def address(round_, name="programme", *more):
    return reverse(f"matchmaking:{name}", args=[round_.slug, *more])


def typed(**more):
    return {
        "kind": "meetings", "name": "Morning", "day": "2027-05-03", "begins": "09:00", "ends": "12:00",
        "slot_minutes": "20", "pause_minutes": "5",
    } | more  # fmt: skip


def add(client, round_, **more):
    return client.post(address(round_), typed(**more), follow=True)


def faults(response) -> str:
    page = html.document_fromstring(response.content)
    return page.xpath("string(//div[@class='error-summary'])") + page.xpath("string(//div[@class='messages'])")


def clocks(round_) -> list[str]:
    return [f"{s.starts_at.astimezone(round_.zone):%H:%M}" for s in round_.slots.order_by("starts_at")]


def test_session_is_cut_into_slots_that_are_shown_at_once(sign_in, manager, planned):
    page = add(sign_in(manager), planned).content.decode()

    assert clocks(planned) == ["09:00", "09:25", "09:50", "10:15", "10:40", "11:05", "11:30"]
    assert planned.slots.order_by("starts_at")[0].starts_at == datetime(2027, 5, 3, 6, tzinfo=UTC)
    for shown in ("Monday 3 May 2027", "09:00–09:20", "11:30–11:50", "7 slots of 20 minutes, 5 between"):
        assert shown in page
    assert AuditEvent.objects.get(action="matchmaking.session_added").actor_id == manager.pk


@pytest.mark.parametrize(
    ("day", "slots", "hours"),
    # The night in which the clocks of Tallinn go forward from 3 to 4, back from 4 to 3, and one like any other.
    [("2027-03-28", 6, 3), ("2027-10-31", 10, 5), ("2027-05-03", 8, 4)],
)
def test_night_in_which_the_clocks_change_is_as_long_as_it_is(sign_in, manager, planned, day, slots, hours):
    add(sign_in(manager), planned, day=day, begins="01:00", ends="05:00", slot_minutes="20", pause_minutes="10")

    found = list(planned.slots.order_by("starts_at"))
    assert len(found) == slots
    session = Session.objects.get()
    assert session.ends_at - session.starts_at == timedelta(hours=hours)
    begins = [slot.starts_at for slot in found]
    assert all(later - earlier == timedelta(minutes=30) for earlier, later in pairwise(begins))
    assert all(slot.ends_at - slot.starts_at == timedelta(minutes=20) for slot in found)


def test_cutting_counts_minutes_that_pass_not_those_on_the_wall():
    zone = ZoneInfo("Europe/Tallinn")
    found = list(
        cut(datetime(2027, 3, 28, 2, 0, tzinfo=zone), datetime(2027, 3, 28, 5, 0, tzinfo=zone), minutes=60, pause=0)
    )

    assert [begin for begin, _end in found] == [datetime(2027, 3, 28, hour, tzinfo=UTC) for hour in (0, 1)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": "2027-03-28", "begins": "03:30", "ends": "06:00"}, "there is no 03:30 on that day"),
        ({"ends": "08:00"}, "A session ends after it begins, on the same day."),
        ({"ends": "09:10"}, "No meeting of 20 minutes fits in."),
        ({"day": "2027-01-05"}, "This day has passed."),
        ({"day": "2027-02-25"}, "People choose until 1 March 2027, 02:00, Tallinn (UTC+02:00). Begin later"),
        ({"slot_minutes": "0"}, "Write 5 or more."),
        ({"day": "soon"}, "Write a date, such as 2027-05-03."),
    ],
)
def test_session_that_does_not_fit_is_refused_in_words(sign_in, manager, planned, wrong, sentence):
    response = add(sign_in(manager), planned, **wrong)

    assert sentence in faults(response)
    assert 'value="Morning"' in response.content.decode()
    assert not Session.objects.exists()


def test_sessions_do_not_overlap_but_may_touch(sign_in, manager, planned):
    client = sign_in(manager)
    add(client, planned)
    add(client, planned, kind="break", name="", begins="12:00", ends="13:00")

    response = add(client, planned, name="Clash", begins="11:59", ends="12:30")

    assert "It overlaps with “Morning”, which begins 3 May 2027, 09:00" in faults(response)
    lunch = Session.objects.get(kind="break")
    assert (lunch.name, lunch.slots.count()) == ("Break", 0)
    assert Session.objects.count() == 2


def test_next_session_is_proposed_where_the_last_one_ends(sign_in, manager, planned):
    page = html.document_fromstring(add(sign_in(manager), planned, slot_minutes="30").content)

    assert page.get_element_by_id("id_slot_minutes").get("value") == "30"
    assert page.get_element_by_id("id_day").get("value") == "2027-05-03"
    assert page.get_element_by_id("id_begins").get("value") == "12:00"


def test_session_goes_with_what_drafts_have_put_there(sign_in, manager):
    found = ground()
    found.meeting(0, 0, slot=0)
    session = Session.objects.get()

    for _ in range(2):
        response = sign_in(manager).post(address(found.round, "remove_session", session.pk), follow=True)

    assert response.status_code == 404
    assert not Slot.objects.exists()
    assert not Meeting.objects.exists()
    assert AuditEvent.objects.filter(action="matchmaking.session_removed").count() == 1


def test_session_with_meetings_that_people_see_stays(manager):
    found = ground()
    found.meeting(0, 0, slot=0)
    found.round.timetable = found.timetable  # agreed by request before the timetable is published
    found.round.save()

    with pytest.raises(Refused, match="1 meeting that people see in their agenda stands there"):
        actions.remove_session(session=Session.objects.get(), by=manager)


def test_session_with_open_requests_stays(manager):
    found = ground()
    a, b = found.here[0], found.there[0]
    until = datetime(2027, 2, 5, tzinfo=UTC)
    MeetingRequest.objects.create(sender=a, receiver=b, turn=b, slot=found.slots[0], sentence="Hello", expires_at=until)

    with pytest.raises(Refused, match="1 request waits for an answer in this session"):
        actions.remove_session(session=Session.objects.get(), by=manager)


def test_programme_of_a_published_round_stays_as_it_is(sign_in, manager):
    found = ground()
    found.publish()
    client = sign_in(manager)

    assert "past its planning (timetable published)" in faults(add(client, found.round, day="2027-06-01"))
    gone = client.post(address(found.round, "remove_session", Session.objects.get().pk), follow=True)
    assert "Its programme stays as it is." in faults(gone)
    page = client.get(address(found.round)).content.decode()
    assert "The programme is fixed" in page
    assert "Add a session" not in page
    assert (Slot.objects.count(), Table.objects.count()) == (4, 2)


@pytest.mark.parametrize("who", ["owner", "evaluator"])
def test_programme_is_the_managers_to_change(who, request, planned):
    with_programme(planned)
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        actions.remove_session(session=Session.objects.get(), by=user)
    with pytest.raises(PermissionDenied):
        actions.add_session(
            round_=planned, kind="break", name="", starts_at=planned.choose_until,
            ends_at=planned.choose_until + timedelta(hours=1), by=user,
        )  # fmt: skip


# Tables


def set_tables(client, round_, **fields):
    return client.post(address(round_, "tables"), fields, follow=True)


def test_tables_have_rooms_and_are_numbered_on(sign_in, manager, planned):
    client = sign_in(manager)
    set_tables(client, planned, number="5", rooms="Main hall: 3\nGallery: 2")
    assert [(t.number, t.room) for t in planned.tables.order_by("number")] == [
        (1, "Main hall"), (2, "Main hall"), (3, "Main hall"), (4, "Gallery"), (5, "Gallery"),
    ]  # fmt: skip
    first = planned.tables.get(number=1)

    page = set_tables(client, planned, number="2", rooms="Attic").content.decode()

    assert [(t.pk, t.room) for t in planned.tables.filter(number=1)] == [(first.pk, "Attic")]
    assert planned.tables.count() == 2
    assert "Attic: 2" in page


def test_online_tables_have_links_from_a_pattern_or_one_each(sign_in, manager, planned):
    actions.change_round(round_=planned, place="online", by=manager)
    client = sign_in(manager)
    set_tables(client, planned, number="2", links="https://meet.example/round-{number}?a=1")
    assert [t.link for t in planned.tables.order_by("number")] == [
        "https://meet.example/round-1?a=1", "https://meet.example/round-2?a=1",
    ]  # fmt: skip

    set_tables(client, planned, number="2", links="https://one.example/\n\nhttps://two.example/")
    assert [t.link for t in planned.tables.order_by("number")] == ["https://one.example/", "https://two.example/"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "5", "rooms": "Main hall: 3\nGallery: 1"}, "The rooms hold 4 tables, and you want 5."),
        ({"number": "5", "rooms": "Main hall\nGallery"}, "Write the number of tables behind “Main hall”"),
        ({"number": "2", "rooms": "Main hall: ²\nGallery: 1"}, "Write the number of tables behind “Main hall: ²”"),
        ({"number": "3", "links": "https://one.example/"}, "There are 1 links for 3 tables."),
        ({"number": "1", "links": "javascript:alert(1)"}, "Line 1 is no web address."),
        ({"number": "0"}, "Write 1 or more."),
        ({"number": "999999"}, "Write 400 or less."),
    ],
)
def test_tables_that_do_not_add_up_are_refused(sign_in, manager, planned, fields, sentence):
    actions.change_round(round_=planned, place="mixed", by=manager)

    response = set_tables(sign_in(manager), planned, **fields)

    assert sentence in faults(response)
    assert not Table.objects.exists()


def test_capacity_is_said_with_what_the_people_need(sign_in, manager, planned):
    with_programme(planned, slots=12, tables=40, starts_at=datetime(2027, 5, 3, 6, tzinfo=UTC))
    for _ in range(5):
        ParticipantFactory(round=planned)
    ParticipantFactory(round=planned, quota=2, time_zone="America/New_York")
    ParticipantFactory(round=planned, status="declined")
    client = sign_in(manager)

    page = client.get(address(planned)).content.decode()
    assert "40 tables x 12 slots = 480 meetings. 6 participants with 8 each need 21." in page
    assert "Enough room" in page
    assert "New York (UTC-04:00)" in page
    assert "02:00–07:00" in page

    planned.tables.filter(number__gt=1).delete()
    page = client.get(address(planned)).content.decode()
    assert "Too little room: add tables or slots" in page


def test_programme_asks_the_same_number_of_questions(sign_in, manager, planned):
    client, made = sign_in(manager), []

    def make():
        made.append(
            with_programme(planned, slots=1, tables=0, starts_at=datetime(2027, 5, 1 + len(made), 6, tzinfo=UTC))
        )

    assert_constant_queries(
        lambda: client.get(address(planned)), make, at_most=16, shows=lambda r: r.content.decode().count("1 slot of 20")
    )
