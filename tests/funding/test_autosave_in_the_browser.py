"""Nothing that is typed is lost, in a real browser: a killed server, no network, two tabs, a deadline."""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from funding import links
from funding.models import Answer, FundingCall, Revision
from members.models import User
from tests.client import CheckingClient
from tests.funding.applying import Ground, ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
IN_TIME = 20_000


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


@pytest.fixture
def box(g) -> Callable[[Page], object]:
    """The answer to the only question."""
    return lambda page: page.locator(f"#question-{g.idea.pk} textarea")


def status(page: Page, g: Ground):
    return page.locator(f"#question-{g.idea.pk} [data-save-status]")


def at(g: Ground) -> str:
    return f"/funding/applications/{g.application.reference}/project/"


def held(g: Ground) -> str:
    return Answer.objects.get(question=g.idea).value


def test_words_are_saved_while_they_are_typed_on_a_phone(visit, owner, g, box):
    page = visit(owner, at(g), **PHONE)
    box(page).fill("A filter for small lakes and rivers.")

    expect(status(page, g)).to_contain_text("Saved")
    assert held(g) == "A filter for small lakes and rivers."
    expect(page.locator(f"#question-{g.idea.pk} [data-word-count]")).to_have_text("7 of 10 words")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft')).length") == 0
    box(page).fill("one two three four five six seven eight nine ten eleven")
    expect(page.locator(f"#question-{g.idea.pk} [data-problem]")).to_contain_text("1 word too many")
    assert held(g).endswith("eleven")


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[[User, str], BrowserContext]]:
    """A browser of a person at a server of the test's own."""
    opened: list[BrowserContext] = []

    def context(user: User, url: str) -> BrowserContext:
        client = CheckingClient()
        client.force_login(user)
        value = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        opened.append(browser.new_context(base_url=url))
        opened[-1].add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": url}])
        return opened[-1]

    yield context
    for each in opened:
        each.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


class Server:
    """Serves the portal until it is killed: then nothing answers at its address, and no connection stays open."""

    def __init__(self, port: int) -> None:
        portal = StaticFilesHandler(get_wsgi_application())
        self.server = make_server("127.0.0.1", port, portal, server_class=Threaded, handler_class=Quiet)
        self.thread = Thread(target=self.server.serve_forever, args=[0.05])
        self.thread.start()

    def kill(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def test_words_outlive_a_killed_server_and_a_closed_laptop(context, owner, g, box):
    port = free_port()
    server = Server(port)
    mine = context(owner, f"http://127.0.0.1:{port}")
    page = mine.new_page()
    page.goto(at(g))
    box(page).press("Control+End")
    box(page).press_sequentially(" First part.")
    expect(status(page, g)).to_contain_text("Saved")
    server.kill()
    box(page).press_sequentially(" Second part.")
    expect(status(page, g)).to_contain_text("Not saved, trying again")
    assert "Second" not in held(g)

    server = Server(port)
    try:
        expect(status(page, g)).to_contain_text("Saved", timeout=IN_TIME)
        assert held(g) == "A filter for small lakes. First part. Second part."
        server.kill()
        box(page).press_sequentially(" Third part.")
        expect(status(page, g)).to_contain_text("Not saved")
        page.close(run_before_unload=False)

        server = Server(port)
        page = mine.new_page()
        page.goto(at(g))
        expect(box(page)).to_have_value("A filter for small lakes. First part. Second part. Third part.")
        expect(status(page, g)).to_contain_text("Saved")
        assert held(g).endswith("Third part.")
    finally:
        server.kill()


def test_words_typed_without_a_network_are_sent_when_it_is_back(visit, owner, g, box):
    page = visit(owner, at(g))
    page.context.set_offline(True)
    box(page).press("Control+End")
    box(page).press_sequentially(" On the train.")
    expect(status(page, g)).to_contain_text("Not saved, trying again. Your words are kept on this device.")
    assert "train" not in held(g)

    page.context.set_offline(False)

    expect(status(page, g)).to_contain_text("Saved", timeout=IN_TIME)
    assert held(g) == "A filter for small lakes. On the train."


def test_two_tabs_overwrite_nothing_and_a_person_chooses(visit, owner, g, box):
    first = visit(owner, at(g))
    second = first.context.new_page()
    second.goto(first.url)
    box(first).fill("The words of the first tab.")
    expect(status(first, g)).to_contain_text("Saved")
    box(second).fill("The words of the second tab.")

    expect(status(second, g)).to_contain_text("Kept aside")
    versions = second.locator(".aside-words")
    expect(versions).to_contain_text("The words of the first tab.")
    expect(versions).to_contain_text("The words of the second tab.")
    assert held(g) == "The words of the first tab."

    versions.get_by_role("button", name="Take this one").click()
    expect(box(second)).to_have_value("The words of the second tab.")
    expect(second.locator(".aside-words")).to_have_count(0)
    assert held(g) == "The words of the second tab."
    assert Revision.objects.filter(value="The words of the first tab.").exists()


def test_two_tabs_on_different_fields_keep_both_and_ask_nothing(visit, owner, g, box):
    first = visit(owner, at(g))
    second = first.context.new_page()
    second.goto(first.url)
    first.locator("#summary textarea").fill("Lakes that nobody has to boil.")
    box(second).fill("Filters of birch.")
    expect(first.locator("#summary [data-save-status]")).to_contain_text("Saved")
    expect(status(second, g)).to_contain_text("Saved")
    # Neither tab has seen the other's words: each goes on, and posts its own field alone.
    with second.expect_response(re.compile("/save/")):
        box(second).fill("Filters of birch and sand.")
    with first.expect_response(re.compile("/save/")):
        first.locator("#summary textarea").fill("Lakes that nobody has to boil any more.")

    first.reload()
    expect(first.locator("#summary textarea")).to_have_value("Lakes that nobody has to boil any more.")
    expect(box(first)).to_have_value("Filters of birch and sand.")
    expect(first.locator(".aside-words")).to_have_count(0)
    g.application.refresh_from_db()
    assert (g.application.summary, held(g)) == (
        "Lakes that nobody has to boil any more.", "Filters of birch and sand."
    )  # fmt: skip


def test_unsent_words_and_newer_ones_of_a_colleague_are_both_offered(visit, owner, colleague, g, box):
    page = visit(owner, at(g))
    page.context.set_offline(True)
    box(page).fill("Typed in the aeroplane.")
    expect(status(page, g)).to_contain_text("Not saved")
    other = visit(colleague, at(g))
    box(other).fill("Typed by a colleague.")
    expect(status(other, g)).to_contain_text("Saved")
    page.close(run_before_unload=False)

    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(other.url)

    versions = again.locator(".aside-words")
    expect(versions).to_contain_text("Typed in the aeroplane.")
    expect(versions).to_contain_text("Typed by a colleague.")
    expect(box(again)).to_have_value("Typed by a colleague.")
    versions.get_by_role("button", name="Keep this one").click()
    expect(again.locator(".aside-words")).to_have_count(0)
    assert held(g) == "Typed by a colleague."


def test_deadline_that_passes_while_the_form_is_open_keeps_the_words_in_the_page(visit, owner, g, box):
    page = visit(owner, at(g))
    FundingCall.objects.filter(pk=g.call.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    box(page).fill("Too late, but not lost.")

    expect(status(page, g)).to_contain_text("The deadline has passed.")
    expect(box(page)).to_have_value("Too late, but not lost.")
    assert held(g) == "A filter for small lakes."
    assert "Too late" in page.evaluate("JSON.stringify(Object.values(localStorage))")


def test_button_saves_and_both_versions_are_offered_without_scripts(visit, owner, g, box):
    first = visit(owner, at(g), java_script_enabled=False)
    second = visit(owner, at(g), java_script_enabled=False)
    for page, words in ((first, "By the button."), (second, "Over an older page.")):
        box(page).fill(words)
        page.locator("main .form-actions").get_by_role("button", name="Save").click()

    expect(second.locator(".aside-words")).to_contain_text("By the button.")
    assert held(g) == "By the button."
    second.get_by_role("button", name="Take this one").click()
    expect(box(second)).to_have_value("Over an older page.")
    assert held(g) == "Over an older page."


def test_partner_writes_and_confirms_its_part_on_a_phone_without_an_account(visit, g):
    type(g.partner).objects.filter(pk=g.partner.pk).update(status="invited", declared_at=None, answered_at=None)
    page = visit(None, f"/funding/p/{links.token_of(g.partner)}/questions/", **PHONE)
    page.locator("#role textarea").fill("Makes the filters and tests them.")
    expect(page.locator("#role [data-save-status]")).to_contain_text("Saved")

    page.goto(f"/funding/p/{links.token_of(g.partner)}/")
    expect(page.get_by_text("Makes the filters and tests them.")).to_be_visible()
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_role("button", name="Confirm our part").click()
    expect(page.get_by_text("Confirmed by Kadri Kask")).to_be_visible()
    g.partner.refresh_from_db()
    assert (g.partner.status, g.partner.answered_by) == ("confirmed", "Kadri Kask")


def test_what_a_partner_does_is_saved_on_the_page_of_the_lead(visit, owner, g):
    page = visit(owner, f"/funding/applications/{g.application.reference}/consortium/{g.partner.pk}/")
    page.get_by_label("What it does in the project").fill("Makes the filters and tests them.")

    expect(page.locator("#role [data-save-status]")).to_contain_text("Saved")
    g.partner.refresh_from_db()
    assert g.partner.role == "Makes the filters and tests them."
