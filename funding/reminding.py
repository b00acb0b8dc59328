"""Mails that are due by the clock: before a deadline to those who have not handed in, and after it."""

from datetime import timedelta

from django.utils import timezone

from funding import emails
from funding.models import Application, FundingCall

DAYS_BEFORE = (1, 7)  # the nearest first: who starts on the last day is reminded once
TOLD_WITHIN = timedelta(days=2)
# A partner that has just been asked needs no reminder of it.
ASKED_BEFORE = timedelta(days=1)
WRITING = (Application.Status.DRAFT, Application.Status.AMENDING)


def remind_due() -> None:
    """Seven days and one day before the deadline, once each: who writes, and the partners who have not confirmed."""
    now = timezone.now()
    soon = FundingCall.objects.open().filter(deadline__lte=now + timedelta(days=max(DAYS_BEFORE)))
    for application in _written(soon):
        left = application.call.deadline - now
        days = next(days for days in DAYS_BEFORE if left <= timedelta(days=days))
        emails.send_reminder(application=application, days=days)
        for partner in application.partners.not_confirmed().asked_before(now - ASKED_BEFORE):
            partner.application = application
            emails.send_partner_reminder(partner=partner, days=days)


def tell_missed() -> None:
    """What is still a draft when the deadline has passed, once."""
    now = timezone.now()
    passed = FundingCall.objects.filter(status="published", deadline__lt=now, deadline__gt=now - TOLD_WITHIN)
    for application in _written(passed):
        emails.send_missed(application=application)


def _written(calls: object) -> object:
    return Application.objects.filter(call__in=calls, status__in=WRITING).select_related("call", "lead").order_by("pk")
