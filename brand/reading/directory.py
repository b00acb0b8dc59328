"""The public directory: members that agreed, with what they agreed to."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from brand.forms import DirectoryFilter
from brand.reading.frame import website_shortly
from core import codelists
from core.mail import absolute
from core.templatetags.portal import countries, country
from evaluations.groups import section
from members.listings import Card, card
from members.models import Listing
from members.querysets import ListingQuerySet

SAYS = 200  # characters of what a member does in a list


def narrowed(chosen: DirectoryFilter) -> ListingQuerySet:
    """The members that somebody looks for, by what everybody may read of them."""
    chosen.is_valid()
    said: Mapping[str, str] = chosen.cleaned_data
    found = Listing.objects.public().search(said.get("q", ""))
    if code := said.get("country"):
        found = found.filter(organisation__country=code)
    if wanted := said.get("field"):
        below = [code for code in codelists.nace() if section(code) == wanted]
        found = found.filter(fields__contains=["activities"], organisation__profile__nace_codes__overlap=below)
    return found


def rows(listings: Iterable[Listing]) -> list[dict[str, Any]]:
    """The lines of a list."""
    return [_row(card(each)) for each in listings]


def _row(member: Card) -> dict[str, Any]:
    text = " ".join(member.summary.split())
    return {
        "card": member,
        "url": reverse("brand:company", args=[member.slug]),
        "place": place(member),
        "says": text if len(text) <= SAYS else text[: SAYS - 1].rsplit(" ", 1)[0] + "…",
        "fields": ", ".join(member.activities[:2]),
    }


def place(member: Card) -> str:
    """Town and country, as far as they are public."""
    return ", ".join(filter(None, (member.town, country(member.country))))


def facts(member: Card) -> list[dict[str, Any]]:
    """What stands beside the text; what was not agreed to is empty and left out."""
    return [
        {"label": _("Kind"), "value": member.kind},
        {"label": _("Size"), "value": member.size},
        {"label": _("Place"), "value": place(member)},
        {"label": _("Website"), "value": website_shortly(member.website), "url": member.website},
        {"label": _("Activities"), "value": "; ".join(member.activities)},
        {"label": _("Technologies"), "value": ", ".join(member.technologies)},
        {"label": _("Certificates"), "value": ", ".join(member.certificates)},
        {"label": _("Target markets"), "value": countries(list(member.markets))},
    ]


def as_data(member: Card) -> dict[str, Any]:
    """For other sites, as docs/brand.md describes it."""
    return {
        "name": member.name,
        "page": absolute(reverse("brand:company", args=[member.slug])),
        "kind": member.kind,
        "country": member.country,
        "town": member.town,
        "website": member.website,
        "what_we_do": member.summary,
        "offers": list(member.offers),
        "looks_for": list(member.seeks),
        "activities": list(member.activities),
        "technologies": list(member.technologies),
        "certificates": list(member.certificates),
        "target_markets": list(member.markets),
        "size": member.size,
    }
