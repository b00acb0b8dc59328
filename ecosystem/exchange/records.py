"""The records of a packet, each judged by itself: a faulty one is refused and the others go on."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core import codelists
from ecosystem.exchange.bounded import is_storable
from ecosystem.exchange.types import Answer, Card, Part, RecordRefused, Revealed, Withdrawn
from opportunities import feeds
from opportunities.feeds import text

Found = TypeVar("Found")

LONGEST_ID = 120
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_NUTS_1 = re.compile(r"[A-Z]{2}[A-Z0-9]?")  # a smaller region would tell who it is
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


class _Unfit(Exception):
    """Why a record is not taken."""


def _line(longest: int, *, needed: bool = False) -> AfterValidator:
    """One line of plain text: tags, breaks and invisible marks are taken out."""

    def check(written: str) -> str:
        if len(written) > longest:
            raise ValueError(f"longer than {longest} characters")
        told = text.line(written)
        if needed and not told:
            raise ValueError("nothing is said here")
        return told

    return AfterValidator(check)


def _either(is_right: Callable[[str], object], wanted: str) -> AfterValidator:
    """Nothing, or a value of one kind."""

    def check(written: str) -> str:
        if written and not is_right(written):
            raise ValueError(wanted)
        return written

    return AfterValidator(check)


def _id(written: str) -> str:
    if len(written) > LONGEST_ID or not _ID.fullmatch(written):
        raise ValueError(f"an id has letters, digits, dots, colons and hyphens, {LONGEST_ID} at most")
    return written


def _is_country(code: str) -> bool:
    return codelists.country_code(code) == code


Id = Annotated[str, AfterValidator(_id)]
Lines = Annotated[tuple[Annotated[str, _line(1_000)], ...], Field(max_length=50)]
Country = Annotated[str, _either(_is_country, "a country is two capital letters of ISO 3166")]
Region = Annotated[str, _either(_NUTS_1.fullmatch, "a region is a code of NUTS-1")]
WebAddress = Annotated[str, _either(lambda told: text.web_address(told) == told, "no address of a web page")]
Email = Annotated[str, _either(_ADDRESS.fullmatch, "no e-mail address"), _line(254)]


class _Row(BaseModel):
    # What a later minor version adds is left alone: a new field breaks nobody.
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _Revealed(_Row):
    name: Annotated[str, _line(200, needed=True)]
    town: Annotated[str, _line(100)] = ""
    website: Annotated[WebAddress, _line(200)] = ""
    summary: Annotated[str, _line(3_000)] = ""
    contact_name: Annotated[str, _line(200)] = ""
    contact_email: Email = ""


class _Card(_Row):
    id: Id
    purpose: Annotated[str, _line(160, needed=True)]
    kind: Literal["company", "research", "public", "cluster", "intermediary"] = "company"
    size_class: Literal["", "micro", "small", "medium", "large"] = ""
    country: Country = ""
    region: Region = ""
    offers: Lines = ()
    seeks: Lines = ()
    revealed: _Revealed | None = None

    def made(self) -> Card:
        told = self.model_dump(exclude={"revealed"})
        return Card(**told, revealed=Revealed(**self.revealed.model_dump()) if self.revealed else None)


class _Answer(_Row):
    card: Id
    answer: Literal["interested", "not_for_us"]
    message: Annotated[str, _line(1_000)] = ""

    def made(self) -> Answer:
        return Answer(**self.model_dump())


class _Withdrawn(_Row):
    part: Literal["opportunities", "cards"]
    id: Id

    def made(self) -> Withdrawn:
        return Withdrawn(Part(self.part), self.id)


_CARD, _ANSWER, _WITHDRAWN = TypeAdapter(_Card), TypeAdapter(_Answer), TypeAdapter(_Withdrawn)


def cards(rows: list[Any], refused: list[RecordRefused]) -> tuple[Card, ...]:
    """The cards that can be taken; the others are added to `refused`. The same holds for the functions below."""
    return _all(Part.CARDS, rows, lambda row: _CARD.validate_json(row).made(), refused, named=lambda card: card.id)


def answers(rows: list[Any], refused: list[RecordRefused]) -> tuple[Answer, ...]:
    """The answers to cards."""
    found = _all(Part.ANSWERS, rows, lambda row: _ANSWER.validate_json(row).made(), refused, named=lambda it: it.card)
    return tuple(found)


def withdrawals(rows: list[Any], refused: list[RecordRefused]) -> tuple[Withdrawn, ...]:
    """What counts no longer."""
    return _all(
        Part.WITHDRAWN,
        rows,
        lambda row: _WITHDRAWN.validate_json(row).made(),
        refused,
        named=lambda gone: f"{gone.part} {gone.id}",
    )


def opportunities(rows: list[Any], refused: list[RecordRefused]) -> tuple[dict[str, Any], ...]:
    """The opportunities that the feed "exchange" can read, as they came."""
    part = Part.OPPORTUNITIES
    found = dict(_each(part, rows, _opportunity, refused))
    places = list(found)
    for item in feeds.read("exchange", feed_of(list(found.values()))):
        if isinstance(item, feeds.Refusal):
            place = places[item.position - 1]
            refused.append(RecordRefused(part, place, _own_id(found.pop(place)), item.reason))
    return tuple(found.values())


def feed_of(rows: list[dict[str, Any]]) -> bytes:
    """Opportunities as a file that the feed "exchange" reads."""
    return json.dumps({"opportunities": rows}, ensure_ascii=False).encode()


def _opportunity(row: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row)
    try:
        _id(found.get("id", ""))
    except (TypeError, ValueError):
        raise _Unfit(f"id: an id has letters, digits, dots, colons and hyphens, {LONGEST_ID} at most.") from None
    return found


def _all(
    part: Part,
    rows: list[Any],
    make: Callable[[bytes], Found],
    refused: list[RecordRefused],
    *,
    named: Callable[[Found], str],
) -> tuple[Found, ...]:
    kept: dict[str, Found] = {}
    for position, found in _each(part, rows, make, refused):
        if named(found) in kept:
            reason = "The packet says it twice: the first one counts. Ask the sender to correct it."
            refused.append(RecordRefused(part, position, _own_id(rows[position - 1]), reason))
        kept.setdefault(named(found), found)
    return tuple(kept.values())


def _each(
    part: Part, rows: list[Any], make: Callable[[bytes], Found], refused: list[RecordRefused]
) -> Iterator[tuple[int, Found]]:
    for position, row in enumerate(rows, start=1):
        try:
            found = _made(row, make)
        except _Unfit as fault:
            refused.append(RecordRefused(part, position, _own_id(row), f"{fault} Ask the sender to correct it."))
        else:
            yield position, found


def _made(row: Any, make: Callable[[bytes], Found]) -> Found:
    """Through JSON once more: pydantic is strict there about what JSON can tell apart, and about nothing else."""
    if not isinstance(row, dict):
        raise _Unfit("This is no object.")
    if not is_storable(row):
        raise _Unfit("A text holds signs that no database keeps.")
    try:
        return make(json.dumps(row).encode())
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(each + 1) if isinstance(each, int) else each for each in first["loc"])
        raise _Unfit(f"{place}: {first['msg'].removeprefix('Value error, ')}.") from None


def _own_id(row: Any) -> str:
    own = row.get("id", row.get("card", "")) if isinstance(row, dict) else ""
    return own[:LONGEST_ID] if isinstance(own, str) and is_storable(own) else ""
