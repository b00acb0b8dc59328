"""Outcomes on record as managers read them: the ladder, the list, the file; and nobody else."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from lxml import html

from evaluations.models import Outcome
from evaluations.reading import outcomes as reading
from tests.client import htmx
from tests.factories.evaluations import OutcomeFactory, WaveFactory
from tests.factories.members import OrganisationFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
PAGES = ("outcomes", "outcome_list", "outcome_export", "funnel", "worklist", "engaged")


def page_of(client, name: str, query: str = "") -> html.HtmlElement:
    return html.document_fromstring(client.get(reverse(f"evaluations:{name}") + query).content)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_the_managers_alone(sign_in, owner, outsider, viewer, evaluator, client, name):
    OutcomeFactory(organisation=owner.own_membership.organisation, words="Secret words")
    for user in (owner, outsider, viewer, evaluator):
        response = sign_in(user).get(reverse(f"evaluations:{name}"))
        assert response.status_code == 403
        assert "Secret words" not in response.content.decode()
    response = client.get(reverse(f"evaluations:{name}"))
    assert response["Location"].startswith("/accounts/login/")


def test_ladder_counts_each_rung_at_each_time_of_asking(sign_in, manager):
    OutcomeFactory.create_batch(2, rung="contact")
    OutcomeFactory(rung="sales", amount="under_50k", attribution="would_not")
    OutcomeFactory(of_meeting=True, months=0, rung="nothing")
    page = page_of(sign_in(manager), "outcomes")
    charts = {id_: page.xpath(f"//section[@aria-labelledby='{id_}']")[0]
              for id_ in ("months-0", "months-3", "months-12", "worth", "whose")}  # fmt: skip
    assert "After 3 months: something came of 3 of 3" in text_of(charts["months-3"])
    shown = {row.xpath("string(th)"): row.xpath("string(td[2])")
             for row in charts["months-3"].xpath(".//table[contains(@class, 'bars')]/tbody/tr")}  # fmt: skip
    assert (shown["A lasting contact"], shown["Sales"], shown["New knowledge"]) == ("2 (67 %)", "1 (33 %)", "0 (0 %)")
    assert "something came of 0 of 1" in text_of(charts["months-0"])
    assert "Nothing told yet." in text_of(charts["months-12"])
    assert "1 (100 %)" in text_of(charts["worth"])
    assert "4 outcomes, of 4 members" in text_of(page.xpath("//main")[0])


@pytest.mark.parametrize("source", ["grant", "service", "activity", "intro"])
def test_each_source_but_surveys_can_be_filtered_for(sign_in, manager, source):
    OutcomeFactory(words="Of an interest")
    of = OutcomeFactory(words="Of the other")
    Outcome.objects.filter(pk=of.pk).update(source=source)
    page = page_of(sign_in(manager), "outcome_list", f"?source={source}")

    assert "Of the other" in text_of(page)
    assert "Of an interest" not in text_of(page)
    assert "survey" not in page.xpath("//select[@name='source']/option/@value")


def test_filters_narrow_ladder_list_and_file_alike(sign_in, manager):
    one = OrganisationFactory(name="Åkerby Marin")
    OutcomeFactory(organisation=one, rung="project", size_class="micro")
    OutcomeFactory(of_meeting=True, rung="contact", told_on=timezone.localdate() - timedelta(days=500))
    client = sign_in(manager)
    for query, n in (("?q=akerby", 1), ("?source=meeting", 1), ("?rung=project", 1), ("?size=micro", 1),
                     ("?months=3", 2), ("?months=12", 0), ("?period=year", 1), ("?source=survey", 2), ("?months=x", 2),
                     ("?q=%00", 2)):  # fmt: skip
        if n:
            assert f"{n} outcome" in text_of(page_of(client, "outcomes", query).xpath("//main")[0]), query
        rows = page_of(client, "outcome_list", query).xpath("//main//table/tbody/tr")
        assert len(rows) == n, query
        lines = client.get(reverse("evaluations:outcome_export") + query).getvalue().decode("utf-8-sig").splitlines()
        assert len(lines) == n + 1, query


def test_part_that_htmx_asks_for_is_the_results_alone(sign_in, manager):
    OutcomeFactory()
    for name in ("outcomes", "outcome_list", "funnel"):
        response = sign_in(manager).get(reverse(f"evaluations:{name}"), headers=htmx("results"))
        assert "<h1" not in response.content.decode()


def test_list_shows_what_each_told_newest_first_and_escapes_it(sign_in, manager):
    OutcomeFactory(
        words="<script>alert(1)</script>", amount="over_1m", rung="sales", opportunity__title="A <b>title</b>"
    )
    OutcomeFactory(of_meeting=True, organisation=None, told_on=timezone.localdate() - timedelta(days=3))
    client = sign_in(manager)
    page = page_of(client, "outcome_list")
    first, second = (text_of(row) for row in page.xpath("//main//table/tbody/tr"))
    assert "<script>alert(1)</script>" in first
    assert "A <b>title</b>" in first
    assert "EUR 1 million or more" in first
    assert "Company of a partner cluster" in second
    assert not page.xpath("//main//table//script | //main//table//b")


def test_file_holds_no_formulas(sign_in, manager):
    OutcomeFactory(words='=HYPERLINK("http://evil.example")', organisation__name="+1 Åkeri")
    response = sign_in(manager).get(reverse("evaluations:outcome_export"))
    assert 'filename="outcomes-' in response["Content-Disposition"]
    _head, line = csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")))
    assert line[0] == "'+1 Åkeri"
    assert line[7].startswith("'=")


def test_what_surveys_tell_is_on_no_page_of_single_records(sign_in, manager):
    wave = WaveFactory(closed=True)
    told = {"source": "survey", "wave": wave, "rung": "sales", "size_class": "large", "country": "DE"}
    Outcome.objects.create(**told, source_key=f"wave:{wave.pk}:1")
    client = sign_in(manager)
    assert "No outcomes yet" in text_of(page_of(client, "outcomes").xpath("//main")[0])
    assert not page_of(client, "outcome_list").xpath("//main//table")
    assert len(client.get(reverse("evaluations:outcome_export")).getvalue().splitlines()) == 1


def test_pages_ask_the_same_few_questions_however_much_there_is(sign_in, manager):
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(reverse("evaluations:outcome_list")),
        OutcomeFactory,
        at_most=10,
        shows=lambda response: len(html.document_fromstring(response.content).xpath("//main//table/tbody/tr")),
    )


def test_own_page_asks_the_same_few_questions(sign_in, owner, organisation):
    client = sign_in(owner)
    assert_constant_queries(
        lambda: client.get(reverse("evaluations:own")),
        lambda: OutcomeFactory(organisation=organisation),
        at_most=10,
        shows=lambda response: len(html.document_fromstring(response.content).xpath("//main//table/tbody/tr")),
    )


def test_list_reads_the_newest_from_the_index(organisation, manager):
    rows = (
        Outcome(source="interest", source_key=str(place), organisation=organisation, rung="contact",
                told_on=timezone.localdate() - timedelta(days=place % 700))
        for place in range(5000)
    )  # fmt: skip
    Outcome.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE evaluations_outcome")

    plan = reading.listed(Outcome.objects.visible_to(manager))[:25].explain()

    assert "outcome_newest" in plan, plan
    assert "Sort" not in plan, plan
