"""Rows of an application, held until the end: the call first, then the application, then the partner."""

from django.utils.translation import gettext as _

from core.actions import Refused
from funding.models import Application, FundingCall, Partner
from funding.permissions import can_apply_for, can_write
from members.models import User
from members.permissions import insist


class TooLate(Refused):
    """The call takes nothing any more."""


def held_call(call: FundingCall) -> FundingCall:
    """The call as it is now: whoever moves its deadline waits for us, or came first."""
    return FundingCall.objects.select_for_update(no_key=True).get(pk=call.pk)


def held(application: Application) -> Application:
    """The application as it is now, with its call."""
    rows = Application.objects.select_for_update(no_key=True, of=["self"])
    return rows.select_related("call", "lead").get(pk=application.pk)


def writable(application: Application, *, by: User) -> Application:
    """The same, if the person may write it and its state lets it be written."""
    insist(can_apply_for(by, application.lead))
    current = held(application)
    if not (may := can_write(by, current)):
        raise (Refused if current.call.takes_applications else TooLate)(str(may.reason))
    return current


def open_part(partner: Partner) -> Partner:
    """A partner's part, held with its application, if it may still change its own part."""
    application = held(partner.application)
    current = Partner.objects.select_for_update(no_key=True, of=["self"]).select_related("funder").get(pk=partner.pk)
    current.application = application
    if not application.call.takes_applications:
        raise TooLate(_("The deadline has passed. Nothing was changed."))
    if application.status == Application.Status.SUBMITTED:
        told = _("The application is handed in. Ask %(lead)s to open it again if something has to change.")
        raise Refused(told % {"lead": application.lead})
    if application.status == Application.Status.WITHDRAWN:
        raise Refused(_("The application was withdrawn."))
    return current
