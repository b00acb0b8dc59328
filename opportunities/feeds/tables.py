"""Rows of a table typed by a person: delimited text in any usual encoding, or the first sheet of an XLSX workbook."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from itertools import islice
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from opportunities.feeds.encodings import encoding_of
from opportunities.feeds.types import NotThisFormat

Row = list[str]

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ";,\t|"
_SAMPLE = 1 << 16
_MOST_UNPACKED = 300 * 1024 * 1024
_MOST_COLUMNS = 500
_LONGEST_CELL = 2_000_000
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def rows(data: bytes) -> Iterator[tuple[int, Row]]:
    """(row number as a spreadsheet counts, cells as text) of each filled row. Raises NotThisFormat at once."""
    if data.startswith(_OLD_EXCEL):
        raise NotThisFormat("This is an old Excel file (.xls). Save it as .xlsx or .csv and send that.")
    return _filled(_workbook(data) if data.startswith(_ZIP) else _delimited(data))


def _filled(found: Iterator[Row]) -> Iterator[tuple[int, Row]]:
    for number, row in enumerate(found, 1):
        if any(cell.strip() for cell in row):
            yield number, [cell.strip() for cell in row[:_MOST_COLUMNS]]


def _delimited(data: bytes) -> Iterator[Row]:
    encoding, mark = encoding_of(data)
    sample = data[mark : mark + _SAMPLE].decode(encoding, "replace")
    if "\x00" in sample.rstrip("\x00"):
        raise NotThisFormat("This file is no table: it holds binary data.")
    delimiter = _delimiter(sample)
    # "sep=;" in the first line is Excel's own note of the delimiter.
    csv.field_size_limit(_LONGEST_CELL)
    text = TextIOWrapper(BytesIO(memoryview(data)[mark:]), encoding=encoding, errors="replace", newline="")
    return _parsed(csv.reader(text, delimiter=delimiter))


def _parsed(reader: Iterator[Row]) -> Iterator[Row]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = []
        yield [] if len(row) == 1 and row[0].lower().startswith("sep=") else row


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


def _workbook(data: bytes) -> Iterator[Row]:
    try:
        _refuse_bombs(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, OSError) as fault:
        if isinstance(fault, NotThisFormat):
            raise
        raise NotThisFormat(
            "This file is no readable XLSX workbook. Save it again as .xlsx or .csv and send that."
        ) from fault
    return _cells(book.worksheets[0].iter_rows(values_only=True) if book.worksheets else iter(()))


def _refuse_bombs(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
            raise NotThisFormat("The workbook unpacks to more than 300 MB: split it.")
        for part in archive.infolist():
            with archive.open(part) as inside:
                if part.filename.endswith((".xml", ".rels")) and _DOCTYPE.search(inside.read(4096)):
                    raise NotThisFormat("The workbook declares a document type or entities. Save it again as .csv.")


def _cells(found: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    for row in found:
        yield [_cell(value) for value in row]


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
