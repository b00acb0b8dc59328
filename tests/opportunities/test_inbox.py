"""The manager's inbox: the pile goes on item by item as it was filtered, and each act can be undone once."""

import pytest
from django.urls import reverse
from lxml import html

from opportunities.models import Opportunity
from tests.client import CheckingClient, htmx
from tests.factories.opportunities import OpportunityFactory, SourceFactory

pytestmark = pytest.mark.django_db
INBOX = "/opportunities/inbox/"


@pytest.fixture
def pile(manager) -> list[Opportunity]:
    """Five in the order of the pile, and what must not be among them."""
    source = SourceFactory(name="Weekly export")
    found = [OpportunityFactory(source=source, fits=9 - number, title=f"Item {number}") for number in range(5)]
    OpportunityFactory(source=source, published=True, title="Out already")
    OpportunityFactory(source=source, dismissed=True, title="Put aside")
    OpportunityFactory(source=source, closed=True, title="Closed before it was read")
    return found


def titles(response) -> list[str]:
    return html.document_fromstring(response.content).xpath("//section[contains(@class,'inbox-list')]//h3/a/text()")


def opened(response) -> str:
    return html.document_fromstring(response.content).xpath("string(//h2[@id='item-heading'])")


def act(client: CheckingClient, name: str, found: Opportunity, query: str = "", **data: object):
    url = reverse(f"opportunities:{name}", args=[found.reference])
    return client.post(url + query, data, follow=True)


def test_inbox_shows_the_open_pile_and_opens_its_first_item(sign_in, manager, pile):
    response = sign_in(manager).get(INBOX)
    assert titles(response) == [f"Item {number}" for number in range(5)]
    assert opened(response) == "Item 0"
    current = html.document_fromstring(response.content).xpath("//li[@aria-current='true']//h3/a/text()")
    assert current == ["Item 0"]


def test_empty_inbox_says_what_to_do(sign_in, manager):
    page = html.document_fromstring(sign_in(manager).get(INBOX).content)
    assert "The pile is read" in page.xpath("string(//main)")
    assert page.xpath("//div[@class='empty']//a/@href") == ["/opportunities/sources/"]


def test_keys_of_the_inbox_have_their_targets(sign_in, manager, pile):
    client = sign_in(manager)
    act(client, "dismiss", pile[4])
    act(client, "dismiss", pile[3])
    page = html.document_fromstring(client.get(INBOX).content)
    keys = page.xpath("//@data-key")
    assert {"p", "d", "h", "/", "?"} <= set(keys)
    assert len(keys) == len(set(keys))
    assert len(page.xpath("//li[@data-list-item]")) == 3
    assert page.xpath("//a[@data-key='h']/@href") == ["#fits"]
    assert page.get_element_by_id("fits") is not None


@pytest.mark.parametrize(("name", "status"), [("publish", "published"), ("dismiss", "dismissed")])
def test_act_goes_on_to_the_next_item_and_offers_one_undo(sign_in, manager, pile, name, status):
    client = sign_in(manager)
    response = act(client, name, pile[1])
    assert Opportunity.objects.get(pk=pile[1].pk).status == status
    assert opened(response) == "Item 2"
    page = html.document_fromstring(response.content)
    assert "Item 1" in page.xpath("string(//div[@class='undo']/span)")
    (undo,) = page.xpath("//div[@class='undo']//form/@action")
    assert page.xpath("//div[@class='undo']//button/@data-key") == ["u"]
    assert 'class="undo"' not in client.get(INBOX).content.decode(), "it is shown once"
    back = client.post(undo, follow=True)
    assert opened(back) == "Item 1"
    assert "Back in the inbox." in back.content.decode()
    assert Opportunity.objects.get(pk=pile[1].pk).status == "inbox"


def test_undo_is_not_used_up_by_the_part_that_is_loaded_beside_the_item(sign_in, manager, pile):
    client = sign_in(manager)
    response = client.post(reverse("opportunities:publish", args=[pile[0].reference]))
    client.get(reverse("opportunities:who_fits", args=[pile[1].reference]), headers=htmx("fits"))
    assert 'class="undo"' in client.get(response["Location"]).content.decode()


def test_last_item_goes_back_to_the_first_and_the_very_last_to_the_empty_pile(sign_in, manager, pile):
    client = sign_in(manager)
    assert opened(act(client, "publish", pile[4])) == "Item 0"
    for found in pile[:3]:
        act(client, "dismiss", found)
    assert "The pile is read" in act(client, "publish", pile[3]).content.decode()


def test_work_goes_on_in_the_filtered_pile(sign_in, manager, pile):
    source = SourceFactory(name="Other")
    other = [OpportunityFactory(source=source, kind="event", title=f"Event {number}", fits=20) for number in range(3)]
    query = f"?source={source.pk}&kind=event&order=newest"
    client = sign_in(manager)
    assert titles(client.get(INBOX + query)) == ["Event 2", "Event 1", "Event 0"]
    response = act(client, "publish", other[2], query)
    assert opened(response) == "Event 1"
    assert titles(response) == ["Event 1", "Event 0"]
    page = html.document_fromstring(response.content)
    here = reverse("opportunities:inbox_item", args=[other[1].reference])
    assert response.redirect_chain[-1][0] == here + query
    item, rows, fits = (
        "//section[@id='item']//form/@action",
        "//ul[@class='rows']//a/@href",
        "//section[@id='fits']/@hx-get",
    )
    links = page.xpath(f"{item} | {rows} | {fits} | //div[@class='undo']//form/@action")
    assert len(links) == 7
    assert all(link.endswith(query) for link in links)


def test_refused_act_keeps_the_filter_and_says_why(sign_in, manager, pile):
    closed = Opportunity.objects.get(title="Closed before it was read")
    response = act(sign_in(manager), "publish", closed, "?status=inbox&order=newest")
    assert "The last day to answer has passed" in response.content.decode()
    assert response.redirect_chain[-1][0].endswith("?status=inbox&order=newest")
    assert opened(response) == "Closed before it was read"
    assert Opportunity.objects.get(pk=closed.pk).status == "inbox"


def test_what_a_colleague_did_already_is_not_offered_for_undo(sign_in, manager, pile):
    client = sign_in(manager)
    Opportunity.objects.filter(pk=pile[0].pk).update(status="published")
    assert 'class="undo"' not in act(client, "publish", pile[0]).content.decode()


@pytest.mark.parametrize(
    "query",
    ["?status=xx", "?order=xx", "?kind=xx", "?source=99999", "?source=abc", "?country=XX", "?page=abc", "?page=-3",
     "?page=99999", "?q=%00", "?q=%22unclosed", "?q=-", "?q=%27%3B--", "?q=&status=&order="],
)  # fmt: skip
def test_odd_filters_end_well(sign_in, manager, pile, query):
    response = sign_in(manager).get(INBOX + query)
    assert response.status_code == 200
    assert html.document_fromstring(response.content).xpath("string(//h1)") == "Inbox"


def test_orders_of_the_pile(sign_in, manager, pile):
    from datetime import timedelta

    from django.utils import timezone

    soon = timezone.now() + timedelta(days=2)
    Opportunity.objects.filter(pk=pile[3].pk).update(fits=None, deadline=soon, created_at=timezone.now())
    client = sign_in(manager)
    assert titles(client.get(INBOX)) == ["Item 0", "Item 1", "Item 2", "Item 4", "Item 3"], "uncounted ones come last"
    assert titles(client.get(f"{INBOX}?order=deadline"))[0] == "Item 3"
    assert titles(client.get(f"{INBOX}?order=newest"))[0] == "Item 3"
    assert titles(client.get(f"{INBOX}?q=%22item+2%22")) == ["Item 2"]
    assert titles(client.get(f"{INBOX}?status=dismissed")) == ["Put aside"]
    assert titles(client.get(f"{INBOX}?status=closed")) == ["Closed before it was read"]


def test_pile_is_paged(sign_in, manager, pile):
    OpportunityFactory.create_batch(20, source=pile[0].source, fits=1)
    client = sign_in(manager)
    assert len(titles(client.get(INBOX))) == 20
    assert len(titles(client.get(f"{INBOX}?page=2"))) == 5


# --- the note ---------------------------------------------------------------------------------------------------------


def test_note_is_saved_and_shown_with_its_author_to_members(sign_in, manager, owner, pile):
    client = sign_in(manager)
    response = act(client, "curate", pile[0], "?kind=funding", note="Call them first.", effort_hours="12")
    assert "Saved." in response.content.decode()
    assert response.redirect_chain[-1][0].endswith("?kind=funding")
    act(client, "publish", pile[0])
    page = html.document_fromstring(sign_in(owner).get(pile[0].get_absolute_url()).content)
    assert page.xpath("string(//figure[@class='note']/blockquote)") == "Call them first."
    assert "Maja Manager" in page.xpath("string(//figure[@class='note']/figcaption)")
    assert "About 12 hours" in page.xpath("string(//dl[@class='facts'])")


@pytest.mark.parametrize("typed", [{"note": "x" * 601, "effort_hours": "3"}, {"note": "Keep me", "effort_hours": "-3"}])
def test_note_that_cannot_be_saved_keeps_what_was_typed(sign_in, manager, pile, typed):
    response = act(sign_in(manager), "curate", pile[0], **typed)
    page = html.document_fromstring(response.content)
    assert page.xpath("string(//textarea[@name='note'])").strip() == typed["note"]
    assert page.xpath("//*[@aria-invalid='true']")
    assert page.xpath("//details[.//textarea[@name='note']]/@open") == [""]
    assert Opportunity.objects.get(pk=pile[0].pk).note == ""
