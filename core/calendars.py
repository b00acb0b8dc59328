"""What every calendar of the portal begins with: RFC 5545 files that calendars fetch again by themselves."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

FETCH_AGAIN = timedelta(minutes=15)


def calendar(room: str, name: str, *, time_zone: str = "") -> Calendar:
    """An empty calendar of a room. With a zone, calendars that ask for one show its clocks."""
    empty = Calendar()
    empty.add("prodid", f"-//Cluster Portal//{room}//EN")
    empty.add("version", "2.0")
    empty.add("method", "PUBLISH")
    empty.add("x-wr-calname", name)
    if time_zone:
        empty.add("x-wr-timezone", time_zone)
    empty.add("refresh-interval", FETCH_AGAIN, parameters={"VALUE": "DURATION"})
    empty.add("x-published-ttl", FETCH_AGAIN)
    return empty


def event(name: str, *, starts_at: datetime, ends_at: datetime, changed_at: datetime, revision: int) -> Event:
    """An event that stays the same one, by its name, when it moves.

    Moments are written in UTC, which every calendar shows on its owner's clocks, whatever the clocks change to.
    """
    empty = Event()
    empty.add("uid", f"{name}@{urlsplit(settings.SITE_URL).hostname}")
    empty.add("dtstart", starts_at)
    empty.add("dtend", ends_at)
    empty.add("dtstamp", changed_at)
    empty.add("last-modified", changed_at)
    empty.add("sequence", revision)
    return empty
