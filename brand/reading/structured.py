"""What search engines read beside the text: schema.org as JSON-LD, made of what the page shows and nothing else."""

from collections.abc import Iterable, Mapping
from typing import Any

from brand.reading.frame import Cluster
from core.mail import absolute
from members.listings import Card
from programme.models import Activity

CONTEXT = "https://schema.org"
MODES = {
    False: "https://schema.org/OfflineEventAttendanceMode",
    True: "https://schema.org/OnlineEventAttendanceMode",
}
STATUS = {
    False: "https://schema.org/EventScheduled",
    True: "https://schema.org/EventCancelled",
}


def of_cluster(here: Cluster) -> dict[str, Any]:
    """The cluster organisation."""
    home = here.home
    place = {"addressLocality": home.town, "addressCountry": home.country} if home else {}
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "Organization",
            "name": here.name,
            "url": absolute("/"),
            "slogan": here.page.tagline,
            "description": here.description,
            "foundingDate": str(here.page.founded or ""),
            "email": here.page.contact_email,
            "sameAs": here.website,
            "address": _place(place),
        }
    )


def of_member(card: Card, here: Cluster, url: str) -> dict[str, Any]:
    """A member, with what it agreed to."""
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "Organization",
            "name": card.name,
            "url": card.website or url,
            "mainEntityOfPage": url,
            "description": card.summary,
            "address": _place({"addressLocality": card.town, "addressCountry": card.country}),
            "knowsAbout": [*card.technologies, *card.activities],
            "memberOf": {"@type": "Organization", "name": here.name, "url": absolute("/")},
        }
    )


def of_activities(rows: Iterable[tuple[Activity, str]], here: Cluster) -> list[dict[str, Any]]:
    """Activities, each with the address of its page."""
    return [_event(activity, url, here) for activity, url in rows]


def _event(activity: Activity, url: str, here: Cluster) -> dict[str, Any]:
    place = _place({"streetAddress": activity.venue, "addressCountry": activity.country})
    venue = {"@type": "Place", "name": activity.venue or activity.name, "address": place}
    online = {"@type": "VirtualLocation", "url": url}
    return _filled(
        {
            "@context": CONTEXT,
            "@type": "Event",
            "name": activity.name,
            "description": activity.aim,
            "url": url,
            "startDate": activity.starts_at.astimezone(activity.zone).isoformat(),
            "endDate": activity.ends_at.astimezone(activity.zone).isoformat(),
            "eventStatus": STATUS[activity.status == Activity.Status.CANCELLED],
            "eventAttendanceMode": MODES[not activity.country],
            "location": venue if activity.country else online,
            "organizer": {"@type": "Organization", "name": here.name, "url": absolute("/")},
        }
    )


def _place(parts: Mapping[str, str]) -> dict[str, str]:
    told = {name: value for name, value in parts.items() if value}
    return {"@type": "PostalAddress"} | told if told else {}


def _filled(thing: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in thing.items() if value}
