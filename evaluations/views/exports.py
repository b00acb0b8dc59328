"""The figures of a wave as CSV and XLSX: what pages show, nothing else."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from core.downloads import as_csv, as_xlsx
from evaluations.reading import exports
from evaluations.reading.sheet import Sheet
from evaluations.views.access import for_readers
from evaluations.views.results import sheet_of


@require_safe
@for_readers
def wave_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All tables of a wave as CSV."""
    return _csv(sheet_of(request, slug, breakdowns=True), slug)


@require_safe
@for_readers
def wave_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of a wave as a workbook."""
    return _xlsx(sheet_of(request, slug, breakdowns=True), slug)


@require_safe
@for_readers
def question_csv(request: HttpRequest, slug: str, key: str) -> StreamingHttpResponse:
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


def _csv(sheet: Sheet, name: str) -> StreamingHttpResponse:
    return as_csv(_figures(sheet), f"{name}.csv")


def _xlsx(sheet: Sheet, name: str) -> HttpResponse:
    return as_xlsx({"Figures": _figures(sheet), "About": exports.about(sheet)}, f"{name}.xlsx")


def _figures(sheet: Sheet) -> list[list[Any]]:
    return [exports.head(), *exports.rows(sheet)]
