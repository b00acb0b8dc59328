"""Published figures that stand beside our own, read from a table: CSV in any usual encoding, or XLSX.

Columns, in any order: `question` (a question's key or facet, or "response" for response rates), `option` (an option's
or row's key), `value` in per cent, `year`, and `source_url`; and, where they are known, `group` (of which firms), `n`,
`base` (of which firms it is a share, in words), `label` (what it says, in words) and `source` (who published it). What
is blank is not known and is shown so. Nothing of a file is lost: a line that cannot be used is kept with its first
fault.

Pure: no Django, no database, no clock, no network.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from opportunities.feeds.tables import BrokenRow, rows
from opportunities.feeds.types import NotThisFormat

SHIPPED = Path(__file__).parent / "reference_data" / "benchmarks.csv"

NEEDED = ("question", "option", "value", "year", "source_url")
COLUMNS = (*NEEDED, "group", "n", "base", "label", "source")
LONGEST = {
    "question": 60,
    "option": 60,
    "group": 60,
    "base": 200,
    "label": 200,
    "source": 200,
    "source_url": 500,
    "value": 20,
    "n": 20,
    "year": 20,
}
MOST_LINES = 5_000
MOST_ASKED = 2_000_000_000
_LONGEST_CELL = 1_000

FAULTS = {
    "no_columns": "The first line must name the columns {needed}. {lacking} is not there.",
    "column_twice": "The column {column} stands twice. Keep one of them.",
    "empty": "The file holds no line below its head.",
    "too_many_lines": "The file has more than {most} lines. Split it.",
    "broken": "{reason}",
    "missing": "{column} is blank. Fill it in.",
    "too_long": "{column} has {given} characters. {most} are the most.",
    "not_a_key": "“{given}” in {column} is no key. Use small letters, digits and _.",
    "unknown_question": "No question here has the key or the facet “{given}”.",
    "not_a_number": "“{given}” in {column} is not a number.",
    "not_per_cent": "{given} is not between 0 and 100 per cent.",
    "fraction": "{given} may be a fraction. Write it in per cent, with the sign: 71 % or 0.71 %.",
    "not_a_count": "“{given}” in {column} is not a whole number above 0. Leave it blank when it is not known.",
    "not_a_year": "“{given}” is not a year from 1950 to 2099.",
    "not_an_address": "“{given}” is not a web address. It begins with https:// or http://.",
    "twice": "The same figure of the same source stands in line {line}.",
    "here_already": "This figure of this source is here already.",
}
_KEY = re.compile(r"[a-z0-9][a-z0-9_]*", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_COUNT = re.compile(r"\d{1,3}(?:[ .,'\u00a0\u202f]\d{3})+|\d+", re.ASCII)
_YEAR = re.compile(r"19[5-9]\d|20\d\d", re.ASCII)


Identity = tuple[str, str, str, int, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A published share (`value`, from 0 to 1) of the firms that `base` names; `n` of them were asked, where known."""

    question: str
    option: str
    group: str
    label: str
    value: float
    n: int | None
    base: str
    year: int
    source: str
    source_url: str

    @property
    def identity(self) -> Identity:
        """Two lines that agree in this are the same figure."""
        return self.question, self.option, self.group, self.year, self.source


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something cannot be used: a code of FAULTS and its values."""

    code: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return FAULTS[self.code].format(**self.values)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken over (as a spreadsheet counts; 1 is the head), its first fault, and what it says.

    `raw` is blank where nothing could be read, otherwise a line under the head COLUMNS.
    """

    line: int
    fault: Fault
    raw: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: its figures with their lines, and every line that could not be used."""

    references: tuple[tuple[int, Reference], ...]
    refusals: tuple[Refusal, ...]


class _Misfit(Exception):
    def __init__(self, code: str, **values: object) -> None:
        self.fault = Fault(code, values)


def read(data: bytes, known: frozenset[str] | None = None) -> Reading:
    """The figures of a file. `known`: the keys and facets that questions have; None takes any.

    Never raises: a file that is no table is one refusal.
    """
    found: dict[Identity, tuple[int, Reference]] = {}
    refused: list[Refusal] = []
    try:
        lines = rows(data)
        number, columns = _head(lines)
        for line, row in lines:
            number += 1
            if number > MOST_LINES + 1:
                refused.append(Refusal(line, Fault("too_many_lines", {"most": MOST_LINES}), ""))
                break
            _take(line, row, columns, known, found, refused)
    except NotThisFormat as fault:
        return Reading((), (Refusal(1, Fault("broken", {"reason": fault.reason}), ""),))
    except _Misfit as misfit:
        return Reading((), (Refusal(1, misfit.fault, ""),))
    if not found and not refused:
        refused.append(Refusal(1, Fault("empty", {}), ""))
    return Reading(tuple(found.values()), tuple(refused))


def line_of(cells: Mapping[str, str]) -> str:
    """Cells as a line of a file whose head is COLUMNS, so that it can be read again."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([cells.get(column, "")[:_LONGEST_CELL] for column in COLUMNS])
    return line.getvalue() if cells else ""


def as_file(lines: Iterable[str]) -> bytes:
    """Lines that `line_of` wrote, as a file to be read."""
    return "\n".join([",".join(COLUMNS), *lines]).encode()


@cache
def shipped() -> tuple[Reference, ...]:
    """The figures that the portal brings along: only values that a source confirms."""
    return tuple(reference for _line, reference in read(SHIPPED.read_bytes()).references)


def _head(lines: Iterator[tuple[int, list[str] | BrokenRow]]) -> tuple[int, dict[str, int]]:
    line, row = next(lines, (1, []))
    if isinstance(row, BrokenRow):
        raise _Misfit("broken", reason=row.reason)
    names = [cell.strip().casefold() for cell in row]
    for column in COLUMNS:
        if names.count(column) > 1:
            raise _Misfit("column_twice", column=column)
    if lacking := [column for column in NEEDED if column not in names]:
        raise _Misfit("no_columns", needed=", ".join(NEEDED), lacking=", ".join(lacking))
    return line, {column: names.index(column) for column in COLUMNS if column in names}


def _take(
    line: int,
    row: list[str] | BrokenRow,
    columns: Mapping[str, int],
    known: frozenset[str] | None,
    found: dict[Identity, tuple[int, Reference]],
    refused: list[Refusal],
) -> None:
    cells: dict[str, str] = {}
    try:
        if isinstance(row, BrokenRow):
            raise _Misfit("broken", reason=row.reason)
        cells = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
        reference = _reference(cells, known)
        if reference.identity in found:
            raise _Misfit("twice", line=found[reference.identity][0])
    except _Misfit as misfit:
        refused.append(Refusal(line, misfit.fault, line_of(cells)))
    else:
        found[reference.identity] = line, reference


def _reference(cells: Mapping[str, str], known: frozenset[str] | None) -> Reference:
    for column in COLUMNS:
        given = cells.get(column, "")
        if not given and column in NEEDED:
            raise _Misfit("missing", column=column)
        if len(given) > LONGEST[column]:
            raise _Misfit("too_long", column=column, given=len(given), most=LONGEST[column])
    question = _key(cells, "question")
    if known is not None and question not in known:
        raise _Misfit("unknown_question", given=question)
    address = _address(cells["source_url"])
    return Reference(
        question=question,
        option=_key(cells, "option"),
        group=_key(cells, "group") if cells.get("group") else "",
        label=cells.get("label", ""),
        value=_share(cells["value"]),
        n=_count(cells.get("n", "")),
        base=cells.get("base", ""),
        year=_year(cells["year"]),
        source=cells.get("source") or str(urlsplit(address).hostname),
        source_url=address,
    )


def _key(cells: Mapping[str, str], column: str) -> str:
    given = cells[column].casefold()
    if not _KEY.fullmatch(given):
        raise _Misfit("not_a_key", column=column, given=cells[column])
    return given


def _share(given: str) -> float:
    """A share, of per cent. A bare number below 1 may mean either: it is asked for, not guessed."""
    bare = given.removesuffix("%").strip()
    if not _NUMBER.fullmatch(bare):
        raise _Misfit("not_a_number", column="value", given=given)
    value = float(bare.replace(",", "."))
    if value > 100:
        raise _Misfit("not_per_cent", given=given)
    if 0 < value <= 1 and bare == given:
        raise _Misfit("fraction", given=given)
    return value / 100


def _count(given: str) -> int | None:
    if not given:
        return None
    count = int(re.sub(r"\D", "", given)) if _COUNT.fullmatch(given) else 0
    if not 0 < count <= MOST_ASKED:
        raise _Misfit("not_a_count", column="n", given=given)
    return count


def _year(given: str) -> int:
    if not _YEAR.fullmatch(given):
        raise _Misfit("not_a_year", given=given)
    return int(given)


def _address(given: str) -> str:
    """Only what a browser opens as a page: an address that runs a script would run it in our page."""
    try:
        parts = urlsplit(given)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_page = False
    if not is_page or re.search(r"[\s<>\"\\]", given):
        raise _Misfit("not_an_address", given=given)
    return given
