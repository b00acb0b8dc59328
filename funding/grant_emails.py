"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from core import mail
from funding.models import Declaration, GrantReport
from members.emails import letterhead
from members.models import Membership, Organisation, User


def send_report_due(*, report: GrantReport, stage: str) -> None:
    """A report is due in a month, in a week, or is late: once for each stage of each day."""
    key = f"grant-report:{report.pk}:{report.due_on}:{stage}"
    _to_beneficiary(report, "report_due", kind="grant-report-reminder", key=key, is_late=stage == "late")


def send_report_returned(*, report: GrantReport) -> None:
    """The cluster team has questions about a report."""
    _to_beneficiary(report, "report_returned", kind="grant-report", key=f"report-returned:{_moment(report)}")


def send_report_accepted(*, report: GrantReport) -> None:
    """The report is accepted."""
    _to_beneficiary(report, "report_accepted", kind="grant-report", key=f"report-accepted:{report.pk}")


def send_report_handed_in(*, report: GrantReport) -> None:
    """A report waits to be read by the cluster team."""
    managers = User.objects.filter(
        is_active=True, memberships__organisation__is_home=True, memberships__role=Membership.Role.MANAGER
    )
    context = _context(report) | {"url": mail.absolute(report.get_absolute_url())}
    for address in managers.values_list("email", flat=True):
        key = f"report-handed-in:{_moment(report)}:{address}"
        mail.queue(to=address, kind="grant-report", key=key, template="report_handed_in", context=context)


def send_declaration_taken_over(*, declaration: Declaration, new: int) -> None:
    """What was declared stands on the ledger."""
    _to_declarant(declaration, "declaration_taken_over", page="statement", new=new, lines=declaration.rows.count())


def send_declaration_returned(*, declaration: Declaration) -> None:
    """The cluster team has a question about a declaration: once for each time that it was handed in."""
    _to_declarant(declaration, "declaration_returned", page="declaration")


def _to_declarant(declaration: Declaration, template: str, *, page: str, **more: object) -> None:
    organisation = declaration.organisation
    url = mail.absolute(reverse(f"funding:{page}", args=[organisation.slug]))
    context = letterhead() | {"declaration": declaration, "organisation": organisation, "url": url} | more
    for address in _people(organisation):
        key = f"{template}:{declaration.pk}:{declaration.handed_in_at:%Y%m%d%H%M%S%f}:{address}"
        mail.queue(to=address, kind="aid-declaration", key=key, template=template, context=context)


def _to_beneficiary(report: GrantReport, template: str, *, kind: str, key: str, **more: object) -> None:
    """To those who answer for the beneficiary; to the contact person of the application when nobody has an account."""
    grant = report.grant
    own = _people(grant.organisation)
    url = mail.absolute(report.get_absolute_url()) if own else ""
    contact = grant.award.partner.email
    for address in own or ([contact] if contact else []):
        context = _context(report) | {"url": url} | more
        mail.queue(to=address, kind=kind, key=f"{key}:{address}", template=template, context=context)


def _people(organisation: Organisation) -> list[str]:
    rows = organisation.memberships.filter(role__in=[Membership.Role.OWNER, Membership.Role.EDITOR])
    return list(rows.filter(user__is_active=True).order_by("pk").values_list("user__email", flat=True))


def _context(report: GrantReport) -> dict[str, object]:
    grant = report.grant
    today: date = timezone.localdate()
    return letterhead() | {
        "report": report,
        "grant": grant,
        "organisation": grant.organisation,
        "project": grant.title,
        "days": (report.due_on - today).days,
        "contact": grant.award.partner.application.call.contact_email,
    }


def _moment(report: GrantReport) -> str:
    """Each time that it was handed in is another time."""
    return f"{report.pk}:{report.handed_in_at:%Y%m%d%H%M%S%f}" if report.handed_in_at else str(report.pk)
