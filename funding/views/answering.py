"""How pages of grants answer: an act is done or its refusal is said, and files are handed out."""

import io
from collections.abc import Callable, Iterable

from defusedcsv import csv
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.actions import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Does it and says so; or says why not."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return False
    messages.success(request, done)
    return True


def fits(form: forms.BaseForm, act: Callable[[dict], object]) -> bool:
    """Whether a form was understood and its act done; otherwise the form says why, and keeps what was typed."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def csv_file(lines: Iterable[Iterable[object]], name: str) -> HttpResponse:
    """Lines for a spreadsheet: UTF-8 with its mark, nothing that runs as a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([_stripped(each) for each in line] for line in lines)
    return file("\N{BOM}" + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def _stripped(value: object) -> object:
    """A tab in front would hide a formula from the guard of the writer."""
    return value.strip() if isinstance(value, str) else value


def xlsx_file(lines: Iterable[Iterable[object]], name: str, title: str) -> HttpResponse:
    """Lines as a workbook; text stays text."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title)
    for line in lines:
        page.append([_cell(page, each) for each in line])
    data = io.BytesIO()
    book.save(data)
    return file(data.getvalue(), XLSX, f"{name}.xlsx")


def _cell(page: object, value: object) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    """A download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def file_name(*words: object) -> str:
    """A name that any system takes."""
    return slugify("-".join(str(each) for each in words))
