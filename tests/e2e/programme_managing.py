"""Steps of the manager's journey: a strategy from the first word to the report, and the stakeholder who answers."""

import re
from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Mail
from evaluations import preparations, quarters
from evaluations.models import Preparation
from members.models import Organisation
from programme.models import Activity, Service, ServiceRequest, Strategy
from tests.e2e.funding_applying import mailed
from tests.factories.programme import ServiceRequestFactory

NAME, GOAL = "Water abroad", "First customers in Finland"
SERVICE, ROUND, ACTIVITY = "Door opener for Finland", "Water meets wind", "Mission to Turku"
KEY_PERSON = "agneta.nyman@klarflod.example"
IN_A_MINUTE = 60_000


def link_in(mail: Mail, part: str) -> str:
    """The first link in a mail whose path begins so."""
    found = re.search(rf"https?://[^/\s]+({re.escape(part)}\S*)", mail.text)
    assert found, mail.text
    return found[1]


def write_strategy(desk: Page) -> Strategy:
    """Words, a goal, and an indicator that is no number at first."""
    desk.get_by_role("link", name="Write a strategy").click()
    year = timezone.localdate().year
    desk.get_by_label("Name").fill(NAME)
    desk.get_by_label("From").fill(f"{year - 1}-01-01")
    desk.get_by_label("To").fill(f"{year + 1}-12-31")
    desk.get_by_label("Vision, in plain words").fill("Clean water from our coast on every coast of the Baltic Sea.")
    desk.get_by_role("button", name="Save and add goals").click()
    desk.get_by_role("link", name="Add a goal").first.click()
    desk.get_by_label("Goal", exact=True).fill(GOAL)
    desk.get_by_label("Hours set aside").fill("100")
    desk.get_by_label("Money set aside, EUR").fill("20000")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("link", name="Add an indicator").first.click()
    desk.get_by_label("Indicator", exact=True).fill("Members with a first order")
    desk.get_by_label("Target").fill("many")
    desk.get_by_label("By", exact=True).fill(f"{year + 1}-12-31")
    desk.get_by_label("Source").fill("Outcomes of the portal")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("This is no number.").first).to_be_visible()
    expect(desk.get_by_label("Target")).to_have_value("many")
    desk.get_by_label("Target").fill("10")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Members with a first order").first).to_be_visible()
    return Strategy.objects.get(name=NAME)


def consult(desk: Page, strategy: Strategy) -> str:
    """The key company is named and asked; the path of its link."""
    desk.goto(f"{strategy.get_absolute_url()}stakeholders/")
    desk.get_by_label("Organisation or body").fill("Klarflod Vattenteknik")
    desk.get_by_label("Person").fill("Agneta Nyman")
    desk.get_by_label("E-mail address").fill(KEY_PERSON)
    desk.get_by_label("A key company").check()
    desk.get_by_role("button", name="Add").click()
    desk.get_by_role("link", name="Ask them").click()
    desk.get_by_role("button", name="Ask them").click()
    expect(desk.locator("h1")).to_contain_text("Who stands behind it")
    return link_in(mailed("strategy", KEY_PERSON), "/programme/p/strategy/")


def endorse(phone: Page) -> None:
    """Without words nobody objects; then the company stands behind it."""
    expect(phone.get_by_text(GOAL).first).to_be_visible()
    phone.get_by_label("We object").check()
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_text("Say what you object to.").first).to_be_visible()
    phone.get_by_label("We stand behind it").check()
    phone.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_text("Noted on")).to_be_visible()


def anchor(desk: Page, strategy: Strategy) -> None:
    desk.goto(f"{strategy.get_absolute_url()}stakeholders/")
    expect(desk.get_by_text("Version 1, of 1 who were asked: behind it 1, against it 0")).to_be_visible()
    desk.get_by_role("link", name="Anchor it").click()
    desk.get_by_role("button", name="Anchor it").click()
    expect(desk.get_by_text("Anchored").first).to_be_visible()


def cite_the_goal(desk: Page) -> None:
    """A service, a round and an activity serve it."""
    label = f"{GOAL} ({NAME})"
    desk.goto("/programme/services/add/")
    desk.get_by_label("Name", exact=True).fill(SERVICE)
    desk.get_by_label("Gap that it closes").select_option("mobilising")
    desk.get_by_label("Function").select_option("contacts")
    desk.get_by_label("What you get").fill("We call three utilities and come along to the first talk.")
    desk.get_by_label("Hours of ours, usually").fill("4")
    desk.get_by_label("Goal that it serves").select_option(label=label)
    desk.get_by_label("Or: why it serves none").fill("A favour.")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("You chose a goal. Leave this empty").first).to_be_visible()
    desk.get_by_label("Or: why it serves none").fill("")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("h1")).to_have_text(SERVICE)
    desk.goto("/matchmaking/new/")
    desk.get_by_label("Name", exact=True).fill(ROUND)
    desk.get_by_label("Aim").fill("Pumps meet rotors.")
    desk.get_by_label("Goal that it serves").select_option(label=label)
    for field, days in (("Sign up until", 20), ("Choose until", 30)):
        desk.get_by_label(field).fill(f"{timezone.localdate() + timedelta(days=days)}T12:00")
    desk.get_by_role("button", name="Save and make the programme").click()
    expect(desk.locator("h1")).not_to_have_text("Plan a round")
    plan_activity(desk, label)


def plan_activity(desk: Page, label: str) -> None:
    """One that ends before it starts is told so; then it is published."""
    desk.goto("/programme/activities/new/")
    desk.get_by_label("Name", exact=True).fill(ACTIVITY)
    desk.get_by_label("Kind").select_option("mission")
    desk.get_by_label("Aim in one sentence").fill("Meet the utilities of Turku.")
    desk.get_by_label("Where", exact=False).last.fill("Turku Harbour, Linnankatu 87")
    starts = timezone.localdate() + timedelta(days=40)
    desk.get_by_label("From", exact=True).fill(f"{starts}T09:00")
    desk.get_by_label("To", exact=True).fill(f"{starts - timedelta(days=1)}T16:00")
    desk.get_by_label("Sign up until").fill(f"{starts - timedelta(days=7)}T18:00")
    desk.get_by_label("Places").fill("1")
    desk.get_by_label("Led by").select_option(label="Klarflod Vattenteknik")
    desk.get_by_label("Hours of ours").fill("16")
    desk.get_by_label("Goal that it serves").select_option(label=label)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("It would end before it begins.").first).to_be_visible()
    desk.get_by_label("To", exact=True).fill(f"{starts}T16:00")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("h1")).to_have_text(ACTIVITY)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Places").first).to_be_visible()
    assert Activity.objects.get(name=ACTIVITY).status == "published"


def spend_hours(desk: Page, member: Organisation) -> ServiceRequest:
    """A member has asked; the desk agrees and delivers."""
    request = ServiceRequestFactory(service=Service.objects.get(name=SERVICE), organisation=member)
    desk.goto(f"/programme/services/requests/{request.pk}/")
    agree(desk)
    deliver(desk)
    return request


def agree(desk: Page) -> None:
    desk.get_by_label("Hours of ours").fill("4")
    desk.get_by_label("What we agreed").fill("Three calls, then one talk in Turku.")
    desk.get_by_role("button", name="Agree and tell them").click()
    expect(desk.get_by_role("button", name="Delivered: ask if it helped")).to_be_visible()


def deliver(desk: Page) -> None:
    desk.get_by_label("Hours spent").fill("5")
    desk.get_by_role("button", name="Delivered: ask if it helped").click()
    expect(desk.get_by_role("button", name="Delivered: ask if it helped")).to_have_count(0)


def review(desk: Page, strategy: Strategy) -> None:
    """The indicator is read, and the page by goal tells what was spent, beside what drives and slows."""
    goal = strategy.goals.get()
    desk.goto(f"/programme/goals/{goal.pk}/")
    desk.get_by_label("Stands at").fill("3")
    desk.get_by_role("button", name="Note it").click()
    desk.goto(strategy.get_absolute_url())
    desk.get_by_role("link", name="Effort and results by goal").click()
    expect(desk.get_by_text("5 hours of 100 hours")).to_be_visible()
    expect(desk.get_by_text("3 of 10 on")).to_be_visible()
    expect(desk.get_by_role("heading", name="What drives and what slows the work")).to_be_visible()
    for name in (SERVICE, ACTIVITY, ROUND):
        expect(desk.get_by_role("link", name=name)).to_be_visible()


def a_quarter_passes() -> date:
    """All of it lies in the quarter before; its tables are made. Its last day."""
    last = quarters.Quarter.of(timezone.localdate()).first - timedelta(days=1)
    back = timezone.localdate() - last + timedelta(days=5)
    strategy = Strategy.objects.get(name=NAME)
    Strategy.objects.update(anchored_at=strategy.anchored_at - back)
    for request in ServiceRequest.objects.filter(status="delivered"):
        ServiceRequest.objects.filter(pk=request.pk).update(delivered_on=request.delivered_on - back)
    for reading in strategy.goals.get().kpis.get().readings.all():
        reading.on -= back
        reading.save()
    preparation = Preparation.objects.create(wave=None, cut_off=last)
    preparations.execute(preparation.pk)
    return last


def report(desk: Page) -> str:
    """The yearly report with its goals; the path of a link to it."""
    desk.goto("/evaluations/reports/new/")
    desk.get_by_role("button", name="Make the report").click()
    desk.get_by_role("link", name="Read it").click(timeout=IN_A_MINUTE)
    expect(desk.get_by_role("heading", name="Effort and results by goal")).to_be_visible()
    expect(desk.get_by_text("0 % of the hours spent aim at no goal").first).to_be_visible()
    desk.get_by_role("link", name="Share by link").click()
    desk.get_by_label("For whom").fill("The region")
    desk.get_by_label("Opens until").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    desk.get_by_role("button", name="Make a link").click()
    return "/" + desk.get_by_label("Address to copy").input_value().split("/", 3)[3]
