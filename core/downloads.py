"""Files that people take along: tables for spreadsheets, in which nothing runs, and whatever else is made for them."""

import io
from collections.abc import Iterable, Iterator, Mapping

from defusedcsv import csv
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = Iterable[object]


def attachment(name: str) -> dict[str, str]:
    """The header that has a browser keep an answer as a file of this name."""
    return {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}


def file_name(*words: object) -> str:
    """A name that any system takes, without its ending."""
    return slugify("-".join(str(each) for each in words))


def as_file(content: str | bytes, name: str, content_type: str) -> HttpResponse:
    """A file that is made already."""
    return HttpResponse(content, content_type=content_type, headers=attachment(name))


def as_csv(rows: Iterable[Row], name: str) -> StreamingHttpResponse:
    """A table as CSV, sent row by row: it may be long."""
    return StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8", headers=attachment(name))


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "\N{BOM}"  # with it, spreadsheets take a file for UTF-8
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([_bare(value) for value in row])
        yield line.getvalue()


def _bare(value: object) -> object:
    # A space or a tab in front would hide a formula from the writer's guard.
    return value.lstrip() if isinstance(value, str) else value


def as_xlsx(sheets: Mapping[str, Iterable[Row]], name: str) -> HttpResponse:
    """Tables as a workbook, a sheet each, by title."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append([_cell(page, value) for value in row])
    data = io.BytesIO()
    book.save(data)
    return as_file(data.getvalue(), name, XLSX)


def _cell(page: object, value: object) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # words are never formulas, whatever they begin with
    return cell
