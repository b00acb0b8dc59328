"""The report that stands on the public pages: read as it was made, and nothing in it is worked out again."""

from typing import Any

from brand.models import ClusterPage
from evaluations.models import Report
from evaluations.reading import reports
from evaluations.reports.content import Content, Part, Section

# The sections whose first chart with anything to show is a headline, the most wanted first.
HEADLINES, MOST = ("boosters", "results", "outcomes", "findings"), 2


def standing() -> Report | None:
    """What is not for the public stands nowhere, even if a row says otherwise."""
    chosen = ClusterPage.objects.values("report")[:1]
    return Report.objects.for_everybody().filter(pk=chosen).first()


def in_short(report: Report) -> dict[str, Any]:
    """Its large figures and its first charts."""
    content: Content = report.content
    figures = [part for part in content["opening"] if part["kind"] == "figures"]
    by_id = {section["id"]: section for section in content["sections"]}
    charts = [chart for name in HEADLINES if name in by_id for chart in _first_chart(by_id[name])]
    shown = reports.drawn(content | {"opening": figures, "sections": [_only(charts[:MOST])]})
    parts = [*shown["opening"], *shown["sections"][0]["parts"]]
    return {"report": report, "language": content["language"], "parts": parts}


def _first_chart(section: Section) -> list[Part]:
    charts = [part for part in section["parts"] if part["kind"] == "bars"]
    return [part for part in charts if not all(row["hidden"] for row in part["rows"])][:1]


def _only(parts: list[Part]) -> Section:
    return {"id": "", "title": "", "parts": parts}
