"""The records of a packet, each judged by itself: a faulty one is refused and the others go on."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core import codelists
from ecosystem.exchange.bounded import is_storable
from ecosystem.exchange.types import Answer, Card, Part, RecordRefused, Revealed, Withdrawn
from opportunities import feeds
from opportunities.feeds import text

Found = TypeVar("Found")

LONGEST_ID = 120
_NO_ID = f"has other signs than letters, digits, dots, colons and hyphens, or not 1 to {LONGEST_ID} of them"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_NUTS_1 = re.compile(r"[A-Z]{2}[A-Z0-9]?")  # a smaller region would tell who it is
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_ASK = "Ask the sender to correct it and to send it again."
# How a field is called in a sentence, where its name in the format is no word for a reader.
_WORDS = {
    "size_class": "size class", "offers": "list of what it offers", "seeks": "list of what it looks for",
    "revealed": "part that says who it is", "contact_name": "contact person", "contact_email": "contact's address",
    "card": "id of the card", "message": "sentence",
}  # fmt: skip
_FAULTS = {
    "missing": "is missing",
    "string_type": "is no text",
    "tuple_type": "is no list",
    "too_long": "has too many lines",
}


class _Unfit(Exception):
    """Why a record is not taken."""


def _line(longest: int, *, needed: bool = False) -> AfterValidator:
    """One line of plain text: tags, breaks and invisible marks are taken out."""

    def check(written: str) -> str:
        if len(written) > longest:
            raise ValueError(f"is longer than {longest} characters")
        told = text.line(written)
        if needed and not told:
            raise ValueError("says nothing")
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
        raise ValueError(_NO_ID)
    return written


def _is_country(code: str) -> bool:
    return codelists.country_code(code) == code


Id = Annotated[str, AfterValidator(_id)]
Lines = Annotated[tuple[Annotated[str, _line(1_000)], ...], Field(max_length=50)]
Country = Annotated[str, _either(_is_country, "is no country: two capital letters are wanted, such as NO")]
Region = Annotated[str, _either(_NUTS_1.fullmatch, "is no large region: a code of NUTS-1 is wanted, such as SE2")]
WebAddress = Annotated[str, _either(lambda told: text.web_address(told) == told, "is no address of a web page")]
Email = Annotated[str, _either(_ADDRESS.fullmatch, "is no e-mail address"), _line(254)]


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
            told = item.reason.rpartition(". ")[0] or item.reason.rstrip(".")  # without the advice to who reads a file
            refused.append(RecordRefused(part, place, _own_id(found.pop(place)), f"{told}. {_ASK}"))
    return tuple(found.values())


def feed_of(rows: list[dict[str, Any]]) -> bytes:
    """Opportunities as a file that the feed "exchange" reads."""
    return json.dumps({"opportunities": rows}, ensure_ascii=False).encode()


def _opportunity(row: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row)
    try:
        _id(found.get("id", ""))
    except (TypeError, ValueError):
        raise _Unfit(f"The id {_NO_ID}.") from None
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
            reason = f"The packet says it twice: the first one counts. {_ASK}"
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
            refused.append(RecordRefused(part, position, _own_id(row), f"{fault} {_ASK}"))
        else:
            yield position, found


def _made(row: Any, make: Callable[[bytes], Found]) -> Found:
    """Through JSON once more: pydantic is strict there about what JSON can tell apart, and about nothing else."""
    if not isinstance(row, dict):
        raise _Unfit("This is no record: an object with names and values is wanted.")
    if not is_storable(row):
        raise _Unfit("A text holds signs that cannot be kept, such as half of a letter.")
    try:
        return make(json.dumps(row).encode())
    except ValidationError as error:
        raise _Unfit(_sentence(error.errors(include_url=False)[0])) from None


def _sentence(fault: Mapping[str, Any]) -> str:
    """What is wrong with one field, for somebody who has never seen the format."""
    names = [each for each in fault["loc"] if isinstance(each, str)]
    line = next((f"line {each + 1} of the " for each in fault["loc"] if isinstance(each, int)), "")
    name = _WORDS.get(names[-1], names[-1]) if names else "record"
    if fault["type"] == "literal_error":
        wanted = ", ".join(filter(None, re.findall("'([^']*)'", fault["ctx"]["expected"])))
        written = text.line(fault["input"])[:40]
        return f"The {name} “{written}” is none of {wanted}." if written else f"The {name} is none of {wanted}."
    told = _FAULTS.get(fault["type"], "cannot be read")
    if fault["type"] == "value_error":
        told = str(fault["ctx"]["error"])
    return f"The {line}{name} {told}."


def _own_id(row: Any) -> str:
    own = row.get("id", row.get("card", "")) if isinstance(row, dict) else ""
    return own[:LONGEST_ID] if isinstance(own, str) and is_storable(own) else ""
