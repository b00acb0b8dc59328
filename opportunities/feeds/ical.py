"""Events in iCalendar files (RFC 5545): zones, all-day events, recurrence, changed and cancelled occurrences.

Each VEVENT is parsed for itself, so that a broken one costs only itself. A repeating event becomes one record an
occurrence, for a year from its start or from the day of the newest stamp in the file, whichever is later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Component
from icalendar.error import BrokenCalendarProperty
from icalendar.prop import vBroken

from core import codelists
from opportunities.feeds import building, dates, recurrence, text
from opportunities.feeds.encodings import decoded
from opportunities.feeds.types import Found, Kind, Moment, NotThisFormat, Record, Refusal, Unreadable

MAX_CALENDAR = 20 * 1024 * 1024
MOST_SERIES = 1_000
_LONGEST_EVENT = 1_000_000
_DEFAULT_ZONE = "Europe/Brussels"
_PEOPLE = ("ORGANIZER", "ATTENDEE", "CONTACT")
_FOLD = re.compile(r"\r?\n[ \t]")
_EVENT = re.compile(r"^BEGIN:VEVENT[ \t]*$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"^END:VEVENT[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TZID = re.compile(r"[;\n]TZID[=:]\"?([^\n:;\"]{1,100})")
_LONGEST_ZONE = 50_000
_HEADER = re.compile(r"^(X-WR-CALNAME|X-WR-TIMEZONE|NAME)(?:;[^:\n]{0,200})?:(.*)$", re.IGNORECASE | re.MULTILINE)
_STAMP = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED|CREATED)(?:;[^:\n]{0,200})?:(\d{8})", re.MULTILINE)
_CHANGED = re.compile(r"^RECURRENCE-ID(?:;[^:\n]{0,200})?:(\d{8})", re.MULTILINE)
_UID = re.compile(r"^UID:(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _File:
    """What holds for all events of a file."""

    zones: dict[str, str]
    name: str
    zone: tzinfo
    assumed_zone: bool
    newest: date | None
    changed: dict[str, set[str]]


def read(data: bytes) -> Iterator[Found]:
    """The events of a calendar file. Raises NotThisFormat."""
    if len(data) > MAX_CALENDAR:
        raise NotThisFormat(f"The file is larger than {MAX_CALENDAR >> 20} MB: no calendar is. Split it.")
    content = decoded(data).lstrip("\ufeff \t\r\n").replace("\x00", "")
    if not content[:40].upper().startswith("BEGIN:VCALENDAR"):
        raise NotThisFormat("This file is no calendar: it does not begin with BEGIN:VCALENDAR.")
    content = _FOLD.sub("", content).replace("\r\n", "\n").replace("\r", "\n")
    return _events(content)


def _events(content: str) -> Iterator[Found]:
    about = _about(content)
    series = 0
    for position, block in enumerate(_blocks(content), 1):
        series += bool(recurrence.rule_of(block))
        raw = text.without_contacts("\n".join(_without_people(block)))
        try:
            if series > MOST_SERIES:
                raise Unreadable(f"The file has more than {MOST_SERIES} repeating events. Split it.")
            for record in _records(block, about, raw):
                yield position, record
        except Unreadable as fault:
            yield position, Refusal("", position, fault.reason, raw)


def _about(content: str) -> _File:
    header = {name.upper(): value.strip() for name, value in _HEADER.findall(content[:100_000])}
    written = header.get("X-WR-TIMEZONE", "")
    changed: dict[str, set[str]] = {}
    for block in _blocks(content):
        on, uid = _CHANGED.search(block), _UID.search(block)
        if on and uid:
            changed.setdefault(uid[1].strip(), set()).add(on[1])
    return _File(
        zones=_zones(content),
        name=header.get("X-WR-CALNAME", "") or header.get("NAME", ""),
        zone=_zone(written) or ZoneInfo(_DEFAULT_ZONE),
        assumed_zone=_zone(written) is None,
        newest=_newest(content),
        changed=changed,
    )


def _zones(content: str) -> dict[str, str]:
    """The definitions of time zones in the file by name."""
    found: dict[str, str] = {}
    start = content.find("BEGIN:VTIMEZONE")
    while start >= 0 and (end := content.find("END:VTIMEZONE", start)) >= 0:
        zone = content[start : end + len("END:VTIMEZONE")]
        if len(zone) <= _LONGEST_ZONE and (name := _TZID.search(zone)):
            found[name[1].strip()] = zone
        start = content.find("BEGIN:VTIMEZONE", end)
    return found


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _newest(content: str) -> date | None:
    newest = max(_STAMP.findall(content), default="")
    try:
        return dates.day(newest)
    except dates.ImpossibleDate:
        return None


def _blocks(content: str) -> Iterator[str]:
    """Each VEVENT as text; a last one without its end is given as it is."""
    starts = [found.start() for found in _EVENT.finditer(content)]
    for start, following in pairwise([*starts, len(content)]):
        end = _END.search(content, start, following)
        yield content[start : end.end() if end else following]


def _without_people(block: str) -> list[str]:
    return [line for line in block.split("\n") if not line.upper().startswith(_PEOPLE)]


def _parsed(block: str, about: _File) -> Component:
    if len(block) > _LONGEST_EVENT:
        raise Unreadable("The event is longer than a million characters: this cannot be one.")
    if not _END.search(block):
        raise Unreadable("The file breaks off inside this event. Download it again.")
    try:
        zones = "\n".join(about.zones[name] for name in sorted(set(_TZID.findall(block))) if name in about.zones)
        calendar = Calendar.from_ical(f"BEGIN:VCALENDAR\n{zones}\n{block}\nEND:VCALENDAR\n")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError) as fault:
        raise Unreadable(f"The event is no valid iCalendar ({text.line(str(fault))[:120]}). Correct it.") from fault
    events = calendar.walk("VEVENT")
    if not events:
        raise Unreadable("The event is no valid iCalendar. Correct it.")
    return events[0]


def _records(block: str, about: _File, raw: str) -> Iterator[Record]:
    event = _parsed(block, about)
    start = _when(event, "DTSTART", about)
    if start is None:
        raise Unreadable("The event has no possible start (DTSTART). Correct it and import it again.")
    title = str(event.get("SUMMARY", ""))
    uid = text.line(str(event.get("UID", ""))) or (building.made_id(title, start.isoformat()) if title else "")
    rule = recurrence.rule_of(block)
    if not rule:
        on = _CHANGED.search(block)
        yield _record(event, about, raw, f"{uid}/{on[1]}" if on else uid, start)
        return
    changed = about.changed.get(uid, set())
    for occurrence in recurrence.occurrences(event, rule, start, about.newest):
        stamp = f"{occurrence:%Y%m%d}"
        if stamp not in changed:
            yield _record(event, about, raw, f"{uid}/{stamp}", occurrence)


def _value(event: Any, name: str, inside: str) -> Any:
    """A part of a parsed property; None when it is missing or was no valid one."""
    try:
        return getattr(event.get(name), inside, None)
    except BrokenCalendarProperty:
        return None


def _when(event: Any, name: str, about: _File) -> Moment | None:
    value = _value(event, name, "dt")
    if isinstance(value, datetime):
        value = value if value.tzinfo else value.replace(tzinfo=about.zone)
    if not isinstance(value, date) or not dates.FIRST_YEAR <= value.year <= dates.LAST_YEAR:
        return None
    return value


def _length(event: Any, start: Moment, about: _File) -> timedelta:
    """How long the event lasts; RFC 5545 lets a whole-day event end on the day after its last one."""
    end = _when(event, "DTEND", about)
    lasts = _value(event, "DURATION", "dt")
    if end is not None and isinstance(end, datetime) == isinstance(start, datetime):
        lasts = end - start
    if not isinstance(lasts, timedelta) or not timedelta(0) <= lasts < timedelta(days=3660):
        return timedelta(0)
    return lasts if isinstance(start, datetime) else max(timedelta(0), lasts - timedelta(days=1))


def _record(event: Any, about: _File, raw: str, uid: str, start: Moment) -> Record:
    location = text.line(str(event.get("LOCATION", "")))
    origin = _when(event, "DTSTART", about) or start
    draft = building.Draft(
        kind=Kind.EVENT,
        external_id=uid,
        title=str(event.get("SUMMARY", "")),
        description=str(event.get("DESCRIPTION", "")),
        organisation=about.name,
        countries=[codelists.country_code(location.rpartition(",")[2])],
        keywords=_categories(event),
        starts_at=start,
        ends_at=start + _length(event, origin, about),
        url=str(event.get("URL", "")),
        status="cancelled" if str(event.get("STATUS", "")).upper() == "CANCELLED" else "",
        details={"location": location, "class": str(event.get("CLASS", ""))},
    )
    floating = isinstance(start, datetime) and about.assumed_zone and start.tzinfo == about.zone
    if floating:
        draft.notes.append("The file names no time zone; the times are read as those of Brussels.")
    created = _value(event, "CREATED", "dt")
    draft.published_on = created.date() if isinstance(created, datetime) else None
    return draft.finished(raw)


def _categories(event: Any) -> list[str]:
    found = event.get("CATEGORIES", [])
    groups = found if isinstance(found, list) else [found]
    return [str(word) for group in groups if not isinstance(group, vBroken) for word in group.cats]
