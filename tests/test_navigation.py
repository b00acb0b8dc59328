"""The navigation marks where one is: the page itself, or the entry that the page stands below."""

import pytest
from django.urls import reverse
from lxml import html

from tests.factories.opportunities import OpportunityFactory, SourceFactory

pytestmark = pytest.mark.django_db


def marked(client, path: str) -> list[tuple[str, str]]:
    page = html.document_fromstring(client.get(path).content)
    links = page.xpath("//nav[@class='rail']//a[@aria-current]")
    return [(link.get("href"), link.get("aria-current")) for link in links]


def test_the_entry_of_a_page_and_of_what_stands_below_it_is_marked(sign_in, manager, organisation):
    client, found, source = sign_in(manager), OpportunityFactory(published=True), SourceFactory()
    inbox, listed, members = reverse("opportunities:inbox"), reverse("opportunities:list"), reverse("members:list")
    assert marked(client, inbox) == [(inbox, "page")]
    assert marked(client, reverse("opportunities:inbox_item", args=[found.reference])) == [(inbox, "true")]
    assert marked(client, found.get_absolute_url()) == [(listed, "true")]
    assert marked(client, source.get_absolute_url()) == [(reverse("opportunities:sources"), "true")]
    assert marked(client, reverse("members:detail", args=[organisation.slug])) == [(members, "true")]


def test_pages_whose_address_does_not_tell_are_marked_by_what_they_are(sign_in, manager, organisation):
    client = sign_in(manager)
    path = reverse("opportunities:member_feed", args=[organisation.slug])
    assert marked(client, path) == [(reverse("members:list"), "true")]
    assert marked(client, reverse("members:settings")) == []
