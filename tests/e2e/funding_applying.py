"""Steps of a funding journey up to the receipt: the secretary's call, a visitor, the applicant's phone, a partner."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from core.models import Mail
from funding.models import Answer, Application, FundingCall
from tests.processes import wait_until

CALL = "Clean water across the sea 2027"
FILE_QUESTION = "A letter of your first customer"
TITLE = "Small plants for small islands"
PARTNER = "Emajõe Filters"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def fits(page: Page) -> None:
    """Nothing of the page lies beside the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def mailed(key: str, address: str) -> Mail:
    """The newest mail of a kind to somebody, once the worker has sent it."""
    mails = Mail.objects.filter(key__startswith=f"{key}:", to__startswith=address).order_by("-pk")
    sent = mails.filter(status=Mail.Status.SENT)
    wait_until(sent.exists, seconds=60, why=lambda: f"{key}: {list(Mail.objects.values_list('key', 'status'))}")
    return sent[0]


# The secretary plans a call


def publish_call(desk: Page) -> FundingCall:
    desk.get_by_role("link", name="Plan a call").click()
    desk.get_by_role("link", name="Joint transnational call").click()
    desk.get_by_label("Name", exact=True).fill(CALL)
    desk.get_by_label("Short name").fill("CWS27")
    desk.get_by_label("Text of the call").fill("For companies of both shores that try out how water gets clean.")
    desk.get_by_label("Organisations at least").fill("2")
    desk.get_by_label("Cluster organisation").uncheck()
    desk.get_by_role("button", name="Save and name the funders").click()
    for pattern, name in (("First funder", "Havsfonden"), ("Second funder", "Mere Fond")):
        desk.get_by_role("link", name=pattern).click()
        desk.get_by_label("Name", exact=True).fill(name)
        desk.get_by_role("button", name="Save").click()
        expect(desk.get_by_role("link", name=name)).to_be_visible()
    tab(desk, "Form").click()
    desk.get_by_role("link", name="File", exact=True).click()
    desk.get_by_label("Question", exact=True).fill(FILE_QUESTION)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("link", name=FILE_QUESTION)).to_be_visible()
    tab(desk, "Overview").click()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("The call is published. Its page can be read by everybody.")).to_be_visible()
    FundingCall.objects.update(opens_at=timezone.now() - timedelta(days=1))  # the day has come
    return FundingCall.objects.get(name=CALL)


def tab(page: Page, name: str) -> Locator:
    return page.locator("nav.tabs").get_by_role("link", name=name, exact=True)


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Steps of the application").get_by_role("link", name=name).click()


# Somebody without an account looks whether it is for them


def check_eligibility(page: Page) -> None:
    page.get_by_role("link", name=CALL).click()
    page.get_by_role("link", name="Check whether you can apply").click()
    page.get_by_label("Company", exact=True).check()
    page.get_by_label("Country").select_option("SE")
    go_on(page)
    page.get_by_label("How many people does it employ?").fill("14")
    page.get_by_label("Turnover of that year, EUR").fill("2350000")
    go_on(page)
    page.get_by_label("What it is").select_option("company")
    page.get_by_label("Country").select_option("EE")
    go_on(page)
    page.get_by_label("How many months does it take?").fill("12")
    page.get_by_label("Prototypes and tests").check()
    page.get_by_label("What does your own part cost, EUR?").fill("50000")
    ask_for(page, "45000")
    expect(page.locator("h1")).to_contain_text("As it is, you cannot apply: 1 rule is not kept.")
    wrong = page.locator("section", has=page.get_by_role("heading", name="Not kept"))
    expect(wrong).to_contain_text("Havsfonden pays 70 % of the costs")
    expect(wrong.locator("strong").first).to_be_visible()
    # One answer is changed, and the next tap leads back: what was granted before is not asked again.
    page.get_by_role("link", name=re.compile("Change the answer.*Own share of the costs")).click()
    page.get_by_label("How much of that do you ask for, EUR?").fill("20000")
    go_on(page)
    expect(page.get_by_role("heading", name="Not kept")).to_have_count(0)
    expect(page.get_by_role("heading", name="Kept", exact=True)).to_be_visible()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()


def ask_for(page: Page, amount: str) -> None:
    page.get_by_label("How much of that do you ask for, EUR?").fill(amount)
    go_on(page)
    page.get_by_label("De minimis aid granted in the last three years, EUR").fill("0")
    go_on(page)


# The applicant writes on a phone


def write_application(phone: Page, call: FundingCall) -> Application:
    phone.get_by_role("link", name=CALL).click()
    phone.get_by_role("button", name="Start an application").click()
    expect(phone.locator("h1")).to_have_text("Consortium")
    found = Application.objects.get(call=call)
    step(phone, "Project")
    type_answers(phone, found)
    step(phone, "Consortium")
    add_partner(phone)
    step(phone, "Budget")
    mend_budget(phone)
    step(phone, "Attachments")
    attach(phone)
    step(phone, "Declarations")
    declare(phone)
    return found


def type_answers(phone: Page, found: Application) -> None:
    for label, words in (
        ("Title of the project", TITLE),
        ("Summary", "Two companies try a small plant on two islands."),
        ("Months that it takes", "12"),
    ):
        phone.get_by_label(label).fill(words)
    asked = list(found.call.questions.filter(asked_of="consortium", kind="long_text"))
    for question in asked:
        phone.locator(f"#question-{question.pk} textarea").fill("On islands water is dear, and plants are too large.")
    expect(phone.locator(f"#question-{asked[-1].pk} [data-save-status]")).to_contain_text("Saved")
    wait_until(
        lambda: Answer.objects.filter(application=found).count() == len(asked), seconds=20, why=lambda: "answers"
    )
    fits(phone)


def add_partner(phone: Page) -> None:
    phone.get_by_label("Organisation", exact=True).fill(PARTNER)
    phone.get_by_label("Country").select_option("EE")
    phone.get_by_label("Kind of organisation").select_option("company")
    phone.get_by_label("Contact person").fill("Kadri Kask")
    phone.get_by_label("E-mail address").fill("kadri@emajoe-filters.example")
    phone.get_by_label("Prototypes and tests").check()
    phone.get_by_role("button", name="Add", exact=True).click()
    expect(phone.locator("h1")).to_have_text(PARTNER)
    phone.get_by_label("What it does in the project").fill("Makes the filters.")
    expect(phone.locator("[data-save-status]")).to_contain_text("Saved")


def mend_budget(phone: Page) -> None:
    """Too much is asked for; the page says so while it is typed, and not any more when it fits."""
    columns = phone.locator("fieldset.budget")
    expect(columns).to_have_count(2)
    own, partner = columns.all()
    for column in (own, partner):
        column.get_by_label("Staff").fill("30 000")
        column.get_by_label("Services").fill("10 000")
        column.get_by_label("Own money").fill("20 000")
    partner.get_by_label("Grant asked for").fill("20 000")
    own.get_by_label("Grant asked for").fill("35 000")
    expect(phone.locator("#sums")).to_contain_text("Havsfonden pays")
    expect(phone.locator("#sums .checks")).to_contain_text("EUR 35,000")
    own.get_by_label("Grant asked for").fill("20 000")
    expect(phone.locator("#sums .checks")).not_to_contain_text("EUR 35,000")
    phone.get_by_role("button", name="Save the budget").click()
    expect(phone.get_by_text("The budget is saved.")).to_be_visible()
    fits(phone)


def attach(phone: Page) -> None:
    slot = phone.get_by_role("region", name=FILE_QUESTION)
    slot.get_by_label("File for").set_input_files({"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF})
    slot.get_by_role("button", name="Attach").click()
    expect(slot.get_by_role("link", name="letter.pdf")).to_be_visible()


def say_figures(page: Page) -> None:
    page.get_by_label("People employed").first.fill("14")
    page.get_by_label("Turnover, EUR").first.fill("2 350 000")
    for group in page.get_by_role("group", name=re.compile("^Do public bodies|^Does another company")).all():
        group.get_by_label("No", exact=True).check()
    page.get_by_label("No de minimis aid was granted").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def bring_and_take(page: Page) -> None:
    page.get_by_label("What do you bring in, and what do you take home?").fill("A plant, and a first customer abroad.")
    expect(page.locator("[data-save-status]").last).to_contain_text("Saved")


def declare(phone: Page) -> None:
    here = phone.url
    phone.get_by_role("link", name="Figures, aid and earlier grants").click()
    say_figures(phone)
    phone.goto(here)
    phone.get_by_role("link", name="Questions to each partner").click()
    bring_and_take(phone)
    phone.goto(here)
    tick_all_and_press(phone, "Declare")
    expect(phone.get_by_text("Declared by Saga Lindeborg")).to_be_visible()


def tick_all_and_press(phone: Page, name: str) -> None:
    """Each declaration of the page with this button: `all` does not wait, and would count those of the page before."""
    button = phone.get_by_role("button", name=name)
    expect(button).to_be_visible()
    for tick in phone.get_by_role("checkbox").all():
        tick.check()
    button.click()


def invite_partner(phone: Page) -> str:
    """The path of the link that the worker mails."""
    step(phone, "Consortium")
    phone.get_by_role("link", name=PARTNER).click()
    phone.get_by_role("button", name="Send the invitation").click()
    expect(phone.get_by_text("Invited", exact=True)).to_be_visible()
    mail = mailed("partner-invitation", "kadri")
    return re.search(r"https?://[^/\s]+(/funding/p/[^/\s]+/)", mail.text)[1]


def confirm_part(phone: Page) -> None:
    """The partner has no account: the link is all."""
    expect(phone.locator("h1")).to_have_text(TITLE)
    fits(phone)
    tab(phone, "Figures and aid").click()
    say_figures(phone)
    tab(phone, "Questions").click()
    phone.get_by_label("What it does in the project").fill("Makes the filters and tests them.")
    bring_and_take(phone)
    tab(phone, "Your part").click()
    tick_all_and_press(phone, "Confirm our part")
    expect(phone.get_by_text("Confirmed by Kadri Kask")).to_be_visible()


def hand_in(phone: Page, found: Application) -> None:
    phone.goto(f"/funding/applications/{found.reference}/")
    phone.get_by_role("link", name="Check and hand in").last.click()
    expect(phone.get_by_text("stands against handing in")).to_have_count(0)
    phone.get_by_role("button", name="Hand in", exact=True).click()
    expect(phone.locator("h1")).to_have_text("Receipt")
    expect(phone.get_by_text("It is handed in", exact=True)).to_be_visible()
    assert found.submissions.get().sha256 in phone.locator("main").inner_text()
    mailed("application-receipt", "saga")
    fits(phone)


def come_too_late(phone: Page, found: Application) -> None:
    """The page stood open while the deadline passed."""
    phone.goto(f"/funding/applications/{found.reference}/")
    amend = phone.get_by_role("button", name="Amend")
    expect(amend).to_be_visible()
    FundingCall.objects.filter(pk=found.call_id).update(deadline=timezone.now() - timedelta(minutes=1))
    amend.click()
    expect(phone.get_by_text("The deadline has passed. What was handed in before it counts.").first).to_be_visible()
    found.refresh_from_db()
    assert found.status == Application.Status.SUBMITTED
