"""Who fits an item, and handing it over: to whom one wants, in the open, with what was typed kept."""

import pytest
from django.urls import reverse
from lxml import html

from core.models import Mail
from members.models import Organisation
from opportunities.models import Feedback, Opportunity
from tests.client import CheckingClient, htmx
from tests.factories.opportunities import OpportunityFactory
from tests.opportunities.ground import filter_now, member, opportunity

pytestmark = pytest.mark.django_db


def act(client: CheckingClient, found: Opportunity, query: str = "", **data: object):
    url = reverse("opportunities:hand_over", args=[found.reference])
    return client.post(url + query, data, follow=True)


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


def test_feed_of_a_member_as_the_manager_sees_it(sign_in, manager, fitting):
    _, companies = fitting
    client = sign_in(manager)
    page = html.document_fromstring(client.get(reverse("opportunities:member_feed", args=[companies[2].slug])).content)
    assert len(page.xpath("//main//li[@data-list-item]")) == 6
    assert page.xpath("//main//ul[@class='reasons']/li")
    assert not page.xpath("//main//form")
    page = html.document_fromstring(client.get(reverse("opportunities:member_feed", args=[companies[3].slug])).content)
    assert "Nothing fits them now" in page.xpath("string(//main)")


# --- handing over -----------------------------------------------------------------------------------------------------


def test_button_says_that_handing_over_publishes(sign_in, manager, fitting):
    found, _ = fitting
    client = sign_in(manager)
    page = fits_page(client, found)
    assert page.xpath("string(//form[@id='hand-over']//button)") == "Publish and hand over"
    assert "Handing over publishes it." in page.xpath("string(//form[@id='hand-over'])")
    Opportunity.objects.filter(pk=found.pk).update(status="published")
    assert fits_page(client, found).xpath("string(//form[@id='hand-over']//button)") == "Hand over"
    Opportunity.objects.filter(pk=found.pk).update(status="dismissed")
    assert not fits_page(client, found).xpath("//form[@id='hand-over']")


def test_hand_over_publishes_and_says_so_and_to_how_many(sign_in, manager, outsider, fitting):
    found, companies = fitting
    client, ids = sign_in(manager), [company.pk for company in companies[:2]]
    response = act(client, found, "?kind=funding", to=ids, sentence="You know them.")
    assert "Published for all members. Handed over to 2 members." in response.content.decode()
    assert response.redirect_chain[-1][0].endswith("?kind=funding")
    assert Opportunity.objects.get(pk=found.pk).status == "published"
    assert set(Feedback.objects.values_list("organisation_id", flat=True)) == set(ids)
    assert Mail.objects.count() == 0, "these companies have no people yet"
    assert "They had it already." in act(client, found, to=ids).content.decode()


def test_item_says_who_has_it(sign_in, manager, fitting):
    found, companies = fitting
    client = sign_in(manager)
    page = html.document_fromstring(act(client, found, to=[companies[0].pk]).content)
    item = "//section[@id='item']//p[contains(.,'Handed over to')]"
    assert page.xpath(f"{item}/a/@href") == [reverse("members:detail", args=[companies[0].slug])]
    ticks = fits_page(client, found).xpath("//form[@id='hand-over']//input[@type='checkbox']/@value")
    assert ticks == [str(companies[1].pk)], "who has it is not to be ticked again"


def test_any_member_can_be_chosen_whether_it_fits_or_not(sign_in, manager, home, fitting):
    found, companies = fitting
    client = sign_in(manager)
    offered = fits_page(client, found).xpath("//select[@name='also']/option/@value")
    assert {str(company.pk) for company in companies} <= set(offered)
    assert str(home.pk) not in offered
    response = act(client, found, to=[companies[0].pk], also=companies[3].pk)
    assert "Handed over to 2 members." in response.content.decode()
    assert Feedback.objects.filter(organisation=companies[3]).exists()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Choose at least one member"),
        ({"to": ["99999"]}, "Choose at least one member"),
        ({"to": ["abc"]}, "Choose at least one member"),
        ({"also": "99999"}, "Choose at least one member"),
        ({"sentence": "x" * 601}, "at most 600 characters"),
    ],
)
def test_hand_over_that_is_not_understood_changes_nothing(sign_in, manager, fitting, data, told):
    found, companies = fitting
    data = {"to": [companies[0].pk]} | data if "sentence" in data else data
    response = act(sign_in(manager), found, **data)
    assert told in response.content.decode()
    assert not Feedback.objects.exists()
    assert Opportunity.objects.get(pk=found.pk).status == "inbox"


def test_what_was_typed_is_kept_and_the_fault_is_told_at_the_form(sign_in, manager, fitting):
    found, companies = fitting
    client = sign_in(manager)
    page = html.document_fromstring(act(client, found, sentence="You know them.").content)
    (form,) = page.xpath("//section[@id='fits']//form[@id='hand-over']")
    assert form.xpath("string(.//textarea[@name='sentence'])").strip() == "You know them."
    assert "Choose at least one member" in form.xpath("string(.//div[@role='alert'])")
    assert not page.xpath("//section[@id='fits']/@hx-get"), "what was typed would be loaded over"
    page = html.document_fromstring(act(client, found, to=[companies[1].pk], sentence="x" * 601).content)
    assert page.xpath("//form[@id='hand-over']//input[@checked]/@value") == [str(companies[1].pk)]


def test_what_is_no_member_cannot_be_handed_to(sign_in, manager, home, fitting):
    found, _ = fitting
    assert "Choose at least one member" in act(sign_in(manager), found, to=[home.pk]).content.decode()
    assert not Feedback.objects.exists()
