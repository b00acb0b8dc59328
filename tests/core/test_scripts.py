"""What the scripts add in a browser, under the real content security policy."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def session(manager, sign_in, live_server) -> dict[str, str]:
    return {"name": "sessionid", "value": sign_in(manager).cookies["sessionid"].value, "url": live_server.url}


@pytest.fixture
def guide(session, browser, live_server) -> Iterator[Page]:
    """The style guide, opened by a manager; anything on the console fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.add_cookies([session])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(live_server.url + reverse("styleguide"))
    yield page
    assert [text for text in said if "Autofocus processing" not in text] == []


def _ground(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def test_a_chosen_theme_is_remembered_and_auto_forgets_it(guide: Page) -> None:
    light = _ground(guide)
    guide.locator("main [data-theme-choice=dark]").click()
    dark = _ground(guide)
    assert dark != light
    guide.reload()
    assert _ground(guide) == dark
    assert guide.locator("main [data-theme-choice=dark]").get_attribute("aria-pressed") == "true"
    guide.locator("main [data-theme-choice=auto]").click()
    guide.reload()
    assert _ground(guide) == light


def test_escape_closes_the_menu_and_gives_focus_back(guide: Page) -> None:
    guide.locator(".topbar .menu > summary").click()
    assert guide.locator(".topbar .menu-panel").is_visible()
    guide.locator(".topbar .menu-item").first.focus()
    guide.keyboard.press("Escape")
    assert not guide.locator(".topbar .menu-panel").is_visible()
    assert guide.evaluate("document.activeElement.matches('.topbar .menu > summary')")


def test_keys_act_unless_one_types_or_has_switched_them_off(guide: Page) -> None:
    guide.locator("main h1").focus()
    guide.keyboard.press("/")
    assert guide.evaluate("document.activeElement.name") == "q"
    guide.keyboard.type("?")
    sheet = guide.locator("#keyboard-help")
    assert not sheet.is_visible()
    guide.locator("main h1").focus()
    guide.keyboard.press("?")
    assert sheet.is_visible()
    sheet.locator("[data-shortcuts]").uncheck()
    sheet.locator("[data-dialog-close]").click()
    guide.keyboard.press("?")
    assert not sheet.is_visible()


def test_j_and_k_move_through_the_list(guide: Page) -> None:
    rows = guide.locator("[data-list-item]")
    current = "els => els.findIndex(el => el.hasAttribute('aria-current'))"
    assert rows.evaluate_all(current) == 0
    guide.locator("main h1").focus()
    guide.keyboard.press("j")
    assert rows.evaluate_all(current) == 1
    guide.keyboard.press("j")
    guide.keyboard.press("k")
    assert rows.evaluate_all(current) == 1


def test_the_undo_bar_leaves_after_its_time_but_waits_under_focus(guide: Page) -> None:
    guide.clock.install()
    guide.reload()
    bar = guide.locator(".undo")
    guide.locator("main h1").focus()
    bar.locator("button").focus()
    guide.clock.run_for(700_000)
    assert bar.is_visible()
    guide.locator("main h1").focus()
    guide.clock.run_for(700_000)
    assert bar.count() == 0


def test_a_ticked_code_moves_to_the_chosen_ones(guide: Page) -> None:
    chosen = guide.locator("#id_nace [data-chosen] li")
    assert chosen.count() == 1
    guide.locator("#nace-results input").first.check()
    assert chosen.count() == 2
    assert chosen.nth(1).locator("input").is_checked()
    assert guide.evaluate("document.activeElement.value") == "36.00"


def test_a_file_beyond_the_limit_is_refused_before_it_is_sent(guide: Page) -> None:
    upload = guide.locator("#id_feed")
    upload.evaluate("el => { el.dataset.maxBytes = '10'; }")
    upload.set_input_files({"name": "feed.csv", "mimeType": "text/csv", "buffer": b"x" * 11})
    assert "larger than 100 MB" in upload.evaluate("el => el.validationMessage")
    upload.set_input_files({"name": "feed.csv", "mimeType": "text/csv", "buffer": b"x" * 10})
    assert upload.evaluate("el => el.validationMessage") == ""


def test_the_bar_at_the_bottom_opens_the_rest_on_a_phone(guide: Page) -> None:
    guide.set_viewport_size({"width": 390, "height": 800})
    assert guide.locator(".bar-list > li").count() == 4
    guide.locator(".bottom-bar summary").click()
    panel = guide.locator(".bottom-bar .menu-panel")
    assert panel.is_visible()
    box = panel.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 800 - 56


def test_answers_work_without_scripts(session, browser, live_server) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([session])
    page = context.new_page()
    page.goto(live_server.url + reverse("styleguide"))
    card = page.locator("#card-1")
    assert not card.locator("button[value=place]").is_visible()
    card.locator("summary").click()
    assert card.locator("button[value=place]").is_visible()
    assert not page.locator("main [data-theme-choice=dark]").is_visible()
