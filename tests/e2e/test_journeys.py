"""The main job in a real browser: scout, publish, filter, answer."""

import re
from collections.abc import Callable

from django.core import mail
from playwright.sync_api import Page, expect

from members.models import User
from opportunities.models import Feedback, Opportunity
from tests.processes import Running

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
IN_SECONDS = 30_000

Visit = Callable[..., Page]


def test_member_signs_in_by_code_and_answers_on_a_phone(visit: Visit, saga: User) -> None:
    page = visit(None, "/accounts/login/code/", **PHONE)
    page.locator("input[name=email]").fill(saga.email)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/accounts/login/code/confirm/**")
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    page.locator("input[name=code]").fill(code[1])
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/opportunities/for-you/")

    card = page.locator("article.opportunity").first
    title = card.get_by_role("link").first.inner_text()
    expect(card.locator(".reasons li").first).to_be_visible()
    card.get_by_role("button", name="Interested").click()
    expect(card.get_by_text("You are interested")).to_be_visible()
    feedback = Feedback.objects.get(kind=Feedback.Kind.INTERESTED)
    assert (feedback.opportunity.title, feedback.organisation, feedback.rank_shown) == (
        title,
        saga.own_membership.organisation,
        1,
    )

    card.get_by_role("button", name="Undo").click()
    expect(card.get_by_role("button", name="Interested")).to_be_visible()
    assert not Feedback.objects.answers().exists()

    card.get_by_text("Not for us").click()
    card.get_by_role("button", name="The place").click()
    expect(card.get_by_text("Not for you")).to_be_visible()
    assert Feedback.objects.get(kind=Feedback.Kind.NOT_FOR_US).reason == Feedback.Reason.PLACE

    page.reload()
    expect(card.get_by_role("button", name="Undo")).to_be_visible()


def test_member_answers_without_scripts(visit: Visit, saga: User) -> None:
    page = visit(saga, "/opportunities/for-you/", java_script_enabled=False)
    title = page.locator("article.opportunity h2").first.inner_text()
    page.locator("article.opportunity").first.get_by_role("button", name="Save").click()
    page.goto("/opportunities/answered/?kind=saved")
    expect(page.get_by_role("link", name=title)).to_be_visible()


def test_manager_publishes_by_key_and_takes_it_back(visit: Visit, ylva: User) -> None:
    page = visit(ylva, "/opportunities/inbox/")
    title = page.locator("#item-heading").inner_text()
    expect(page.get_by_role("heading", name=re.compile("Who fits"))).to_be_visible()
    page.keyboard.press("p")
    undo = page.locator("[data-undo-seconds], .undo")
    expect(undo).to_contain_text(title)
    assert Opportunity.objects.get(title=title).status == Opportunity.Status.PUBLISHED
    undo.get_by_role("button", name="Undo").click()
    expect(page.locator("#item-heading")).to_have_text(title)
    assert Opportunity.objects.get(title=title).status == Opportunity.Status.INBOX


def test_file_goes_from_upload_to_a_members_feed(
    visit: Visit, worker: Running, ylva: User, saga: User, tmp_path
) -> None:
    table = tmp_path / "requests.csv"
    table.write_text(
        "Title;Summary;Country;Deadline;Kind\n"
        "Island community seeks compact wastewater plant with ceramic membranes;"
        "An island of 400 people in Finland looks for a containerised wastewater plant with ceramic membranes, "
        "nitrogen and phosphorus removal and remote supervision.;Finland;31.12.2099;partnering\n"
        ";A row without a title;Finland;31.12.2099;partnering\n",
        encoding="utf-8",
    )
    page = visit(ylva, "/opportunities/sources/new/")
    page.get_by_label("Name", exact=True).fill("Island requests")
    page.get_by_label("Format").select_option("csv")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Add a file").set_input_files(str(table))
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Remember it and read the file").click()
    expect(page.locator("#progress")).to_contain_text("Done", timeout=IN_SECONDS)
    expect(page.get_by_role("cell", name=re.compile("title"))).to_be_visible()

    page.goto("/opportunities/inbox/?order=newest&q=island")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".undo")).to_contain_text("Island community")

    feed = visit(saga, "/opportunities/for-you/")
    for _ in range(30):
        if feed.get_by_role("link", name=re.compile("Island community")).count():
            break
        feed.wait_for_timeout(1000)
        feed.reload()
    card = feed.locator("article.opportunity", has_text="Island community")
    expect(card.locator(".reasons")).to_contain_text("membranes")
