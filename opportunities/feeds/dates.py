"""Days and moments as feeds write them. No clock: what a date means today is not decided here."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from babel import Locale

from opportunities.feeds.types import Moment

FIRST_YEAR, LAST_YEAR = 1970, 2199
# The official languages of the EU and of its neighbours, English first: where a short form means two months, it wins.
# Where two languages mean different months by one word (listopad), the earlier language counts.
_LANGUAGES = "en de fr es it pl pt nl sv da nb fi cs sk hu ro el bg et lv lt sl hr ga mt is tr uk"

_ISO = re.compile(
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?\s*$"
)
_NUMBERS = re.compile(
    r"^\s*(\d{1,4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{2,4})\.?(?:[ ,T]+(\d{1,2})[:.](\d{2})(?::\d{2})?)?\s*$"
)
_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})\.?(?:st|nd|rd|th|er|º|ª)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,15})\.?,?\s+(?:de\s+)?(\d{4})(?!\d)"
)
_WORDS_MONTH_FIRST = re.compile(r"([^\W\d_]{3,15})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})[./]\s?(\d{1,2})[./]\s?(\d{4})(?!\d)")
_DASHED = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
# Each pattern with its groups for year, month and day.
_IN_TEXT = ((_WORDS, (3, 2, 1)), (_WORDS_MONTH_FIRST, (3, 1, 2)), (_DOTTED, (3, 2, 1)), (_DASHED, (1, 2, 3)))
_NEAR_THE_START = 15


class ImpossibleDate(ValueError):
    """Text that stands where a date belongs and is none."""


def moment(text: str, at: str = "") -> Moment:
    """An ISO date or time: a date, or an aware datetime when both time and zone are given.

    `at` is a separate time of day with zone ("12:00:00+02:00"). A date with a zone but no time stays a date, a time
    without zone is dropped. Raises ImpossibleDate.
    """
    found = _ISO.match(text)
    if not found:
        raise ImpossibleDate(text)
    year, month, day, hour, minute, second, zone = found.groups()
    on = _day(int(year), int(month), int(day), text)
    if at and hour is None:
        return _with_time(on, at, text)
    if hour is None or zone is None:
        return on
    return _at(on, (int(hour), int(minute), int(second or 0)), zone, text)


def _with_time(on: date, at: str, text: str) -> Moment:
    found = re.match(r"^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$", at)
    if not found or found[4] is None:
        return on
    return _at(on, (int(found[1]), int(found[2]), int(found[3] or 0)), found[4], text)


def _at(on: date, clock: tuple[int, int, int], zone: str, text: str) -> datetime:
    try:
        return datetime.combine(on, time(*clock), tzinfo=_zone(zone))
    except ValueError as error:
        raise ImpossibleDate(text) from error


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _day(year: int, month: int, day: int, text: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImpossibleDate(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDate(text) from error


def day(text: str) -> date:
    """The day of an ISO date or time as its source wrote it, whatever zone stands behind. Raises ImpossibleDate.

    The Funding & Tenders Portal writes Brussels days as "T00:00:00.000+0000": as instants they would move by a day.
    """
    found = moment(text)
    return found.date() if isinstance(found, datetime) else found


def sort_key(value: Moment) -> datetime:
    """The order of days and moments; a day ends after all its moments."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, time(23, 59, 59), tzinfo=UTC)


@cache
def _months() -> Mapping[str, int]:
    """Names and short forms of the months in the languages of Europe, folded."""
    found: dict[str, int] = {}
    for language in _LANGUAGES.split():
        for forms in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in forms[width].items():
                    found.setdefault(_folded(name), number)
    return found


def _folded(text: str) -> str:
    return "".join(letter for letter in folded_words(text) if letter.isalpha())


def folded_words(text: str) -> str:
    """The text in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def month_first(texts: Iterable[str]) -> bool:
    """Whether a table writes 11/22/2026: some value has no other reading and none contradicts it; 22/11/2026 else."""
    pairs = [(int(found[1]), int(found[2])) for text in texts if (found := _NUMBERS.match(text)) and len(found[1]) < 3]
    return any(second > 12 for _, second in pairs) and not any(first > 12 for first, _ in pairs)


def typed(text: str, *, month_before_day: bool = False) -> date:
    """A date as a person types it: ISO, 22.11.2026, 22/11/26, "22. November 2026" in a European language.

    Raises ImpossibleDate.
    """
    if _ISO.match(text):
        return day(text)
    if found := _NUMBERS.match(text):
        return _from_numbers(found, text, month_before_day=month_before_day)
    for on, start, _ in in_text(text):
        if start < _NEAR_THE_START:
            return on
    raise ImpossibleDate(text)


def _from_numbers(found: re.Match[str], text: str, *, month_before_day: bool) -> date:
    first, second, third = int(found[1]), int(found[2]), int(found[3])
    if len(found[1]) == 4:
        return _day(first, second, third, text)
    year = third + 2000 if third < 100 else third
    if month_before_day:
        first, second = second, first
    return _day(year, second, first, text)


def in_text(text: str) -> list[tuple[date, int, int]]:
    """The full dates inside a text, each with where it starts and ends; impossible ones are passed over."""
    dates: list[tuple[date, int, int]] = []
    for pattern, order in _IN_TEXT:
        for found in pattern.finditer(text):
            year, month, on = (found[part] for part in order)
            number = int(month) if month.isdecimal() else _months().get(_folded(month), 0)
            with suppress(ImpossibleDate):
                dates.append((_day(int(year), number, int(on), text), found.start(), found.end()))
    return sorted(dates, key=lambda entry: entry[1])
