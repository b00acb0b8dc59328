"""A guest on a phone, without an account: from the invitation's link to a ballot handed in, and a request answered."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from matchmaking import affinity
from matchmaking.models import Meeting, Participant, Round, Wish
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.matchmaking.own_pages import url
from tests.matchmaking.requests_ground import ask
from tests.matchmaking.texts import fill

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def round_(transactional_db) -> Round:
    round_ = RoundFactory(mode="both", name="Clean water around the Baltic Sea")
    with_programme(round_, slots=6, tables=4)
    fill(round_, 24)
    return round_


@pytest.fixture
def guest(round_) -> Participant:
    cluster = Participant.objects.filter(country="EE").first().cluster
    return ParticipantFactory(
        round=round_,
        cluster=cluster,
        invited=True,
        person="",
        company="Rannaku",
        town="",
        email="kadri@rannaku.example",
    )


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("Saved")


def sound(page: Page) -> None:
    """No fault of accessibility, and nothing hangs over the side."""
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_guest_signs_up_chooses_and_hands_in(visit, round_, guest):
    page = visit(None, url(guest, "own"), **PHONE)
    sound(page)
    page.get_by_label("Your name").fill("Kadri Kask")
    page.get_by_label("What you offer").fill("Nitrate sensors for harbours\nOptical probes")
    page.get_by_label("What you look for").fill("Suppliers of fish feed\nDistributors who know algae farming")
    page.get_by_label("Your name").click()
    saved(page)
    guest.refresh_from_db()
    assert (guest.person, guest.status) == ("Kadri Kask", "invited"), "saved before anybody pressed a button"
    page.get_by_label("Search by word or code").first.press_sequentially("instruments", delay=20)
    page.locator("#nace_codes-results").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="None of these").click()
    expect(page.get_by_role("checkbox", name="11:00")).not_to_be_checked()
    page.get_by_role("button", name="All of these").click()
    page.get_by_role("checkbox", name="12:40").uncheck()
    page.get_by_label("Country").select_option("FI")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Helsinki")
    page.get_by_role("button", name="Take part").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Whom do you want to meet?")
    guest.refresh_from_db()
    assert guest.is_in
    assert (guest.away.count(), len(guest.nace_codes)) == (1, 1)
    expect(page.locator("#waiting")).to_contain_text("We are working out who fits you.")
    affinity.refresh_due()
    page.reload()
    suggested = page.locator("section[aria-labelledby=suggested]")
    expect(suggested).to_contain_text(re.compile(r"[.] You (offer|look for): "))
    first = suggested.locator("article").first
    sound(page)

    must = first.get_by_role("button", name="Must")
    must.focus()
    page.keyboard.press("Enter")
    expect(must).to_have_attribute("aria-pressed", "true")
    expect(must).to_be_focused()
    expect(page.locator("#ballot-state")).to_contain_text("1 of 8 musts")
    expect(page.locator("#status")).to_contain_text("1 of 8 musts")
    first.get_by_role("button", name="Not for us").tap()
    expect(page.locator("#ballot-state")).to_contain_text("0 of 8 musts")
    assert Wish.objects.get().kind == "never"
    page.get_by_text("Search and filter").click()
    page.get_by_label("Search", exact=True).fill("sensors")
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    expect(page.locator("#results article").first).to_contain_text("ensors")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    expect(page.locator("section[aria-labelledby=suggested]")).to_have_count(0)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Your ballot is handed in.")).to_be_visible()


def test_request_is_sent_and_accepted(visit, round_):
    people = list(Participant.objects.filter(round=round_).select_related("round").order_by("pk"))
    me, other = people[0], people[1]
    ask(people[2], me, 3)
    page = visit(None, url(me, "request", other.pk), **PHONE)
    sound(page)
    page.get_by_label("Why you want to meet").fill("Your probes would fit into our buoys.")
    page.get_by_label("When").select_option(index=2)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="You wait for theirs")).to_be_visible()
    sound(page)

    theirs = visit(None, url(other, "own_requests"), **PHONE)
    theirs.get_by_label("A sentence with your answer").fill("Gladly.")
    theirs.get_by_role("button", name="Accept").click()
    expect(theirs.get_by_role("heading", name="You meet")).to_be_visible()
    sound(theirs)
    meeting = Meeting.objects.get()
    assert {meeting.a, meeting.b} == {me, other}

    theirs.get_by_role("link", name="I cannot come to one of these").click()
    sound(theirs)
    theirs.locator("details.confirm summary").first.click()
    theirs.get_by_label("A sentence to them, if you like").fill("Our train is late.")
    theirs.get_by_role("button", name="Cancel this meeting").click()
    expect(theirs.get_by_text("The meeting is cancelled.")).to_be_visible()
    meeting.refresh_from_db()
    assert meeting.status == "cancelled"
