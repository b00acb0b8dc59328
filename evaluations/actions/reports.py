"""Sharing a report with people who have no account."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from evaluations.models import Report, ReportLink
from evaluations.models.publications import Audience
from evaluations.permissions import can_run_waves
from members.models import User
from members.permissions import insist


@transaction.atomic
def share(*, report: Report, label: str, expires_at: datetime, by: User) -> ReportLink:
    """Makes a link that opens the report until a day. Only what was made for the public is shared."""
    insist(can_run_waves(by))
    if report.audience != Audience.PUBLIC:
        raise Refused(_("This report is for in-house readers. Make it once more for the public, and share that one."))
    if report.status != Report.Status.DONE:
        raise Refused(_("This report is not made yet. Share it when it is done."))
    if expires_at <= timezone.now():
        raise Refused(_("This day is over. Choose a later one."))
    link = ReportLink.objects.create(
        report=report, label=label, key=secrets.token_urlsafe(24), expires_at=expires_at, created_by=by
    )
    record("evaluations.report_shared", by=by, on=report, link=link.pk, label=label, until=expires_at)
    return link


@transaction.atomic
def withdraw(*, link: ReportLink, by: User) -> None:
    """The link opens nothing from now on. Twice is once."""
    insist(can_run_waves(by))
    if ReportLink.objects.filter(pk=link.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        record("evaluations.report_link_withdrawn", by=by, on=link.report, link=link.pk, label=link.label)
