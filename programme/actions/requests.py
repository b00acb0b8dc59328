"""A member asks for a service: agreed or declined, delivered, and whether it helped."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.marks import mark_of
from members.models import Organisation, User
from members.permissions import insist
from programme import service_emails as emails
from programme.models import Service, ServiceRequest
from programme.permissions import can_ask_for, can_judge, can_run_the_programme

Status = ServiceRequest.Status
OPEN = (Status.ASKED, Status.AGREED)
MOST_HOURS = Decimal(1000)  # of one request: half a year of one person


@transaction.atomic
def ask(*, service: Service, organisation: Organisation, words: str, by: User) -> ServiceRequest:
    """A member asks for a service. Asked again while it is open, it is the same request."""
    insist(can_ask_for(by, organisation))
    if not organisation.is_member:
        raise Refused(_("Services are for members of the cluster."))
    if not Service.objects.select_for_update().get(pk=service.pk).is_offered:
        raise Refused(_("%(name)s is not offered any more.") % {"name": service})
    same = ServiceRequest.objects.filter(service=service, organisation=organisation, status__in=OPEN)
    if found := same.first():
        return found
    try:
        with transaction.atomic():
            asked = ServiceRequest.objects.create(service=service, organisation=organisation, words=words, asked_by=by)
    except IntegrityError:  # two at the same moment
        return same.get()
    record("programme.service_asked", by=by, on=asked, organisation_id=organisation.pk)
    emails.send_asked(request=asked)
    return asked


@transaction.atomic
def agree(
    *, request: ServiceRequest, agreed_hours: Decimal, due_on: date | None, answer: str, seen: str = "", by: User
) -> None:
    """Says what will be done, in how many hours and by when. It can be agreed anew until it is delivered."""
    insist(can_run_the_programme(by))
    current = _locked(request, OPEN)
    _check_hours(agreed_hours)
    if due_on and due_on < timezone.localdate():
        raise Refused(_("Choose a day that has not passed."), field="due_on")
    same = (Status.AGREED, agreed_hours, due_on, answer)
    if (current.status, current.agreed_hours, current.due_on, current.answer) == same:
        return
    _insist_on_seen(current, seen)
    _update(current, status=Status.AGREED, agreed_at=timezone.now(), agreed_hours=agreed_hours, due_on=due_on,
            answer=answer)  # fmt: skip
    record("programme.service_agreed", by=by, on=current, organisation_id=current.organisation_id)
    emails.send_agreed(request=current)


@transaction.atomic
def decline(*, request: ServiceRequest, answer: str, seen: str = "", by: User) -> None:
    """Says no, and why."""
    insist(can_run_the_programme(by))
    current = _locked(request, OPEN)
    if not answer.strip():
        raise Refused(_("Say in a sentence why."))
    _insist_on_seen(current, seen)
    _update(current, status=Status.DECLINED, answer=answer)
    record("programme.service_declined", by=by, on=current, organisation_id=current.organisation_id)
    emails.send_declined(request=current)


@transaction.atomic
def deliver(*, request: ServiceRequest, delivered_on: date, delivered_hours: Decimal, seen: str = "", by: User) -> None:
    """It is done. The member is asked whether it helped."""
    insist(can_run_the_programme(by))
    current = _locked(request, (Status.AGREED,))
    _check_hours(delivered_hours)
    if not timezone.localdate(current.asked_at) <= delivered_on <= timezone.localdate():
        raise Refused(_("Choose a day between the request and today."), field="delivered_on")
    _insist_on_seen(current, seen)
    _update(current, status=Status.DELIVERED, delivered_on=delivered_on, delivered_hours=delivered_hours)
    record("programme.service_delivered", by=by, on=current, organisation_id=current.organisation_id)
    emails.send_delivered(request=current)


def _insist_on_seen(current: ServiceRequest, seen: str) -> None:
    """The team answers what it has read: not what somebody else has answered since. Blank: nothing was looked at."""
    if seen and seen != mark_of(current):
        raise Refused(_("Somebody else has answered meanwhile. Nothing was changed: read what stands here now."))


@transaction.atomic
def withdraw(*, request: ServiceRequest, by: User) -> None:
    """The member does not need it any more. Twice is once."""
    insist(can_ask_for(by, request.organisation))
    current = _locked(request, (*OPEN, Status.WITHDRAWN))
    if current.status != Status.WITHDRAWN:
        _update(current, status=Status.WITHDRAWN)
        record("programme.service_withdrawn", by=by, on=current, organisation_id=current.organisation_id)


@transaction.atomic
def say_whether_it_helped(*, request: ServiceRequest, satisfied: int, satisfied_words: str, by: User | None) -> None:
    """From 1 to 5, and words. Said anew it is changed; the same twice is once.

    `by` is None where the signed link of the mail has proved who speaks.
    """
    if by is not None:
        insist(can_judge(by, request.organisation))
    current = _locked(request, (Status.DELIVERED,))
    if not 1 <= satisfied <= 5:
        raise Refused(_("Choose a number from 1 to 5."))
    if (current.satisfied, current.satisfied_words) == (satisfied, satisfied_words):
        return
    _update(current, satisfied=satisfied, satisfied_words=satisfied_words, satisfied_on=timezone.localdate())
    record("programme.service_judged", by=by, on=current, organisation_id=current.organisation_id, satisfied=satisfied)


def _locked(request: ServiceRequest, expected: tuple[str, ...]) -> ServiceRequest:
    """The request as it is now, held until the end. Refused when somebody has moved it on since the page was opened."""
    rows = ServiceRequest.objects.select_for_update(of=["self"]).select_related("service", "organisation", "asked_by")
    current = rows.get(pk=request.pk)
    if current.status not in expected:
        words = {"state": current.get_status_display().lower()}
        raise Refused(_("This request has moved on: it is %(state)s now.") % words)
    return current


def _check_hours(hours: Decimal) -> None:
    if not 0 <= hours <= MOST_HOURS:
        raise Refused(_("Write hours from 0 to %(most)s.") % {"most": f"{MOST_HOURS:,}"})


def _update(request: ServiceRequest, **values: object) -> None:
    for name, value in values.items():
        setattr(request, name, value)
    request.save(update_fields=list(values))
