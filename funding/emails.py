"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from core import mail
from core.clocks import moment_in, second_in
from funding import links
from funding.models import Application, Partner, Submission
from members.emails import letterhead
from members.models import Membership, User

IN_CHARGE = (Membership.Role.OWNER, Membership.Role.EDITOR)


def _to_partner(partner: Partner, template: str, *, key: str, **more: object) -> None:
    """A mail to a partner about its part, with the link that opens it."""
    application = partner.application
    context = letterhead() | {
        "partner": partner,
        "application": application,
        "call": application.call,
        "deadline": moment_in(application.call.deadline, application.call.time_zone),
        "url": links.url_of(partner),
    }
    mail.queue(to=partner.email, kind="applications", key=key, template=template, context=context | more)


def send_partner_invitation(*, partner: Partner) -> None:
    """What it is asked for and the link, once for each version of the link."""
    _to_partner(partner, "partner_invitation", key=f"partner-invitation:{partner.pk}:{partner.link_version}")


def send_new_link(*, partner: Partner) -> None:
    """The newest link to the address on record: at most once an hour, however often somebody asks."""
    hour = timezone.now().strftime("%Y%m%d%H")
    _to_partner(partner, "partner_link", key=f"partner-link:{partner.pk}:{partner.link_version}:{hour}")


def send_part_changed(*, partner: Partner, what: Sequence[str]) -> None:
    """The lead has changed what the partner had confirmed; once for each confirmation."""
    moment = int((partner.answered_at or timezone.now()).timestamp())
    _to_partner(partner, "partner_changed", key=f"partner-changed:{partner.pk}:{moment}", what=what)


def send_removed(*, partner: Partner) -> None:
    """The lead goes on without this partner."""
    _to_partner(partner, "partner_removed", key=f"partner-removed:{partner.pk}")


def send_withdrawn(*, partner: Partner, why: str) -> None:
    """The lead has withdrawn the application."""
    _to_partner(partner, "application_withdrawn", key=f"application-withdrawn:{partner.pk}", why=why)


def people_of(application: Application) -> Iterable[User]:
    """Those who write the application: owners and editors of the lead."""
    return User.objects.filter(
        memberships__organisation=application.lead_id, memberships__role__in=IN_CHARGE, is_active=True
    ).distinct()


def _to_lead(application: Application, template: str, *, key: str, page: str = "application", **more: object) -> None:
    context = letterhead() | {
        "application": application,
        "call": application.call,
        "deadline": moment_in(application.call.deadline, application.call.time_zone),
        "url": mail.absolute(reverse(f"funding:{page}", args=[application.reference])),
    }
    for user in people_of(application):
        mail.queue(
            to=user.email, kind="applications", key=f"{key}:{user.pk}", template=template, context=context | more
        )


def send_partner_answered(*, partner: Partner) -> None:
    """A partner has confirmed or declined."""
    moment = int((partner.answered_at or timezone.now()).timestamp())
    key = f"partner-answered:{partner.pk}:{partner.status}:{moment}"
    _to_lead(partner.application, "partner_answered", key=key, page="consortium", partner=partner)


def send_receipt(*, submission: Submission) -> None:
    """What was handed in and when, with the hash that proves it."""
    application = submission.application
    _to_lead(
        application,
        "application_receipt",
        key=f"application-receipt:{submission.pk}",
        page="receipt",
        submission=submission,
        at=second_in(submission.at, application.call.time_zone),
    )


def send_reminder(*, application: Application, days: int) -> None:
    """It is not handed in yet; once for so many days before a deadline."""
    deadline: datetime = application.call.deadline
    key = f"application-reminder:{application.pk}:{days}:{deadline.isoformat()}"
    _to_lead(application, "application_reminder", key=key, page="check", days=days)


def send_missed(*, application: Application) -> None:
    """The deadline has passed over a draft; once for each deadline."""
    key = f"application-missed:{application.pk}:{application.call.deadline.isoformat()}"
    _to_lead(application, "application_missed", key=key)
