"""Answering on a phone in a real browser: with scripts each tap is saved, without them the button does it."""

import pytest
from playwright.sync_api import expect

from evaluations.actions import waves
from evaluations.models import Invitee, Response
from tests.evaluations.surveys import CONTENT, HELPED, url
from tests.factories.evaluations import InviteeFactory, VersionFactory, WaveFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def invitee(home) -> Invitee:
    return InviteeFactory(wave=WaveFactory(version=VersionFactory(content=CONTENT)))


def test_each_tap_is_saved_and_the_whole_is_handed_in(visit, invitee):
    page = visit(None, url(invitee), **PHONE)
    page.get_by_label("Fewer than 10").check()
    expect(page.locator("#state")).to_contain_text("1 of 5 answered")
    expect(page.locator("#state")).to_contain_text("Saved ")
    for choice in ("Lack of time", "Lack of money", "Rules and paperwork", "We know no partners there"):
        page.get_by_label(choice).check()
    expect(page.locator("#state")).to_contain_text("You chose 4.")
    page.get_by_label("Rules and paperwork").uncheck()
    expect(page.locator("#state")).to_contain_text("2 of 5 answered")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.reload()
    expect(page.get_by_label("Fewer than 10")).to_be_checked()
    expect(page.get_by_label("Lack of money")).to_be_checked()
    for row in HELPED:
        page.locator(f"[name='q-helped-{row}'][value='much']").check()
    page.get_by_label("Open doors to partners").check()
    page.get_by_label("New contacts", exact=True).check()
    page.get_by_role("button", name="Hand in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your answers are in.")
    kept = Response.objects.get()
    assert (kept.is_complete, kept.answers["barriers"]) == (True, ["time", "money", "contacts"])


def test_without_scripts_the_button_saves_and_says_what_is_missing(visit, invitee):
    page = visit(None, url(invitee), java_script_enabled=False, **PHONE)
    page.get_by_label("Fewer than 10").check()
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_text("Saved. You can go on later with the same link.")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()

    expect(page.locator(".error-summary")).to_contain_text("things need another look")
    expect(page.get_by_label("Fewer than 10")).to_be_checked()
    assert Response.objects.get().answers == {"size_class": "micro"}


def test_tap_after_the_end_is_told_and_words_stay_in_the_page(visit, invitee):
    page = visit(None, url(invitee), **PHONE)
    words = page.get_by_label("What would you say about it in your own words?")
    words.fill("We found a partner in Tartu.")
    waves.close_wave(wave=invitee.wave, by=None)

    page.get_by_label("Fewer than 10").check()

    expect(page.locator("#state")).to_contain_text("This survey is closed.")
    expect(words).to_have_value("We found a partner in Tartu.")
    assert not Response.objects.exists()
