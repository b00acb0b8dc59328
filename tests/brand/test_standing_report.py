"""A report that stands on the public pages: chosen by a manager, read as it was made, taken down with one click."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from brand.actions import put_up_report, take_down_report
from brand.models import ClusterPage
from core.actions import Refused
from core.models import AuditEvent
from evaluations.models import Report
from evaluations.reports import content as c
from tests.evaluations import report_content
from tests.factories.evaluations import ReportFactory

pytestmark = pytest.mark.django_db
RESULTS, WHOLE, PDF, PAGE = (reverse(f"brand:{name}") for name in ("results", "report", "report_pdf", "page"))
UP, DOWN = reverse("brand:put_up_report"), reverse("brand:take_down_report")
NOT_FOR_EVERYBODY = [{"in_house": True}, {"kind": "board"}, {"queued": True}, {"status": "failed"}]


def body_of(client, path: str):
    return html.fromstring(client.get(path).content)


def text_of(found) -> str:
    return " ".join(found.text_content().split())


@pytest.fixture
def report(home) -> Report:
    found = ReportFactory()
    found.pdf.save("report.pdf", ContentFile(b"%PDF-1.7 as it was made"))
    return found


@pytest.fixture
def standing(report, manager) -> Report:
    put_up_report(report=report, by=manager)
    return report


def put_by_hand(report: Report) -> None:
    """Past the action, as a mistake in the database would."""
    ClusterPage.objects.create(report=report)


def test_first_charts_are_shown_as_the_report_has_them(client, standing):
    (shown,) = body_of(client, RESULTS).xpath("//section[@aria-labelledby='report']")
    assert "What companies told us up to 31 December 2026." in text_of(shown)
    assert shown.xpath(".//h3/text()") == [
        "Seven of ten firms gained knowledge or contacts", "Time is the barrier most named, by 6 of 10 firms",
    ]  # fmt: skip
    rows = {row.xpath("string(th)"): row.xpath("td[position() > 1]/text()") for row in shown.xpath(".//tbody/tr")}
    assert rows["Lack of time"] == ["61 %", "76 of 124"]
    assert rows["Lack of strategy"] == ["too few to show"]
    assert "n = 124 of 212 firms asked" in text_of(shown)
    assert shown.xpath(".//dl[@class='figures']/div")
    assert shown.xpath(f".//a[@href='{WHOLE}']")
    assert shown.xpath(f".//a[@href='{PDF}']")


def test_boosters_come_next_with_their_survey_and_a_chart_with_nothing_to_show_is_left_out(client, home, manager):
    hidden = c.bars(title="Nothing here", columns=["A", "B", "C", "D"], rows=[report_content.row("x", None)])
    drives = c.bars(title="Buyers drive", columns=["A", "B", "C", "D"], rows=[report_content.row("x", 0.5, "5 of 10")])
    found = report_content.content()
    found["sections"] += [
        {"id": "boosters", "title": "Boosters", "parts": [c.text("Asked in another survey."), hidden, drives]},
        {"id": "outcomes", "title": "Outcomes", "parts": [hidden]},
    ]
    put_up_report(report=ReportFactory(content=found), by=manager)

    titles = body_of(client, RESULTS).xpath("//section[@aria-labelledby='report']//h3/text()")
    assert titles == ["Seven of ten firms gained knowledge or contacts", "Buyers drive"]
    assert "Asked in another survey." in client.get(RESULTS).content.decode()


def test_whole_report_and_its_pdf_are_open_without_a_cookie_and_kept(client, standing):
    page = client.get(WHOLE)
    assert "In their own words" in text_of(html.fromstring(page.content))
    pdf = client.get(PDF)
    assert (pdf.content, pdf.headers["Content-Type"]) == (b"%PDF-1.7 as it was made", "application/pdf")
    assert "working-across-borders-in-2026-2026-12-31.pdf" in pdf.headers["Content-Disposition"]
    for path, answer in ((WHOLE, page), (PDF, pdf)):
        assert dict(answer.cookies) == {}
        assert set(answer.headers["Cache-Control"].split(", ")) == {"max-age=300", "public"}
        again = client.get(path, headers={"if-none-match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert f"http://127.0.0.1:8000{WHOLE}" in client.get(reverse("sitemap")).content.decode()


def test_without_a_report_nothing_is_there(client, report):
    assert [client.get(path).status_code for path in (WHOLE, PDF)] == [404, 404]
    assert not body_of(client, RESULTS).xpath("//section[@aria-labelledby='report']")
    assert WHOLE not in client.get(reverse("sitemap")).content.decode()


@pytest.mark.parametrize("facts", NOT_FOR_EVERYBODY, ids=str)
def test_what_was_not_made_for_everybody_never_stands_there(client, sign_in, manager, facts):
    kept = ReportFactory(title="Kept in the house", **facts)
    with pytest.raises(Refused, match="made for the public"):
        put_up_report(report=kept, by=manager)
    managing = sign_in(manager)
    assert "Kept in the house" not in managing.get(PAGE).content.decode()
    answer = managing.post(UP, {"report": kept.pk}, follow=True)
    assert "This report cannot stand there." in answer.content.decode()
    assert not ClusterPage.objects.exclude(report=None).exists()

    put_by_hand(kept)
    assert [client.get(path).status_code for path in (WHOLE, PDF)] == [404, 404]
    assert "Kept in the house" not in client.get(RESULTS).content.decode()


def test_report_whose_file_is_gone_is_read_as_a_page(client, standing):
    standing.pdf.storage.delete(standing.pdf.name)
    assert client.get(PDF).status_code == 404
    assert "In their own words" in client.get(WHOLE).content.decode()


def test_manager_puts_it_up_and_takes_it_down_with_one_click(sign_in, client, manager, report):
    managing = sign_in(manager)
    assert "up to 31 December 2026, made on" in managing.get(PAGE).content.decode()
    for _ in range(2):
        managing.post(UP, {"report": report.pk})
    assert client.get(WHOLE).status_code == 200
    page = text_of(body_of(managing, PAGE))
    assert "stands there, with its figures up to 31 December 2026." in page
    assert "made on" not in page  # it is not offered once more
    for _ in range(2):
        managing.post(DOWN)

    assert client.get(WHOLE).status_code == 404
    trail = AuditEvent.objects.filter(action__startswith="brand.report").order_by("pk")
    assert [(event.action, event.actor_id, event.details["report"]) for event in trail] == [
        ("brand.report_put_up", manager.pk, report.pk), ("brand.report_taken_down", manager.pk, report.pk),
    ]  # fmt: skip
    assert ClusterPage.objects.get().version == 0  # its words are as they were


def test_another_one_takes_its_place(client, standing, manager):
    put_up_report(report=ReportFactory(title="The year after"), by=manager)
    assert "The year after" in client.get(RESULTS).content.decode()
    assert standing.title not in client.get(RESULTS).content.decode()


@pytest.mark.parametrize("who", ["outsider", "owner", "viewer", "evaluator"])
def test_nobody_else_puts_it_up_or_takes_it_down(request, sign_in, standing, who):
    person = request.getfixturevalue(who)
    other = ReportFactory()
    for act in (lambda: put_up_report(report=other, by=person), lambda: take_down_report(by=person)):
        with pytest.raises(PermissionDenied):
            act()
    client = sign_in(person)
    assert {client.post(UP, {"report": other.pk}).status_code, client.post(DOWN).status_code} <= {403, 404}
    assert ClusterPage.objects.get().report == standing


def test_visitors_change_nothing(client, standing):
    for path in (UP, DOWN):
        assert reverse("account_login") in client.post(path, {"report": standing.pk}).headers["Location"]
    assert ClusterPage.objects.get().report == standing


@pytest.mark.parametrize("typed", ["", "x", "-1", "99999999999999999999"])
def test_what_is_no_report_is_told(sign_in, manager, standing, typed):
    answer = sign_in(manager).post(UP, {"report": typed}, follow=True)
    assert "Choose one from the list." in answer.content.decode()
    assert ClusterPage.objects.get().report == standing


def test_words_of_a_report_are_never_markup(client, home, manager):
    evil = "<script>alert(1)</script>"
    found = report_content.content(title=evil, subtitle=evil)
    found["opening"] = [c.figures([{"label": evil, "value": evil, "n": evil, "hidden": False}])]
    put_up_report(report=ReportFactory(title=evil, content=found), by=manager)
    for path in (RESULTS, WHOLE):
        answer = client.get(path).content.decode()
        assert evil not in answer
        assert "&lt;script&gt;" in answer


@pytest.mark.parametrize(("path", "at_most"), [(RESULTS, 12), (WHOLE, 5), (PDF, 3)])
def test_questions_to_the_database_are_few(client, standing, path, at_most):
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) <= at_most, [query["sql"] for query in captured.captured_queries]


def test_report_that_is_removed_is_gone_from_the_pages(client, standing):
    standing.delete()
    assert client.get(WHOLE).status_code == 404
    assert ClusterPage.objects.get().report is None
