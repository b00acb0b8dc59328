"""Steps of a funding journey from the deadline to the payment: reviewers, panel, secretary, and applicants' phones."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from evaluations.models import Outcome
from evaluations.tasks import gather_outcomes
from funding.models import Application, Assignment, Decision, FundingCall, Grant, ModeratedScore
from members.models import Membership, Organisation, User
from tests.e2e.funding_applying import TITLE, fits, mailed, tab
from tests.factories.members import MembershipFactory, UserFactory
from tests.processes import wait_until

REASONS = "Two companies learn what neither could alone."
WHY = "The first customer has signed."


def reviewer_user(name: str) -> User:
    """Somebody with an account and the role of a reviewer."""
    user = UserFactory(name=name, email=f"{name.split()[0].lower()}@reviewer.example")
    home = Organisation.objects.get(is_home=True)
    MembershipFactory(user=user, organisation=home, role=Membership.Role.REVIEWER)
    return user


def of(found: Locator, act: str, what: str) -> Locator:
    """The control that says an act to the eye, and to ears also what it is about."""
    return found.filter(has_text=act).filter(has_text=what)


# The secretary has it reviewed


def bring_in(desk: Page, call: FundingCall, *users: User, on_panel: bool = False) -> None:
    for user in users:
        desk.goto(f"/funding/{call.slug}/reviewers/")
        desk.get_by_role("link", name="Bring a reviewer in").first.click()
        desk.get_by_label("Person").select_option(label=str(user))
        desk.get_by_label("Sits on the panel").set_checked(on_panel)
        desk.get_by_role("button", name="Bring in").click()
        expect(desk.get_by_text(f"{user} reviews for this call now.")).to_be_visible()


def assign(desk: Page, application: Application, *users: User) -> None:
    for user in users:
        desk.goto(f"/funding/{application.call.slug}/assignments/")
        of(desk.get_by_role("link"), "Choose a reviewer", application.reference).click()
        of(desk.get_by_role("button"), "Propose", str(user)).click()
    desk.get_by_role("button", name="Send").click()
    expect(desk.get_by_text("sent out.")).to_be_visible()
    for user in users:
        mailed("review-assigned", user.email)


def refuse_for_conflict(page: Page, application: Application, user: User) -> None:
    """Who is bound reads nothing of it, not even by its address."""
    page.get_by_role("link", name="Does something bind you to who applies?").click()
    expect(page.get_by_text("Klarflod Vattenteknik")).to_be_visible()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("What binds you").fill("My sister works there.")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("h1")).to_have_text("Your reviews")
    expect(page.get_by_text(TITLE)).to_have_count(0)
    row = Assignment.objects.get(application=application, reviewer__user=user)
    page.goto(f"/funding/reviews/{row.key}/")
    assert TITLE not in page.locator("body").inner_text()


def review(page: Page, scores: str) -> None:
    """By keyboard: the next criterion, its score, why."""
    page.get_by_role("link", name="Does something bind you to who applies?").click()
    page.get_by_label("No, nothing").check()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.get_by_role("link", name="letter.pdf")).to_be_visible()
    page.locator("h1").click()
    for score in scores:
        for key in ("j", score, "w"):
            page.keyboard.press(key)
        page.keyboard.type(f"It is worth {score} to me.")
        page.keyboard.press("Escape")
    expect(page.get_by_text(f"{len(scores)} of {len(scores)} criteria ready")).to_be_visible()
    page.get_by_role("button", name="Hand in the review").click()
    expect(page.get_by_text("1 of 1 handed in")).to_be_visible()


def moderate(desk: Page, call: FundingCall) -> None:
    desk.goto(f"/funding/{call.slug}/scores/")
    row = desk.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("Benefit for the companies")
    row.get_by_role("link").click()
    expect(desk.get_by_text("Reviewers are 3 points apart").first).to_be_visible()
    of(desk.locator("summary"), "Note an agreed score", "Benefit").click()
    desk.get_by_label("Agreed score").first.fill("4")
    desk.get_by_label("Why", exact=True).first.fill(WHY)
    desk.get_by_role("button", name="Save").first.click()
    expect(desk.get_by_text("Agreed: 4")).to_be_visible()
    assert ModeratedScore.objects.get().value == Decimal(4)


def see_ranking(page: Page) -> None:
    """The panel says first what binds it."""
    page.get_by_role("link", name="Answer").click()
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("link", name="Ranking").click()
    expect(page.locator("h1")).to_have_text("Ranking")
    expect(page.get_by_role("row").filter(has_text=TITLE)).to_contain_text("Reached")
    expect(page.get_by_role("link", name="Make decisions known")).to_have_count(0)


# Decisions, letters, an appeal


def decide(desk: Page, application: Application, outcome: str) -> None:
    desk.goto(f"/funding/{application.call.slug}/ranking/")
    desk.get_by_role("link", name=application.reference).first.click()
    desk.get_by_label(outcome, exact=True).check()
    desk.get_by_label("Reasons, as the applicant reads them").fill(REASONS)
    desk.get_by_role("button", name="Record the decision").click()
    expect(desk.get_by_text("Decided. Nobody is told before you make the decisions known.")).to_be_visible()


def make_known(desk: Page, call: FundingCall) -> None:
    tab(desk, "Letters").click()
    desk.get_by_role("link", name="Funded", exact=True).click()
    letter = desk.locator(".paper")
    expect(letter).to_contain_text("Klarflod Vattenteknik")
    expect(letter).to_contain_text(REASONS)
    desk.goto(f"/funding/{call.slug}/ranking/")
    desk.get_by_role("link", name="Make decisions known").click()
    desk.get_by_role("button", name="Make known and send the letters").click()
    expect(desk.get_by_text("2 consortia get their letters.")).to_be_visible()
    for address in ("saga", "kadri"):
        assert REASONS in mailed("funding-letter", address).text


def read_decision(phone: Page, outcome: str) -> None:
    phone.goto("/funding/")
    tab(phone, "Our applications").click()
    row = phone.locator(".list-row").first
    expect(row).to_contain_text(outcome)
    row.get_by_role("link").first.click()
    decision = phone.get_by_role("region", name="Decision")
    expect(decision).to_contain_text(REASONS)
    letter = decision.locator("a[href$='.pdf']")
    assert phone.context.request.get(letter.get_attribute("href")).body().startswith(b"%PDF")
    fits(phone)


def appeal(phone: Page) -> None:
    phone.get_by_role("link", name="Appeal", exact=True).click()
    phone.get_by_label("Why it should be looked at again").fill("Our partner is in Estonia, not in Sweden.")
    phone.get_by_role("button", name="File the appeal").click()
    expect(phone.get_by_text("Your appeal has come.")).to_be_visible()
    fits(phone)


def dismiss(desk: Page, call: FundingCall, address: str) -> None:
    desk.goto(f"/funding/{call.slug}/appeals/")
    desk.locator(".list-row").get_by_role("link").click()
    desk.get_by_label("Reasons, as the applicant reads them").first.fill("The partner's register says Sweden.")
    desk.get_by_role("button", name="Dismiss and send the letter").click()
    expect(desk.get_by_text("Answered. The consortium gets a letter.")).to_be_visible()
    assert "register says Sweden" in mailed("funding-letter", address).text
    assert Decision.objects.filter(appeal__status="dismissed", outcome="ineligible").exists()


# The grant


def grant(desk: Page, call: FundingCall) -> Grant:
    """On the day: the ledger says how much room there is, and the partner that nobody knows here waits."""
    desk.goto(f"/funding/{call.slug}/grants/")
    expect(desk.get_by_text("Nobody has said yet which organisation it is.")).to_be_visible()
    desk.get_by_role("link", name="Klarflod Vattenteknik").click()
    expect(desk.get_by_text("EUR 300,000 are left today.")).to_be_visible()
    desk.get_by_role("button", name="Grant", exact=True).click()
    expect(desk.get_by_text("Granted.", exact=True)).to_be_visible()
    desk.get_by_role("region", name="Granted", exact=True).get_by_role("link").first.click()
    plan_grant(desk)
    return Grant.objects.get()


def plan_grant(desk: Page) -> None:
    """The agreement, a report, and a payment after it."""
    today = timezone.localdate()
    for label, value in (
        ("Agreement number", "HF-27-1"),
        ("Signed on", str(today)),
        ("Starts on", str(today)),
        ("Ends on", str(today + timedelta(days=360))),
    ):
        desk.get_by_label(label).fill(value)
    desk.get_by_role("button", name="Save the agreement").click()
    desk.locator("summary", has_text="Plan a report").click()
    plan = desk.locator("details[open]")
    plan.get_by_label("Kind").select_option("interim")
    plan.get_by_label("Due").fill(str(today + timedelta(days=30)))
    plan.get_by_role("button", name="Plan a report").click()
    desk.locator("summary", has_text="Plan a payment").click()
    plan = desk.locator("details[open]")
    plan.get_by_label("What", exact=True).fill("First half")
    plan.get_by_label("Amount, EUR").fill("10 000")
    plan.get_by_label("Due").fill(str(today + timedelta(days=40)))
    plan.get_by_label("After").select_option(index=1)
    plan.get_by_role("button", name="Plan a payment").click()
    expect(desk.get_by_role("row").filter(has_text="First half")).to_contain_text("EUR 10,000")


def report(phone: Page) -> None:
    phone.goto("/funding/")
    tab(phone, "Grants").click()
    phone.get_by_role("region", name="All grants").get_by_role("link").first.click()
    phone.get_by_role("link", name="Write it").click()
    phone.get_by_label("What was done, and what came of it").fill("The plant stands, and the water is clear.")
    phone.get_by_label("Spent so far, EUR").fill("12 000")
    fits(phone)
    phone.get_by_role("button", name="Hand it in").click()
    expect(phone.get_by_text("Handed in").first).to_be_visible()


def accept_and_pay(desk: Page, granted: Grant) -> None:
    desk.goto("/funding/")
    tab(desk, "Grants").click()
    waiting = desk.get_by_role("region", name="Reports to read")
    waiting.get_by_role("link", name="Klarflod Vattenteknik").click()
    expect(desk.get_by_text("The plant stands, and the water is clear.")).to_be_visible()
    desk.get_by_role("button", name="Accept the report").click()
    desk.goto(granted.get_absolute_url())
    of(desk.get_by_role("link"), "It was paid", "First half").click()
    desk.get_by_label("Reference of the payment").fill("2027-00871")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("row").filter(has_text="First half")).to_contain_text("2027-00871")
    mailed("report-accepted", "saga")


def see_statement(phone: Page) -> None:
    phone.goto("/funding/grants/")
    tab(phone, "De minimis aid").click()
    expect(phone.get_by_text("EUR 280,000 are left. EUR 20,000 were granted in the last three years.")).to_be_visible()
    expect(phone.get_by_role("row").filter(has_text="Havsfonden")).to_contain_text("EUR 20,000")
    fits(phone)


def climb_ladder(desk: Page, granted: Grant) -> None:
    gather_outcomes.delay()
    wait_until(lambda: Outcome.objects.filter(grant=granted).exists(), seconds=60, why=lambda: "no outcome")
    desk.goto("/evaluations/outcomes/")
    expect(desk.get_by_text("of 1 members")).to_be_visible()
    desk.get_by_role("link", name="One by one").click()
    expect(desk.get_by_role("row").filter(has_text="Klarflod Vattenteknik").first).to_be_visible()
