"""Asking the tables: what is given, what is kept of the question, who reads which log, and what files hold."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook

from core.actions import Refused
from core.models import AuditEvent
from evaluations import custom_tables
from evaluations.actions import queries
from evaluations.models import Publication, Query
from evaluations.tabulating import RESPONSE
from tests.evaluations import grounds
from tests.factories.evaluations import VersionFactory, WaveFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
TABLES, LOG = reverse("evaluations:tables"), reverse("evaluations:queries")


@pytest.fixture
def wave():
    return grounds.prepared(name="Members 2026", slug="members-2026")


def ask(wave, by, subject="barriers", dimensions=(), **filters) -> Query:
    """Asked and answered."""
    query = queries.ask(wave=wave, subject=subject, dimensions=dimensions, filters=filters, by=by)
    custom_tables.execute(query.pk)
    query.refresh_from_db()
    return query


def page_of(query, name="table"):
    return reverse(f"evaluations:{name}", args=[query.pk])


def text(response):
    return " ".join(response.content.decode().split())


# --- asking


def test_question_is_asked_on_the_page_and_answered_by_a_worker(sign_in, evaluator, wave):
    client = sign_in(evaluator)
    asked = {"wave": wave.slug, "subject": "barriers", "dimensions": ["size_class"]}
    page = client.post(TABLES, asked, follow=True)
    query = Query.objects.get()

    assert "The table is being protected" in text(page)
    custom_tables.execute(query.pk)
    page = client.get(page_of(query))
    assert "What holds you back?" in text(page)
    assert "Option time" in text(page)
    assert "too few to show" in text(page)
    assert "Micro" in text(page)
    trail = AuditEvent.objects.get(action="evaluations.asked")
    assert (trail.actor_id, trail.details["subject"]) == (evaluator.pk, "barriers")


def test_same_table_asked_twice_is_one_publication_and_two_questions(wave, evaluator, manager):
    one = ask(wave, evaluator, "results", ["size_class"], size_class=["micro", "small"])
    other = ask(wave, manager, "results", ["size_class"], size_class=["small", "micro"])

    assert one.publication == other.publication
    assert Query.objects.count() == 2


def test_filtered_table_counts_only_the_groups_of_its_filter(wave, evaluator):
    query = ask(wave, evaluator, "results", size_class=["micro", "small"])
    base = next(row[-2] for row in query.publication.table["cells"] if row[0] is None)

    assert base == 48 + 30


def test_crossed_groups_publish_their_sizes_first(wave, evaluator):
    query = ask(wave, evaluator, "barriers", ["size_class", "experience"])
    sizes = Publication.objects.get(wave=wave, subject=RESPONSE, dimensions=["experience", "size_class"])
    hidden = {tuple(row[:-2]) for row in sizes.table["cells"] if row[-2] is None}
    shown = {tuple(row[1:-2]) for row in query.publication.table["cells"] if row[-2]}

    assert sizes.pk < query.publication_id
    assert hidden & shown == set()


def test_groups_whose_size_is_hidden_cannot_be_asked_for(wave, evaluator):
    assert "large" not in custom_tables.groups_with_size(wave)["size_class"]
    with pytest.raises(Refused, match="Too few answered"):
        ask(wave, evaluator, size_class=["large"])

    assert not Query.objects.exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"subject": "why"}, "no such question"),
        ({"dimensions": ["email"]}, "up to three breakdowns"),
        ({"dimensions": ["size_class", "country", "section", "experience"]}, "up to three breakdowns"),
        ({"size_class": ["nowhere"]}, "Too few answered"),
    ],
)
def test_what_there_is_not_is_refused_in_words(wave, evaluator, asked, said):
    with pytest.raises(Refused, match=said):
        ask(wave, evaluator, **asked)


def test_open_wave_answers_nothing(evaluator):
    with pytest.raises(Refused, match="still open"):
        ask(WaveFactory(version__content=grounds.content()), evaluator)


def test_form_keeps_the_choice_and_says_what_to_do(sign_in, evaluator, wave):
    four = ["size_class", "country", "section", "experience"]
    page = sign_in(evaluator).post(TABLES, {"wave": wave.slug, "subject": "results", "dimensions": four})

    assert "Choose up to three." in text(page)
    assert '<option value="results" selected>' in text(page)
    assert not Query.objects.exists()


def test_table_that_took_too_long_once_is_not_begun_again(wave, evaluator):
    query = queries.ask(wave=wave, subject="barriers", dimensions=["size_class"], filters={}, by=evaluator)
    Query.objects.filter(pk=query.pk).update(cursor={"begun": True})
    custom_tables.execute(query.pk)
    query.refresh_from_db()

    assert query.status == Query.Status.FAILED
    assert "takes too long" in query.error
    assert query.publication is None


def test_table_that_cannot_be_given_says_so(sign_in, wave, evaluator):
    query = ask(wave, evaluator)
    Query.objects.filter(pk=query.pk).update(status="failed", error="Ask for less.", publication=None)
    page = sign_in(evaluator).get(page_of(query))

    assert "This table cannot be given" in text(page)
    assert "Ask for less." in text(page)
    for name in ("table_csv", "table_xlsx"):
        assert sign_in(evaluator).get(page_of(query, name)).headers["Location"] == page_of(query)


# --- who reads what


def test_only_readers_ask(wave, owner):
    with pytest.raises(PermissionDenied):
        queries.ask(wave=wave, subject="barriers", dimensions=[], filters={}, by=owner)


def test_evaluators_see_their_own_questions_and_managers_all(sign_in, wave, evaluator, manager, owner):
    mine, other = ask(wave, evaluator), ask(wave, manager, "results")

    log = text(sign_in(evaluator).get(LOG))
    assert page_of(mine) in log
    assert page_of(other) not in log
    assert sign_in(evaluator).get(page_of(other)).status_code == 404
    assert sign_in(evaluator).get(page_of(other, "table_csv")).status_code == 404
    log = text(sign_in(manager).get(LOG))
    assert page_of(mine) in log
    assert page_of(other) in log
    assert sign_in(owner).get(LOG).status_code == 403


def test_log_takes_the_same_number_of_queries(sign_in, wave, manager):
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(LOG),
        lambda: Query.objects.create(by=manager, by_label="Maja", wave=wave, subject="barriers"),
        at_most=14,
        shows=lambda page: len(page.context["rows"]),
    )


# --- files


def test_files_hold_what_the_page_shows_and_no_more(sign_in, wave, evaluator):
    query = ask(wave, evaluator, "barriers", ["size_class"])
    client = sign_in(evaluator)
    lines = list(csv.DictReader(StringIO(client.get(page_of(query, "table_csv")).getvalue().decode("utf-8-sig"))))
    book = load_workbook(BytesIO(client.get(page_of(query, "table_xlsx")).content))
    rows = list(book["Table"].iter_rows(values_only=True))

    hidden = [line for line in lines if line["Shown"] == "too few to show"]
    assert hidden
    assert {(line["Firms"], line["Of"], line["Share, %"]) for line in hidden} == {("", "", "")}
    cells = query.publication.table["cells"]
    assert len(lines) == len(rows) - 1 == len(cells)
    assert sum(row[-2] is None for row in cells) == len(hidden) == sum(row[-1] == "too few to show" for row in rows)
    assert "primary" not in str(lines) + str(rows), "why a cell is hidden would say between which counts it lies"


def test_words_of_a_questionnaire_are_no_formulas(sign_in, evaluator):
    options = [{"key": key, "text": grounds.words(f"=1+{place}")} for place, key in enumerate(grounds.BARRIERS)]
    version = VersionFactory(content=grounds.content(options=options))
    wave = grounds.closed_wave(version=version, name="=cmd|'/c calc'!A1", slug="formula")
    grounds.prepare(wave)
    query = ask(wave, evaluator)
    client = sign_in(evaluator)

    lines = client.get(page_of(query, "table_csv")).getvalue().decode("utf-8-sig")
    assert "\n=" not in lines
    book = load_workbook(BytesIO(client.get(page_of(query, "table_xlsx")).content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_is_hidden_is_in_no_page(sign_in, wave, evaluator):
    query = ask(wave, evaluator, "results", ["size_class"])
    page = text(sign_in(evaluator).get(page_of(query)))

    assert page.count("too few to show") == sum(row[-2] is None for row in query.publication.table["cells"])
