"""The style guide: complete, for those who run the portal, and without a finding of the accessibility scan."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

COMPONENTS = Path(__file__).resolve().parents[2] / "templates/_components"


def test_managers_see_every_component(manager, sign_in) -> None:
    response = sign_in(manager).get(reverse("styleguide"))
    assert response.status_code == 200
    shown = {template.name for template in response.templates}
    parts = {f"_components/{path.name}" for path in COMPONENTS.glob("*.html")}
    # The messages framework's own list is seen where an action has just been done.
    assert parts - shown == {"_components/messages.html"}


def test_members_find_no_page(owner, sign_in) -> None:
    response = sign_in(owner).get(reverse("styleguide"))
    assert response.status_code == 404
    assert "There is no page here" in response.content.decode()


def test_visitors_are_asked_to_sign_in(client) -> None:
    response = client.get(reverse("styleguide"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_posting_is_refused(manager, sign_in) -> None:
    response = sign_in(manager).post(reverse("styleguide"))
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_finding_in_either_theme_on_phone_and_desk(theme: str, width: int, manager, visit) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": theme, "reduced_motion": "reduce"}
    page = visit(manager, reverse("styleguide"), **options, bypass_csp=True)
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
    found = Axe().run(page)
    too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert found.response["passes"], "the scan looked at nothing"
    assert found.violations_count == 0, found.generate_report()
    assert too_wide <= 0
    lightness = float(re.search(r"oklch\(([\d.]+)", ground).group(1))
    assert (lightness > 0.9) == (theme == "light")
