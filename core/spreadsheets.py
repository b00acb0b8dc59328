"""Rows as a file that spreadsheets open."""

import io
from collections.abc import Iterable, Iterator

from defusedcsv import csv


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV as spreadsheets open it, without cells that they would run as formulas; row by row: records may be large."""
    yield "\N{BOM}"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()
