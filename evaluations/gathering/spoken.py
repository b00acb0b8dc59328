"""What companies said in their own words and allowed to be printed."""

from django.utils.translation import gettext as _

from evaluations.models import Report
from evaluations.reports import content as c
from evaluations.reports.content import Part


def parts(report: Report, most: int | None = None) -> list[Part]:
    """The quotes that were chosen for the report. Without a name they say nothing of the company, not even a group."""
    if report.wave is None:
        return []
    chosen = report.wave.quotes.filter(pk__in=report.quotes).order_by("pk")[:most]
    quotes = [{"text": each.text, "by": each.company or _("A company that answered")} for each in chosen]
    return [c.quotes(quotes)] if quotes else []
