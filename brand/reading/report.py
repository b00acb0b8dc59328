"""The report that stands on the public pages: read as it was made, and nothing in it is worked out again."""

from typing import Any

from brand.models import ClusterPage
from evaluations.models import Report
from evaluations.reading import reports
from evaluations.reports.content import Content, Part, Section

# The sections whose first chart with anything to show is a headline, the most wanted first.
HEADLINES, MOST = ("results", "boosters", "outcomes", "findings"), 2


def standing() -> Report | None:
    """What is not for the public stands nowhere, even if a row says otherwise."""
    chosen = ClusterPage.objects.values("report")[:1]
    return Report.objects.for_everybody().filter(pk=chosen).first()


def in_short(report: Report) -> dict[str, Any]:
    """Its large figures and its first charts."""
    content: Content = report.content
    figures = [part for part in content["opening"] if part["kind"] == "figures"]
    by_id = {section["id"]: section for section in content["sections"]}
    found = [parts for name in HEADLINES if name in by_id and (parts := _headline(by_id[name]))]
    shown = reports.drawn(content | {"opening": figures, "sections": [_only(parts) for parts in found[:MOST]]})
    parts = [*shown["opening"], *(part for section in shown["sections"] for part in section["parts"])]
    return {"report": report, "language": content["language"], "parts": parts}


def _headline(section: Section) -> list[Part]:
    """The first chart that shows anything, below the words that say from which survey it is."""
    parts = section["parts"]
    charts = [part for part in parts if part["kind"] == "bars" and not all(row["hidden"] for row in part["rows"])]
    return [*(part for part in parts[:1] if part["kind"] == "text"), *charts[:1]] if charts else []


def _only(parts: list[Part]) -> Section:
    return {"id": "", "title": "", "parts": parts}
