"""The cluster team's drafts: their figures, how the next one is made, two of them compared, one published."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.models import AuditEvent, Mail
from matchmaking.models import Round, Timetable, Wish
from tests.client import htmx
from tests.factories.matchmaking import TimetableFactory, meeting_of
from tests.matchmaking.ground import Ground, ground
from tests.queries import assert_constant_queries

MUST, NICE, NEVER = Wish.Kind.MUST, Wish.Kind.NICE, Wish.Kind.NEVER


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


def words(response) -> str:
    return " ".join(html.document_fromstring(response.content.decode()).text_content().split())


def test_list_shows_drafts_with_figures_and_solving_starts_from_it(g, client, manager):
    Wish.objects.create(participant=g.here[0], other=g.there[2], kind=MUST)
    Timetable.objects.update(value=99.98, bound=100)
    shown = words(client.get(url(g, "timetables")))
    assert "at least 99.9 % of the best possible 2 1 6 0 to 1 each, median 1" in shown

    response = client.post(url(g, "solve"), {"based_on": "1", "seed": "7"})
    made = Timetable.objects.get(number=2)
    assert response.url == url(g, "timetable", 2)
    assert (made.based_on, made.seed, made.started_by) == (g.timetable, 7, manager)
    response = client.post(url(g, "solve"), {}, follow=True)
    assert "Another timetable is being made" in words(response)


def test_odd_seed_keeps_what_was_typed(g, client):
    response = client.post(url(g, "solve"), {"based_on": "1", "seed": "-3"})
    assert response.status_code == 200
    assert 'value="-3"' in response.content.decode()
    assert not Timetable.objects.filter(number=2).exists()


def test_progress_polls_and_ends_and_can_be_stopped(g, client):
    facts = {"status": "running", "done": 40, "total": 100, "step": "improving", "result": ""}
    running = TimetableFactory(round=g.round, number=2, **facts)
    path = url(g, "timetable", 2)
    page, part = client.get(path), client.get(path, headers=htmx("progress"))
    for response in (page, part):
        assert "Placing what did not fit at first" in words(response)
        assert 'hx-trigger="every 2s"' in response.content.decode()
    assert '<meta http-equiv="refresh"' in page.content.decode()
    assert 'hx-trigger="every 2s"' in client.get(url(g, "timetables"), headers=htmx("drafts")).content.decode()

    client.post(url(g, "stop_solving", 2))
    running.refresh_from_db()
    assert running.stop_asked
    Timetable.objects.filter(pk=running.pk).update(status="failed", error="Something unexpected happened.")
    assert "Something unexpected happened." in words(client.get(path))
    Timetable.objects.filter(pk=running.pk).update(status="done")
    part = client.get(path, {"follow": ""}, headers=htmx("progress")).content.decode()
    assert "Look at it" in part
    assert "hx-trigger" not in part


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": "running", "step": "choosing"}, "Its worker has stopped. Another one begins it anew"),
        ({"status": "queued"}, "No worker has taken it up yet."),
    ],
)
def test_draft_that_nobody_works_at_says_how_it_goes_on(g, client, facts, said):
    draft = TimetableFactory(round=g.round, number=2, result="", heartbeat_at=timezone.now(), **facts)
    paths = url(g, "timetable", 2), url(g, "timetables")
    assert not [path for path in paths if said in words(client.get(path))]
    before = timezone.now() - timedelta(seconds=61)
    Timetable.objects.filter(pk=draft.pk).update(heartbeat_at=before, created_at=before)
    assert [path for path in paths if said in words(client.get(path))] == list(paths)


def test_compare_says_who_gains_and_loses_what(g, client):
    second = TimetableFactory(round=g.round, number=2)
    meeting_of(second, g.here[0], g.there[0], g.slots[3], g.tables[0])
    meeting_of(second, g.here[1], g.there[2], g.slots[1], g.tables[0])
    shown = words(client.get(url(g, "compare"), {"a": 1, "b": 2}))

    assert "0 meetings are the same in both. 1 moves to another time. 1 go, 1 come." in shown
    assert f"{g.here[1].company} + {g.there[2].company} − {g.there[1].company} 0" in shown
    assert f"{g.there[0].company} – – 1" in shown
    assert client.get(url(g, "compare"), {"a": "x", "b": 9}).status_code == 200


def test_publishing_asks_first_and_says_whom_it_tells(g, client):
    page = client.get(url(g, "publish", 1))
    assert "All 6 participants get their own agenda by mail" in words(page)
    assert "2 of them have no meeting" in words(page)
    assert not Mail.objects.exists()

    response = client.post(url(g, "publish", 1), {"over": ""}, follow=True)
    assert "Published. Participants get their agendas by mail." in words(response)
    assert Mail.objects.count() == 6
    second = TimetableFactory(round=g.round, number=2)
    meeting_of(second, g.here[0], g.there[0], g.slots[3], g.tables[0])
    meeting_of(second, g.here[1], g.there[1], g.slots[1], g.tables[0])
    assert "2 participants get a mail" in words(client.get(url(g, "publish", 2)))
    refused = client.post(url(g, "publish", 2), {"over": ""}, follow=True)
    assert "has published timetable 1 in the meantime" in words(refused)
    client.post(url(g, "publish", 2), {"over": "1"})
    assert Round.objects.get().timetable == second
    assert AuditEvent.objects.filter(action="matchmaking.timetable_published").count() == 2


def test_list_of_drafts_asks_the_same_number_of_questions_for_any_size(g, client):
    Timetable.objects.all().delete()
    assert_constant_queries(
        lambda: client.get(url(g, "timetables")),
        lambda: TimetableFactory(round=g.round, number=Timetable.objects.count() + 1),
        at_most=20,
        shows=lambda _response: Timetable.objects.count(),
    )
