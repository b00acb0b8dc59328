"""An application from its first tap to its end: started, opened again, withdrawn."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import checking, emails
from funding.actions.locks import held, held_call
from funding.models import Application, FundingCall, Partner
from funding.permissions import can_apply_for
from members.models import Organisation, User
from members.permissions import insist
from opportunities.models import Opportunity

Status = Application.Status


@transaction.atomic
def start(
    *, call: FundingCall, organisation: Organisation, by: User, topic: Opportunity | None = None,
    at: datetime | None = None,
) -> Application:  # fmt: skip
    """A draft that the organisation leads, with its own part in it. Twice is once while it is bare."""
    insist(can_apply_for(by, organisation))
    call = held_call(call)
    if not call.takes_applications:
        raise Refused(_("This call takes no applications now."))
    if not organisation.country:
        raise Refused(_("Say in the profile of %(name)s in which country it is. Then apply.") % {"name": organisation})
    mine = call.applications.filter(lead=organisation, status=Status.DRAFT, title="", revisions=None, topic=topic)
    if bare := mine.first():
        return bare
    _insist_on_one(call, organisation)
    now = at or timezone.now()
    number = (call.applications.aggregate(Max("number"))["number__max"] or 0) + 1
    application = Application.objects.create(
        call=call, number=number, lead=organisation, topic=topic, created_by=by, created_at=now, changed_at=now
    )
    _own_part(application, by, now)
    record("funding.application_started", by=by, on=application, organisation_id=organisation.pk, call=call.code)
    return application


def _insist_on_one(call: FundingCall, organisation: Organisation) -> None:
    led = call.applications.filter(lead=organisation).exclude(status=Status.WITHDRAWN)
    if call.one_consortium_only and (other := led.select_related("call").first()):
        told = _("%(name)s has an application already: %(other)s. The call allows each organisation one.")
        raise Refused(told % {"name": organisation, "other": other})


def _own_part(application: Application, by: User, now: datetime) -> None:
    lead = application.lead
    part = Partner(
        application=application, organisation=lead, is_lead=True, name=lead.name, kind=lead.kind, country=lead.country,
        region=lead.nuts, person=by.name, email=by.email, status=Partner.Status.CONFIRMED, answered_at=now,
        answered_by=str(by),
    )  # fmt: skip
    part.funder = checking.only_funder(part)
    part.save()


@transaction.atomic
def amend(*, application: Application, by: User) -> None:
    """Opens it again before the deadline. What was handed in counts until the amended one is handed in."""
    insist(can_apply_for(by, application.lead))
    call = held_call(application.call)
    current = held(application)
    if not call.takes_applications:
        raise Refused(_("The deadline has passed. What was handed in before it counts."))
    if current.status == Status.AMENDING:
        return
    if current.status != Status.SUBMITTED:
        raise Refused(_("Only what was handed in can be amended."))
    Application.objects.filter(pk=current.pk).update(status=Status.AMENDING, changed_at=timezone.now())
    record("funding.application_amended", by=by, on=current, organisation_id=current.lead_id)


@transaction.atomic
def withdraw(*, application: Application, why: str, by: User) -> None:
    """Takes it back, with a reason. Those who confirmed their part are told. Twice is once."""
    insist(can_apply_for(by, application.lead))
    call = held_call(application.call)
    current = held(application)
    if current.status == Status.WITHDRAWN:
        return
    if call.phase not in {FundingCall.Phase.OPEN, FundingCall.Phase.REVIEW}:
        raise Refused(_("The call is decided. Write to the cluster team."))
    now = timezone.now()
    Application.objects.filter(pk=current.pk).update(
        status=Status.WITHDRAWN, withdrawn_at=now, why_withdrawn=why, changed_at=now
    )
    record("funding.application_withdrawn", by=by, on=current, organisation_id=current.lead_id, why=why)
    invited = [Partner.Status.INVITED, Partner.Status.CONFIRMED]
    for partner in current.partners.filter(status__in=invited, is_lead=False).exclude(email=""):
        emails.send_withdrawn(partner=partner, why=why)
