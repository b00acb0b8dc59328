"""What every feed is turned into: records with the field's own names, and refusals that say what to do."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Moment = date | datetime
MADE = "made:"  # begins the id of a record whose source gives none


class Kind(StrEnum):
    """The four kinds of opportunity that a cluster scouts."""

    PARTNERING = "partnering"
    TENDER = "tender"
    FUNDING = "funding"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a scheme: nace cpv nuts euroscivoc een-technology een-market een-sdg programme topic."""

    scheme: str
    code: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Money for one grant or contract (minimum, maximum) and for all together (total), in units of `currency`."""

    minimum: float | None = None
    maximum: float | None = None
    total: float | None = None
    currency: str = "EUR"
    expected_grants: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One opportunity as its source tells it, without contact persons.

    Texts are plain: paragraphs separated by a blank line, lists as "- " lines. Countries are ISO 3166 alpha-2,
    `language` is ISO 639-1 ("" when the source does not say). A deadline, start or end is a date, or an aware datetime
    where the source gives time and zone; `deadlines` ascend. `status` is what the source says (forthcoming open closed
    planning award cancelled or ""): whether a deadline has passed is for the reader who has a clock.
    """

    external_id: str
    kind: Kind
    title: str
    partnering_type: str = ""
    summary: str = ""
    description: str = ""
    organisation: str = ""
    countries: tuple[str, ...] = ()
    target_countries: tuple[str, ...] = ()
    target_kinds: tuple[str, ...] = ()
    target_sizes: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    keywords: tuple[str, ...] = ()
    deadlines: tuple[Moment, ...] = ()
    opens_on: date | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    published_on: date | None = None
    budget: Budget | None = None
    url: str = ""
    language: str = ""
    stage: str = ""
    status: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was not taken over: its place in the file, from 1 (table rows as a spreadsheet counts them)."""

    file: str
    position: int
    reason: str
    raw: str = ""


class NotThisFormat(ValueError):
    """The file as a whole is not what it was said to be; `reason` is a sentence for the person who sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(ValueError):
    """One record cannot be taken over; `reason` is a sentence that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# What a format finds: a place in the file, and what stands there.
Found = tuple[int, Record | Refusal]
