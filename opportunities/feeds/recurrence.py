"""Occurrences of a repeating event, bounded whatever its rule says."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any

from dateutil.rrule import rrulestr
from icalendar.prop import vBroken

from opportunities.feeds.types import Moment, Unreadable

MOST_OCCURRENCES = 400
# The library looks for the next occurrence up to the year 9999, for seconds when a rule never hits. The calendar
# repeats itself every 400 years, so a rule is followed in the last cycle, where that end is near.
_LAST_YEAR, _CYCLE = 9999, 400
_A_YEAR = timedelta(days=366)
_OLDEST = timedelta(days=366 * 20)
_RULE = re.compile(r"^RRULE(?:;[^:\n]{0,200})?:(.{1,500})$", re.MULTILINE)
_COUNT = re.compile(r"COUNT=(\d{1,6});?", re.IGNORECASE)
_UNTIL = re.compile(r"UNTIL=(\d{8})(?:T\d{6}Z?)?;?", re.IGNORECASE)
_DAILY_OR_RARER = re.compile(r"FREQ=(?:DAILY|WEEKLY|MONTHLY|YEARLY)\b", re.IGNORECASE)
_STANDING_STILL = re.compile(r"INTERVAL=(?![1-9]\d{0,3}(?:;|$))", re.IGNORECASE)


def rule_of(block: str) -> str:
    """The recurrence rule of an event's text; "" when it happens once."""
    found = _RULE.search(block)
    return found[1].strip() if found else ""


def occurrences(event: Any, written: str, start: Moment, newest: date | None) -> Iterator[Moment]:
    """The occurrences from `start` or `newest` on, whichever is later, for a year, without the excepted ones.

    Raises Unreadable for a rule that is none, or that repeats more often than daily or since more than twenty years.
    """
    if not _DAILY_OR_RARER.search(written) or _STANDING_STILL.search(written):
        raise Unreadable(
            "The event repeats more often than daily, or its rule is unreadable. Enter its dates one by one."
        )
    first_day = _day(start)
    window = max(first_day, newest or first_day)
    if window - first_day > _OLDEST:
        raise Unreadable("The event has been repeating for more than twenty years. Enter its coming dates one by one.")
    found = _from_rule(written, start, window)
    first = {first_day} if window == first_day else set()
    days = sorted((first | _days(event, "RDATE")).union(found) - _days(event, "EXDATE"))
    coming = [day for day in days if window <= day <= window + _A_YEAR][:MOST_OCCURRENCES]
    if not coming:
        raise Unreadable(f"The event does not happen on or after {window.isoformat()} any more. Skip it.")
    for day in coming:
        yield _same_time(start, day)


def _from_rule(written: str, start: Moment, window: date) -> list[date]:
    """The days that the rule gives up to a year after `window`; COUNT and UNTIL are applied here."""
    count, until = _COUNT.search(written), _UNTIL.search(written)
    end = window + _A_YEAR
    if until and _possible(until[1]):
        end = min(end, datetime.strptime(until[1], "%Y%m%d").replace(tzinfo=UTC).date())
    rule = _UNTIL.sub("", _COUNT.sub("", written)).strip("; ")
    late = (_LAST_YEAR - end.year) // _CYCLE * _CYCLE
    first = _day(start)
    try:
        found = rrulestr(rule, dtstart=datetime.combine(first.replace(year=first.year + late), time(0)))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        raise Unreadable(f"The event's recurrence rule is unreadable ({written[:80]}). Correct it.") from fault
    days = (moment.date() for moment in found)
    coming = (day.replace(year=day.year - late) for day in takewhile(lambda day: day.year <= end.year + late, days))
    limit = int(count[1]) if count else MOST_OCCURRENCES * 20
    return [day for day in islice(coming, limit) if day <= end]


def _possible(written: str) -> bool:
    try:
        date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return True


def _day(value: Moment) -> date:
    return value.date() if isinstance(value, datetime) else value


def _same_time(start: Moment, day: date) -> Moment:
    return datetime.combine(day, start.timetz()) if isinstance(start, datetime) else day


def _days(event: Any, name: str) -> set[date]:
    """The days of an EXDATE or RDATE. Raises Unreadable when one was no date: the occurrences would be wrong."""
    found = event.get(name, [])
    groups = found if isinstance(found, list) else [found]
    if any(isinstance(group, vBroken) for group in groups):
        raise Unreadable(f"The event's list of dates ({name}) is unreadable. Correct it.")
    values = [value.dt for group in groups for value in group.dts]
    return {_day(value) for value in values if isinstance(value, date)}
