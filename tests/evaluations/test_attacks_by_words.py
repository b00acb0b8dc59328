"""Attempts to recover what is hidden by reports, quotes, orders, files, links, cut-offs and waves: none succeeds."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations import preparations, quarters, report_links, reporting
from evaluations.actions import reports as sharing
from evaluations.forms.reports import ends_of_quarters
from evaluations.models import Outcome, Publication, Quote, Report, Rung, Wave
from evaluations.recoding import NO_ANSWER
from tests.evaluations import grounds
from tests.factories.members import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave() -> Wave:
    return grounds.prepared(name="Members", slug="members")


def quoted(wave: Wave) -> list[Quote]:
    rows = [("We met a customer.", ""), ("Too much paper.", ""), ("Names were helpful.", "Ålgräs Robotics")]
    return [Quote.objects.create(wave=wave, question="why", text=text, company=name) for text, name in rows]


def made(wave: Wave, manager, audience: str, kind: str = "yearly") -> Report:
    end = ends_of_quarters(timezone.localdate())[0]
    chosen = [quote.pk for quote in wave.quotes.all()]
    report = reporting.start(
        kind=kind, title="A report", audience=audience, wave=wave, cut_off=end, quotes=chosen, by=manager
    )
    reporting.execute(report.pk)
    report.refresh_from_db()
    assert report.status == Report.Status.DONE, report.error
    return report


def told_by(report: Report) -> list[dict]:
    return [part for section in report.content["sections"] for part in section["parts"]]


@pytest.mark.parametrize("audience", ["public", "house"])
def test_reports_say_no_figure_that_their_readers_have_not_got(wave, manager, audience):
    report = made(wave, manager, audience)
    tables = Publication.objects.filter(wave=wave, audience=audience, dimensions=[])
    known = {(each.subject, row[0]): row[-2] for each in tables for row in each.table["cells"]}
    bars = [row for part in told_by(report) if part["kind"] == "bars" for row in part["rows"]]
    of_question = {
        row["label"]: row for row in bars if row["label"] in {f"Option {key}" for key in [*grounds.BARRIERS, "sales"]}
    }

    assert len(of_question) == 5
    for label, row in of_question.items():
        subject = "results" if label == "Option sales" else "barriers"
        n = known[subject, label.removeprefix("Option ")]
        assert row["hidden"] is (n is None)
        assert (row["share"], row["low"], row["n"]) == (None, None, "") if n is None else row["n"].startswith(f"{n} of")


def test_paper_page_and_link_say_the_same(wave, manager, client, home):
    quoted(wave)
    report = made(wave, manager, "public")
    link = sharing.share(report=report, label="Fund", expires_at=timezone.now() + timedelta(days=2), by=manager)
    token = report_links.token_of(link)
    page = client.get(reverse("evaluations:shared_report", args=[token])).text
    pdf = b"".join(client.get(reverse("evaluations:shared_report_pdf", args=[token])))
    paper = "".join(each.extract_text() for each in pypdf.PdfReader(BytesIO(pdf)).pages)
    values = [row["value"] for part in told_by(report) if part["kind"] == "bars" for row in part["rows"]]

    assert len(values) >= 5
    for words in {*values, "We met a customer.", "Ålgräs Robotics"}:
        assert words in page
        assert "".join(words.split()) in "".join(paper.split())
    for reason in ("primary", "complementary"):
        assert reason not in str(report.content) + paper, "it would say between which counts a hidden one lies"


def test_quotes_without_a_name_say_nothing_of_their_company(wave, manager):
    quoted(wave)
    report = made(wave, manager, "public")
    quotes = next(part["items"] for part in told_by(report) if part["kind"] == "quotes")

    assert {frozenset(quote) for quote in quotes} == {frozenset({"text", "by"})}
    assert sorted(quote["by"] for quote in quotes) == ["A company that answered"] * 2 + ["Ålgräs Robotics"]


def test_hidden_answers_stand_in_the_order_in_which_they_were_asked(wave, manager):
    """A list by size would rank them, and so bound each hidden count by its neighbours."""
    report = made(wave, manager, "public")
    for part in told_by(report):
        if part["kind"] == "bars" and part["columns"][2] == "Share":
            hidden = [row["label"] for row in part["rows"] if row["hidden"]]
            asked = [f"Option {key}" for key in [*grounds.BARRIERS, "nothing", "contact", "sales"]]
            ladder = [str(label) for label in Rung.labels]
            assert hidden == [label for label in [*asked, *ladder] if label in hidden]


def test_files_of_a_wave_differ_from_its_tables_in_nothing(wave, sign_in, evaluator):
    url = reverse("evaluations:results_csv", args=[wave.slug])
    lines = list(csv.DictReader(StringIO(sign_in(evaluator).get(url).getvalue().decode("utf-8-sig"))))
    told = {
        (each["Answer"], each["Group"], each["Companies"])
        for each in lines
        if each["Question"] == "What holds you back?"
    }
    rows = Publication.objects.filter(wave=wave, audience="house", subject="barriers")
    counts = {str(row[-2]) for each in rows for row in each.table["cells"] if row[-2] is not None}

    assert len(told) >= 8
    assert {n for _answer, _group, n in told} - {""} <= counts
    assert any(each["Note"] == "too few to show" and not each["Companies"] for each in lines)


def test_what_is_corrected_after_a_quarter_is_over_is_seen_in_no_table_of_it(db):
    """One member more, one rung that was corrected since: neither is seen between two looks, nor in two quarters."""
    ends = ends_of_quarters(timezone.localdate())
    for place in range(60):
        outcome(place, ["knowledge", "contact", "opportunity"][place % 3], ends[1] - timedelta(days=20))
        outcome(100 + place, "contact", ends[0] - timedelta(days=20))
    _prepare_quarters()
    before = _tables_of_outcomes()
    outcome(90, "sales", ends[1] - timedelta(days=3))
    Outcome.objects.filter(source_key="i3").update(rung="sales")
    _prepare_quarters()

    assert len(before) >= 4
    assert _tables_of_outcomes() == before


def _prepare_quarters() -> None:
    while preparation := quarters.start_due():
        preparations.execute(preparation.pk)


def _tables_of_outcomes() -> dict[tuple[str, str, str], list]:
    rows = Publication.objects.filter(wave=None, subject__startswith="outcomes:")
    return {(row.subject, row.audience, str(row.dimensions)): row.table["cells"] for row in rows}


def outcome(place: int, rung: str, told_on) -> None:
    Outcome.objects.create(
        source="interest", source_key=f"i{place}", organisation=OrganisationFactory(), rung=rung, told_on=told_on
    )


def test_hidden_answer_of_the_wave_before_is_not_told_by_its_change(manager):
    before = grounds.closed_wave(sizes={"micro": 30}, seed=2, days_ago=300)
    Wave.objects.filter(pk=before.pk).update(fewest_in_house=20)
    before.refresh_from_db()
    grounds.prepare(before)
    after = grounds.closed_wave(sizes={"micro": 30}, seed=2, version=before.version)
    grounds.prepare(after)
    first, second = (Publication.objects.get(wave=each, audience="house", subject="barriers", dimensions=[])
                     for each in (before, after))  # fmt: skip
    hidden = {row[0] for row in first.table["cells"] if row[-2] is None} - {NO_ANSWER, None}
    told = {row["answer"] for row in second.figures["changes"] if "difference" in row}

    assert hidden
    assert hidden & told == set()
