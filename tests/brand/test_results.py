"""Results in numbers: from publications for the public, from the threshold on, and in full tens."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from brand.reading import results
from evaluations import preparations
from evaluations.models import Outcome, Preparation, Publication
from evaluations.quarters import Quarter
from programme.models import Goal, Reading
from tests.factories.evaluations import OutcomeFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.factories.programme import GoalFactory, KPIFactory, StrategyFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("brand:results")
Q3 = Quarter(2026, 3)


@pytest.fixture(autouse=True)
def _in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 12, tzinfo=timezone.get_default_timezone()), tick=False)


def figure(client, label: str) -> tuple[str, str]:
    """The number beside a label, and what stands below it."""
    page = html.fromstring(client.get(PAGE).content)
    (box,) = page.xpath(f"//dl[@class='figures']/div[dt='{label}']")
    return box.xpath("string(dd[1])"), box.xpath("string(dd[2])")


def told(counts: dict[str, int]) -> None:
    """So many members told of each rung in the third quarter, of which the tables are made."""
    for rung, number in counts.items():
        for _ in range(number):
            OutcomeFactory(organisation=OrganisationFactory(headcount=20), rung=rung, told_on=Q3.first)
    preparation = Preparation.objects.create(wave=None, cut_off=Q3.last)
    preparations.execute(preparation.pk)


def ladder(client) -> dict[str, list[str]]:
    rows = html.fromstring(client.get(PAGE).content).xpath("//table//tbody/tr")
    return {row.xpath("string(th)"): [cell.text_content().strip() for cell in row.xpath("td")] for row in rows}


def test_few_members_are_not_counted(client, home):
    MembershipFactory.create_batch(9, organisation__country="SE")
    assert figure(client, "Members")[0] == "fewer than 10"
    MembershipFactory(organisation__country="FI")
    value, below = figure(client, "Members")
    assert value == "10"
    assert below == "from 2 countries. Register of members, 20 November 2026"


def test_ladder_is_the_public_table_with_its_days(client, home):
    told({"contact": 14, "sales": 12, "project": 11})
    shown = ladder(client)

    assert shown["A lasting contact"][1] == "14 / 37"
    page = client.get(PAGE).content.decode()
    assert "1 July 2026 to 30 September 2026" in page
    assert Publication.objects.filter(audience="public", subject="outcomes:2026-Q3").exists()


def test_few_are_hidden_in_public_though_not_in_house(client, home):
    told({"contact": 14, "sales": 7, "project": 13})
    shown = {label: cells for label, cells in ladder(client).items() if cells != ["too few to show"]}

    house = Publication.objects.get(audience="house", subject="outcomes:2026-Q3", dimensions=[])
    assert ["sales", 7, None] in house.table["cells"]
    assert not any("7 / " in cell for cells in shown.values() for cell in cells)


def test_ladder_with_nothing_to_show_is_one_sentence(client, home):
    told({"contact": 4, "sales": 3})
    answer = html.fromstring(client.get(PAGE).content)

    assert not answer.xpath("//table")
    assert not answer.xpath("//h2")
    said = " ".join(answer.xpath("string(//main)").split())
    assert "How far members got: too few to show. Told by members after meetings and interest, 1 July 2026" in said


def test_without_a_public_table_nothing_is_told(client, home):
    Outcome.objects.all().delete()
    assert "How far members got: no quarter is told of in public yet." in client.get(PAGE).content.decode()


def test_targets_are_counted_and_not_named(client, home):
    strategy = StrategyFactory(anchored=True)
    goal, left = GoalFactory(strategy=strategy, name="Secret market"), GoalFactory(strategy=strategy)
    rising, falling, open_ = KPIFactory(goal=goal), KPIFactory(goal=goal, baseline=9, target=4), KPIFactory(goal=goal)
    for kpi, values in ((rising, (3, 20)), (falling, (8, 4)), (open_, (30, 19)), (KPIFactory(goal=left), (99,))):
        for days, value in enumerate(values):
            Reading.objects.create(kpi=kpi, on=date(2026, 3, 1) + timedelta(days=days), value=Decimal(value))
    Goal.objects.filter(pk=left.pk).update(given_up_at=timezone.now(), why_given_up="Too far")
    KPIFactory(goal=GoalFactory(strategy=StrategyFactory(consulted=True)))
    year = timezone.localdate().year
    early = StrategyFactory(anchored=True, starts_on=date(year + 1, 1, 1), ends_on=date(year + 9, 12, 31))
    KPIFactory(goal=GoalFactory(strategy=early))  # agreed already, and not begun

    value, below = figure(client, "Targets reached")
    assert value == "2"
    assert below.startswith(f"of 3, for {year}–{year + 2}. Strategy")
    assert "Secret market" not in client.get(PAGE).content.decode()


def test_no_strategy_no_targets_and_no_meetings_no_figure(client, home):
    labels = html.fromstring(client.get(PAGE).content).xpath("//dl[@class='figures']//dt/text()")
    assert labels == ["Members"]
    assert results.last_quarter() == Q3
