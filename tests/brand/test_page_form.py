"""Writing the public page: checked, looked at first, kept in every state."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from lxml import html

from brand.actions import save_page
from brand.forms import is_origin
from brand.models import ClusterPage, PageVersion
from core.actions import Refused
from core.models import AuditEvent
from tests.factories.brand import ListingFactory

pytestmark = pytest.mark.django_db
PAGE, SNIPPET = reverse("brand:page"), reverse("brand:snippet")
SAID = {
    "tagline": "Clean industry from the coast",
    "what_we_do": "Sixty companies.\n\nOne harbour.",
    "founded": "2011",
    "contact_address": "Strandvägen 4",
    "contact_email": "hello@havsbris.example",
    "imprint_url": "https://havsbris.example/imprint",
    "privacy_url": "",
    "colour_light": "#14508C",
    "colour_dark": "#8fbdf0",
    "embed_sites": "https://partner.example/\nhttps://PARTNER.example\n",
    "seen": "0",
}


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content).xpath("string(//body)").split())


def test_manager_looks_at_it_first_and_then_saves(sign_in, client, manager):
    managing = sign_in(manager)
    preview = managing.post(PAGE, SAID | {"preview": "1"})
    assert "Nothing is saved yet." in text_of(preview)
    assert "One harbour." in text_of(preview)
    assert b"light=%2314508c&amp;dark=%238fbdf0" in preview.content
    assert not ClusterPage.objects.exists()

    typed = html.fromstring(preview.content).xpath("//form//input[@type='hidden'][@name!='csrfmiddlewaretoken']")
    managing.post(PAGE, {each.get("name"): each.get("value") for each in typed})
    page = ClusterPage.objects.get()
    assert (page.tagline, page.colour_light, page.version) == (SAID["tagline"], "#14508c", 1)
    assert page.embed_sites == ["https://partner.example"]
    event = AuditEvent.objects.get(action="brand.page_saved")
    assert (event.actor_id, event.details["version"]) == (manager.pk, 1)
    assert "Clean industry from the coast" in text_of(client.get("/"))


def test_going_on_writing_keeps_what_was_typed(sign_in, manager):
    answer = sign_in(manager).post(PAGE, SAID | {"write": "1"})
    assert html.fromstring(answer.content).xpath("//input[@name='tagline']/@value") == [SAID["tagline"]]
    assert not ClusterPage.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("colour_light", "#8fbdf0", "On the light ground this has a contrast of 1.7; 4.5 is needed. Make it darker: #"),
        ("colour_dark", "#14508c", "4.5 is needed. Make it lighter: #"),
        ("colour_light", "blue", "Write the colour as six digits, for example #006c72."),
        ("embed_sites", "https://a.example/page", "“https://a.example/page” is no address of a site."),
        ("embed_sites", "*", "“*” is no address of a site."),
        ("embed_sites", "https://a.example; script-src *", "is no address of a site."),
        ("founded", "12", "1800"),
        ("imprint_url", "javascript:alert(1)", "Write a web address, such as https://company.example."),
    ],
)
def test_what_does_not_fit_is_told_and_kept_on_the_screen(sign_in, manager, field, typed, said):
    answer = sign_in(manager).post(PAGE, SAID | {field: typed})
    page = html.fromstring(answer.content)

    assert said in text_of(answer)
    value = page.xpath(f"string(//input[@name='{field}']/@value)") or page.xpath(f"string(//*[@name='{field}'])")
    assert value.strip() == typed
    assert not ClusterPage.objects.exists()


def test_shade_that_is_offered_fits(sign_in, manager):
    client = sign_in(manager)
    said = text_of(client.post(PAGE, SAID | {"colour_light": "#8fbdf0"}))
    better = said.partition("Make it darker: ")[2][:7]
    client.post(PAGE, SAID | {"colour_light": better})
    assert ClusterPage.objects.get().colour_light == better


@pytest.mark.parametrize(
    ("site", "is_one"),
    [
        ("https://partner.example", True), ("http://localhost:8000", True), ("https://partner.example:8443", True),
        ("https://*.example", False), ("https://a.example/", False), ("https://a.example x", False),
        ("https://a.example'", False), ("data:text/html", False), ("https://", False), ("https://u@a.example", False),
        ("https://a.example:x", False), ("https://a.example;b", False), ("https://é.example", False), ("", False),
    ],
)  # fmt: skip
def test_origins(site, is_one):
    assert is_origin(site) == is_one


def test_every_state_is_kept_and_one_can_be_begun_from(sign_in, manager):
    save_page(by=manager, seen=0, tagline="First")
    for _ in range(2):
        save_page(by=manager, seen=1, tagline="Second")
    client = sign_in(manager)

    assert list(PageVersion.objects.values_list("number", "says__tagline")) == [(2, "Second"), (1, "First")]
    assert "First" in text_of(client.get(reverse("brand:version", args=[1])))
    again = html.fromstring(client.get(PAGE + "?from=1").content)
    assert again.xpath("//input[@name='tagline']/@value") == ["First"]
    assert again.xpath("//input[@name='seen']/@value") == ["2"]
    assert client.get(PAGE + "?from=x").status_code == 200


def test_two_who_write_at_once_do_not_overwrite_each_other(sign_in, manager):
    save_page(by=manager, seen=0, tagline="Theirs")
    answer = sign_in(manager).post(PAGE, SAID)

    assert "Maja Manager has saved the page in the meantime." in text_of(answer)
    assert html.fromstring(answer.content).xpath("//input[@name='tagline']/@value") == [SAID["tagline"]]
    assert ClusterPage.objects.get().tagline == "Theirs"
    with pytest.raises(Refused):
        save_page(by=manager, seen=0, tagline="Mine")


def test_only_managers_write(sign_in, client, manager, owner, viewer, evaluator, outsider):
    save_page(by=manager, seen=0, tagline="Ours")
    for user in (owner, viewer, evaluator, outsider):
        other = sign_in(user)
        for path in (PAGE, SNIPPET, reverse("brand:version", args=[1])):
            assert "This page is for cluster managers." in text_of(other.get(path)), path
        other.post(PAGE, SAID | {"seen": "1"})
        with pytest.raises(PermissionDenied):
            save_page(by=user, seen=1, tagline="Mine")
    assert client.post(PAGE, SAID).headers["Location"].startswith("/accounts/login/")
    assert ClusterPage.objects.get().tagline == "Ours"


def test_lines_to_copy_and_the_list_beside_them(sign_in, manager):
    ListingFactory(organisation__country="FI")
    client = sign_in(manager)
    page = html.fromstring(client.get(SNIPPET + "?country=FI&theme=dark&number=500").content)

    (frame,) = page.xpath("//iframe/@src")
    assert frame == "/cluster/embed/?country=FI&theme=dark"
    assert f'<iframe src="http://127.0.0.1:8000{frame}"' in page.xpath("string(//pre)")
    answer = client.get(SNIPPET)
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert "No site is named yet" in text_of(answer)
    save_page(by=manager, seen=0, embed_sites=["https://partner.example"])
    assert "Browsers show it on these sites: https://partner.example." in text_of(client.get(SNIPPET))
