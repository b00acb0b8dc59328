"""The live board: now and next, table by table, for the wall and for phones, with no more than company names."""

from datetime import timedelta

import pytest
from django.urls import reverse
from lxml import html

from core.models import AuditEvent
from matchmaking import links
from matchmaking.models import Meeting, Participant
from tests.client import htmx
from tests.matchmaking.ground import Ground
from tests.matchmaking.running import add_a_person, in_slot, running
from tests.queries import assert_constant_queries


@pytest.fixture
def today(db, home, time_machine) -> Ground:
    """Three of each cluster, in the second of three slots."""
    g = running(each=3, slots=3)
    Participant.objects.filter(round=g.round).update(shows_name=True)
    time_machine.move_to(in_slot(g, 1), tick=False)
    return g


def public(g: Ground) -> str:
    return reverse("matchmaking:public_board", args=[links.board_token(g.round)])


def parts(response) -> list[tuple[str, list[str]]]:
    page = html.document_fromstring(response.content)
    return [
        (" ".join(part.xpath("string(h2)").split()), part.xpath(".//strong/text()"))
        for part in page.xpath("//div[@id='board']/section")
    ]


def test_board_shows_who_meets_whom_now_and_next(sign_in, manager, today):
    (now, tables), (following, _next) = parts(
        sign_in(manager).get(reverse("matchmaking:board", args=[today.round.slug]))
    )
    second, third = (f"{slot.starts_at.astimezone(today.round.zone):%H:%M}" for slot in today.slots[1:])
    assert now.startswith(f"Now {second}")
    assert following.startswith(f"Next {third}")
    assert tables == [name for n in range(3) for name in (today.here[n].company, today.there[(n + 1) % 3].company)]


def test_public_board_is_the_same_without_account(client, sign_in, manager, today):
    inside = sign_in(manager).get(reverse("matchmaking:board", args=[today.round.slug]))
    outside = client.get(public(today))
    assert parts(inside) == parts(outside)
    assert public(today).split("/")[-2].partition(":")[0] in inside.content.decode()
    assert "Open for the wall" not in outside.content.decode()


def test_board_names_companies_that_agreed_and_no_persons(client, today):
    Participant.objects.filter(pk=today.here[0].pk).update(shows_name=False, size_class="small", company="Hemlig AB")
    Participant.objects.filter(round=today.round).update(person="Somebody Special", phone="070-12345")
    page = client.get(public(today)).content.decode()
    assert "Hemlig" not in page
    assert "Small company in Estonia" in page
    for kept in ("Somebody Special", "070-12345", today.there[0].email, "Pumps for small"):
        assert kept not in page


def test_board_says_by_sign_and_word_whom_a_table_waits_for(client, today):
    one, other, third = (Meeting.objects.get(slot=today.slots[1], table=table) for table in today.tables)
    for participant in (one.a, one.b, other.a):
        Participant.objects.filter(pk=participant.pk).update(checked_in_at=today.slots[0].starts_at)
    Meeting.objects.filter(pk=third.pk).update(status="no_show")
    page = html.document_fromstring(client.get(public(today)).content)
    states = page.xpath("//section[1]//span[contains(@class,'status')]")
    assert [state.text_content().strip() for state in states] == ["Both are here", "One is here", "Not held"]
    assert all(state.xpath(".//*[name()='use']") for state in states)


def test_cancelled_meeting_is_not_on_the_board(client, today):
    Meeting.objects.filter(slot=today.slots[1], table=today.tables[0]).update(status="cancelled")
    (_now, tables), _next = parts(client.get(public(today)))
    assert len(tables) == 4


def test_board_comes_anew_by_itself_with_and_without_scripts(client, today):
    response = client.get(public(today))
    page = html.document_fromstring(response.content)
    board = page.get_element_by_id("board")
    assert board.get("hx-trigger") == "every 20s"
    assert page.xpath("//noscript/meta[@http-equiv='refresh']/@content") == ["20"]
    part = client.get(board.get("hx-get"), headers=htmx("board"))
    assert "<html" not in part.content.decode()
    assert html.tostring(html.fragment_fromstring(part.content.decode().strip())) == html.tostring(
        board, with_tail=False
    )


def test_break_and_end_are_said(client, today, time_machine):
    time_machine.move_to(today.slots[1].ends_at + timedelta(minutes=2), tick=False)
    text = client.get(public(today)).content.decode()
    assert "Break until" in text
    time_machine.move_to(today.slots[-1].ends_at + timedelta(minutes=2), tick=False)
    page = html.document_fromstring(client.get(public(today)).content)
    assert "The meetings are over" in page.text_content()
    assert not page.xpath("//*[@hx-trigger] | //meta[@http-equiv]"), "nothing asks any more"


def test_forged_link_and_board_of_a_draft_open_nothing(client, today):
    assert client.get(public(today)[:-3] + "xx/").status_code == 404
    assert client.get(reverse("matchmaking:public_board", args=[links.token_of(today.here[0])])).status_code == 404
    url = public(today)
    today.round.status = "open"
    today.round.save()
    assert client.get(url).status_code == 404


def test_board_of_the_managers_is_theirs(sign_in, outsider, evaluator, today):
    for user in (outsider, evaluator):
        assert sign_in(user).get(reverse("matchmaking:board", args=[today.round.slug])).status_code == 403
    assert not AuditEvent.objects.exists()


def test_name_runs_nowhere(client, today):
    Participant.objects.filter(pk=today.here[0].pk).update(company="<script>alert(1)</script>")
    page = html.document_fromstring(client.get(public(today)).content)
    assert "<script>alert(1)</script>" in page.xpath("//section[1]//strong/text()")


def test_board_asks_a_constant_number_of_questions(client, home, time_machine):
    from matchmaking.models import Table
    from tests.factories.matchmaking import meeting_of

    g = running(each=1, slots=1)
    Meeting.objects.all().delete()
    time_machine.move_to(in_slot(g, 0), tick=False)
    numbers = iter(range(100, 200))

    def make() -> None:
        table = Table.objects.create(round=g.round, number=next(numbers))
        meeting_of(g.timetable, add_a_person(g), add_a_person(g), g.slots[0], table)

    assert_constant_queries(
        lambda: client.get(public(g)), make, at_most=7, shows=lambda response: len(parts(response)[0][1]) // 2
    )
