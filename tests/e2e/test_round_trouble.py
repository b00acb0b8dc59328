"""What goes wrong with a round in real life: two publish at once, a worker dies, somebody withdraws an hour before."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Mail
from matchmaking import links
from matchmaking.models import Meeting, Slot, Timetable, Wish
from members.models import User
from tests.factories.matchmaking import TimetableFactory, meeting_of
from tests.matchmaking.ground import Ground, ground

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Page]


@pytest.fixture
def g(manager: User) -> Ground:
    found = ground(each=3, tables=3)
    found.meeting(0, 0, 0)
    found.meeting(1, 1, 1)
    return found


def test_two_organisers_publish_two_drafts_at_once(visit: Visit, g: Ground, manager: User) -> None:
    other = TimetableFactory(round=g.round, number=2)
    meeting_of(other, g.here[0], g.there[0], g.slots[2], g.tables[0])
    pages = [visit(manager, f"/matchmaking/{g.round.slug}/timetables/{number}/publish/") for number in (1, 2)]
    for page in pages:  # neither waits for the answer of the other
        page.evaluate("document.querySelector('main form button.primary').click()")
    for page in pages:
        expect(page.get_by_text(re.compile(r"Published\. |in the meantime")).first).to_be_visible(timeout=30_000)

    said = " ".join(page.locator("body").inner_text() for page in pages)
    g.round.refresh_from_db()
    won = g.round.timetable.number
    assert "Published. Participants get their agendas by mail." in said
    assert f"has published timetable {won} in the meantime. Look at it first." in said
    assert Timetable.objects.exclude(published_at=None).count() == 1
    assert Mail.objects.filter(kind="agenda").count() == 6, "one agenda each, of the same timetable"


def test_page_of_a_solver_that_died_says_how_it_goes_on(visit: Visit, g: Ground, manager: User) -> None:
    silent = {"status": "running", "step": "choosing", "done": 20, "total": 100}
    draft = TimetableFactory(round=g.round, number=2, **silent, heartbeat_at=timezone.now() - timedelta(minutes=3))
    page = visit(manager, draft.get_absolute_url())
    expect(page.get_by_text("Its worker has stopped. Another one begins it anew within two minutes.")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It stops.")).to_be_visible()

    Timetable.objects.filter(pk=draft.pk).update(heartbeat_at=timezone.now())
    expect(page.get_by_text("Choosing who meets whom")).to_be_visible(timeout=10_000)
    Timetable.objects.filter(pk=draft.pk).update(status="done")
    expect(page.get_by_text("The timetable is made.")).to_be_visible(timeout=10_000)


def test_participant_withdraws_an_hour_before_and_the_slots_are_filled(visit: Visit, g: Ground) -> None:
    gone, left, waiting, apart = g.here[0], g.there[0], g.here[2], (g.here[1], g.there[1])
    begin = timezone.now() + timedelta(hours=1)
    for number, slot in enumerate(g.slots):
        at = begin + timedelta(minutes=25 * number)
        Slot.objects.filter(pk=slot.pk).update(starts_at=at, ends_at=at + timedelta(minutes=20))
    Wish.objects.create(participant=waiting, other=left, kind=Wish.Kind.MUST)
    g.publish()

    page = visit(None, f"/matchmaking/p/{links.token_of(gone)}/leave/", viewport={"width": 390, "height": 844})
    page.get_by_text("Withdraw from the round").click()
    page.get_by_label("A sentence, if you like", exact=True).fill("Our train stands still.")
    page.get_by_role("button", name="Yes, withdraw").click()
    expect(page.get_by_text("You have withdrawn. Those who were to meet you hear of it.")).to_be_visible()

    told = {mail.to: mail.text for mail in Mail.objects.filter(kind="agenda")}
    assert set(told) == {left.email, waiting.email}, "nobody else hears"
    assert f"Cancelled: {gone.company}" in told[left.email]
    assert "Our train stands still." in told[left.email]
    assert f"New: {waiting.company}" in told[left.email]
    filled = Meeting.objects.standing().get(timetable=g.timetable, origin=Meeting.Origin.REFILL)
    assert {filled.a, filled.b} == {waiting, left}
    assert not set(apart) & {filled.a, filled.b}

    agenda = visit(None, f"/matchmaking/p/{links.token_of(left)}/agenda/")
    expect(agenda.get_by_role("heading", name=waiting.company)).to_be_visible()
