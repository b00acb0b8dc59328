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
    """A partner's part, held with its application, if it takes part and may still change its own part."""
    current = answerable_part(partner)
    if current.status == Partner.Status.DECLINED:
        raise Refused(_("You do not take part any more. Ask %(lead)s to invite you again.") % _lead_of(current))
    return current


def answerable_part(partner: Partner) -> Partner:
    """The same, also for whoever has said no: it can say so again."""
    application = held(partner.application)
    rows = Partner.objects.select_for_update(no_key=True, of=["self"]).select_related("funder")
    current = rows.filter(pk=partner.pk).first()
    if current is None:
        told = _("You are not in the consortium any more. Ask %(lead)s to invite you again.")
        raise Refused(told % {"lead": application.lead})
    current.application = application
    if not application.call.takes_applications:
        raise TooLate(_("The deadline has passed. Nothing was changed."))
    if application.status == Application.Status.SUBMITTED:
        told = _("The application is handed in. Ask %(lead)s to open it again if something has to change.")
        raise Refused(told % _lead_of(current))
    if application.status == Application.Status.WITHDRAWN:
        raise Refused(_("The application was withdrawn."))
    return current


def _lead_of(partner: Partner) -> dict[str, object]:
    return {"lead": partner.application.lead}
