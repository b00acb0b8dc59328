"""All opportunities, searchable: what is found, in which order, and that odd questions end well."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from opportunities.models import Opportunity
from tests.client import CheckingClient, htmx
from tests.factories.opportunities import OpportunityFactory

pytestmark = pytest.mark.django_db
LIST = "/opportunities/"


@pytest.fixture
def client(sign_in, owner) -> CheckingClient:
    return sign_in(owner)


def titles(client: CheckingClient, query: str = "", **more: object) -> list[str]:
    page = html.document_fromstring(client.get(LIST + query, **more).content)
    return page.xpath("//ul[@class='rows']/li//h2/a/text()")


def days(number: float):
    return timezone.now() + timedelta(days=number)


@pytest.fixture
def published(db) -> None:
    """Five that are open, in an order of their own, and what a member must not find."""
    OpportunityFactory(published=True, title="Water reuse in Växjö", deadline=days(9), countries=["SE"])
    OpportunityFactory(published=True, title="Wastewater membranes", deadline=days(3), countries=["DE"], kind="tender")
    OpportunityFactory(published=True, title="Brokerage on hydrogen", event=True, countries=["EE"])
    OpportunityFactory(
        published=True, title="Partner sought: saw blades", partnering=True, deadline=days(20), target_countries=["FI"],
        countries=["PL"], description="Blades for reuse of timber, not water.",
    )  # fmt: skip
    OpportunityFactory(
        published=True, title="Ports and ferries", deadline=days(5), summary="Shore power", organisation="Baltic Ports",
        countries=["LT"],
    )  # fmt: skip
    OpportunityFactory(published=True, title="Closed water call", closed=True)
    OpportunityFactory(title="Water call still being read")
    OpportunityFactory(dismissed=True, title="Water call put aside")


SOONEST = [
    "Wastewater membranes", "Ports and ferries", "Water reuse in Växjö", "Brokerage on hydrogen",
    "Partner sought: saw blades",
]  # fmt: skip


def test_list_shows_what_is_open_soonest_first_events_by_their_start_and_without_a_day_last(client, published):
    Opportunity.objects.filter(kind="event").update(starts_at=days(12), ends_at=days(13), deadline=None)
    OpportunityFactory(published=True, title="Open for good", deadline=None, deadlines=[], closes_at=None)
    assert titles(client) == [*SOONEST, "Open for good"]


def test_list_can_be_ordered_otherwise(client, published):
    assert titles(client, "?order=title") == sorted(SOONEST)
    assert titles(client, "?order=newest")[0] == "Ports and ferries"
    assert titles(client, "?order=xx&q=water") == titles(client, "?q=water")


def test_countries_to_choose_from_are_those_that_occur(client, published):
    page = html.document_fromstring(client.get(LIST).content)
    assert page.xpath("//select[@name='country']/option/@value") == ["", "EE", "FI", "DE", "LT", "PL", "SE"]


def test_export_holds_what_the_list_shows(client, published):
    OpportunityFactory(published=True, title="=1+1", deadline=days(1))
    lines = b"".join(client.get(f"{LIST}export/").streaming_content).decode("utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines))
    assert [row["Title"] for row in rows] == ["'=1+1", *titles(client)[1:]]
    assert (rows[1]["Kind"], rows[1]["Country"]) == ("Tender", "Germany")
    found = b"".join(client.get(f"{LIST}export/?kind=tender").streaming_content).decode("utf-8-sig")
    assert len(found.splitlines()) == 2
    page = html.document_fromstring(client.get(f"{LIST}?kind=tender&page=1").content)
    assert page.xpath("//a[.='Export as CSV']/@href") == [f"{LIST}export/?kind=tender"]


def test_closed_ones_come_on_request_and_only_they(client, published):
    assert titles(client, "?closing=closed") == ["Closed water call"]
    text = html.document_fromstring(client.get(f"{LIST}?closing=closed").content).xpath("string(//main)")
    assert "-1 days left" not in " ".join(text.split())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("water", ["Water reuse in Växjö", "Partner sought: saw blades"]),
        ("reusing waters", ["Water reuse in Växjö", "Partner sought: saw blades"]),
        ('"water reuse"', ["Water reuse in Växjö"]),
        ('"reuse water"', []),
        ("water -timber", ["Water reuse in Växjö"]),
        ("vaxjo", ["Water reuse in Växjö"]),
        ("VÄXJÖ", ["Water reuse in Växjö"]),
        ("membranes or ferries", ["Ports and ferries", "Wastewater membranes"]),
        ("baltic", ["Ports and ferries"]),
        ("shore power", ["Ports and ferries"]),
        ("zebra", []),
    ],
)
def test_search_finds(client, published, words, found):
    assert sorted(titles(client, f"?q={words}")) == sorted(found)


def test_search_ranks_titles_before_texts(client, published):
    assert titles(client, "?q=water") == ["Water reuse in Växjö", "Partner sought: saw blades"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=tender", ["Wastewater membranes"]),
        ("?kind=event", ["Brokerage on hydrogen"]),
        ("?country=SE", ["Water reuse in Växjö"]),
        ("?country=FI", ["Partner sought: saw blades"]),
        ("?country=PL&kind=partnering", ["Partner sought: saw blades"]),
        ("?country=PL&kind=tender", []),
        ("?q=water&country=SE&kind=funding", ["Water reuse in Växjö"]),
    ],
)
def test_filters_narrow(client, published, query, found):
    assert titles(client, query) == found


@pytest.mark.parametrize(
    "query",
    ["?kind=xx", "?country=XX", "?country=%27", "?closing=maybe", "?page=abc", "?page=0", "?page=-1", "?page=999",
     "?q=%00", "?q=%22", "?q=%27%22%29%3B--", "?q=!%26%7C%28", "?q=-", "?q=" + "x" * 5000, "?q=%F0%9F%92%A7", "?q=%ff",
     "?kind=tender&kind=event", "?unknown=1", "?q=%5C"],
)  # fmt: skip
def test_odd_questions_end_well(client, published, query):
    response = client.get(LIST + query)
    assert response.status_code == 200
    page = html.document_fromstring(response.content)
    assert page.xpath("string(//h1)").strip() == "All opportunities"
    assert "put aside" not in page.xpath("string(//main)")
    assert "still being read" not in page.xpath("string(//main)")


def test_nothing_found_offers_the_way_back(client, published):
    page = html.document_fromstring(client.get(f"{LIST}?q=zebra").content)
    assert "Nothing found" in page.xpath("string(//main)")
    assert page.xpath("//div[@class='empty']//a/@href") == [LIST]
    assert page.xpath("//input[@name='q'][@type='search']/@value")[-1] == "zebra", "what was typed is kept"


def test_list_is_paged_and_pages_keep_the_question(client):
    for number in range(30):
        OpportunityFactory(published=True, title=f"Call {number:02}", deadline=days(1 + number))
    assert titles(client) == [f"Call {number:02}" for number in range(25)]
    page = html.document_fromstring(client.get(f"{LIST}?q=call&kind=funding").content)
    (following,) = page.xpath("//a[@rel='next']/@href")
    assert {"q=call", "kind=funding", "page=2"} == set(following.removeprefix("?").split("&"))
    assert len(titles(client, following)) == 5


def test_part_for_htmx_is_what_the_page_holds(client, published):
    part = client.get(f"{LIST}?q=water", headers=htmx("results"))
    fragment = html.fragment_fromstring(part.content.decode(), create_parent="div")
    page = html.document_fromstring(client.get(f"{LIST}?q=water").content)
    shape = lambda element: " ".join(element.xpath("string()").split())  # noqa: E731 - used twice, here
    assert shape(fragment) == shape(page.get_element_by_id("results"))
    assert fragment.xpath("//@data-count-text") == ["2 opportunities"]
    assert {"HX-Request", "HX-Target"} <= set(part["Vary"].split(", "))


def test_manager_finds_the_same_and_nothing_unpublished(sign_in, manager, client, published):
    assert titles(sign_in(manager)) == titles(client)


def test_evaluator_sees_an_empty_list(sign_in, evaluator, published):
    assert titles(sign_in(evaluator)) == []
