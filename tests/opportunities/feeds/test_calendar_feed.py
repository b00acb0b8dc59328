"""iCalendar files."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from opportunities.feeds import Kind, NotThisFormat
from tests.opportunities.feeds.samples import one, read_all, records, refusals, refused

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


def event(
    *lines: str, start: str = "DTSTART;VALUE=DATE:20270504", title: str = "Water meet-up", uid: str = "a@water.example"
) -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", start, f"SUMMARY:{title}", *lines, "END:VEVENT"])


def calendar(*events: str, head: str = "X-WR-CALNAME:Emajõe Water Cluster") -> str:
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", head, *events, "END:VCALENDAR"])


def test_event_becomes_a_record():
    lines = (
        "LOCATION:Tartu\\, Estonia",
        "DESCRIPTION:Line one\\n\\n- two",
        "URL:https://water.example/a",
        "CATEGORIES:Water,Pumps",
    )

    record = one("ical", calendar(event(*lines)))

    assert record.kind is Kind.EVENT
    assert record.external_id == "a@water.example"
    assert record.title == "Water meet-up"
    assert record.organisation == "Emajõe Water Cluster"
    assert record.countries == ("EE",)
    assert record.description == "Line one\n\n- two"
    assert record.keywords == ("Water", "Pumps")
    assert record.url == "https://water.example/a"


def test_whole_day_event_ends_on_its_last_day():
    record = one("ical", calendar(event("DTEND;VALUE=DATE:20270507")))

    assert (record.starts_at, record.ends_at) == (date(2027, 5, 4), date(2027, 5, 6))


def test_zone_is_that_of_the_event():
    record = one("ical", calendar(ZONE, event("DURATION:PT90M", start="DTSTART;TZID=Europe/Stockholm:20270704T090000")))

    assert record.starts_at == datetime(2027, 7, 4, 9, 0, tzinfo=STOCKHOLM)
    assert record.ends_at == datetime(2027, 7, 4, 10, 30, tzinfo=STOCKHOLM)


def test_time_without_zone_is_that_of_the_calendar_or_of_brussels_with_a_note():
    start = "DTSTART:20270704T090000"
    told = one("ical", calendar(event(start=start), head="X-WR-TIMEZONE:Europe/Helsinki"))
    untold = one("ical", calendar(event(start=start)))

    assert told.starts_at == datetime(2027, 7, 4, 9, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
    assert "notes" not in told.details
    assert untold.starts_at == datetime(2027, 7, 4, 9, 0, tzinfo=ZoneInfo("Europe/Brussels"))
    assert "Brussels" in untold.details["notes"][0]


def test_cancelled_event_says_so():
    assert one("ical", calendar(event("STATUS:CANCELLED"))).status == "cancelled"


def test_repeating_event_is_one_record_an_occurrence_across_the_change_of_the_clock():
    start = "DTSTART;TZID=Europe/Stockholm:20271004T090000"
    rule = ("RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE;TZID=Europe/Stockholm:20271018T090000")

    found = records("ical", calendar(ZONE, event(*rule, start=start)))

    assert [record.starts_at.date() for record in found] == [
        date(2027, 10, 4),
        date(2027, 10, 11),
        date(2027, 10, 25),
        date(2027, 11, 1),
        date(2027, 11, 8),
    ]
    assert all(record.starts_at.hour == 9 for record in found)
    assert found[0].starts_at.utcoffset() != found[-1].starts_at.utcoffset()
    assert found[0].external_id == "a@water.example/20271004"


def test_endless_event_is_expanded_for_a_year():
    found = records("ical", calendar(event("RRULE:FREQ=MONTHLY;BYMONTHDAY=4")))

    assert (found[0].starts_at, found[-1].starts_at) == (date(2027, 5, 4), date(2028, 5, 4))
    assert len(found) == 13


def test_old_endless_event_is_expanded_from_the_newest_stamp_in_the_file():
    old = event("RRULE:FREQ=MONTHLY;BYMONTHDAY=4", start="DTSTART;VALUE=DATE:20200104")

    found = records("ical", calendar(old, event("DTSTAMP:20270310T000000Z", uid="b")))

    assert found[0].starts_at == date(2027, 4, 4)


@pytest.mark.parametrize("until", ["20270601", "20270601T000000Z"])
def test_until_ends_the_series(until):
    assert len(records("ical", calendar(event(f"RRULE:FREQ=WEEKLY;UNTIL={until}")))) == 5


def test_moved_occurrence_takes_the_place_of_its_own():
    series = event("RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event("RECURRENCE-ID;VALUE=DATE:20270511", start="DTSTART;VALUE=DATE:20270512", title="Moved")

    found = {record.external_id: record for record in records("ical", calendar(series, moved))}

    assert len(found) == 3
    assert found["a@water.example/20270511"].title == "Moved"
    assert found["a@water.example/20270511"].starts_at == date(2027, 5, 12)
    assert refusals("ical", calendar(series, moved)) == []


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("FREQ=SECONDLY", "more often than daily"),
        ("FREQ=DAILY;INTERVAL=0;BYMONTH=2", "more often than daily"),
        ("FREQ=DAILY;INTERVAL=-1", "more often than daily"),
        ("FREQ=NEVER", "more often than daily"),
        ("FREQ=DAILY;BYDAY=XX", "unreadable"),
    ],
)
def test_rule_that_cannot_be_followed_is_refused(rule, reason):
    assert reason in refused("ical", calendar(event(f"RRULE:{rule}"))).reason


def test_series_that_is_over_is_refused():
    old = event("RRULE:FREQ=DAILY;UNTIL=20210601", "DTSTAMP:20270310T000000Z", start="DTSTART;VALUE=DATE:20210504")

    assert "does not happen on or after 2027-03-10 any more" in refused("ical", calendar(old)).reason


def test_rule_that_never_hits_ends():
    """Followed to the end of the calendar, it would keep a worker busy for minutes."""
    found = records("ical", calendar(event("RRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30")))

    assert [record.starts_at for record in found] == [date(2027, 5, 4)]


def test_series_across_a_leap_day_keeps_its_days():
    found = records(
        "ical", calendar(event("RRULE:FREQ=DAILY;BYMONTHDAY=29;BYMONTH=2", start="DTSTART;VALUE=DATE:20280228"))
    )

    assert [record.starts_at for record in found] == [date(2028, 2, 28), date(2028, 2, 29)]


def test_people_are_gone():
    lines = (
        "ORGANIZER;CN=Ann Person:mailto:ann@water.example",
        "ATTENDEE:mailto:bo@water.example",
        "CONTACT:Cy Person",
    )

    record = one("ical", calendar(event(*lines)))

    for person in ("Ann Person", "ann@", "bo@", "Cy Person"):
        assert person not in repr(record)


@pytest.mark.parametrize("start", ["DTSTART:20270231T090000", "DTSTART;VALUE=DATE:notadate", "X-NOTHING:1"])
def test_event_without_a_possible_start_costs_only_itself(start):
    first, second = read_all("ical", calendar(event(start=start, uid="broken"), event()))

    assert "no possible start" in first.reason
    assert second.external_id == "a@water.example"


def test_file_that_breaks_off_gives_the_events_before():
    whole = calendar(event(), event(uid="b"))
    found = whole[: whole.rindex("SUMMARY")]

    assert [record.external_id for record in records("ical", found)] == ["a@water.example"]
    (refusal,) = refusals("ical", found)
    assert (refusal.position, refusal.reason) == (2, "The file breaks off inside this event. Download it again.")


def test_folded_lines_are_joined():
    assert one("ical", calendar(event(title="Water\n  and pumps")).replace("\n", "\r\n")).title == "Water and pumps"


def test_another_kind_of_file_is_not_this_format():
    with pytest.raises(NotThisFormat, match="BEGIN:VCALENDAR"):
        read_all("ical", "BEGIN:VCARD\nEND:VCARD")
