"""Reports that are due: a mail a month before, a week before, and when a report is late; each once."""

from datetime import timedelta

from django.utils import timezone

from funding import grant_emails as emails
from funding.models import GrantReport

MONTH, WEEK = 30, 7
# What is late for longer is a matter for the cluster team, not for a mail.
LATE_WITHIN = timedelta(days=30)


def remind() -> None:
    """Writes to those who owe a report. Twice is once, and a day that was missed is made up for."""
    today = timezone.localdate()
    owed = GrantReport.objects.owed().filter(due_on__gte=today - LATE_WITHIN, due_on__lte=today + timedelta(days=MONTH))
    rows = owed.select_related(
        "grant__award__funder", "grant__award__partner__application__call", "grant__organisation"
    )
    for report in rows.order_by("pk"):
        days = (report.due_on - today).days
        stage = "late" if days < 0 else "week" if days <= WEEK else "month"
        emails.send_report_due(report=report, stage=stage)
