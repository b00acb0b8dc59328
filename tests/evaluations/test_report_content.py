"""What reports say: gathered from what is published, the same again from the same choices; quotes leave the answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evaluations import preparations, quarters, reporting
from evaluations.actions import waves
from evaluations.forms.reports import ends_of_quarters
from evaluations.models import Benchmark, BenchmarkImport, Outcome, Quote, Report, Response
from tests.evaluations import grounds
from tests.evaluations.surveys import hand_in, opened
from tests.factories.members import OrganisationFactory

pytestmark = pytest.mark.django_db


def made(report: Report) -> Report:
    reporting.execute(report.pk)
    report.refresh_from_db()
    assert report.status == Report.Status.DONE, report.error
    return report


@pytest.fixture
def report(manager) -> Report:
    """Of a wave with figures, and a quarter in which twelve of 24 members told of contacts."""
    end = ends_of_quarters(timezone.localdate())[0]
    OrganisationFactory.create_batch(12)
    for place in range(12):
        Outcome.objects.create(
            source="interest",
            source_key=f"i{place}",
            organisation=OrganisationFactory(),
            rung="contact",
            told_on=end - timedelta(days=10),
        )
    while preparation := quarters.start_due():
        preparations.execute(preparation.pk)
    wave = grounds.prepared(name="Members", slug="members")
    choices = {"kind": "yearly", "title": "A report", "audience": "public", "cut_off": end, "quotes": []}
    return made(reporting.start(by=manager, wave=wave, **choices))


def test_report_has_what_a_funder_asks_for(report):
    sections = {each["id"]: str(each["parts"]) for each in report.content["sections"]}

    assert list(sections) == ["who", "findings", "results", "outcomes", "hidden", "method", "sources"]
    assert "100 answered, 50 % of those asked" in sections["who"]
    assert "Option time" in sections["findings"]
    assert "12 of 12" in sections["outcomes"]
    assert "fewer than 10 companies" in sections["hidden"]
    assert "Portal 0.1.0, method 1" in sections["sources"]
    assert {"portal", "method", "questionnaire", "typst", "content", "pdf"} == set(report.versions)


def test_made_again_it_is_the_same_to_the_last_byte(report, manager):
    Outcome.objects.update(rung="sales")  # corrected after the quarter was counted
    again = made(reporting.make_again(report=report, by=manager))

    assert again.pk != report.pk
    assert again.content == report.content
    with again.pdf.open() as one, report.pdf.open() as other:
        assert one.read() == other.read()
    assert reporting.same_as(again) == report
    assert reporting.same_as(report) is None


def test_made_again_with_something_new_it_says_that_it_differs(report, manager):
    brought = BenchmarkImport.objects.create(file_name="panel.csv")
    told = {"question": "barriers", "option": "time", "label": "Time", "value": 0.3, "year": 2025}
    Benchmark.objects.create(source="Elsewhere", brought_by=brought, **told)
    again = made(reporting.make_again(report=report, by=manager))

    assert reporting.same_as(again) is None
    assert "Elsewhere (2025)" in str(again.content)


def test_report_that_cannot_be_typeset_fails_in_words(report, manager, monkeypatch):
    monkeypatch.setattr(reporting.typeset_apart, "__kwdefaults__", {"limit": 0.01})
    again = reporting.make_again(report=report, by=manager)
    reporting.execute(again.pk)
    again.refresh_from_db()

    assert again.status == Report.Status.FAILED
    assert "The PDF could not be made." in again.error
    assert not again.pdf


def test_closing_keeps_what_may_be_quoted_and_forgets_all_other_words(client, manager):
    wave = opened(manager, companies=6)
    said = {"no": "Not for print.", "without_name": "Print it, nameless.", "with_company": "Print it, with our name."}
    for invitee, (permission, words) in zip(wave.invitees.order_by("pk"), said.items(), strict=False):
        hand_in(client, invitee, **{"q-quote": words, "q-quote_permission": permission})
    named = wave.invitees.order_by("pk")[2].company
    waves.close_wave(wave=wave, by=manager)

    quotes = {(each.text, each.company) for each in Quote.objects.all()}
    assert quotes == {(said["without_name"], ""), (said["with_company"], named)}
    assert Response.objects.count() == 3
    assert not [each for each in Response.objects.all() if {"quote", "quote_permission"} & each.answers.keys()]
