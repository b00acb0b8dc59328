"""Moments in words, on the clocks of a zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.zones import label


def moment_in(at: datetime, zone: str) -> str:
    """3 May 2027, 09:00, Tallinn (UTC+03:00)."""
    return f"{day_and_time(at, zone)}, {label(zone, at)}"


def moment_here(at: datetime) -> str:
    """3 May 2027, 09:00, Stockholm (UTC+02:00): on the portal's own clocks, where nobody has chosen others."""
    return moment_in(at, settings.TIME_ZONE)


def hour_here(at: datetime) -> str:
    """09:00, Stockholm (UTC+02:00): on the portal's own clocks, where the day is told beside it."""
    return f"{at.astimezone(ZoneInfo(settings.TIME_ZONE)):%H:%M}, {label(settings.TIME_ZONE, at)}"


def second_here(at: datetime) -> str:
    """3 May 2027, 09:00:07, Stockholm (UTC+02:00): on the portal's own clocks, where a second decides."""
    return second_in(at, settings.TIME_ZONE)


def span_in(first: datetime, last: datetime, zone: str) -> str:
    """3 May 2027, 09:00 to 15:40, Tallinn (UTC+03:00). The second day is named when it is another one."""
    ends = last.astimezone(ZoneInfo(zone))
    same_day = first.astimezone(ZoneInfo(zone)).date() == ends.date()
    words = {"from": day_and_time(first, zone), "to": f"{ends:%H:%M}" if same_day else day_and_time(last, zone)}
    return f"{_('%(from)s to %(to)s') % words}, {label(zone, first)}"


def day_and_time(at: datetime, zone: str) -> str:
    """3 May 2027, 09:00, where the page says whose clocks are meant."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_format(local.date(), 'j F Y')}, {local:%H:%M}"


def second_in(at: datetime, zone: str) -> str:
    """3 May 2027, 09:00:07, Tallinn (UTC+03:00): where a second decides."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_format(local.date(), 'j F Y')}, {local:%H:%M:%S}, {label(zone, at)}"
