"""The fields of a central register of de minimis aid, as a table that is written and read.

Article 6 of Regulation (EU) 2023/2831 names them: the beneficiary, the aid amount, the day of granting, the granting
authority, the aid instrument and the sector (NACE). A register may want other headings; the fields are these.

No database and no clock: rows in, lines out.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from core import codelists
from opportunities.feeds.tables import BrokenRow, rows
from opportunities.feeds.types import NotThisFormat

NEEDED = ("beneficiary", "member_state", "aid_amount_eur", "granting_date", "granting_authority")
COLUMNS = (*NEEDED, "beneficiary_id", "aid_instrument", "nace")
LONGEST = {"beneficiary": 200, "granting_authority": 200, "beneficiary_id": 40, "aid_instrument": 80, "nace": 5}
LONGEST_CELL = 1_000
MOST_LINES = 5_000
MOST_EUR = Decimal(10_000_000)
AMOUNT = re.compile(r"\d{1,9}([.,]\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: aid that a Member State granted. Amount in EUR, gross grant equivalent."""

    beneficiary: str
    beneficiary_id: str
    member_state: str
    amount_eur: Decimal
    granted_on: date
    authority: str
    instrument: str
    nace: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot be used, as a spreadsheet counts; why, and what it says under the head COLUMNS."""

    line: int
    reason: str
    raw: str


class _Unfit(ValueError):
    """Why a line cannot be used."""


def read(data: bytes) -> tuple[list[tuple[int, Entry, str]], list[Refusal]]:
    """The entries of a file with their lines as text, and every line that cannot be used. Never raises."""
    found: list[tuple[int, Entry, str]] = []
    refused: list[Refusal] = []
    try:
        lines = rows(data)
        columns = _head(next(lines, (1, []))[1])
        for number, (line, row) in enumerate(lines, start=1):
            if number > MOST_LINES:
                refused.append(Refusal(line, f"The file has more than {MOST_LINES} lines. Split it.", ""))
                break
            _take(line, row, columns, found, refused)
    except NotThisFormat as fault:
        return [], [Refusal(1, fault.reason, "")]
    except _Unfit as fault:
        return [], [Refusal(1, str(fault), "")]
    if not found and not refused:
        refused.append(Refusal(1, "The file holds no line below its head.", ""))
    return found, refused


def line_of(cells: Mapping[str, str]) -> str:
    """Cells as a line under the head COLUMNS, so that it can be read again."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([cells.get(column, "")[:LONGEST_CELL] for column in COLUMNS])
    return text.getvalue()


def as_file(lines: Iterable[str]) -> bytes:
    """Lines that `line_of` wrote, as a file to be read."""
    return "\n".join([",".join(COLUMNS), *lines]).encode()


def _head(row: list[str] | BrokenRow) -> dict[str, int]:
    if isinstance(row, BrokenRow):
        raise _Unfit(row.reason)
    names = [cell.strip().casefold() for cell in row]
    if lacking := [each for each in NEEDED if each not in names]:
        raise _Unfit(f"The first line must name the columns {', '.join(NEEDED)}. {', '.join(lacking)} is not there.")
    if twice := [each for each in COLUMNS if names.count(each) > 1]:
        raise _Unfit(f"The column {twice[0]} stands twice. Keep one of them.")
    return {each: names.index(each) for each in COLUMNS if each in names}


def _take(
    line: int,
    row: list[str] | BrokenRow,
    columns: Mapping[str, int],
    found: list[tuple[int, Entry, str]],
    refused: list[Refusal],
) -> None:
    if isinstance(row, BrokenRow):
        refused.append(Refusal(line, row.reason, ""))
        return
    cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
    if not any(cells.values()):
        return
    raw = line_of(cells)
    try:
        found.append((line, _entry(cells), raw))
    except _Unfit as fault:
        refused.append(Refusal(line, str(fault), raw))


def _entry(cells: Mapping[str, str]) -> Entry:
    for name in NEEDED:
        if not cells[name]:
            raise _Unfit(f"{name} is blank. Fill it in.")
    for name, most in LONGEST.items():
        if len(cells.get(name, "")) > most:
            raise _Unfit(f"{name} has more than {most} characters.")
    state = cells["member_state"].upper()
    state = codelists.EU_SPELLINGS.get(state, state)
    if state not in codelists.countries():
        raise _Unfit(f"“{cells['member_state']}” is no country. Use two letters, such as SE.")
    nace = cells.get("nace", "")
    if nace and nace not in codelists.nace():
        raise _Unfit(f"“{nace}” is no code of NACE 2.1.")
    return Entry(
        beneficiary=" ".join(cells["beneficiary"].split()),
        beneficiary_id=cells.get("beneficiary_id", ""),
        member_state=state,
        amount_eur=_amount(cells["aid_amount_eur"]),
        granted_on=_day(cells["granting_date"]),
        authority=cells["granting_authority"],
        instrument=cells.get("aid_instrument", "") or "Grant",
        nace=nace,
    )


def _amount(text: str) -> Decimal:
    if not AMOUNT.fullmatch(text):
        raise _Unfit(f"“{text}” is no amount above 0. Write it without signs: 12500.50.")
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _Unfit(f"“{text}” is no amount.") from None
    if not 0 < amount <= MOST_EUR:
        raise _Unfit(f"{text} is not between 0 and {MOST_EUR:,} EUR. Look at it again.")
    return amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise _Unfit(f"“{text}” is no day. Write it as 2027-05-03.") from None


def written(entries: Iterable[Entry]) -> Iterator[list[str]]:
    """Entries as lines of a table, with the head."""
    yield list(COLUMNS)
    for each in entries:
        yield [each.beneficiary, each.member_state, f"{each.amount_eur:.2f}", each.granted_on.isoformat(),
               each.authority, each.beneficiary_id, each.instrument, each.nace]  # fmt: skip
