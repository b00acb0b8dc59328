"""Time zones: their names, moments typed on a zone's clocks, and moments told on them."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Continents in the order in which a choice offers them.
CONTINENTS = ("Europe", "Atlantic", "Asia", "Africa", "America", "Australia", "Pacific")


@cache
def names() -> tuple[str, ...]:
    """The zones of places, Europe's first, and UTC; short names such as EST5EDT are left out."""
    zones = available_timezones()
    places = [name for part in CONTINENTS for name in sorted(zones) if name.startswith(f"{part}/")]
    return (*places, "UTC")


def is_time_zone(name: str) -> bool:
    """Whether this names a zone of a place, or UTC."""
    return name in names()


def of_country(code: str) -> str:
    """The zone whose clocks are those of nearly all of a country, islands apart; "" when it has several."""
    zones = [name for name in get_global("territory_zones").get(code, ()) if is_time_zone(name)]
    likely = sorted(name for name in zones if name.startswith("Europe/")) or zones
    return likely[0] if 0 < len(likely) <= 2 else ""


def check_time_zone(name: str) -> None:
    """Refuses, as a form field or a model field asks, what is no zone of a place."""
    if not is_time_zone(name):
        raise ValidationError(_("Choose a time zone from the list, such as Europe/Tallinn."))


class NoSuchTime(ValueError):
    """The clocks of the zone skip this time, as they are put forward."""


def moment(typed: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the zone's clocks show this time.

    A time that the clocks show twice, as they are put back, means the first. One that they skip raises NoSuchTime.
    """
    at = typed.replace(tzinfo=zone, fold=0)
    if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed.replace(tzinfo=None, fold=0):
        raise NoSuchTime(typed.isoformat())
    return at.astimezone(UTC)


def label(name: str, at: datetime) -> str:
    """The zone in words as it is at a moment: Tallinn (UTC+03:00)."""
    offset = at.astimezone(ZoneInfo(name)).strftime("%z")
    return f"{name.rpartition('/')[2].replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"
