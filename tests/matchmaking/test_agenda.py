"""A participant's agenda by link: times on the own clocks, whom and why, before and after publication; and on paper."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from lxml import html

from matchmaking import links
from matchmaking.actions import meetings
from matchmaking.models import Affinity, Meeting, Round, Session, Slot, Table
from tests.factories.matchmaking import ParticipantFactory, meeting_of
from tests.matchmaking.ground import Ground, ground
from tests.queries import assert_constant_queries


@pytest.fixture
def g(db) -> Ground:
    found = ground()
    found.meeting(0, 0, 0)
    found.meeting(1, 1, 1)
    return found


def page_of(client, participant, name: str = "agenda"):
    return client.get(links.url_of(participant, name).removeprefix("http://127.0.0.1:8000"))


def words(response) -> str:
    return " ".join(html.document_fromstring(response.content.decode()).text_content().split())


def on(day: datetime, g: Ground) -> None:
    """Puts the first slot at a moment."""
    Slot.objects.filter(pk=g.slots[0].pk).update(starts_at=day, ends_at=day + timedelta(minutes=20))


def test_before_publication_it_says_when_the_timetable_comes(g, client):
    Round.objects.update(choose_until=datetime(2027, 3, 27, 22, 30, tzinfo=UTC))
    shown = words(page_of(client, g.here[0]))

    assert "Everybody chooses until Sunday 28 March 2027, 00:30 Tallinn (UTC+02:00)." in shown
    assert g.there[0].company not in shown


def test_agenda_shows_whom_one_meets_where_and_why(g, client):
    g.publish()
    Table.objects.filter(number=1).update(room="Hall <A>")
    Affinity.objects.create(
        a=g.here[0],
        b=g.there[0],
        score=0.9,
        reasons_a=[["offer_meets_want", {"theirs": "<pumps>", "yours": "pump stations"}]],
        reasons_b=[["need_meets_offer", {"theirs": "pump stations", "yours": "<pumps>"}]],
    )
    response = page_of(client, g.here[0])
    shown = words(response)

    assert "1 meeting. Times are those of Tallinn" in shown
    for text in (
        g.there[0].company,
        g.there[0].person,
        "Table 1, Hall <A>",
        "They look for: <pumps>. You offer: pump stations.",
        g.there[0].offers,
    ):
        assert text in shown
    assert "They offer: pump stations" not in shown
    assert g.there[1].company not in shown
    assert "<pumps>" not in response.content.decode()


@pytest.mark.parametrize(
    ("month", "day", "own", "round_"),
    [(3, 27, "10:00", "09:00"), (3, 28, "11:00", "10:00"), (10, 30, "11:00", "10:00"), (10, 31, "10:00", "09:00")],
    ids=["before summer time", "on its first day", "on its last day", "after it"],
)
def test_times_follow_the_clocks_of_both_zones(g, client, month, day, own, round_):
    g.publish()
    on(datetime(2027, month, day, 8, 0, tzinfo=UTC), g)
    shown = words(page_of(client, g.here[0]))

    assert f"{own}–{own[:3]}20 {round_} in Stockholm" in shown


def test_round_clock_is_left_out_where_it_shows_the_same(g, client):
    g.publish()
    g.here[0].time_zone = "Europe/Oslo"
    g.here[0].save()

    assert "in Stockholm" not in words(page_of(client, g.here[0]))


def test_meeting_after_midnight_stands_under_its_own_day(g, client):
    g.publish()
    g.here[0].time_zone = "Asia/Tokyo"
    g.here[0].save()
    on(datetime(2027, 5, 3, 15, 30, tzinfo=UTC), g)

    assert "Tuesday 4 May 2027 00:30–00:50 17:30 in Stockholm" in words(page_of(client, g.here[0]))


def test_video_call_is_a_link(g, client):
    g.publish()
    Table.objects.filter(number=1).update(link="https://video.example/room-1")
    content = page_of(client, g.here[0]).content.decode()

    assert 'href="https://video.example/room-1"' in content
    assert "Video call 1" in content


def test_breaks_between_ones_meetings_stand_in_the_agenda(g, client):
    g.publish()
    meeting_of(g.timetable, g.here[0], g.there[1], g.slots[3], g.tables[0])
    for name, minutes in (("Coffee", 45), ("Dinner", 300)):
        at = g.slots[0].starts_at + timedelta(minutes=minutes)
        Session.objects.create(round=g.round, kind="break", name=name, starts_at=at, ends_at=at + timedelta(minutes=5))
    shown = words(page_of(client, g.here[0]))

    assert "Coffee" in shown
    assert "Dinner" not in shown


def test_cancelled_meeting_says_so_until_the_two_meet_again(g, client, manager):
    g.publish()
    meetings.cancel(meeting=g.timetable.meetings.get(a=g.here[0]), why="They are ill.", by=manager)
    shown = words(page_of(client, g.here[0]))
    assert "Cancelled They are ill." in shown
    assert "There is no meeting for you yet." in shown

    meetings.add(
        timetable=g.timetable, one=g.here[0], other=g.there[0], slot=g.slots[2], origin=Meeting.Origin.HAND, by=manager
    )
    shown = words(page_of(client, g.here[0]))
    assert "Cancelled" not in shown
    assert shown.count(g.there[0].company) == 1


def test_cancelled_round_shows_its_meetings_with_a_warning(g, client):
    g.publish()
    Round.objects.update(status=Round.Status.CANCELLED)
    shown = words(page_of(client, g.here[0]))
    assert "This round is cancelled. No meetings take place." in shown
    assert "I cannot come" not in shown


def test_who_cannot_come_is_led_to_leaving(g, client):
    g.publish()
    leave = reverse("matchmaking:leave", args=[links.token_of(g.here[0])])
    assert leave in page_of(client, g.here[0]).content.decode()


@pytest.mark.parametrize("name", ["agenda", "agenda_ics"])
def test_forged_replaced_and_ended_links_open_nothing(g, client, name):
    g.publish()
    path = reverse(f"matchmaking:{name}", args=[links.token_of(g.here[0])])
    forged = client.get(path.replace("/p/", "/p/x"))
    g.here[0].link_version = 2
    g.here[0].save()
    replaced = client.get(path)
    g.here[0].link_version = 1
    g.here[0].save()
    Slot.objects.update(starts_at=F("starts_at") - timedelta(days=500), ends_at=F("ends_at") - timedelta(days=500))
    ended = client.get(path)

    assert [each.status_code for each in (forged, replaced, ended)] == [404, 410, 410]
    assert all(g.there[0].company not in each.content.decode() for each in (forged, replaced, ended))
    assert client.post(path).status_code == 405


def test_agenda_asks_the_same_number_of_questions_for_any_size(client, db):
    g = ground(each=1, slots=30, tables=1)
    g.publish()

    def make() -> None:
        slot = g.slots[Meeting.objects.count()]
        meeting_of(g.timetable, g.here[0], ParticipantFactory(round=g.round), slot, g.tables[0])

    assert_constant_queries(
        lambda: page_of(client, g.here[0]),
        make,
        at_most=11,
        shows=lambda response: response.content.decode().count('class="agenda-row"'),
    )


# On paper


def test_badges_carry_name_company_cluster_and_agenda_eight_to_a_sheet(g, sign_in, manager):
    g.publish()
    for n in range(5):
        ParticipantFactory(round=g.round, cluster=g.there[0].cluster, person="", company=f"Late company {n}")
    response = sign_in(manager).get(reverse("matchmaking:badges", args=[g.round.slug]))
    page = html.document_fromstring(response.content.decode())

    assert [len(sheet) for sheet in page.xpath("//ul[@class='sheet']")] == [8, 1]
    first = " ".join(page.xpath("//li[@class='badge-card']")[0].text_content().split())
    assert first == (
        f"{g.here[0].person} {g.here[0].company} {g.here[0].cluster.name} 10:00 {g.there[0].company} 1"
    )  # fmt: skip


def test_table_plan_says_who_sits_there_when(g, sign_in, manager):
    g.publish()
    shown = words(sign_in(manager).get(reverse("matchmaking:table_plan", args=[g.round.slug])))

    assert f"10:00{g.here[0].company} – {g.there[0].company}" in shown
    assert f"10:25{g.here[1].company} – {g.there[1].company}" in shown
    assert "Table 2" not in shown


def test_paper_before_publication_says_what_is_missing(g, sign_in, manager):
    client = sign_in(manager)
    assert "No timetable is published yet." in words(client.get(reverse("matchmaking:badges", args=[g.round.slug])))
    assert "Nothing to print yet" in words(client.get(reverse("matchmaking:table_plan", args=[g.round.slug])))
