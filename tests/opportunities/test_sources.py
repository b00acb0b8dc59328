"""Sources and uploads in the browser: what is added, asked, remembered, refused and told."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from lxml import html
from openpyxl import Workbook

from core.models import AuditEvent
from opportunities import fetching, imports
from opportunities.models import ImportRun, Opportunity, Source
from tests.client import CheckingClient, htmx
from tests.factories.opportunities import SourceFactory, import_run, imported, table

pytestmark = pytest.mark.django_db
PLAIN = {"Reference": "external_id", "Title": "title", "Deadline": "deadline", "Country": "countries"}


def upload(client: CheckingClient, source: Source, data: bytes, name: str = "calls.csv", **more: object):
    url = reverse("opportunities:upload", args=[source.slug])
    return client.post(url, {"file": SimpleUploadedFile(name, data)}, follow=True, **more)


def page_of(response) -> html.HtmlElement:
    return html.document_fromstring(response.content)


def told(response) -> str:
    return " ".join(page_of(response).xpath("string(//main)").split())


# --- sources ----------------------------------------------------------------------------------------------------------


def save(client: CheckingClient, *, at: str = "/opportunities/sources/new/", **data: str):
    return client.post(at, {"name": "Agency", "format": "rss", "schedule": "daily", "url": ""} | data, follow=True)


def test_source_with_an_address_is_read_soon(sign_in, manager):
    response = save(sign_in(manager), url="https://agency.example/feed.xml")
    source = Source.objects.get()
    assert response.redirect_chain[-1][0] == source.get_absolute_url() == "/opportunities/sources/agency/"
    assert list(Source.objects.due()) == [source]
    assert "read every day" in told(response)
    assert AuditEvent.objects.get(action="opportunities.source_added").actor_id == manager.pk


def test_source_for_files_is_never_due(sign_in, manager):
    save(sign_in(manager))
    assert not Source.objects.due().exists()
    assert Source.objects.get().next_fetch_at is None


@pytest.mark.parametrize("name", ["Agency", "agency", "AGENCY!", " Agency "])
def test_second_source_of_a_name_is_refused(sign_in, manager, name):
    client = sign_in(manager)
    save(client)
    response = save(client, name=name)
    assert "already" in told(response)
    assert page_of(response).xpath("//input[@name='name']/@value") == [name]
    assert Source.objects.count() == 1


@pytest.mark.parametrize("name", ["", "???", "   ", "日本", "x" * 121])
def test_odd_names_are_refused_with_the_reason(sign_in, manager, name):
    response = save(sign_in(manager), name=name)
    assert page_of(response).xpath("//input[@name='name'][@aria-invalid='true']")
    assert not Source.objects.exists()


@pytest.mark.parametrize("name", ["New", "Ärenden & mål 2026/27", "x" * 120, "<b>bold</b>"])
def test_other_names_have_a_page_of_their_own(sign_in, manager, name):
    client = sign_in(manager)
    response = save(client, name=name)
    assert page_of(response).xpath("string(//h1)").strip() == name
    assert page_of(client.get(Source.objects.get().get_absolute_url())).xpath("string(//h1)").strip() == name


@pytest.mark.parametrize(
    "address", ["ftp://files.example/a", "javascript:alert(1)", "not an address", "file:///etc/passwd"]
)
def test_address_that_the_portal_does_not_read_is_refused(sign_in, manager, address):
    response = save(sign_in(manager), url=address)
    assert page_of(response).xpath("//input[@name='url'][@aria-invalid='true']")
    assert not Source.objects.exists()


def test_changed_source_keeps_its_page_and_is_read_anew(sign_in, manager):
    source = SourceFactory(name="Agency", slug="agency", url="https://a.example/1", etag='"7"', last_modified="Mon")
    Source.objects.update(last_error="Not there", next_fetch_at=timezone.now() + timedelta(days=5))
    response = save(
        sign_in(manager), at="/opportunities/sources/agency/edit/", name="The agency", url="https://a.example/2"
    )
    source.refresh_from_db()
    assert response.redirect_chain[-1][0] == "/opportunities/sources/agency/"
    assert (source.name, source.url, source.etag, source.last_modified, source.last_error) == (
        "The agency", "https://a.example/2", "", "", "",
    )  # fmt: skip
    assert source.next_fetch_at <= timezone.now()
    assert AuditEvent.objects.filter(action="opportunities.source_changed").count() == 1


def test_fault_of_a_source_is_shown_on_its_page_and_in_the_list(sign_in, manager):
    source = SourceFactory(read_daily=True, last_error="The source answered with status 404. Check its address.")
    client = sign_in(manager)
    assert "The source answered with status 404." in told(client.get(source.get_absolute_url()))
    assert "Not reached" in told(client.get("/opportunities/sources/"))


def test_reading_now_asks_a_worker(sign_in, manager, monkeypatch):
    sent = []
    monkeypatch.setattr("opportunities.fetching.current_app.send_task", lambda *message: sent.append(message))
    source = SourceFactory(read_daily=True)
    client = sign_in(manager)
    response = client.post(reverse("opportunities:fetch", args=[source.slug]), follow=True)
    assert sent == [("opportunities.fetch_source", [source.pk])]
    assert "The portal reads it now." in told(response)
    assert page_of(response).xpath("//*[@id='readings']/@hx-trigger") == ["every 2s"]
    fetching.fetch(source.pk)  # nobody answers at that address
    part = client.get(source.get_absolute_url(), headers=htmx("readings")).content.decode()
    assert "The last reading did not work" in part
    assert "The portal reads it now." not in part
    assert "every 2s" not in part
    assert "<main" not in part
    for_files = SourceFactory()
    response = sign_in(manager).post(reverse("opportunities:fetch", args=[for_files.slug]))
    assert (response.status_code, len(sent)) == (404, 1)


def test_sources_count_what_they_brought(sign_in, manager):
    source = SourceFactory(name="Partners")
    imported(table(3), source=source)
    Opportunity.objects.filter(title="Water reuse at plant 1").update(status="published")
    cells = page_of(sign_in(manager).get("/opportunities/sources/")).xpath(
        "//tr[.//a[text()='Partners']]/td[contains(@class,'num')]/text()"
    )
    assert cells == ["2", "3"]


# --- uploads ----------------------------------------------------------------------------------------------------------


def test_upload_is_queued_and_its_page_tells_how_far_it_is(sign_in, manager):
    source = SourceFactory(mapping=PLAIN)
    client = sign_in(manager)
    response = upload(client, source, table(3, refused=1))
    run = ImportRun.objects.get()
    assert response.redirect_chain[-1][0] == run.get_absolute_url()
    assert (run.status, run.file_name, run.started_by) == ("queued", "calls.csv", manager)
    assert page_of(response).xpath("//div[@id='progress']/@hx-trigger") == ["every 2s"]
    assert page_of(response).xpath("//noscript/meta/@content | //meta[@http-equiv='refresh']/@content") == ["3"]
    imports.execute(run.pk)
    part = page_of(client.get(run.get_absolute_url(), headers=htmx("progress")))
    assert not part.xpath("//h1")
    assert not part.xpath("//@hx-trigger"), "it is over: nothing asks again"
    figures = part.xpath("//dl[@class='figures']//span[@class='figure-value']/text()")
    assert figures == ["3", "0", "0", "1"]
    assert "title" in part.xpath("string(//td[@data-label='Why'])")


def test_file_that_is_too_large_is_refused_with_both_sizes(sign_in, manager, settings):
    settings.UPLOAD_LIMIT_MB = 1
    response = upload(sign_in(manager), SourceFactory(), b"x" * (1024 * 1024 + 1))
    assert "This file has 1.0" in told(response)
    assert "split it" in told(response)
    assert page_of(response).xpath("//input[@type='file']/@data-max-bytes") == [str(1024 * 1024)]
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(("data", "reason"), [(b"", "empty"), (None, "We need this.")])
def test_empty_or_missing_file_is_told(sign_in, manager, data, reason):
    source = SourceFactory()
    client = sign_in(manager)
    if data is None:
        response = client.post(reverse("opportunities:upload", args=[source.slug]), follow=True)
    else:
        response = upload(client, source, data)
    assert reason in " ".join(page_of(response).xpath("//ul[@class='field-errors']//text()"))
    assert page_of(response).xpath("//input[@type='file'][@aria-invalid='true']")
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.csv", "a" * 300 + ".csv", "å ä ö.csv"])
def test_odd_file_names_are_shown_as_text(sign_in, manager, name):
    response = upload(sign_in(manager), SourceFactory(mapping=PLAIN), table(1), name)
    assert response.status_code == 200
    assert not page_of(response).xpath("//img")


def test_workbook_is_read_like_a_table(sign_in, manager):
    book, file = Workbook(), io.BytesIO()
    for row in (["Title", "Deadline", "Country"], ["Brokerage in Tartu", "2199-05-01", "Estonia"]):
        book.active.append(row)
    book.save(file)
    book.close()
    client = sign_in(manager)
    response = upload(client, SourceFactory(), file.getvalue(), "events.xlsx")
    assert page_of(response).xpath("//label[contains(., 'Title')]")
    run = ImportRun.objects.get()
    client.post(reverse("opportunities:columns", args=[run.pk]), {"column_0": "title", "column_1": "deadline"})
    imports.execute(run.pk)
    assert Opportunity.objects.get().title == "Brokerage in Tartu"


# --- which column means what ------------------------------------------------------------------------------------------


def test_unknown_table_is_asked_about_once_and_remembered(sign_in, manager):
    source, client = SourceFactory(), sign_in(manager)
    response = upload(client, source, table(2))
    run = ImportRun.objects.get()
    assert response.redirect_chain[-1][0] == reverse("opportunities:columns", args=[run.pk])
    page = page_of(response)
    chosen = {
        select.get("name"): select.xpath("string(option[@selected]/@value)") for select in page.xpath("//main//select")
    }
    assert chosen == {"column_0": "external_id", "column_1": "title", "column_2": "deadline", "column_3": "countries"}
    assert "Water reuse at plant 1" in page.xpath("string(//main)"), "its first value helps to tell"
    imports.execute(run.pk)
    assert not Opportunity.objects.exists(), "it waits for the answer"
    assert "It waits until you say what its columns mean." in told(client.get(run.get_absolute_url()))
    response = client.post(
        reverse("opportunities:columns", args=[run.pk]), {"column_1": "title", "column_0": "external_id"}, follow=True
    )
    assert response.redirect_chain[-1][0] == run.get_absolute_url(), "the reading that waited goes on"
    imports.execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.created, run.error) == ("done", 2, "")
    assert ImportRun.objects.count() == 1
    source.refresh_from_db()
    assert source.mapping == {"Title": "title", "Reference": "external_id"}
    assert Opportunity.objects.filter(deadline=None).count() == 2, "what was left out is left out"
    response = upload(client, source, table(3))
    assert response.redirect_chain[-1][0] == ImportRun.objects.latest("pk").get_absolute_url(), "it asks only once"


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"column_0": "external_id"}, "Say which column holds the title."),
        ({"column_0": "title", "column_1": "title"}, "Two columns are both: Title."),
        ({"column_0": "password"}, "Choose from the list"),
    ],
)
def test_meaning_that_makes_no_sense_is_asked_again(sign_in, manager, chosen, reason):
    client = sign_in(manager)
    upload(client, SourceFactory(), table(1))
    run = ImportRun.objects.get()
    response = client.post(reverse("opportunities:columns", args=[run.pk]), chosen)
    assert reason in told(response)
    assert Source.objects.get().mapping == {}
    run.refresh_from_db()
    assert run.status == "cancelled"


@pytest.mark.parametrize("data", [b"{}", b"\x89PNG\r\n\x1a\n\x00\x00", b'a,b\n"unclosed,1\n2,3\n', b"PK\x03\x04broken"])
def test_file_that_is_no_table_is_told_instead_of_asked(sign_in, manager, data):
    response = upload(sign_in(manager), SourceFactory(), data)
    page = page_of(response)
    assert len(page.xpath("//main//select")) <= 1
    assert page.xpath("//main//*[contains(@class,'notice')] | //main//select")
    assert response.status_code == 200


def test_columns_named_by_people_are_escaped(sign_in, manager):
    data = table(1, **{"<script>alert(1)</script>": "<img src=x>"})
    page = page_of(upload(sign_in(manager), SourceFactory(), data))
    assert "<script>alert(1)</script>" in page.xpath("string(//main)")
    assert not page.xpath("//main//script | //main//img")


# --- what was refused -------------------------------------------------------------------------------------------------


def test_refused_records_can_be_downloaded_without_formulas(sign_in, manager):
    run = import_run(b"Title,Reference\n")
    cells = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "|calc", "%x", "ok, with comma", 'with "quotes"\nand lines']
    for number, cell in enumerate(cells):
        run.refusals.create(position=f"{number}", reason=cell, raw=cell)
    response = sign_in(manager).get(reverse("opportunities:refused_csv", args=[run.pk]))
    assert response["Content-Disposition"] == f'attachment; filename="refused-{run.pk}.csv"'
    text = response.getvalue().decode()
    assert text.startswith("\N{BOM}Position,Reason,Record")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\N{BOM}"))))
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(8)]
    for row in rows[1:7]:
        assert all(cell[0] == "'" for cell in row[1:])
    assert rows[7][1:] == ["ok, with comma"] * 2
    assert rows[8][1:] == ['with "quotes"\nand lines'] * 2


def test_reason_and_position_of_a_refused_record_are_escaped(sign_in, manager):
    run = import_run(b"a,b")
    ImportRun.objects.filter(pk=run.pk).update(refused=1, status="done")
    run.refusals.create(position="<i>3</i>", reason="<script>alert(1)</script>", raw="")
    page = page_of(sign_in(manager).get(run.get_absolute_url()))
    assert not page.xpath("//main//script | //main//i")
    assert "<script>alert(1)</script>" in page.xpath("string(//main)")


def test_refused_records_are_paged_and_set_aside(sign_in, manager):
    run = imported(table(1, refused=30))
    client = sign_in(manager)
    page = page_of(client.get(run.get_absolute_url()))
    assert len(page.xpath("//main//tbody/tr")) == 25
    assert len(page_of(client.get(f"{run.get_absolute_url()}?page=2")).xpath("//main//tbody/tr")) == 5
    response = client.post(reverse("opportunities:set_aside", args=[run.pk]), follow=True)
    assert "30 records set aside." in told(response)
    assert "Dealt with" in told(response)


def test_reading_again_and_stopping_in_the_browser(sign_in, manager):
    run = imported(table(1, refused=1), source=SourceFactory(mapping=PLAIN))
    client = sign_in(manager)
    response = client.post(reverse("opportunities:read_again", args=[run.pk]), follow=True)
    again = ImportRun.objects.latest("pk")
    assert response.redirect_chain[-1][0] == again.get_absolute_url()
    assert (again.status, again.file.name) == ("queued", run.file.name)
    stop = page_of(response).xpath("//form[contains(@action,'stop')]/@action")
    assert stop == [reverse("opportunities:stop", args=[again.pk])]
    response = client.post(stop[0], follow=True)
    again.refresh_from_db()
    assert again.status == "cancelled"
    assert "It stops." in told(response)
    client.post(reverse("opportunities:read_again", args=[again.pk]))
    again.refresh_from_db()
    assert (again.status, ImportRun.objects.count()) == ("queued", 2), "what never began is taken up, not doubled"
