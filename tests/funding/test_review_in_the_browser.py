"""A review by keyboard, saved as one goes, and words that outlive a lost connection."""

import re

import pytest
from playwright.sync_api import expect

from funding.models import Score
from tests.funding.review_ground import ground, lose_role, opened, url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_review_is_written_by_keyboard_and_handed_in(visit, home):
    g = ground(home)
    row = opened(g.ferries, g.eva)
    page = visit(g.eva.user, url("review", row.key))
    page.locator("h1").click()
    for key in ("j", "4", "w"):
        page.keyboard.press(key)
    page.keyboard.type("Three harbours change. 5 of 5 tell so, j and k.")
    page.keyboard.press("Escape")
    for key in ("j", "2", "w"):
        page.keyboard.press(key)
    page.keyboard.type("Who does what is clear.")
    expect(page.get_by_text("2 of 2 criteria ready")).to_be_visible()

    assert sorted(Score.objects.values_list("value", flat=True)) == [2, 4]
    page.get_by_role("button", name="Hand in the review").click()
    expect(page.get_by_text("1 of 1 handed in")).to_be_visible()
    row.refresh_from_db()
    assert row.status == "done"


def test_words_outlive_a_lost_connection(visit, home):
    g = ground(home)
    row = opened(g.ferries, g.eva)
    page = visit(g.eva.user, url("review", row.key))
    page.context.set_offline(True)
    page.get_by_label("Why").first.fill("Typed in a tunnel.")
    expect(page.locator("[data-autosave-status]")).to_have_text("Not saved yet. It is tried again.")
    assert not Score.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved", timeout=12_000)

    assert Score.objects.get().words == "Typed in a tunnel."


def test_words_of_a_closed_page_come_back(visit, home):
    g = ground(home)
    row = opened(g.ferries, g.eva)
    page = visit(g.eva.user, url("review", row.key))
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/reviews/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("Why").first.fill("Written before the lid was shut.")
    expect(page.locator("[data-autosave-status]")).to_have_text("Not saved yet. It is tried again.")
    page.unroute("**/reviews/**")
    page.goto(url("review", row.key))

    expect(page.get_by_label("Why").first).to_have_value("Written before the lid was shut.")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"Saved \d"), timeout=8_000)
    assert Score.objects.get().words == "Written before the lid was shut."


def test_review_fits_a_phone(visit, home):
    g = ground(home)
    row = opened(g.ferries, g.eva)
    page = visit(g.eva.user, url("review", row.key), viewport={"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_words_typed_after_the_role_was_lost_stay_to_be_copied(visit, home):
    g = ground(home)
    row = opened(g.ferries, g.eva)
    page = visit(g.eva.user, url("review", row.key))
    page.wait_for_load_state("networkidle")
    lose_role(g.eva.user)
    page.get_by_label("Why").first.fill("Typed a moment too late.")
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("You cannot save here any more.")
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Hand in the review").click()
    page.wait_for_timeout(6_000)  # longer than what is tried again waits

    assert sent == []
    expect(status).to_contain_text("copy them")
    expect(page.get_by_label("Why").first).to_have_value("Typed a moment too late.")
