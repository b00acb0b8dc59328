"""What people who have an application are told of the call itself."""

from collections.abc import Iterable
from datetime import datetime

from core import mail
from core.clocks import moment_in
from funding.models import Application, FundingCall
from members.emails import letterhead
from members.models import Membership, User

IN_CHARGE = (Membership.Role.OWNER, Membership.Role.EDITOR)


def _writers(call: FundingCall) -> Iterable[User]:
    """Owners and editors of those who lead an application that was not withdrawn."""
    leads = call.applications.exclude(status=Application.Status.WITHDRAWN).values("lead")
    of_leads = {"memberships__organisation__in": leads, "memberships__role__in": IN_CHARGE}
    return User.objects.filter(is_active=True, **of_leads).distinct().order_by("pk")


def _tell(call: FundingCall, template: str, key: str, **more: object) -> None:
    url = mail.absolute(call.get_absolute_url())
    for person in _writers(call):
        mail.queue(
            to=person.email,
            kind="funding-call",
            key=f"{key}:{person.pk}",
            template=template,
            context=letterhead() | {"call": call, "person": person, "url": url} | more,
        )


def send_prolonged(*, call: FundingCall, before: datetime, why: str) -> None:
    """The new deadline and the old one, once for each new one."""
    words = {"deadline": moment_in(call.deadline, call.time_zone), "before": moment_in(before, call.time_zone)}
    _tell(call, "call_prolonged", f"call-prolonged:{call.pk}:{int(call.deadline.timestamp())}", why=why, **words)


def send_cancelled(*, call: FundingCall) -> None:
    """The call does not take place, and why; once."""
    _tell(call, "call_cancelled", f"call-cancelled:{call.pk}")
