"""The page of a reading: what it brought, what has closed, what it was in doubt about, and what to do next."""

import pytest
from django.urls import reverse
from lxml import html

from opportunities.feeds import MADE
from opportunities.models import Opportunity
from tests.factories.opportunities import SourceFactory, imported, table

pytestmark = pytest.mark.django_db
HEADER = "Reference,Title,Deadline,Country,Kind\n"


def page_of(client, run) -> html.HtmlElement:
    return html.document_fromstring(client.get(run.get_absolute_url()).content)


def text_of(page: html.HtmlElement) -> str:
    return " ".join(page.xpath("string(//main)").split())


def test_what_has_closed_already_is_said_and_can_be_seen(sign_in, manager):
    client = sign_in(manager)
    page = page_of(client, imported(f"{HEADER}R-1,Old call,2001-05-01,Finland,call\n".encode()))
    assert "1 of the new ones has closed already." in text_of(page)
    assert not page.xpath("//a[.='Open the inbox']")
    (there,) = page.xpath("//a[.='See what has closed']/@href")
    assert "Old call" in client.get(there).content.decode()


def test_the_open_ones_are_in_the_inbox(sign_in, manager):
    page = page_of(sign_in(manager), imported(table(2)))
    assert page.xpath("//a[.='Open the inbox']")
    assert "closed already" not in text_of(page)


def test_a_doubt_is_told_with_the_item_it_is_about(sign_in, manager):
    page = page_of(sign_in(manager), imported(f"{HEADER}R-1,Pumps,2199-05-01,Atlantis,call\n".encode()))
    item = reverse("opportunities:inbox_item", args=[Opportunity.objects.get().reference])
    assert page.xpath(f"//li[a[@href='{item}']]")
    assert "Pumps: The country 'Atlantis' is not known." in text_of(page)


def test_a_reading_that_took_nothing_is_not_done(sign_in, manager):
    page = page_of(sign_in(manager), imported(table(0, refused=2)))
    assert "Nothing could be taken from this file" in text_of(page)
    assert not page.xpath("//*[contains(@class,'status') and contains(@class,'good')]")


def test_a_file_of_another_kind_offers_what_helps(sign_in, manager):
    source = SourceFactory(format="eforms")
    page = page_of(sign_in(manager), imported(b"%PDF-1.7", source=source, file_name="call.pdf"))
    assert "This file is a PDF document." in text_of(page)
    assert page.xpath("//a[.='Add another file']/@href") == [source.get_absolute_url()]
    assert page.xpath("//a[.='Choose another format']/@href") == [
        reverse("opportunities:source_edit", args=[source.slug])
    ]


def test_an_id_that_the_portal_made_is_not_shown(sign_in, manager):
    imported(b"Title,Deadline\nPumps,2199-05-01\n")
    found = Opportunity.objects.get()
    assert found.records.get().external_id.startswith(MADE)
    Opportunity.objects.update(status="published")
    text = text_of(html.document_fromstring(sign_in(manager).get(found.get_absolute_url()).content))
    assert "made" not in text.casefold()


def test_the_limit_of_a_file_is_a_whole_number(sign_in, manager, settings):
    settings.UPLOAD_LIMIT_MB = 100
    assert "100 MB" in text_of(page_of(sign_in(manager), SourceFactory()))
