"""Goals in the yearly report: as they stood when the quarter was over, and companies counted behind protection."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluations import goal_frames, preparations, quarters, report_links, reporting
from evaluations.actions import reports as actions
from evaluations.models import GoalFrame, Outcome, Preparation, Publication, Report
from evaluations.quarters import Quarter
from funding.models import FundingCall
from members.models import Organisation
from programme.models import Goal, Strategy
from tests.factories.funding import GrantFactory
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import OpportunityFactory
from tests.factories.programme import (
    ActivityFactory,
    KPIFactory,
    ServiceFactory,
    ServiceRequestFactory,
)
from tests.programme.ground import anchored

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)
AUGUST = date(2026, 8, 20)
SPENT = "Effort by goal: spent, of what was set aside"


@pytest.fixture(autouse=True)
def _in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 12, tzinfo=timezone.get_default_timezone()), tick=False)


@pytest.fixture
def goal(home, manager) -> Goal:
    """Of a strategy that was anchored in spring, with an indicator."""
    strategy = anchored(manager, name="Havsbris abroad", starts_on=date(2026, 1, 1), ends_on=date(2028, 12, 31))
    Strategy.objects.filter(pk=strategy.pk).update(
        anchored_at=datetime(2026, 5, 1, 12, tzinfo=timezone.get_default_timezone())
    )
    return strategy.goals.get()


def delivered(hours: int, on: date = AUGUST, **facts) -> None:
    ServiceRequestFactory(
        service=ServiceFactory(**facts), delivered=True, delivered_on=on, delivered_hours=Decimal(hours)
    )


def told(number: int, rung: str = "contact", *, on: date = AUGUST, **of) -> None:
    for _place in range(number):
        organisation = OrganisationFactory()
        Outcome.objects.create(
            source="interest", source_key=f"i{organisation.pk}", organisation=organisation, rung=rung, told_on=on, **of
        )


def prepared(quarter: Quarter = Q3) -> None:
    preparation = Preparation.objects.create(wave=None, cut_off=quarter.last)
    preparations.execute(preparation.pk)
    preparation.refresh_from_db()
    assert preparation.status == Preparation.Status.DONE, preparation.error


def report(manager, audience: str = "public", kind: str = "yearly") -> Report:
    choices = {"kind": kind, "title": "A report", "audience": audience, "cut_off": Q3.last, "quotes": []}
    made = reporting.start(by=manager, wave=None, **choices)
    reporting.execute(made.pk)
    made.refresh_from_db()
    assert made.status == Report.Status.DONE, made.error
    return made


def section(made: Report) -> dict[str, object]:
    """The parts of the section by their title or caption; {} where the report has none."""
    found = next((each["parts"] for each in made.content["sections"] if each["id"] == "goals"), [])
    return {part.get("title") or part.get("caption") or part["kind"]: part for part in found}


def test_yearly_report_tells_hours_and_money_by_goal_and_what_aims_at_none(goal, manager):
    delivered(30, goal=goal)
    delivered(10, why_no_goal="A favour to the region.")
    delivered(20)
    ends_at = timezone.now() - timedelta(days=80)
    ActivityFactory(
        over=True, goal=goal, hours=40, money_eur=2500, starts_at=ends_at - timedelta(hours=6), ends_at=ends_at
    )
    prepared()

    made = report(manager)
    found = section(made)

    assert "30 % of the hours spent aim at no goal." in str(made.content["opening"])
    chart = found["30 % of the hours spent aim at no goal"]
    assert [(row["label"], row["value"], row["n"]) for row in chart["rows"]] == [
        ("Hours spent", "30 %", "30 hours of 100 hours"),
        ("Money spent", "0 %", "EUR 0 of EUR 2,500"),
        ("Things on record", "50 %", "2 of 4"),
    ]
    assert chart["notes"][0]["text"] == "Hours spent: 10 % serve none, with a reason; 20 % have not said yet."
    assert found[SPENT]["rows"] == [
        ["Water in Finland", "70 of 200", "EUR 2,500 of EUR 30,000", "2"],
        ["No goal, with a reason", "10", "EUR 0", "1"],
        ["Has not said yet", "20", "EUR 0", "1"],
    ]
    assert made.pdf.size > 1000


def test_indicators_stand_as_they_were_read_by_the_end_of_the_quarter(goal, manager):
    kpi = KPIFactory(goal=goal, name="First orders", target=10, unit="members")
    strategy = goal.strategy
    version = strategy.versions.get()
    version.content["goals"][0]["kpis"] = [{"id": kpi.pk, "name": kpi.name, "unit": kpi.unit, "target": "10"}]
    type(version).objects.filter(pk=version.pk).update(content=version.content)
    kpi.readings.create(on=date(2026, 6, 1), value=4)
    kpi.readings.create(on=date(2026, 10, 5), value=9)
    prepared()

    rows = section(report(manager))["Indicators"]["rows"]

    assert rows == [["Water in Finland", "First orders", "10 members", "4", "1 June 2026"]]


def test_what_is_done_after_the_quarter_belongs_to_the_next_report(goal, manager):
    delivered(30, goal=goal)
    service = ServiceFactory(goal=goal)
    for on in (AUGUST, date(2026, 10, 2)):
        ServiceRequestFactory(service=service, delivered=True, delivered_on=on, delivered_hours=Decimal(5))
    OpportunityFactory(status="published", curated_at=timezone.now(), goal=goal)
    prepared()
    first = report(manager)
    delivered(7, on=AUGUST, goal=goal)  # entered late
    Goal.objects.filter(pk=goal.pk).update(name="Renamed meanwhile")
    again = reporting.make_again(report=first, by=manager)
    reporting.execute(again.pk)
    again.refresh_from_db()

    assert section(first)[SPENT]["rows"][0] == [
        "Water in Finland",
        "35 of 200",
        "EUR 0 of EUR 30,000",
        "2",
    ]
    assert again.content == first.content
    assert reporting.same_as(again) == first


def test_a_draft_is_told_to_nobody(home, manager):
    strategy = anchored(manager, name="Too new")
    Strategy.objects.filter(pk=strategy.pk).update(anchored_at=datetime(2026, 10, 1, 12, tzinfo=UTC))
    prepared()

    assert goal_frames.holding_on(Q3.last) is None
    assert not GoalFrame.objects.exists()
    assert section(report(manager)) == {}


def test_members_count_once_by_goal_and_few_are_not_shown(goal, manager):
    served = OpportunityFactory(status="published", goal=goal)
    told(6, opportunity=served)
    told(6, "nothing", opportunity=served)
    told(9, opportunity=OpportunityFactory(status="published"))  # cites no goal
    told(4, on=Q3.first - timedelta(days=1), opportunity=served)
    first = Outcome.objects.filter(opportunity=served, rung="contact").first()
    Outcome.objects.create(
        source="interest", source_key="again", organisation=first.organisation, rung="nothing", told_on=AUGUST,
        opportunity=served,
    )  # fmt: skip
    OrganisationFactory.create_batch(20)
    prepared()
    companies = Organisation.objects.members().filter(kind=Organisation.Kind.COMPANY).count()

    public, house = (
        section(report(manager, audience))["Member companies that told that something came of it"]
        for audience in ("public", "house")
    )

    assert (house["columns"], house["rows"]) == (["Goal", "2026-Q3"], [["Water in Finland", f"6 of {companies}"]])
    assert public["rows"] == [["Water in Finland", "too few to show"]]


def test_each_thing_that_cites_the_goal_counts(goal):
    service, activity = ServiceFactory(goal=goal), ActivityFactory(over=True, goal=goal)
    told(1, service_request=ServiceRequestFactory(service=service, delivered=True))
    told(1, activity=activity)
    told(1, activity=ActivityFactory(over=True))
    grant = GrantFactory()
    FundingCall.objects.filter(pk=grant.award.partner.application.call_id).update(goal=goal)
    told(1, grant=grant)

    by_goal, of_nobody = quarters.served_in(Q3)

    assert sorted(by_goal.values()) == [f"{goal.pk}:came"] * 3
    assert of_nobody == f"{goal.pk}:not_so_far"


def test_tables_by_goal_are_made_once_and_of_the_companies_of_the_quarter(goal):
    told(6, opportunity=OpportunityFactory(status="published", goal=goal))
    prepared()
    before = list(Publication.objects.order_by("pk").values())
    told(30, opportunity=OpportunityFactory(status="published", goal=goal))
    Preparation.objects.all().delete()
    prepared()

    assert [row["subject"] for row in before if row["subject"].startswith("goal_")] == [f"goal_{goal.pk}:2026-Q3"] * 2
    assert [row | {"preparation_id": None} for row in Publication.objects.order_by("pk").values()] == [
        row | {"preparation_id": None} for row in before
    ]


def test_the_page_of_a_shared_link_shows_the_goals_as_text(goal, manager, client):
    version = goal.strategy.versions.get()
    version.content["goals"][0]["name"] = "<b>Water</b>"
    type(version).objects.filter(pk=version.pk).update(content=version.content)
    delivered(30, goal=goal)
    prepared()
    until = timezone.now() + timedelta(days=9)
    link = actions.share(report=report(manager), label="The region", expires_at=until, by=manager)

    page = client.get(report_links.url_of(link)).content.decode()

    assert "Effort and results by goal" in page
    assert "&lt;b&gt;Water&lt;/b&gt;" in page
