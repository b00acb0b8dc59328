"""Asking about outcomes: of one quarter, by what was told and by whom, fixed once, protected beside what is out."""

import csv
from datetime import datetime
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from evaluations import custom_tables, preparations, quarters
from evaluations.actions import queries
from evaluations.models import Outcome, Preparation, Publication, QuarterFrame, Query
from evaluations.quarters import Quarter
from members.models import Organisation
from tests.factories.evaluations import OutcomeFactory
from tests.factories.members import OrganisationFactory

pytestmark = pytest.mark.django_db
URL = reverse("evaluations:outcome_tables")
Q3 = Quarter(2026, 3)
SUBJECT = "outcomes:2026-Q3"
MICRO, SMALL = ({"headcount": n, "turnover_eur": 1, "balance_eur": 1} for n in (5, 20))


@pytest.fixture(autouse=True)
def _in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 12, tzinfo=timezone.get_default_timezone()), tick=False)


@pytest.fixture
def told(home) -> list[Organisation]:
    """120 companies of two sizes; 90 told something, of interests or of meetings."""
    found = OrganisationFactory.create_batch(66, **MICRO) + OrganisationFactory.create_batch(54, **SMALL)
    for place, company in enumerate(found):
        rung = ("contact", "knowledge", "project")[place % 3]
        if place % 4:
            OutcomeFactory(
                organisation=company, of_meeting=place // 4 % 2 == 0, rung=rung, told_on=Q3.first,
                attribution="would_not" if place // 3 % 2 else "later",
            )  # fmt: skip
    made()
    return found


def made(quarter: Quarter = Q3) -> None:
    preparation = Preparation.objects.create(wave=None, cut_off=quarter.last)
    preparations.execute(preparation.pk)
    preparation.refresh_from_db()
    assert preparation.status == Preparation.Status.DONE, preparation.error


def ask(by, dimensions=(), subject=SUBJECT, **filters) -> Query:
    """Asked and answered."""
    query = queries.ask(wave=None, subject=subject, dimensions=dimensions, filters=filters, by=by)
    custom_tables.execute(query.pk)
    query.refresh_from_db()
    return query


def cells(query: Query) -> dict[tuple, int | None]:
    return {tuple(row[:-2]): row[-2] for row in query.publication.table["cells"]}


def text(response) -> str:
    return " ".join(response.content.decode().split())


# --- what is counted --------------------------------------------------------------------------------------------------


def test_frame_counts_companies_by_what_they_told_furthest_and_names_nobody(told):
    frame = QuarterFrame.objects.get(quarter="2026-Q3")
    assert sum(row[-1] for row in frame.cells) == 120
    assert str(told[0].pk) not in {str(part) for row in frame.cells for part in row[:-1]}
    assert not {each.name for each in told} & {str(part) for row in frame.cells for part in row}
    assert {row[3] for row in frame.cells} == {"", "interest", "meeting"}


def test_source_and_attribution_are_those_of_the_furthest_and_of_two_the_later(home):
    company = OrganisationFactory(**MICRO)
    OutcomeFactory(organisation=company, rung="sales", told_on=Q3.first, attribution="later")
    OutcomeFactory(organisation=company, of_meeting=True, rung="sales", told_on=Q3.last, attribution="anyway")
    OutcomeFactory(organisation=company, rung="contact", told_on=Q3.last, attribution="would_not")
    assert quarters.told_in(Q3)[company.pk] == {"rung": "sales", "source": "meeting", "attribution": "anyway"}


def test_two_breakdowns_are_answered_and_add_up(told, evaluator):
    query = ask(evaluator, ["source", "size_class"])
    found = cells(query)
    assert query.publication.dimensions == ["size_class", "source"]
    assert found[None, None, None] == 120
    assert found[None, "micro", None] == 66
    shown = [n for key, n in found.items() if None not in key and n is not None]
    assert any(n >= 5 for n in shown)
    assert all(n == 0 or n >= 5 for n in shown)


def test_filter_counts_its_groups_only(told, evaluator):
    assert cells(ask(evaluator, size_class=["small"]))[(None,)] == 54


def test_what_is_corrected_or_joins_later_changes_no_table_of_the_quarter(told, evaluator):
    first = ask(evaluator, ["source"])
    Outcome.objects.update(rung="sales")
    OrganisationFactory.create_batch(9, **SMALL)
    made()
    later = ask(evaluator, ["size_class", "source"])
    assert cells(later)[None, None, None] == cells(first)[None, None] == 120
    assert not any(n for key, n in cells(later).items() if key[0] == "sales")


def test_same_table_twice_is_one_publication_and_two_questions(told, evaluator, manager):
    one, other = ask(evaluator, ["source"], size_class=["micro"]), ask(manager, ["source"], size_class=["micro"])
    assert one.publication == other.publication
    assert Query.objects.count() == 2
    assert AuditEvent.objects.filter(action="evaluations.asked").count() == 2


def test_unfiltered_single_breakdown_is_that_of_the_quarter_itself(told, evaluator):
    before = Publication.objects.count()
    ask(evaluator, ["source"])
    ask(evaluator)
    assert Publication.objects.count() == before


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"subject": "outcomes:2026-Q2"}, "no tables of this quarter"),
        ({"subject": "funnel:2026-Q3"}, "no tables of this quarter"),
        ({"subject": "outcomes:nonsense"}, "no tables of this quarter"),
        ({"dimensions": ["organisation"]}, "up to three breakdowns"),
        ({"dimensions": ["size_class", "country", "section", "source"]}, "up to three breakdowns"),
        ({"size_class": ["large"]}, "Too few companies"),
    ],
)
def test_what_there_is_not_is_refused_in_words(told, evaluator, asked, said):
    with pytest.raises(Refused, match=said):
        ask(evaluator, **asked)
    assert not Query.objects.exists()


def test_members_ask_nothing(told, owner, sign_in, client):
    with pytest.raises(PermissionDenied):
        ask(owner)
    assert sign_in(owner).get(URL).status_code == 403
    assert client.get(URL).headers["Location"].startswith("/accounts/login/")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_page_asks_and_the_table_says_of_which_quarter_it_is(sign_in, evaluator, told):
    client = sign_in(evaluator)
    page = client.post(URL, {"subject": SUBJECT, "dimensions": ["size_class", "source"]}, follow=True)
    query = Query.objects.get()
    assert "The table is being protected" in text(page)
    custom_tables.execute(query.pk)
    query.refresh_from_db()
    page = text(client.get(query.get_absolute_url()))
    assert "2026-Q3, by size of company, what it came of." in page
    assert "Meeting in a round" in page
    assert "A lasting contact" in page
    lines = list(csv.DictReader(StringIO(
        client.get(reverse("evaluations:table_csv", args=[query.pk])).getvalue().decode("utf-8-sig")
    )))  # fmt: skip
    assert len(lines) == len(query.publication.table["cells"])
    assert "2026-Q3" in text(client.get(reverse("evaluations:queries")))


def test_table_that_cannot_be_given_offers_smaller_ones_with_one_tap(sign_in, evaluator, told):
    query = queries.ask(
        wave=None, subject=SUBJECT, dimensions=["size_class", "source", "attribution"],
        filters={"size_class": ["micro"]}, by=evaluator,
    )  # fmt: skip
    Query.objects.filter(pk=query.pk).update(status="failed", error="Ask for less.")
    client = sign_in(evaluator)
    page = text(client.get(query.get_absolute_url()))
    assert "What is answered instead" in page
    assert page.count('name="only_size_class" value="micro"') == 3, "the groups go along"
    assert "By size of company, what it came of" in page
    client.post(URL, {"subject": SUBJECT, "dimensions": ["size_class", "source"], "only_size_class": ["micro"]})
    asked = Query.objects.latest("pk")
    assert (asked.dimensions, asked.filters) == (["size_class", "source"], {"size_class": ["micro"]})


def test_form_keeps_the_choice_and_says_what_to_do(sign_in, evaluator, told):
    four = ["size_class", "country", "section", "source"]
    page = text(sign_in(evaluator).post(URL, {"subject": SUBJECT, "dimensions": four}))
    assert "Choose up to three." in page
    assert page.count("checked") == 4


def test_page_before_any_quarter_says_when(sign_in, evaluator, home):
    page = text(sign_in(evaluator).get(URL))
    assert "No quarter can be asked for yet" in page
    assert sign_in(evaluator).post(URL, {"subject": SUBJECT}).status_code == 200
    assert not Query.objects.exists()
