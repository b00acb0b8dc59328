"""In a real browser: the list of what is missing follows what is saved, and typed amounts are not left by a slip."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from funding import links
from funding.models import Application
from tests.funding.applying import Ground, ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def asked_on(page: Page, *, leave: bool) -> list[str]:
    """What the browser asks, and whether it is told to leave all the same."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if leave else dialog.dismiss()

    page.on("dialog", answer)
    return asked


def test_what_is_missing_follows_what_is_saved(visit, owner, g):
    Application.objects.update(summary="")
    page = visit(owner, f"/funding/applications/{g.application.reference}/project/")
    missing = page.locator("#still-missing")
    expect(missing).to_contain_text("The summary is missing.")

    page.get_by_label("Summary").fill("Clean it together.")

    expect(missing).not_to_contain_text("The summary is missing.")
    expect(page.get_by_label("Summary")).to_be_focused()


@pytest.mark.parametrize("name", ["budget", "figures"])
def test_typed_amounts_are_not_left_by_a_slip(visit, g, name):
    g.estonian.sizes = ["micro", "small"]
    g.estonian.save()
    page = visit(None, f"/funding/p/{links.token_of(g.partner)}/{name}/", **PHONE)
    here, asked = page.url, asked_on(page, leave=False)
    field = page.locator("input.amount").first
    field.click()
    field.fill("9 000")

    page.get_by_role("link", name="Your part").click(no_wait_after=True)

    expect(field).to_have_value("9 000")
    assert (page.url, asked) == (here, ["beforeunload"])


def test_what_is_saved_can_be_left(visit, g):
    page = visit(None, f"/funding/p/{links.token_of(g.partner)}/budget/", **PHONE)
    asked = asked_on(page, leave=True)
    field = page.get_by_label("Staff")
    field.click()
    field.fill("9 000")
    page.get_by_role("button", name="Save the budget").click()
    expect(page.get_by_text("Your budget is saved.")).to_be_visible()
    page.get_by_role("link", name="Your part").click()

    expect(page.locator("h1")).to_have_text("Clear water")
    assert asked == []


def test_what_could_not_be_read_is_not_left_either(visit, g):
    page = visit(None, f"/funding/p/{links.token_of(g.partner)}/budget/", **PHONE)
    asked = asked_on(page, leave=False)
    field = page.get_by_label("Staff")
    field.click()
    field.fill("9.000")
    page.get_by_role("button", name="Save the budget").click()
    expect(page.locator(".error-summary")).to_contain_text("can be read in two ways")
    page.locator("h1").click()  # a browser asks nobody who has not touched the page
    page.get_by_role("link", name="Your part").click(no_wait_after=True)

    expect(field).to_have_value("9.000")
    assert asked == ["beforeunload"]


def test_each_step_of_the_check_fits_on_a_phone(visit, g):
    """The name of the longest step stands in the row of steps, behind all that came before."""
    g.estonian.sizes = ["micro", "small", "medium"]
    g.estonian.save()
    said = "own_kind=company&own_country=EE&own_headcount=260&own_turnover=1&own_balance=1&own_owner=both"
    before = "before_headcount=200&before_turnover=1&before_balance=1&before_status="
    page = visit(None, f"/funding/{g.call.slug}/check/?{said}&{before}&from=year_before", **PHONE)

    expect(page.locator("h1")).to_have_text("Around it, the year before")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
