"""What stands around every public page: the cluster's name and colour, and the ways to the other pages."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from brand.models import OWN_DARK, OWN_LIGHT, ClusterPage
from core.mail import absolute
from members.models import Organisation


@dataclass(frozen=True)
class Cluster:
    """The cluster as visitors know it: its name from the portal, the rest from its page."""

    home: Organisation | None
    page: ClusterPage

    @property
    def name(self) -> str:
        return self.home.name if self.home else settings.MFA_TOTP_ISSUER

    @property
    def tagline(self) -> str:
        return self.page.tagline or _("Companies that go abroad together")

    @cached_property
    def paragraphs(self) -> list[str]:
        text = self.page.what_we_do.replace("\r\n", "\n")
        return [part.strip() for part in text.split("\n\n") if part.strip()]

    @property
    def description(self) -> str:
        return " ".join(self.paragraphs[0].split()) if self.paragraphs else self.tagline

    @property
    def website(self) -> str:
        return self.home.website if self.home else ""

    @property
    def website_shortly(self) -> str:
        return website_shortly(self.website)

    @property
    def has_colour(self) -> bool:
        return (self.page.colour_light, self.page.colour_dark) != (OWN_LIGHT, OWN_DARK)


def website_shortly(website: str) -> str:
    """An address as people say it."""
    return website.partition("://")[2].removeprefix("www.").rstrip("/")


def cluster() -> Cluster:
    """As it is kept; a portal on which nobody has written yet has the portal's own colours and words."""
    home = Organisation.objects.filter(is_home=True).first()
    return Cluster(home, ClusterPage.objects.first() or ClusterPage())


def around(request: HttpRequest, here: Cluster, *, canonical: str, description: str = "") -> dict[str, Any]:
    """The frame of one page. `canonical`: the path under which search engines keep it."""
    ways = (
        (reverse("brand:about"), _("Who we are")),  # whoever is signed in has another page at the first address
        (reverse("brand:members"), _("Members")),
        (reverse("brand:opportunities"), _("Opportunities")),
        (reverse("brand:activities"), _("Activities")),
        (reverse("brand:results"), _("Results")),
        (reverse("funding:list"), _("Calls")),
    )
    path = reverse("brand:about") if request.path == reverse("home") else request.path
    return {
        "here": here,
        "ways": [{"url": url, "label": label, "current": _how(path, url)} for url, label in ways],
        "canonical": absolute(canonical),
        "description": " ".join((description or here.description).split())[:300],
        "site": absolute("/"),
    }


def _how(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != reverse("brand:about") and path.startswith(url) else ""
