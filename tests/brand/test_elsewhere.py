"""The list in a frame of another site, as data, the colour, and what search engines are told."""

import pytest
from django.urls import reverse
from lxml import etree, html

from brand.actions import save_page
from tests.factories.brand import ListingFactory
from tests.factories.programme import ActivityFactory
from tests.test_headers import POLICY, policy_of

pytestmark = pytest.mark.django_db
EMBED, DATA, COLOUR = (reverse(f"brand:{name}") for name in ("embed", "members_json", "colour"))


def names(response) -> list[str]:
    return html.fromstring(response.content).xpath("//h2/a/text()")


def test_frame_is_for_the_named_sites_and_no_other_page_is(client, manager):
    save_page(by=manager, seen=0, embed_sites=["https://partner.example", "https://region.example:8443"])
    answer = client.get(EMBED)

    sites = ["'self'", "https://partner.example", "https://region.example:8443"]
    assert policy_of(answer) == POLICY | {"frame-ancestors": sites}
    assert "X-Frame-Options" not in answer.headers
    again = client.get(EMBED, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, policy_of(again)["frame-ancestors"]) == (304, sites)
    other = client.get(reverse("brand:members"))
    assert policy_of(other) == POLICY
    assert other["X-Frame-Options"] == "DENY"


def test_without_a_named_site_only_the_portal_itself_frames_it(client):
    assert policy_of(client.get(EMBED))["frame-ancestors"] == ["'self'"]


def test_list_is_narrowed_by_its_address(client):
    for number, land in enumerate(("FI", "FI", "SE")):
        ListingFactory(fields=["activities"], organisation__name=f"Yard {number}", organisation__country=land)

    assert names(client.get(EMBED + "?country=FI&number=1")) == ["Yard 0"]
    assert names(client.get(EMBED + "?field=C&q=2")) == ["Yard 2"]
    for odd in ("?number=0", "?number=-1", "?number=99999999999", "?number=²", "?theme=<x>"):
        assert len(names(client.get(EMBED + odd))) == (1 if odd == "?number=0" else 3), odd
    page = html.fromstring(client.get(EMBED + "?theme=dark").content)
    assert page.get("data-theme") == "dark"
    assert not page.xpath("//script | //form | //iframe")
    assert page.xpath("//h2/a/@href")[0].startswith("http://127.0.0.1:8000/cluster/members/")


def test_data_for_any_site_hold_what_is_public(client):
    ListingFactory(fields=["town"], organisation__name="Yard", organisation__town="Kalmar")
    answer = client.get(DATA, headers={"Origin": "https://anywhere.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    (member,) = answer.json()["members"]
    shown = {name: value for name, value in member.items() if value}
    assert shown == {
        "name": "Yard",
        "kind": "Company",
        "country": "SE",
        "town": "Kalmar",
        "page": "http://127.0.0.1:8000/cluster/members/yard/",
    }
    again = client.get(DATA, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")
    assert "Access-Control-Allow-Origin" not in client.get(EMBED).headers


def test_colour_is_the_kept_one_and_nothing_else_gets_into_the_sheet(client, manager):
    save_page(by=manager, seen=0, colour_light="#14508c", colour_dark="#8fbdf0")
    sheet = client.get(COLOUR)

    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "--accent:light-dark(#14508c,#8fbdf0);" in sheet.content.decode()
    tried = client.get(COLOUR, {"light": "#000000", "dark": "#ffffff"}).content.decode()
    assert "--accent:light-dark(#000000,#ffffff);" in tried
    for evil in ("#000000}body{display:none", "red", "#00000"):
        assert client.get(COLOUR, {"light": evil, "dark": "#ffffff"}).status_code == 404


def test_pages_have_the_colour_only_when_there_is_one(client, manager):
    def sheets() -> list[str]:
        return html.fromstring(client.get("/").content).xpath("//link[contains(@href, 'colour.css')]/@href")

    assert sheets() == []
    save_page(by=manager, seen=0, colour_light="#14508c", colour_dark="#8fbdf0")
    assert sheets() == [f"{COLOUR}?v=1"]


def test_map_names_public_pages_under_the_own_address(client):
    shown = ListingFactory(full=True).organisation
    ActivityFactory(draft=True, name="Only a plan", slug="only-a-plan")
    ActivityFactory(name="Mission", slug="mission")
    tree = etree.fromstring(client.get(reverse("sitemap")).content)
    found = tree.xpath("//*[local-name()='loc']/text()")

    assert "http://127.0.0.1:8000/" in found
    assert f"http://127.0.0.1:8000/cluster/members/{shown.slug}/" in found
    assert "http://127.0.0.1:8000/cluster/activities/mission/" in found
    assert not [each for each in found if "plan" in each or not each.startswith("http://127.0.0.1:8000/")]


def test_robots_are_kept_from_what_is_not_public(client):
    lines = client.get(reverse("robots")).content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /members/", "Disallow: /partners/", "Disallow: /programme/", "Disallow: /evaluations/"} <= set(
        lines
    )
    assert lines[-1] == "Sitemap: http://127.0.0.1:8000/sitemap.xml"
    assert not [line for line in lines if line.startswith(("Disallow: /cluster", "Disallow: /funding"))]
