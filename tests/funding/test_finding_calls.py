"""How calls are found: by filters and orders that the page and the feed share, and by what search engines read."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from tests.factories.funding import ActivityTypeFactory, FunderFactory, FundingCallFactory
from tests.funding.call_ground import page
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(db) -> None:
    now = timezone.now()
    pumps = FundingCallFactory(
        name="Pumps", text="Heat from the sea.", deadline=now + timedelta(days=40), published_at=now - timedelta(days=9)
    )
    FunderFactory(call=pumps, name="Merefond", member_state="EE", budget_eur=500_000)
    FunderFactory(call=pumps, name="Havsfonden", budget_eur=400_000)
    ActivityTypeFactory(call=pumps, name="Pilots & tests")
    ferries = FundingCallFactory(
        name="Åland ferries", deadline=now + timedelta(days=9), published_at=now - timedelta(days=30)
    )
    FunderFactory(call=ferries, criteria="Only harbours.", budget_eur=600_000)
    ActivityTypeFactory(call=FundingCallFactory(draft=True), name="Secret plans")
    FundingCallFactory(
        name="Zinc", announced=True, deadline=now + timedelta(days=90), published_at=now - timedelta(days=1)
    )


QUERIES = [
    ({}, ["Åland ferries", "Pumps", "Zinc"]),
    ({"order": "newest"}, ["Zinc", "Pumps", "Åland ferries"]),
    ({"order": "budget"}, ["Pumps", "Åland ferries", "Zinc"]),
    ({"order": "name"}, ["Åland ferries", "Pumps", "Zinc"]),
    ({"activity": "Pilots & tests"}, ["Pumps"]),
    ({"q": "SEA heat"}, ["Pumps"]),
    ({"q": "harbours"}, ["Åland ferries"]),
    ({"q": "merefond pilots"}, ["Pumps"]),
    ({"q": "merefond harbours"}, []),
    ({"country": "EE"}, ["Pumps"]),
    ({"when": "coming"}, ["Zinc"]),
    ({"until": "tomorrow"}, ["Åland ferries", "Pumps", "Zinc"]),
    ({"activity": "Secret plans", "order": "'; --"}, ["Åland ferries", "Pumps", "Zinc"]),
]


@pytest.mark.parametrize(("query", "names"), QUERIES)
def test_the_page_and_the_feed_show_the_same_calls_in_the_same_order(client, calls, query, names):
    shown = client.get(page("list"), query)
    told = json.loads(client.get(page("feed"), query).content)

    assert [row["call"].name for row in shown.context["rows"]] == names
    assert [each["name"] for each in told["calls"]] == names


def test_deadlines_until_a_day_hold_that_day(client, calls):
    day = timezone.localdate() + timedelta(days=40)
    names = [
        [row["call"].name for row in client.get(page("list"), {"until": until.isoformat()}).context["rows"]]
        for until in (day, day - timedelta(days=1))
    ]
    assert names == [["Åland ferries", "Pumps"], ["Åland ferries"]]


def test_what_was_chosen_stays_in_the_form_and_in_links(client, calls):
    query = {"activity": "Pilots & tests", "order": "name", "until": "2999-01-31", "q": "sea"}
    shown = html.document_fromstring(client.get(page("list"), query).content)

    assert shown.xpath("//select[@name='activity']/option[@selected]/@value") == ["Pilots & tests"]
    assert shown.xpath("//select[@name='order']/option[@selected]/@value") == ["name"]
    assert shown.xpath("//input[@name='until']/@value") == ["2999-01-31"]
    feed = shown.xpath("//main//a[contains(@href, 'calls.json')]/@href")[0]
    assert "activity=Pilots+%26+tests" in feed
    assert [each["name"] for each in json.loads(client.get(feed).content)["calls"]] == ["Pumps"]
    assert "Secret plans" not in shown.text_content()


def test_a_day_that_is_none_is_told_at_its_field(client, calls):
    shown = html.document_fromstring(client.get(page("list"), {"until": "31/31"}).content)
    assert shown.xpath("//*[@class='field-errors']/li/text()") == ["Write the day as 2027-05-31."]


def test_pages_go_on_with_what_was_chosen(client):
    for n in range(30):
        FundingCallFactory(name=f"Sea {n:02}")
    shown = html.document_fromstring(client.get(page("list"), {"q": "sea", "order": "name"}).content)
    onwards = shown.xpath("//a[@rel='next']/@href")[0]

    names = [row["call"].name for row in client.get(page("list") + onwards).context["rows"]]
    assert names == [f"Sea {n}" for n in range(25, 30)]


@pytest.mark.parametrize("order", ["newest", "budget", "name"])
def test_any_order_asks_the_same_number_of_questions(client, order):
    assert_constant_queries(
        lambda: client.get(page("list"), {"order": order, "q": "a"}),
        FunderFactory,
        at_most=10,
        shows=lambda response: len(response.context["rows"]),
    )


def told_of(client, call) -> tuple[html.HtmlElement, dict]:
    shown = html.document_fromstring(client.get(call.get_absolute_url(), {"from": "mail"}).content)
    return shown, json.loads(shown.xpath("string(//script[@type='application/ld+json'])"))


def test_search_engines_read_who_pays_how_much_until_when(client, settings):
    settings.SITE_URL = "https://portal.example"
    call = FundingCallFactory(name="Pumps", aim='Heat for "all" <b>.', slug="pumps")
    FunderFactory(call=call, name="Merefond", member_state="EE", budget_eur=500_000)
    FunderFactory(call=call, name="Fund </script><script>alert(1)</script>", budget_eur=100_000)
    shown, facts = told_of(client, call)

    assert facts["@type"] == "MonetaryGrant"
    assert facts["amount"] == {"@type": "MonetaryAmount", "currency": "EUR", "value": "600000.00"}
    assert [each["name"] for each in facts["funder"]] == ["Merefond", "Fund </script><script>alert(1)</script>"]
    assert facts["funder"][0]["areaServed"]["identifier"] == "EE"
    assert facts["url"] == "https://portal.example/funding/pumps/"
    deadline = call.deadline.astimezone(call.zone).isoformat(timespec="seconds")
    assert facts["potentialAction"]["endTime"] == deadline
    assert shown.xpath("//link[@rel='canonical']/@href") == ["https://portal.example/funding/pumps/"]
    assert shown.xpath("//meta[@name='description']/@content") == ['Heat for "all" <b>.']


def test_nobody_is_sent_to_apply_once_it_is_over(client):
    for call in (FundingCallFactory(in_review=True), FundingCallFactory(status="cancelled", why_cancelled="No money.")):
        assert "potentialAction" not in told_of(client, call)[1]


def test_a_filtered_list_names_the_whole_list_as_its_address(client, calls, settings):
    settings.SITE_URL = "https://portal.example"
    shown = html.document_fromstring(client.get(page("list"), {"q": "sea"}).content)
    assert shown.xpath("//link[@rel='canonical']/@href") == ["https://portal.example/funding/"]
