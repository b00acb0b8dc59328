"""Members, opportunities and held pairs from files: one JSON object a line, pairs as CSV.

Fields are those of types.py; beside them the names that public data sets use: `past_topics`, `call` and `scheme` (as
identifiers), `cpv_description`, `buyer`. A code may be plain text; its scheme is told from its shape.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from core.codelists import nace
from opportunities.filtering.types import LARGEST_ID, Code, Feedback, Member, Opportunity

_CPV = re.compile(r"\d{8}(-\d)?")
_EUROSCIVOC = re.compile(r"(/\d+)+")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9 ]*([-._/][A-Za-z0-9]+)+")
_HALF = re.compile(r"\\ud[89a-f]", re.IGNORECASE)
_RANDOM = re.compile(r"[0-9a-f-]{20,}", re.IGNORECASE)

Row = dict[str, Any]


class BadInput(Exception):
    """A file that cannot be used, with its name and line."""


def read_members(path: Path) -> list[tuple[str, Member]]:
    """(id in the file, member) in file order. Raises BadInput."""
    return [(name, _located(path, line, _member, row)) for line, name, row in _rows(path)]


def read_opportunities(path: Path) -> dict[str, Opportunity]:
    """Id in the file -> opportunity, numbered from 1 in the order of the ids. Raises BadInput."""
    rows = {name: (line, row) for line, name, row in _rows(path)}
    if len(rows) > LARGEST_ID:
        raise BadInput(f"{path}: more than {LARGEST_ID} opportunities.")
    return {
        name: _located(path, rows[name][0], _opportunity, {**rows[name][1], "id": number, "identifier": name})
        for number, name in enumerate(sorted(rows), start=1)
    }


def read_pairs(path: Path) -> dict[str, list[str]]:
    """Member id -> ids of the opportunities it already holds. Raises BadInput."""
    reader = csv.DictReader(_text(path).splitlines())
    try:
        return _pairs(path, reader)
    except csv.Error as error:
        raise BadInput(f"{path}, line {reader.line_num}: this row cannot be read ({error}).") from error


def _pairs(path: Path, reader: "csv.DictReader[str]") -> dict[str, list[str]]:
    if not {"member_id", "opportunity_id"} <= set(reader.fieldnames or ()):
        raise BadInput(f"{path}, line 1: the header must name member_id and opportunity_id.")
    held: dict[str, list[str]] = {}
    for row in reader:
        if not row["member_id"] or not row["opportunity_id"]:
            raise BadInput(f"{path}, line {reader.line_num}: a pair needs a member_id and an opportunity_id.")
        held.setdefault(row["member_id"], []).append(row["opportunity_id"])
    return held


def with_held(member: Member, held: Iterable[int]) -> Member:
    """The member, holding these opportunities already: its own text speaks of them, so they say nothing more."""
    return replace(member, feedback=(*member.feedback, *(Feedback(each, "held") for each in sorted(held))))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: this is not UTF-8 text (byte {error.start}).") from error


def _rows(path: Path) -> Iterator[tuple[int, str, Row]]:
    seen: set[str] = set()
    for line, text in enumerate(_text(path).split("\n"), start=1):
        if not text.strip():
            continue
        row = _located(path, line, _object, text)
        name = str(row["id"])
        if name in seen:
            raise BadInput(f"{path}, line {line}: the id {name!r} occurs twice.")
        seen.add(name)
        yield line, name, row


def _located(path: Path, line: int, read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}, line {line}: this is not JSON ({error.msg}, column {error.colno}).") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}, line {line}: {error}") from error


def _object(text: str) -> Row:
    row = json.loads(text)
    if _HALF.search(text):
        _refuse_halves(row)
    if not isinstance(row, dict):
        raise ValueError("a line must be a JSON object.")
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool) or row["id"] == "":
        raise ValueError('an "id" is missing.')
    return row


def _refuse_halves(row: object) -> None:
    """JSON can spell half of a character, which no output can hold and no fingerprint can be made of."""
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds half of a character (\\ud800 to \\udfff). Write the whole character.") from error


def _member(row: Row) -> Member:
    kind = _string(row, "organisation_kind") or ("sme" if row.get("sme") is True else "")
    topics = tuple(Code("topic", each) for each in _strings(row, "past_topics"))
    fields: Row = {
        **{name: _string(row, name) for name in ("name", "country", "size_class", "text")},
        **{name: _strings(row, name) for name in ("offers", "seeks", "keywords", "markets", "languages", "kinds")},
        **{name: _number(row, name) for name in ("hours_a_month", "cofinance_eur_a_year")},
        **{name: _level(row, name) for name in ("trl_min", "trl_max")},
    }
    return Member(id=str(row["id"]), organisation_kind=kind, codes=(*_codes(row), *topics), **fields)


def _opportunity(row: Row) -> Opportunity:
    texts = ("kind", "partnering_type", "title", "summary", "text", "language")
    lists = ("keywords", "countries", "target_countries", "target_kinds", "target_sizes")
    fields: Row = {
        **{name: _string(row, name) for name in texts},
        **{name: _strings(row, name) for name in lists},
        **{name: _number(row, name) for name in ("budget_min_eur", "budget_max_eur", "effort_hours")},
    }
    return Opportunity(
        id=row["id"],
        codes=_described(_codes(row), _string(row, "cpv_description")) + tuple(_identifiers(row)),
        organisation=_string(row, "organisation") or _string(row, "buyer"),
        deadline=_day(row, "deadline"),
        **fields,
    )


def _described(codes: tuple[Code, ...], description: str) -> tuple[Code, ...]:
    """A CPV description belongs to the first CPV code."""
    for place, code in enumerate(codes):
        if code.scheme == "cpv" and description:
            return (*codes[:place], replace(code, label=description), *codes[place + 1 :])
    return codes


def _identifiers(row: Row) -> Iterator[Code]:
    name = row["identifier"]
    if _IDENTIFIER.fullmatch(name) and not _RANDOM.fullmatch(name):
        yield Code("topic", name)
    for field, scheme in (("call", "call"), ("scheme", "action")):
        for each in _strings(row, field):
            yield Code(scheme, each)


def _codes(row: Row) -> tuple[Code, ...]:
    values = row.get("codes") or []
    if not isinstance(values, list):
        raise ValueError('"codes" must be a list.')
    return tuple(_code(each) for each in values)


def _code(value: Any) -> Code:
    if isinstance(value, Mapping) and isinstance(value.get("scheme"), str) and isinstance(value.get("code"), str):
        return Code(value["scheme"], value["code"], str(value.get("label") or ""))
    if not isinstance(value, str):
        raise ValueError('each of "codes" must be a text or an object with scheme and code.')
    return Code(_scheme(value.strip()), value.strip())


def _scheme(code: str) -> str:
    if _CPV.fullmatch(code):
        return "cpv"
    if _EUROSCIVOC.fullmatch(code):
        return "euroscivoc"
    return "nace" if code in nace() else "programme"


def _string(row: Row, name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f'"{name}" must be a text.')
    return value


def _strings(row: Row, name: str) -> tuple[str, ...]:
    value = row.get(name)
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f'"{name}" must be a text or a list of texts.')
    return tuple(value)


def _number(row: Row, name: str) -> float | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(f'"{name}" must be a number of at least 0.')
    return float(value)


def _level(row: Row, name: str) -> int | None:
    value = _number(row, name)
    if value is not None and value not in range(1, 10):
        raise ValueError(f'"{name}" must be a level from 1 to 9.')
    return None if value is None else int(value)


def _day(row: Row, name: str) -> date | None:
    text = _string(row, name)
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise ValueError(f'"{name}" must be a date such as 2027-05-03, not {text!r}.') from error
