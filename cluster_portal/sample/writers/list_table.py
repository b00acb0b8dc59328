"""A list that a colleague kept in a table, of any kind: commas, ISO dates, UTF-8."""

import csv
from datetime import date
from io import StringIO
from typing import Any

from cluster_portal.sample.writers import working_day
from core import codelists

COLUMNS = (
    "Reference",
    "Kind",
    "Title",
    "Summary",
    "Organisation",
    "Country",
    "Keywords",
    "Published",
    "Deadline",
    "Start date",
)


def write(records: list[dict[str, Any]], *, today: date) -> bytes:
    """All lines of the list, in the order in which they were noted."""
    table = StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    rows.writerows(_row(number, record, today) for number, record in enumerate(records, start=1))
    return table.getvalue().encode()


def _row(number: int, record: dict[str, Any], today: date) -> list[str]:
    last = f"{working_day(today, record['open_for'] - record['published_ago']):%Y-%m-%d}"
    return [
        f"{record['via'].partition('.')[0]}-{number:03d}",
        record["kind"],
        record["title"],
        record["summary"],
        record["organisation"],
        codelists.countries()[record["country"]],
        record["keywords"],
        f"{working_day(today, -record['published_ago']):%Y-%m-%d}",
        "" if record["kind"] == "Event" else last,
        last if record["kind"] == "Event" else "",
    ]
