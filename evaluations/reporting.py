"""A report from its order to its pages: queued, gathered from what is published, typeset, kept as it was that day."""

import hashlib

import typst
from celery import current_app
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import runs
from core.actions import Refused, record
from core.typesetting import NotTypeset
from evaluations.gathering import report as gathering
from evaluations.models import Report
from evaluations.permissions import can_run_waves
from evaluations.reports.content import digest
from evaluations.reports.typesetting import typeset_apart
from members.models import User
from members.permissions import insist

GATHERED, TYPESET = 1, 2
CHOICES = ("kind", "title", "audience", "wave", "cut_off", "quotes")


@transaction.atomic
def start(*, by: User, **choices: object) -> Report:
    """Queues a report. `choices`: kind, title, audience, wave (or None), cut_off, quotes (ids)."""
    insist(can_run_waves(by))
    wave = choices["wave"]
    if wave is not None and wave.status != wave.Status.CLOSED:
        raise Refused(_("This wave is not closed. Figures are shown when no answer can come any more."))
    report = Report.objects.create(**choices, year=choices["cut_off"].year, total=TYPESET, started_by=by)
    record("evaluations.report_started", by=by, on=report, kind=report.kind, audience=report.audience)
    transaction.on_commit(lambda: current_app.send_task("evaluations.make_report", [report.pk]))
    return report


def make_again(*, report: Report, by: User) -> Report:
    """The same report once more, from the same choices. What was published up to its cut-off has not changed since."""
    return start(by=by, **{name: getattr(report, name) for name in CHOICES})


def execute(report_id: int) -> None:
    """Makes a queued report, for the worker; what a killed one has begun is done again from the start."""
    runs.execute(Report, report_id, _make)


def _make(report: Report) -> None:
    content = gathering.content(report)
    runs.checkpoint(report, done=GATHERED, content=content)
    try:
        pdf = typeset_apart(content)
    except NotTypeset as fault:
        raise runs.RunFailed(_("The PDF could not be made. %(why)s") % {"why": fault}) from fault
    if report.pdf:
        report.pdf.delete(save=False)
    report.pdf.save(f"report-{report.pk}.pdf", ContentFile(pdf), save=False)
    runs.checkpoint(report, done=TYPESET, pdf=report.pdf.name, versions=_versions(report, pdf))


def _versions(report: Report, pdf: bytes) -> dict[str, str]:
    return {
        **gathering.versions(report),
        "typst": typst.__version__,
        "content": digest(report.content),
        "pdf": hashlib.sha256(pdf).hexdigest(),
    }


def same_as(report: Report) -> Report | None:
    """The first earlier report that says the same to the last byte, if there is one."""
    mark = report.versions.get("pdf")
    earlier = Report.objects.filter(status=Report.Status.DONE, pk__lt=report.pk, versions__pdf=mark)
    return earlier.order_by("pk").first() if mark else None
