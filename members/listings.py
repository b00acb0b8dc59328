"""What everybody may read of a member: the one place that turns a listing into words. Nothing else leaves the room."""

from dataclasses import dataclass
from typing import Any

from core.templatetags.portal import countries
from members import codes
from members.models import Listing, Organisation

F = Listing.Field


@dataclass(frozen=True, slots=True)
class Card:
    """A member as the public sees it; what it did not agree to is empty."""

    name: str
    slug: str
    kind: str
    country: str
    town: str = ""
    website: str = ""
    summary: str = ""
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    size: str = ""


def card(listing: Listing) -> Card:
    """Needs the organisation and its profile at hand."""
    organisation = listing.organisation
    told = values(organisation)
    return Card(
        name=organisation.name,
        slug=organisation.slug,
        kind=str(organisation.get_kind_display()),
        country=organisation.country,
        **{name: told[name] for name in listing.fields},
    )


def values(organisation: Organisation) -> dict[str, Any]:
    """What each field would show now."""
    profile = organisation.profile
    return {
        F.TOWN: organisation.town,
        F.WEBSITE: organisation.website,
        F.SUMMARY: profile.summary,
        F.OFFERS: tuple(profile.offer_lines),
        F.SEEKS: tuple(profile.seek_lines),
        F.ACTIVITIES: tuple(each.label for each in codes.options("nace", profile.nace_codes)),
        F.TECHNOLOGIES: tuple(profile.technologies),
        F.CERTIFICATES: tuple(profile.certificates),
        F.MARKETS: tuple(profile.markets),
        F.SIZE: organisation.get_size_class_display(),
    }


def in_words(organisation: Organisation) -> dict[str, str]:
    """The same in one line each, for the page on which a member chooses."""
    told = values(organisation) | {F.MARKETS: countries(organisation.profile.markets)}
    return {name: value if isinstance(value, str) else "; ".join(value) for name, value in told.items()}
