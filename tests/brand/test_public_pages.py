"""What visitors read: the same for everybody, without cookies, with what was agreed to and nothing else."""

import json

import pytest
from django.urls import reverse
from lxml import html

from brand.actions import save_page
from core.clocks import moment_in
from members.actions import listings as listing_actions
from members.models import Organisation, Profile
from opportunities.models import Opportunity
from tests.factories.brand import ListingFactory
from tests.factories.funding import FundingCallFactory
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import OpportunityFactory, SourceFactory
from tests.factories.programme import ActivityFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
EVIL = '</script><img src=x onerror="alert(1)"> & "Co"'


def url(name: str, *args: object) -> str:
    return reverse(f"brand:{name}", args=args)


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content).xpath("string(//body)").split())


def linked_data(response) -> object:
    (block,) = html.fromstring(response.content).xpath("//script[@type='application/ld+json']/text()")
    return json.loads(block)


@pytest.fixture
def paths(home, manager) -> list[str]:
    """Every address that visitors and machines read."""
    slug = ListingFactory(full=True).organisation.slug
    activity = ActivityFactory()
    pages = [url(name) for name in ("about", "members", "opportunities", "activities", "results", "embed", "colour")]
    pages += [url("members_json"), url("company", slug), url("activity", activity.slug)]
    return [*pages, "/", reverse("robots"), reverse("sitemap")]


def test_no_cookie_is_set_and_no_session_is_looked_at(client, paths):
    for path in paths:
        answer = client.get(path)
        assert (answer.status_code, dict(answer.cookies)) == (200, {}), path
        varies = "Cookie" in answer.headers.get("Vary", "")
        assert varies == (path == "/"), f"{path}: only the first address asks who reads"
        assert b"csrfmiddlewaretoken" not in answer.content


def test_who_is_signed_in_reads_the_same(client, sign_in, manager, paths):
    signed_in = sign_in(manager)
    for path in paths:
        if path != "/":
            assert signed_in.get(path).content == client.get(path).content, path


def test_second_factor_is_asked_for_where_managers_write_alone(sign_in, manager, paths, settings):
    settings.SECOND_FACTOR_FOR_MANAGERS = True
    client = sign_in(manager)
    for path in paths:
        if path != "/":
            assert "Location" not in client.get(path).headers, path
    assert client.get(url("page")).headers["Location"] == reverse("mfa_index")


def test_kept_for_some_minutes_and_not_sent_twice(client, paths):
    for path in paths:
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        fresh = "max-age=0" if path == "/" else "max-age=300"
        assert set(first["Cache-Control"].split(", ")) == {"public", fresh}


def test_member_that_takes_it_back_is_gone_everywhere_at_once(client, owner, organisation):
    listing_actions.put_on_list(organisation=organisation, fields=["town"], by=owner)
    names = [url("members"), url("members_json"), url("embed"), url("company", organisation.slug)]
    assert all(organisation.name in client.get(path).content.decode() for path in names)
    assert organisation.slug in client.get(reverse("sitemap")).content.decode()
    listing_actions.take_off_list(organisation=organisation, by=owner)

    for path in [*names, reverse("sitemap")]:
        answer = client.get(path)
        assert organisation.name not in answer.content.decode()
        assert organisation.slug not in answer.content.decode().replace(path, "")
    assert client.get(names[-1]).status_code == 404


def test_unlisted_former_and_unknown_are_not_told_apart(client, organisation):
    former = ListingFactory(full=True).organisation
    Organisation.objects.filter(pk=former.pk).update(is_member=False)
    told = {
        text_of(client.get(url("company", slug)))
        for slug in (organisation.slug, former.slug, "nowhere", str(former.pk))
    }
    assert len(told) == 1
    assert former.name not in client.get(url("members")).content.decode()


def test_company_shows_what_it_agreed_to_alone(client):
    shown = ListingFactory(fields=["summary", "technologies"]).organisation
    Profile.objects.filter(organisation=shown).update(seeks="A secret buyer", cofinance_eur_a_year=987_654)
    answer = client.get(url("company", shown.slug))

    assert "Robots that sort timber by quality." in text_of(answer)
    for hidden in ("secret", "Vision systems", "ISO 9001", "987", "3,100,000", "Small", "SME", "company.example"):
        assert hidden not in answer.content.decode(), hidden
    assert set(linked_data(answer)) >= {"name", "description", "knowsAbout", "memberOf"}
    assert linked_data(answer)["knowsAbout"] == ["machine vision"]


def test_filters_look_at_what_is_public_alone(client):
    open_ = ListingFactory(fields=["activities", "town"], organisation__country="FI", organisation__town="Vaasa")
    ListingFactory(fields=[], organisation__country="SE", organisation__town="Vaasa")

    def found(query: str) -> list[str]:
        page = html.fromstring(client.get(url("members") + query).content)
        return page.xpath("//ul[@class='public-cards']//h3/a/text()")

    name = open_.organisation.name
    assert found("?q=vaasa") == found("?country=FI") == found("?field=C") == [name]
    assert len(found("")) == len(found("?country=XX&field=9&page=x")) == 2
    assert found("?country=FI&q=nothing") == []


def test_narrowed_lists_are_not_for_search_engines(client):
    ListingFactory.create_batch(25)
    for query, hidden in (("", False), ("?q=a", True), ("?page=2", True)):
        page = html.fromstring(client.get(url("members") + query).content)
        assert bool(page.xpath("//meta[@name='robots'][@content='noindex, follow']")) == hidden, query
        assert page.xpath("//link[@rel='canonical']/@href") == ["http://127.0.0.1:8000/cluster/members/"]


def test_markup_in_names_and_texts_stays_text(client, manager):
    listing = ListingFactory(full=True, organisation__name=EVIL, organisation__slug="evil")
    Profile.objects.filter(organisation=listing.organisation).update(summary=EVIL, technologies=[EVIL])
    save_page(by=manager, seen=0, tagline=EVIL[:60], what_we_do=EVIL, contact_address=EVIL)
    ActivityFactory(name=EVIL, slug="evil", aim=EVIL)
    source = SourceFactory(may_be_public=True, name=EVIL)
    OpportunityFactory(published=True, source=source, title=EVIL, for_partners=EVIL)
    for path in ("/", url("members"), url("company", "evil"), url("embed"), url("activities"), url("activity", "evil"),
                 url("opportunities")):  # fmt: skip
        page = html.fromstring(client.get(path).content)
        assert not page.xpath("//img[@src='x']"), path
        assert EVIL in page.xpath("string(//main)") or path == "/", path
    assert linked_data(client.get(url("company", "evil")))["name"] == EVIL


def test_website_that_is_no_address_is_no_link(client):
    listing = ListingFactory(fields=["website"], organisation__website="javascript:alert(1)")
    page = html.fromstring(client.get(url("company", listing.organisation.slug)).content)
    assert not [href for href in page.xpath("//@href") if href.startswith("javascript")]


def test_partners_read_marked_opportunities_and_open_calls(client):
    FundingCallFactory(name="Water call")
    source = SourceFactory(may_be_public=True)
    OpportunityFactory(
        published=True, source=source, title="Marked", for_partners="We look for a port", summary="Theirs"
    )
    OpportunityFactory(published=True, source=source, title="Not marked")
    OpportunityFactory(published=True, title="Other terms", for_partners="We look for a port")
    said = text_of(client.get(url("opportunities")))

    assert "Marked" in said
    assert "We look for a port" in said
    assert "Water call" in said
    for hidden in ("Not marked", "Other terms", "Theirs"):
        assert hidden not in said
    assert Opportunity.objects.count() == 3


def test_activities_tell_day_and_place_and_not_who_comes(client):
    lead = OrganisationFactory(name="Led in Silence")
    coming = ActivityFactory(name="Mission to Vaasa", country="FI", lead=lead)
    ActivityFactory(draft=True, name="Only a plan")
    answer = client.get(url("activities"))

    assert "Mission to Vaasa" in text_of(answer)
    assert "Only a plan" not in text_of(answer)
    (event,) = linked_data(answer)
    assert (event["@type"], event["location"]["address"]["addressCountry"]) == ("Event", "FI")
    assert event["startDate"] == coming.starts_at.astimezone(coming.zone).isoformat()
    page = url("activity", coming.slug)
    assert f"Sign up until{moment_in(coming.register_until, coming.time_zone)}" in text_of(client.get(page))
    assert "Led in Silence" not in text_of(client.get(page)), "it has not agreed to be named"
    ListingFactory(organisation=lead)
    assert "Led in Silence" in text_of(client.get(page))


def counted(response) -> int:
    """How many members the directory says that there are."""
    said = html.fromstring(response.content).xpath("string(//h2[@id='listed'])")
    return int(said.split()[0])


def in_list(kind: str):
    return lambda response: len(html.fromstring(response.content).xpath(f"//ul[@class='{kind}']/li"))


@pytest.mark.parametrize(
    ("path", "make", "at_most", "shows"),
    [
        ("/cluster/members/", ListingFactory, 7, counted),
        ("/cluster/embed/?number=100", ListingFactory, 7, in_list("public-cards")),
        ("/cluster/members.json", ListingFactory, 6, lambda response: len(response.json()["members"])),
        ("/cluster/activities/", ActivityFactory, 7, in_list("public-rows")),
        ("/sitemap.xml", ListingFactory, 7, lambda response: response.content.count(b"/cluster/members/company")),
    ],
)
def test_questions_to_the_database_do_not_grow(client, home, path, make, at_most, shows):
    assert_constant_queries(lambda: client.get(path), make, at_most=at_most, shows=shows)
