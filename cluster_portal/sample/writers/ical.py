"""Events as an iCalendar file (RFC 5545): time zones, whole days, a repeating and a cancelled event."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from icalendar import Calendar, Event, vRecur

from cluster_portal.sample.writers import paragraphs, working_day

Record = dict[str, Any]
NAME = "Baltic business calendar"
HOURS_A_DAY = 24
TUESDAY = 1


def write(records: list[Record], *, today: date) -> bytes:
    """All events in `records` as one calendar with the time zones that it needs."""
    calendar = Calendar()
    calendar.add("prodid", "-//Havsbris Cluster//Sample calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", NAME)
    for record in records:
        calendar.add_component(_event(record, today))
    calendar.add_missing_timezones(first_date=today, last_date=today + timedelta(days=2 * 366))
    return calendar.to_ical()


def _event(record: Record, today: date) -> Event:
    event = Event()
    event.add("uid", f"{record['uid']}@calendar.example")
    event.add("dtstamp", datetime.combine(today, time(6), UTC))
    event.add("created", datetime.combine(working_day(today, -record["published_ago"]), time(9), UTC))
    event.add("summary", record["title"])
    event.add("description", _description(record, today))
    event.add("location", record["location"])
    event.add("url", record["url"])
    event.add("categories", record["categories"])
    event.add("status", record.get("status", "CONFIRMED"))
    _add_times(event, record, _first_day(record, today))
    return event


def _first_day(record: Record, today: date) -> date:
    """Fairs and missions of several days begin on a Tuesday, so that none of their days is a weekend."""
    day = working_day(today, record["starts_in"])
    several = "days" in record or record["hours"] > HOURS_A_DAY
    return day + timedelta(days=TUESDAY - day.weekday()) if several else day


def _description(record: Record, today: date) -> str:
    text = paragraphs(record["description"])
    if "registration_in" in record:
        last = format_date(working_day(today, record["registration_in"]), "d MMMM y", locale="en")
        text.append(f"Registration closes on {last}.")
    return "\n\n".join(text)


def _add_times(event: Event, record: Record, day: date) -> None:
    if "days" in record:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=record["days"]))
        return
    start = datetime.combine(day, time.fromisoformat(record["at"]), ZoneInfo(record["zone"]))
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(hours=record["hours"]))
    if "repeat" in record:
        event.add("rrule", vRecur.from_ical(record["repeat"]))
        event.add("exdate", [start + timedelta(weeks=weeks) for weeks in record["except_after_weeks"]])
