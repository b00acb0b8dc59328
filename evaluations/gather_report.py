"""What a report says, gathered once from what is published."""

from django.utils.translation import gettext as _

from core import VERSION
from evaluations.models import Report
from evaluations.reports.content import Content


def content(report: Report) -> Content:
    """Everything that the report says, as plain data."""
    return {
        "kind": report.kind,
        "language": "en",
        "title": report.title,
        "subtitle": "",
        "cluster": "",
        "kicker": report.get_kind_display(),
        "footer": VERSION,
        "cut_off": {"year": report.cut_off.year, "month": report.cut_off.month, "day": report.cut_off.day},
        "words": {"contents": _("Contents")},
        "opening": [],
        "sections": [],
    }


def versions(report: Report) -> dict[str, str]:
    """Of the method and the questionnaire."""
    return {}
