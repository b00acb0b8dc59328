"""Activities as iCalendar files (RFC 5545): one for each, and a feed of all published ones."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from icalendar import Event

from core import calendars, mail
from core.codelists import countries
from programme.models import Activity


def of_one(activity: Activity) -> bytes:
    """One activity, on its own clocks."""
    return _file([activity], activity.name, time_zone=activity.time_zone)


def of_all(activities: Iterable[Activity]) -> bytes:
    """Several activities, wherever they are."""
    return _file(activities, _("Activities of the cluster"))


def _file(activities: Iterable[Activity], name: str, *, time_zone: str = "") -> bytes:
    calendar = calendars.calendar("Programme", name, time_zone=time_zone)
    for activity in activities:
        calendar.add_component(_event(activity))
    return calendar.to_ical()


def _event(activity: Activity) -> Event:
    event = calendars.event(
        f"activity-{activity.pk}",
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        changed_at=activity.changed_at,
        revision=activity.revision,
    )
    url = mail.absolute(activity.get_absolute_url())
    country = countries().get(activity.country, "")
    event.add("summary", activity.name)
    event.add("location", ", ".join(filter(None, (activity.venue, country))))
    event.add("description", f"{activity.aim}\n{url}")
    event.add("url", url)
    event.add("status", "CANCELLED" if activity.status == Activity.Status.CANCELLED else "CONFIRMED")
    return event
