"""Rows as a file that spreadsheets open."""

import io
from collections.abc import Iterable, Iterator

from defusedcsv import csv
from django.http import StreamingHttpResponse


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV as spreadsheets open it, without cells that they would run as formulas; row by row: records may be large."""
    yield "\N{BOM}"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def csv_file(rows: Iterable[Iterable[object]], name: str) -> StreamingHttpResponse:
    """The rows as a download. `name`: of the file, without its ending."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)
