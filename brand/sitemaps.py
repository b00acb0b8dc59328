"""The pages that search engines may keep, under the portal's own address."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from brand.reading.report import standing
from funding.models import FundingCall
from members.models import Listing
from programme.models import Activity


class _Own(Sitemap):
    """Under the address of the settings, whichever name the request came by."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(_Own):
    """Those that are always there, and the report that stands on one of them."""

    def items(self) -> list[str]:
        return [
            "home",
            *(f"brand:{name}" for name in ("members", "opportunities", "activities", "results")),
            "funding:list",
            *(["brand:report"] if standing() else []),
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class Companies(_Own):
    """Members that agreed."""

    def items(self) -> Iterable[Listing]:
        return Listing.objects.public()

    def location(self, item: Listing) -> str:
        return reverse("brand:company", args=[item.organisation.slug])

    def lastmod(self, item: Listing) -> datetime:
        return max(item.given_at, item.organisation.profile.updated_at)


class Activities(_Own):
    """Published ones."""

    def items(self) -> Iterable[Activity]:
        return Activity.objects.public().order_by("-starts_at", "-pk")

    def location(self, item: Activity) -> str:
        return reverse("brand:activity", args=[item.slug])

    def lastmod(self, item: Activity) -> datetime:
        return item.changed_at


class Calls(_Own):
    """Published funding calls."""

    def items(self) -> Iterable[FundingCall]:
        return FundingCall.objects.public().order_by("-deadline", "-pk")


SITEMAPS = {"pages": Pages, "companies": Companies, "activities": Activities, "calls": Calls}
