"""The manager's inbox: the pile goes on item by item as it was filtered, and each act can be undone once."""

import pytest
from django.urls import reverse
from lxml import html

from core.models import Mail
from members.models import Organisation
from opportunities.models import Feedback, Opportunity
from tests.client import CheckingClient, htmx
from tests.factories.opportunities import OpportunityFactory, SourceFactory
from tests.opportunities.ground import filter_now, member, opportunity

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


# --- who fits, and handing over ---------------------------------------------------------------------------------------


@pytest.fixture
def fitting(manager) -> tuple[Opportunity, list[Organisation]]:
    """An item in the inbox, two members that it fits and two that it does not."""
    companies = [member("timber", 1), member("timber", 2), member("water", 3), member("food", 4)]
    found = opportunity("timber", 1)
    for seed in range(6):
        opportunity("water", seed, published=True)
    filter_now()
    return Opportunity.objects.get(pk=found.pk), companies


def fits_page(client: CheckingClient, found: Opportunity, **more: object) -> html.HtmlElement:
    url = reverse("opportunities:who_fits", args=[found.reference])
    return html.document_fromstring(client.get(url, **more).content)


def test_who_fits_names_members_with_reasons(sign_in, manager, fitting):
    found, companies = fitting
    page = fits_page(sign_in(manager), found)
    assert page.xpath("//form[@id='hand-over']//strong/text()") == [company.name for company in companies[:2]]
    assert len(page.xpath("//form[@id='hand-over']//ul[@class='reasons'][li]")) == 2
    assert found.fits == 2


def test_who_fits_as_a_part_is_what_the_page_holds(sign_in, manager, fitting):
    found, _ = fitting
    client = sign_in(manager)
    part = fits_page(client, found, headers=htmx("fits"))
    assert not part.xpath("//h1")
    assert len(part.xpath("//form[@id='hand-over']//ul[@class='reasons'][li]")) == 2


def test_who_fits_tells_whom_only_a_rule_keeps_out(sign_in, manager, fitting):
    found, companies = fitting
    companies[1].profile.kinds = ["tender"]
    companies[1].profile.save()
    page = fits_page(sign_in(manager), found)
    assert page.xpath("//form[@id='hand-over']//strong/text()") == [companies[0].name]
    assert page.xpath("//h4/text()") == [companies[1].name]
    assert page.xpath("//ul[contains(@class,'failed')]/li")


def test_who_fits_before_the_filter_has_read_it(sign_in, manager):
    page = fits_page(sign_in(manager), OpportunityFactory())
    assert "The filter has not read this item yet." in page.xpath("string(//main)")


def test_hand_over_publishes_mails_and_says_to_how_many(sign_in, manager, outsider, fitting):
    found, companies = fitting
    client, ids = sign_in(manager), [company.pk for company in companies[:2]]
    response = act(client, "hand_over", found, "?kind=funding", to=ids, sentence="You know them.")
    assert "Handed over to 2 members." in response.content.decode()
    assert response.redirect_chain[-1][0].endswith("?kind=funding")
    assert Opportunity.objects.get(pk=found.pk).status == "published"
    assert set(Feedback.objects.values_list("organisation_id", flat=True)) == set(ids)
    assert Mail.objects.count() == 0, "these companies have no people yet"
    assert "They had it already." in act(client, "hand_over", found, to=ids).content.decode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Choose at least one member"),
        ({"to": ["99999"]}, "Choose at least one member"),
        ({"to": ["abc"]}, "Choose at least one member"),
        ({"sentence": "x" * 601}, "at most 600 characters"),
    ],
)
def test_hand_over_that_is_not_understood_changes_nothing(sign_in, manager, fitting, data, told):
    found, companies = fitting
    data = {"to": [companies[0].pk]} | data if "sentence" in data else data
    response = act(sign_in(manager), "hand_over", found, **data)
    assert told in response.content.decode()
    assert not Feedback.objects.exists()
    assert Opportunity.objects.get(pk=found.pk).status == "inbox"


def test_what_is_no_member_cannot_be_handed_to(sign_in, manager, home, fitting):
    found, _ = fitting
    assert "Choose at least one member" in act(sign_in(manager), "hand_over", found, to=[home.pk]).content.decode()
    assert not Feedback.objects.exists()


def test_feed_of_a_member_as_the_manager_sees_it(sign_in, manager, fitting):
    _, companies = fitting
    client = sign_in(manager)
    page = html.document_fromstring(client.get(reverse("opportunities:member_feed", args=[companies[2].slug])).content)
    assert len(page.xpath("//main//li[@data-list-item]")) == 6
    assert page.xpath("//main//ul[@class='reasons']/li")
    assert not page.xpath("//main//form")
    page = html.document_fromstring(client.get(reverse("opportunities:member_feed", args=[companies[3].slug])).content)
    assert "Nothing fits them now" in page.xpath("string(//main)")
