"""Outcomes for evaluators: companies counted once by the furthest in a quarter, protected, made once, kept apart."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from evaluations import preparations, quarters, tasks
from evaluations.models import Outcome, Preparation, Publication
from evaluations.quarters import Quarter
from members.models import Organisation
from tests.factories.evaluations import JourneyFactory, OutcomeFactory, WaveFactory
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import FeedbackFactory

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)
NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _in_november(time_machine):
    time_machine.move_to(NOVEMBER, tick=False)


def midnight(*day: int) -> datetime:
    """Where the cluster is."""
    return datetime(*day, tzinfo=timezone.get_default_timezone())


def companies(n: int, **size: int) -> list[Organisation]:
    return OrganisationFactory.create_batch(n, **{"headcount": 20, "turnover_eur": 1, "balance_eur": 1} | size)


def made(quarter: Quarter = Q3) -> None:
    preparation = Preparation.objects.create(wave=None, cut_off=quarter.last)
    preparations.execute(preparation.pk)
    preparation.refresh_from_db()
    assert preparation.status == Preparation.Status.DONE, preparation.error


def figures(client, table: str, query: str = "") -> dict[str, list[str]]:
    """Each line of a table of the page with its cells."""
    page = html.document_fromstring(client.get(reverse("evaluations:quarters") + query).content)
    rows = page.xpath(f"//section[@aria-labelledby='{table}']//tbody/tr")
    return {row.xpath("string(th)"): [cell.text_content().strip() for cell in row.xpath("td")] for row in rows}


# --- which quarters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [(date(2026, 1, 1), "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
     (date(2026, 12, 31), "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
     (date(2024, 2, 29), "2024-Q1", date(2024, 1, 1), date(2024, 3, 31))],
)  # fmt: skip
def test_quarter_of_a_day(day, name, first, last):
    quarter = Quarter.of(day)
    assert (quarter.name, quarter.first, quarter.last) == (name, first, last)


def test_four_quarters_are_due_at_first_and_none_twice(home):
    names = ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert [each.name for each in quarters.due(date(2026, 11, 20))] == names
    made(Quarter(2026, 1))
    assert [each.name for each in quarters.due(date(2026, 11, 20))] == ["2025-Q4", "2026-Q2", "2026-Q3"]
    assert "2026-Q4" not in [each.name for each in quarters.due(date(2026, 12, 31))], "it has not ended"


def test_task_queues_one_quarter_at_a_time(home):
    for _ in range(2):
        tasks.prepare_quarters()
    assert Preparation.objects.get().cut_off == date(2025, 12, 31)


# --- what is counted --------------------------------------------------------------------------------------------------


def test_company_counts_once_by_the_furthest_that_it_told_in_the_quarter(home):
    one, other = companies(2)
    OutcomeFactory(organisation=one, rung="contact", told_on=Q3.first)
    OutcomeFactory(organisation=one, rung="agreement", told_on=Q3.last)
    OutcomeFactory(organisation=one, rung="sales", told_on=Q3.last + timedelta(days=1))
    OutcomeFactory(organisation=other, rung="nothing", told_on=Q3.first)
    OutcomeFactory(organisation=other, rung="sales", told_on=Q3.first - timedelta(days=1))
    OutcomeFactory(of_meeting=True, organisation=None, rung="sales", told_on=Q3.first)
    assert {pk: told["rung"] for pk, told in quarters.told_in(Q3).items()} == {one.pk: "agreement", other.pk: "nothing"}


def test_surveys_do_not_count_beside_the_tables_of_their_waves(home):
    told = {"source": "survey", "wave": WaveFactory(closed=True), "source_key": "wave:1:1", "rung": "sales"}
    Outcome.objects.create(**told)
    assert quarters.told_in(Q3) == {}


def test_funnel_counts_what_was_done_in_the_quarter_whenever_it_began(home):
    company = companies(1)[0]
    begin = midnight(2026, 7, 1)
    before = begin - timedelta(seconds=1)
    JourneyFactory(organisation=company, shown_at=before, opened_at=before, interested_at=before, met_on=Q3.first)
    JourneyFactory(organisation=company, shown_at=begin)
    late = JourneyFactory(shown_at=midnight(2026, 10, 1))
    assert quarters.done_in(Q3) == {company.pk: "met"}
    assert quarters.done_in(Quarter(2026, 4)) == {late.organisation_id: "shown"}


def test_work_abroad_is_of_the_calendar_year_and_in_the_last_quarter_alone(home):
    company = companies(1)[0]
    Organisation.objects.filter(pk=company.pk).update(country="SE")
    for moment in (midnight(2024, 12, 31), midnight(2026, 1, 1)):
        FeedbackFactory(organisation=company, opportunity__countries=["EE"], at=moment)
    assert quarters.engaged_in(2025) == {}
    assert quarters.engaged_in(2026) == {company.pk: "step"}
    made(Q3)
    assert not Publication.objects.filter(subject__startswith="engaged").exists()
    made(Quarter(2025, 4))
    assert Publication.objects.filter(subject__startswith="engaged").exists()


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_evaluator_sees_large_groups_and_no_small_one(sign_in, evaluator):
    for number, company in enumerate(companies(24)):
        OutcomeFactory(organisation=company, rung="contact" if number < 12 else "sales" if number < 14 else "project",
                       told_on=Q3.first)  # fmt: skip
    made()
    shown = figures(sign_in(evaluator), "outcomes")
    assert shown["A lasting contact"][0] == "12"
    assert shown["Sales"][0] == "too few to show"
    hidden = [name for name, cells in shown.items() if cells[0] == "too few to show"]
    assert len(hidden) >= 2, "two of twenty-four could be had by subtraction"


def test_tables_never_change_once_they_are_made(sign_in, evaluator, manager):
    for company in companies(12):
        OutcomeFactory(organisation=company, rung="contact", told_on=Q3.first)
    made()
    before = list(Publication.objects.order_by("pk").values_list("pk", "table"))
    Outcome.objects.update(rung="sales")
    made()
    assert list(Publication.objects.order_by("pk").values_list("pk", "table")) == before
    assert figures(sign_in(manager), "outcomes") == figures(sign_in(evaluator), "outcomes")


def test_public_tables_hide_what_is_below_ten(home):
    for company in companies(7):
        OutcomeFactory(organisation=company, rung="contact", told_on=Q3.first)
    companies(13)
    made()
    rows = {each.audience: each for each in Publication.objects.filter(subject="outcomes:2026-Q3", dimensions=[])}
    cells = {audience: {row[0]: row[-2] for row in each.table["cells"]} for audience, each in rows.items()}
    assert set(cells) == {"house", "public"}
    assert cells["public"]["contact"] is None


def test_quarters_are_chosen_by_name_and_what_is_not_known_is_the_newest(sign_in, evaluator):
    companies(8)
    for company in companies(12):
        OutcomeFactory(organisation=company, rung="contact", told_on=Q3.first)
    made(Quarter(2026, 2))
    made(Q3)
    client = sign_in(evaluator)
    assert figures(client, "outcomes", "?quarter=2026-Q2")["A lasting contact"][0] == "0"
    for query in ("", "?quarter=2026-Q3", "?quarter=nonsense", "?quarter=%00"):
        assert figures(client, "outcomes", query)["A lasting contact"][0] == "12", query


def test_page_without_tables_says_when_they_come(sign_in, evaluator):
    page = sign_in(evaluator).get(reverse("evaluations:quarters")).content.decode()
    assert "No quarter has ended yet" in page


def test_members_and_visitors_see_no_tables(sign_in, owner, client):
    assert sign_in(owner).get(reverse("evaluations:quarters")).status_code == 403
    assert client.get(reverse("evaluations:quarters"))["Location"].startswith("/accounts/login/")
