"""Rows of a table typed by a person: delimited text in any usual encoding, or the first sheet of an XLSX workbook."""

import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from opportunities.feeds.encodings import encoding_of
from opportunities.feeds.types import NotThisFormat

Row = list[str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that is no row."""

    reason: str


_ZIP = b"PK\x03\x04"
_BAD_WORKBOOK = (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, OSError, zlib.error)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ";,\t|"
_SAMPLE = 1 << 16
_MOST_UNPACKED = 150 * 1024 * 1024
MOST_COLUMNS = 200
MOST_SHEET_ROWS = 200_000
_LONGEST_CELL = 2_000_000
# What the csv module says, by its first letters, in words that help.
_QUOTES = {
    "unexpected": "A quote in this row is never closed, so the rows after it are lost. Close it and import again.",
    "field larg": "A cell of this row is longer than two million characters. Shorten it.",
}
# How files of the other formats begin: their lines hold commas and look like rows.
_NO_TABLE = re.compile(
    r"[\s\ufeff]*(?:ï»¿)?(?:(?P<JSON>\{\s*[\"}]|\[\s*[\[{\"\]])|(?P<XML><[!?a-zA-Z])|(?P<iCalendar>BEGIN:VCALENDAR))",
    re.IGNORECASE,
)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def rows(data: bytes) -> Iterator[tuple[int, Row | BrokenRow]]:
    """(row number as a spreadsheet counts, cells as text) of each filled row. Raises NotThisFormat at once."""
    if data.startswith(_OLD_EXCEL):
        raise NotThisFormat("This is an old Excel file (.xls). Save it as .xlsx or .csv and send that.")
    return _filled(_workbook(data) if data.startswith(_ZIP) else _delimited(data))


def _filled(found: Iterator[Row | BrokenRow]) -> Iterator[tuple[int, Row | BrokenRow]]:
    for number, row in enumerate(found, 1):
        if isinstance(row, BrokenRow):
            yield number, row
        elif any(cell.strip() for cell in row):
            yield number, [cell.strip() for cell in row[:MOST_COLUMNS]]


def _delimited(data: bytes) -> Iterator[Row | BrokenRow]:
    encoding, mark = encoding_of(data)
    sample = data[mark : mark + _SAMPLE].decode(encoding, "replace")
    if "\x00" in sample.rstrip("\x00"):
        raise NotThisFormat("This file is no table: it holds binary data.")
    if other := _NO_TABLE.match(sample):
        raise NotThisFormat(f"This file is no table: it is {other.lastgroup}. Say its own format, or have it detected.")
    csv.field_size_limit(_LONGEST_CELL)
    text = TextIOWrapper(BytesIO(memoryview(data)[mark:]), encoding=encoding, errors="replace", newline="")
    return _parsed(csv.reader(text, delimiter=_delimiter(sample), strict=True))


def _parsed(reader: Any) -> Iterator[Row | BrokenRow]:
    while True:
        try:
            row: Row | BrokenRow = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            row = BrokenRow(_QUOTES.get(str(fault)[:10], f"The row cannot be read ({fault}). Correct it."))
        is_note = isinstance(row, list) and reader.line_num == 1 and row[:1] in (["sep="], ["SEP="])
        yield [] if is_note else row


def _delimiter(sample: str) -> str:
    """The mark that cuts most of the first rows into the same number of cells, more than one."""
    lines = sample.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == len("sep=;"):
        return lines[0].strip()[-1]
    return max(_DELIMITERS, key=lambda mark: _fit(lines, mark))


def _fit(lines: list[str], mark: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in islice(csv.reader(lines, delimiter=mark), 20) if row]
    except csv.Error:
        return 0, 0
    width = widths[0] if widths else 1
    return (sum(other == width for other in widths) if width > 1 else 0), width


def _workbook(data: bytes) -> Iterator[Row | BrokenRow]:
    try:
        _refuse_bombs(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except _BAD_WORKBOOK as fault:
        if isinstance(fault, NotThisFormat):
            raise
        raise NotThisFormat(
            "This file is no readable XLSX workbook. Save it again as .xlsx or .csv and send that."
        ) from fault
    return _cells(book)


def _refuse_bombs(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
            raise NotThisFormat("The workbook unpacks to more than 150 MB: split it.")
        for part in archive.infolist():
            with archive.open(part) as inside:
                if part.filename.endswith((".xml", ".rels")) and _DOCTYPE.search(inside.read(4096)):
                    raise NotThisFormat("The workbook declares a document type or entities. Save it again as .csv.")


def _cells(book: Any) -> Iterator[Row | BrokenRow]:
    """The rows of the first sheet, whatever the workbook claims about its size."""
    for sheet in book.worksheets[:1]:
        sheet.reset_dimensions()
        try:
            for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
                if number > MOST_SHEET_ROWS:
                    yield BrokenRow(f"The sheet has more than {MOST_SHEET_ROWS} rows. Split it.")
                    return
                yield [_cell(value) for value in row] if any(value is not None for value in row) else []
        except (*_BAD_WORKBOOK, IndexError, TypeError, AttributeError) as fault:
            yield BrokenRow(f"The workbook is damaged from here on ({type(fault).__name__}). Save it again as .csv.")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if not (value.hour or value.minute)
            else value.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)
