"""Steps of the member's journey on a phone: from a need to what came of it, and an activity in one tap."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from evaluations import follow_ups
from evaluations.models import Outcome
from members import needs
from members.models import NeedsAssessment, Organisation
from programme.models import Activity, ServiceRequest
from tests.e2e.funding_applying import fits, mailed
from tests.e2e.programme_managing import link_in
from tests.processes import wait_until


def tap(phone: Page, name: str, value: object) -> None:
    """One answer of a row of them."""
    answer = phone.locator(f"input[name='{name}'][value='{value}']")
    phone.locator("label", has=answer).click()
    expect(answer).to_be_checked()


def tell_needs(phone: Page, member: Organisation) -> None:
    """Ten taps: much help to find doors, little else."""
    for question in needs.QUESTIONS:
        said = 5 if question.gap == "mobilising" else 1
        tap(phone, question.key, said)
    fits(phone)
    phone.get_by_role("button", name="Done").click()
    expect(phone.get_by_text(f"{len(needs.QUESTIONS)} of {len(needs.QUESTIONS)} answered.").first).to_be_visible()
    saved = NeedsAssessment.objects.get(organisation=member)
    assert saved.answers == {each.key: 5 if each.gap == "mobilising" else 1 for each in needs.QUESTIONS}


def ask_for_service(phone: Page, name: str) -> ServiceRequest:
    """The service that fits comes first, with the reason."""
    phone.goto("/programme/services/")
    fits(phone)
    expect(phone.get_by_role("heading", name="For your needs").or_(phone.get_by_text("you need")).first).to_be_visible()
    phone.get_by_role("link", name=name).first.click()
    phone.get_by_label("What do you need?").fill("A first talk with a utility in Turku.")
    phone.get_by_role("button", name="Ask for it").click()
    expect(phone.get_by_text("We have your request.")).to_be_visible()
    fits(phone)
    return ServiceRequest.objects.get()


def say_that_it_helped(phone: Page, request: ServiceRequest) -> None:
    fits(phone)
    tap(phone, "satisfied", 5)
    phone.locator("main form button[type=submit]").first.click()
    said = ServiceRequest.objects.filter(pk=request.pk, satisfied=5)
    wait_until(said.exists, seconds=30, why=lambda: phone.locator("main").inner_text())


def path_of_helped(email: str) -> str:
    return link_in(mailed("service-delivered", email), "/programme/services/helped/")


def three_months_pass(request: ServiceRequest, email: str) -> str:
    """The question what came of it goes out; the path of its link."""
    ServiceRequest.objects.update(delivered_on=timezone.localdate() - timedelta(days=95))
    follow_ups.ask()
    return link_in(mailed("follow-up", email), "/evaluations/f/")


def tell_what_came(phone: Page) -> None:
    fits(phone)
    tap(phone, "stage", "contact")
    phone.locator("main form button[type=submit]").first.click()  # the page speaks the member's language
    wait_until(Outcome.objects.filter(months=3).exists, seconds=30, why=lambda: phone.locator("main").inner_text())
    told = Outcome.objects.get(months=3)
    assert (told.source, told.rung) == ("service", "contact")


def sign_up(phone: Page, activity: Activity) -> None:
    """From the list to a place in one tap, and into the calendar."""
    phone.goto("/programme/activities/")
    fits(phone)
    phone.get_by_role("link", name=activity.name).click()
    phone.get_by_role("button", name="Sign me up").click()
    expect(phone.get_by_text("You take part.")).to_be_visible()
    fits(phone)
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Into my calendar").click()
    assert f"SUMMARY:{activity.name}" in download.value.path().read_text(encoding="utf-8")


def wait_for_a_place(phone: Page, activity: Activity) -> None:
    phone.goto(activity.get_absolute_url())
    phone.get_by_role("button", name="Put me on the waiting list").click()
    expect(phone.get_by_text("Number 1 on the waiting list")).to_be_visible()
    fits(phone)


def cancel(phone: Page, activity: Activity) -> None:
    phone.goto(activity.get_absolute_url())
    phone.get_by_role("button", name="Cancel").first.click()
    expect(phone.get_by_role("button", name="Put me on the waiting list")).to_be_visible()  # the next has the place
