"""The figures of a wave as CSV and XLSX: what pages show, nothing else."""

import io
from itertools import chain

from defusedcsv import csv
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from evaluations.reading import exports
from evaluations.reading.sheet import Sheet
from evaluations.views.access import for_readers
from evaluations.views.results import sheet_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@for_readers
def wave_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of a wave as CSV."""
    return _csv(sheet_of(request, slug, breakdowns=True), slug)


@require_safe
@for_readers
def wave_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of a wave as a workbook."""
    return _xlsx(sheet_of(request, slug, breakdowns=True), slug)


@require_safe
@for_readers
def question_csv(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The tables of one question as CSV."""
    return _csv(_of_one(request, slug, key), f"{slug}-{key}")


@require_safe
@for_readers
def question_xlsx(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The tables of one question as a workbook."""
    return _xlsx(_of_one(request, slug, key), f"{slug}-{key}")


def _of_one(request: HttpRequest, slug: str, key: str) -> Sheet:
    sheet = sheet_of(request, slug, only=key)
    if all(question.key != key for question in sheet.questions):
        raise Http404
    return sheet


def _csv(sheet: Sheet, name: str) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows(chain([exports.head()], exports.rows(sheet)))
    return _file("\N{BOM}" + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def _xlsx(sheet: Sheet, name: str) -> HttpResponse:
    book = Workbook(write_only=True)
    for title, lines in (
        ("Figures", chain([exports.head()], exports.rows(sheet))),
        ("About", exports.about(sheet)),
    ):
        page = book.create_sheet(title)
        for line in lines:
            page.append([_cell(page, value) for value in line])
    data = io.BytesIO()
    book.save(data)
    return _file(data.getvalue(), XLSX, f"{name}.xlsx")


def _cell(page: object, value: object) -> WriteOnlyCell:
    """A cell that no spreadsheet runs as a formula: text stays text."""
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
