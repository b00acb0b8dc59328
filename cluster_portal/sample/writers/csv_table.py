"""Partnering requests as a colleague types them into a spreadsheet: semicolons, local dates, cp1252."""

import csv
from datetime import date
from io import StringIO
from typing import Any

from cluster_portal.sample.writers import paragraphs, working_day
from cluster_portal.sample.writers.een_pod import TYPES, code_and_label, published, reference
from core import codelists

Record = dict[str, Any]
COLUMNS = (
    "Reference",
    "Type",
    "Country",
    "Company",
    "Title",
    "Summary",
    "Description",
    "Target countries",
    "Keywords",
    "Published",
    "Deadline",
)


def write(records: list[Record], *, today: date) -> bytes:
    """All requests in `records` as the rows of one table."""
    table = StringIO()
    rows = csv.writer(table, delimiter=";", lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(_row(record, today) for record in records)
    return table.getvalue().encode("cp1252")


def _row(record: Record, today: date) -> list[str]:
    return [
        reference(record, today),
        TYPES[record["type"]],
        codelists.countries()[record["country"]],
        record["organisation"],
        record["title"],
        record["summary"],
        "\n\n".join([*paragraphs(record["description"]), f"They look for: {record['role']}"]),
        ", ".join(codelists.countries()[code] for code in record["targets"]),
        ", ".join(code_and_label(words)[1] for words in [*record["technologies"], *record["markets"]]),
        _typed(published(record, today)),
        _typed(working_day(today, record["deadline_in"])),
    ]


def _typed(day: date) -> str:
    return f"{day:%d.%m.%Y}"
