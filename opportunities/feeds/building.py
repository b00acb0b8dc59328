"""From loose findings to a record: every format ends here, so that all records keep the same promises."""

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from core import codelists
from opportunities.feeds import dates, text
from opportunities.feeds.codes import Codes
from opportunities.feeds.types import MADE, Budget, Found, Kind, Moment, Record, Refusal, Unreadable

T = TypeVar("T")

LONGEST_ID = 250
LONGEST_TITLE = 5_000
LONGEST_TEXT = 2_000_000
_NEEDED = {"identifier": "external_id", "title": "title"}
_MOST_VALUES = 2_000


@dataclass
class Draft:
    """What a format has found about one opportunity so far."""

    kind: Kind
    external_id: str = ""
    partnering_type: str = ""
    title: str = ""
    summary: str = ""
    description: str = ""
    organisation: str = ""
    countries: Iterable[str] = ()
    target_countries: Iterable[str] = ()
    target_kinds: Iterable[str] = ()
    target_sizes: Iterable[str] = ()
    codes: Codes = field(default_factory=Codes)
    keywords: Iterable[str] = ()
    deadlines: list[Moment] = field(default_factory=list)
    opens_on: date | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    published_on: date | None = None
    budget: Budget | None = None
    url: object = ""
    language: str = ""
    stage: str = ""
    status: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    impossible_deadlines: list[str] = field(default_factory=list)

    def deadline(self, written: str, parse: Callable[[str], Moment] = dates.moment) -> None:
        """Take a deadline; an impossible one is remembered, and refuses the record when it stays the only one."""
        if not written.strip():
            return
        try:
            self.deadlines.append(parse(written))
        except dates.ImpossibleDate:
            self.impossible_deadlines.append(text.line(written)[:60])

    def on(self, what: str, written: str, parse: Callable[[str], Moment] = dates.day) -> Moment | None:
        """A date that the record can do without: None and a note when it is impossible."""
        if not written.strip():
            return None
        try:
            return parse(written)
        except dates.ImpossibleDate:
            self.notes.append(f"The {what} '{text.line(written)[:60]}' is no possible date.")
            return None

    def day(self, what: str, written: str) -> date | None:
        """Like `on`, as a day."""
        found = self.on(what, written)
        return found if isinstance(found, date) else None

    def money(self, what: str, value: object) -> float | None:
        """A sum of money; None, with a note when something is there that is none."""
        found = amount(value)
        if found is None and value not in (None, ""):
            self.notes.append(f"The {what} '{text.line(value)[:60]}' is no sum of money.")
        return found

    def finished(self, raw: str) -> Record:
        """The record. Raises Unreadable when it has no id, no title, only impossible deadlines, or is absurdly long."""
        self._check()
        description = _told(text.plain(self.description))
        return Record(
            external_id=stable_id(text.line(self.external_id)),
            kind=self.kind,
            partnering_type=self.partnering_type,
            title=_told(text.line(self.title)),
            summary=_told(text.plain(self.summary)) or text.shortened(description),
            description=description,
            organisation=_told(text.line(self.organisation)),
            countries=_codes(self.countries),
            target_countries=_codes(self.target_countries),
            target_kinds=tuple(dict.fromkeys(self.target_kinds)),
            target_sizes=tuple(dict.fromkeys(self.target_sizes)),
            codes=self.codes.known,
            keywords=_keywords(self.keywords),
            deadlines=tuple(sorted(set(self.deadlines), key=dates.sort_key)),
            opens_on=self.opens_on,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            published_on=self.published_on,
            budget=self.budget,
            url=text.web_address(self.url),
            language=codelists.language_code(self.language),
            stage=text.line(self.stage),
            status=self.status,
            details=self._all_details(),
            raw=raw,
        )

    def _check(self) -> None:
        missing = [name for name in ("identifier", "title") if not text.line(getattr(self, _NEEDED[name]))]
        if missing:
            raise Unreadable(f"The record has no {' and no '.join(missing)}. Complete it and import it again.")
        if len(self.title) > LONGEST_TITLE:
            raise Unreadable(f"The title has {len(self.title)} characters: this cannot be one. Correct the record.")
        if len(self.description) + len(self.summary) > LONGEST_TEXT:
            raise Unreadable(f"The text is longer than {LONGEST_TEXT} characters. Shorten it.")
        if self.impossible_deadlines and not self.deadlines:
            wrong = self.impossible_deadlines[0]
            raise Unreadable(f"The deadline '{wrong}' is no possible date. Correct it and import the record again.")

    def _all_details(self) -> dict[str, Any]:
        impossible = [f"The deadline '{wrong}' is no possible date." for wrong in self.impossible_deadlines]
        told = {
            **self.details,
            "unknown_codes": self.codes.unknown,
            "notes": [*self.notes, *impossible],
        }
        return {name: value for name, given in told.items() if (value := _detail(given)) not in ("", [], {}, None)}


def _told(value: str) -> str:
    """The text without contact data, and without the space that stood before it."""
    told = text.without_contacts(value)
    return told if told == value else "\n".join(" ".join(line.split()) for line in told.split("\n")).strip()


def _detail(value: Any) -> Any:
    """A value of `details`: JSON only, texts plain."""
    if isinstance(value, str):
        return _told(text.plain(value))
    if isinstance(value, dict):
        return {name: told for name, item in value.items() if (told := _detail(item)) not in ("", [], {}, None)}
    if isinstance(value, list | tuple):
        return [told for item in value[:_MOST_VALUES] if (told := _detail(item)) not in ("", [], {}, None)]
    return value.isoformat() if isinstance(value, date) else value


def _codes(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in found if code))


def _keywords(found: Iterable[str]) -> tuple[str, ...]:
    """Each keyword once, whatever its case, in the order in which they come."""
    told: dict[str, str] = {}
    for keyword in found:
        words = _told(text.line(keyword))
        if words and len(words) <= 200:
            told.setdefault(words.casefold(), words)
    return tuple(told.values())[:_MOST_VALUES]


def stable_id(written: str) -> str:
    """The id itself, or its digest when it is too long to be a key."""
    return written if len(written) <= LONGEST_ID else "sha256:" + hashlib.sha256(written.encode()).hexdigest()


def made_id(*parts: str) -> str:
    """An id for a record whose source gives none: a digest of what tells it from others."""
    return MADE + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def amount(value: object) -> float | None:
    """A sum of money: finite and not negative, whole when it is whole; None otherwise."""
    if isinstance(value, str):
        try:
            value = float(value.strip().replace("\u00a0", "").replace(" ", ""))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or not 0 <= value < 1e15:
        return None
    return int(value) if value == int(value) else value


def records(
    found: Iterable[tuple[int, T]], convert: Callable[[T], Record], raw_of: Callable[[T], str]
) -> Iterator[Found]:
    """Each finding as a record, or as a refusal with the reason that `convert` raises as Unreadable."""
    for position, item in found:
        try:
            yield position, convert(item)
        except Unreadable as fault:
            yield position, Refusal("", position, fault.reason, raw_of(item))
