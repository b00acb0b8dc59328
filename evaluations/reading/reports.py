"""What the pages of reports show."""

from datetime import date

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from evaluations import report_links
from evaluations.models import Report


def title(today: date) -> str:
    """What a report of the year that is reported on is usually called."""
    year = today.year if today.month > 9 else today.year - 1
    return _("Working across borders in %(year)s") % {"year": year}


def step(report: Report) -> str:
    """What is being done now, in words."""
    return _("Setting the pages") if report.done else _("Gathering the figures")


def file_name(report: Report) -> str:
    """What the PDF is called where it is saved."""
    return f"{slugify(report.title) or 'report'}-{report.cut_off:%Y-%m-%d}.pdf"


def drawn(content: dict) -> dict:
    """The content with its bars measured for the page: hundredths of the width, written with a point."""
    return content | {
        "opening": [_drawn(part) for part in content["opening"]],
        "sections": [each | {"parts": [_drawn(part) for part in each["parts"]]} for each in content["sections"]],
    }


def _drawn(part: dict) -> dict:
    if part["kind"] == "bars":
        return part | {"rows": [row | {"drawn": _bar(row)} for row in part["rows"]]}
    if part["kind"] == "table":
        return part | {
            "heads": [{"label": label, "numeric": part["numeric"][at]} for at, label in enumerate(part["columns"])],
            "lines": [[_cell(part, at, value) for at, value in enumerate(row)] for row in part["rows"]],
        }
    return part


def _cell(part: dict, at: int, value: str) -> dict:
    return {"label": part["columns"][at], "value": value, "numeric": part["numeric"][at]}


def _bar(row: dict) -> dict:
    found = {"width": "", "interval": "", "mark": ""}
    if row["share"] is not None:
        found["width"] = f"{row['share']:.2%}"[:-1]
    if row["low"] is not None:
        low, high = f"{row['low']:.2%}"[:-1], f"{row['high']:.2%}"[:-1]
        found["interval"] = f"M{low} 5H{high}M{low} 3.5V6.5M{high} 3.5V6.5"
    if row["benchmark"] is not None:
        found["mark"] = f"M{row['benchmark']:.2%}"[:-1] + " 0V10"
    return found


def links(report: Report) -> list[dict[str, object]]:
    """A report's links, the newest first, each with its state in words."""
    return [
        {
            "link": link,
            "url": report_links.url_of(link),
            "open": not link.withdrawn_at and link.expires_at > timezone.now(),
        }
        for link in report.links.select_related("created_by").order_by("-pk")
    ]
