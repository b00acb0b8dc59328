"""The grids of a timetable, and what is done in them by hand."""

import re

import pytest
from django.urls import reverse
from lxml import html

from core.models import Mail
from matchmaking.models import Affinity, ForbiddenPair, Meeting, Wish
from tests.client import htmx
from tests.factories.matchmaking import ParticipantFactory, meeting_of
from tests.matchmaking.ground import Ground, ground
from tests.queries import assert_constant_queries

MUST, NICE = Wish.Kind.MUST, Wish.Kind.NICE


@pytest.fixture
def g(db) -> Ground:
    found = ground(each=3, tables=3)
    found.meeting(0, 0, 0)
    found.meeting(1, 1, 1, is_pinned=True)
    return found


@pytest.fixture
def client(sign_in, manager):
    return sign_in(manager)


def url(g: Ground, name: str, *more: object) -> str:
    return reverse(f"matchmaking:{name}", args=[g.round.slug, *more])


def act(g: Ground, client, name: str, meeting: Meeting | None, **data: object):
    args = [1, meeting.pk] if meeting else [1]
    return client.post(url(g, name, *args), data, follow=True)


def words(response) -> str:
    return " ".join(html.document_fromstring(response.content.decode()).text_content().split())


def cells(response) -> list[str]:
    page = html.document_fromstring(response.content.decode())
    return [" ".join(cell.text_content().split()) for cell in page.xpath("//tbody//td[@data-at]")]


MANAGED = ["timetables", "compare", "badges", "table_plan"]


@pytest.mark.parametrize("name", [*MANAGED, "timetable", "publish"])
def test_pages_are_for_managers(g, sign_in, owner, evaluator, name):
    args = [] if name in MANAGED else [1]
    for user in (owner, evaluator):
        assert sign_in(user).get(url(g, name, *args)).status_code == 403


@pytest.mark.parametrize("name", ["move_meeting", "pin_meeting", "cancel_meeting", "forbid_pair"])
def test_acts_are_for_managers(g, sign_in, owner, evaluator, name):
    meeting = g.timetable.meetings.first()
    for user in (owner, evaluator):
        assert sign_in(user).post(url(g, name, 1, meeting.pk)).status_code == 403
    assert Meeting.objects.standing().count() == 2


def test_grid_of_participants_shows_each_meeting_in_both_rows_with_a_sign(g, client):
    Wish.objects.create(participant=g.here[0], other=g.there[0], kind=MUST)
    g.here[2].away.set([g.slots[0]])
    response = client.get(url(g, "timetable", 1))

    assert cells(response) == [
        f"● 1 {g.there[0].company}",
        f"◆· 1 {g.there[1].company}",
        f"● 1 {g.here[0].company}",
        f"◆· 1 {g.here[1].company}",
    ]
    assert response.content.decode().count("<td class=away>–") == 1
    assert "a must of one" in words(response)


def test_grid_of_tables_shows_each_meeting_once(g, client):
    response = client.get(url(g, "timetable", 1), {"view": "tables"})

    assert cells(response) == [
        f"· {g.here[0].company} {g.there[0].company}",
        f"◆· {g.here[1].company} {g.there[1].company}",
    ]


def test_names_are_text_in_the_grid(g, client):
    g.here[0].company = "<b>Bold</b> & Co"
    g.here[0].save()
    for view in ("people", "tables"):
        content = client.get(url(g, "timetable", 1), {"view": view}).content.decode()
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in content
        assert "<b>Bold" not in content


def test_what_speaks_against_a_meeting_is_shown_with_its_reason(g, client):
    g.here[0].away.add(g.slots[0])
    response = client.get(url(g, "timetable", 1), {"m": g.timetable.meetings.first().pk})

    assert f"! 1 {g.there[0].company}" in cells(response)
    assert f"{g.here[0].company} is not there at 10:00." in words(response)


def test_chosen_meeting_shows_reasons_and_free_places_alike_by_htmx_and_without(g, client):
    meeting = g.timetable.meetings.first()
    Affinity.objects.create(
        a=meeting.a, b=meeting.b, score=1, reasons_a=[["shared_words", {"words": ["<pumps>"]}]], reasons_b=[]
    )
    g.meeting(0, 1, 2)
    g.there[0].away.add(g.slots[3])
    path = url(g, "timetable", 1)
    page = client.get(path, {"m": meeting.pk})
    part = client.get(path, {"m": meeting.pk}, headers=htmx("chosen"))

    assert words(part) in words(page)
    assert "Their profile names it, too: <pumps>." in words(part)
    options = re.findall(r"<option value=\"(\d+-\d+)\">([^<]+)", part.content.decode())
    assert [label for _value, label in options] == ["Table 2", "Table 3", "10:25, Table 2"]
    assert "<table" not in part.content.decode()


@pytest.mark.parametrize("query", [{"m": "x"}, {"m": "999999"}, {"who": "0"}, {"who": "1", "with": "-"}, {"view": "?"}])
def test_odd_addresses_show_the_grid(g, client, query):
    assert client.get(url(g, "timetable", 1), query).status_code == 200


def test_meeting_is_moved_from_the_list_of_free_places(g, client):
    meeting = g.timetable.meetings.first()
    response = act(g, client, "move_meeting", meeting, place=f"{g.slots[2].pk}-{g.tables[2].pk}", view="tables")

    meeting.refresh_from_db()
    assert (meeting.slot, meeting.table) == (g.slots[2], g.tables[2])
    assert "Moved." in words(response)
    assert response.redirect_chain[-1][0] == f"{url(g, 'timetable', 1)}?view=tables&m={meeting.pk}#board"
    assert not Mail.objects.exists()


@pytest.mark.parametrize("place", ["", "x", "1-", "999999-1", "9" * 30 + "-1"])
def test_place_that_is_none_is_refused_in_words(g, client, place):
    meeting = g.timetable.meetings.first()
    response = act(g, client, "move_meeting", meeting, place=place)

    assert "Choose a time or a table from the list." in words(response)
    assert Meeting.objects.get(pk=meeting.pk).slot == g.slots[0]


def test_meeting_is_pinned_and_released(g, client):
    meeting = g.timetable.meetings.first()
    act(g, client, "pin_meeting", meeting, pinned="yes")
    assert Meeting.objects.get(pk=meeting.pk).is_pinned
    assert "No longer pinned." in words(act(g, client, "pin_meeting", meeting, pinned="no"))
    assert not Meeting.objects.get(pk=meeting.pk).is_pinned


def test_meeting_of_the_published_timetable_is_taken_out_and_both_hear(g, client):
    g.publish()
    response = act(g, client, "cancel_meeting", g.timetable.meetings.first(), why="Ill")

    assert "Taken out. Those concerned get a mail." in words(response)
    assert Mail.objects.count() == 2
    assert "Say why in at most 300" in words(
        act(g, client, "cancel_meeting", g.timetable.meetings.last(), why="x" * 301)
    )


def test_pair_is_kept_apart_and_allowed_again(g, client):
    act(g, client, "forbid_pair", g.timetable.meetings.first())
    pair = ForbiddenPair.objects.get()
    shown = words(client.get(url(g, "timetable", 1), {"view": "open"}))
    assert f"{g.here[0].company} – {g.there[0].company}" in shown
    client.post(url(g, "allow_pair", 1, pair.pk), {"view": "open"})
    assert not ForbiddenPair.objects.exists()
    assert client.post(url(g, "allow_pair", 1, pair.pk)).status_code == 404


def test_meeting_is_added_where_both_are_free(g, client):
    one, other = g.here[0], g.there[2]
    Wish.objects.create(participant=other, other=one, kind=NICE)
    response = client.get(url(g, "timetable", 1), {"who": one.pk, "with": other.pk})
    slots = re.search(r'<select id="slot".*?</select>', response.content.decode(), re.DOTALL)[0]
    assert re.findall(r">(\d\d:\d\d)<", slots) == ["10:25", "10:50", "11:15"]

    response = act(g, client, "add_meeting", None, one=one.pk, other=other.pk, slot=g.slots[1].pk)
    assert "Added and pinned." in words(response)
    assert Meeting.objects.get(a=one, b=other).origin == Meeting.Origin.HAND
    response = act(g, client, "add_meeting", None, one=one.pk, other=other.pk, slot=g.slots[2].pk)
    assert "have a meeting already" in words(response)
    assert "Choose a time from the list." in words(act(g, client, "add_meeting", None, one=one.pk, other=other.pk))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda g: None, "Both are free at 10:25. Add it by hand."),
        (lambda g: g.there[2].away.set(g.slots[:1]), "Both are free at 10:25. Add it by hand."),
        (lambda g: setattr(g.there[2], "quota", 0), "has its most meetings: 0."),
        (lambda g: setattr(g.here[0], "quota", 1), "has its most meetings: 1."),
        (lambda g: g.there[2].away.set(g.slots[1:]), "Whenever both are there, one of them has another meeting."),
        (lambda g: ForbiddenPair.objects.create(a=g.here[0], b=g.there[2]), "The cluster team keeps these two apart."),
        (lambda g: g.tables[2].delete() and g.tables[1].delete(), "Both are free at 10:50. Add it by hand."),
    ],
)
def test_open_must_says_why(g, client, change, why):
    Wish.objects.create(participant=g.here[0], other=g.there[2], kind=MUST)
    change(g)
    g.here[0].save()
    g.there[2].save()
    assert why in words(client.get(url(g, "timetable", 1), {"view": "open"}))


def test_conflicts_of_the_solver_are_told_with_names_and_times(g, client):
    g.timetable.conflicts = [
        {
            "kind": "pin", "participants": [g.here[0].pk], "slots": [g.slots[0].pk],
            "reasons": [{"code": "pin_double", "values": {
                "participant": g.here[0].pk, "slot": g.slots[0].pk, "others": [g.there[0].pk, g.there[1].pk]}}],
            "changes": [{"code": "release", "values": {"a": g.here[0].pk, "b": g.there[0].pk, "slot": g.slots[0].pk}}],
        }
    ]  # fmt: skip
    g.timetable.save()
    shown = words(client.get(url(g, "timetable", 1), {"view": "open"}))

    both = f"{g.there[0].company}, {g.there[1].company}"
    assert f"{g.here[0].company} is pinned at 10:00 with {both}, but meets one at a time." in shown
    assert f"Release or move the pin of {g.here[0].company} and {g.there[0].company} at 10:00." in shown


def test_drafts_of_other_rounds_and_unknown_ones_are_not_found(g, client):
    other = ground()
    elsewhere = other.meeting(0, 0, 0)
    assert client.get(url(g, "timetable", 9)).status_code == 404
    assert client.post(url(g, "pin_meeting", 1, elsewhere.pk)).status_code == 404


def test_grids_ask_the_same_number_of_questions_for_any_size(client):
    g = ground(each=1, slots=30, tables=30)

    def make() -> None:
        slot = g.slots[Meeting.objects.count()]
        new = ParticipantFactory(round=g.round, cluster=g.there[0].cluster)
        new.away.add(g.slots[0])
        Wish.objects.create(participant=new, other=g.here[0], kind=MUST)
        meeting_of(g.timetable, g.here[0], new, slot, g.tables[0])

    for view, shown in (("tables", 1), ("people", 2), ("open", 0)):
        Meeting.objects.all().delete()
        assert_constant_queries(
            lambda view=view: client.get(url(g, "timetable", 1), {"view": view}),
            make,
            at_most=36 if view == "open" else 18,
            shows=lambda response, shown=shown: len(cells(response)) // shown if shown else Meeting.objects.count(),
        )
