"""Until when an applicant may appeal: by the days of the call's zone."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from core.clocks import moment_in
from funding.models import Decision


def appeal_ends(decision: Decision, told_at: datetime | None = None) -> datetime:
    """The first moment that is too late: the end of the last day, counted from the day on which it was told."""
    call = decision.application.call
    told_on = (told_at or decision.told_at).astimezone(call.zone).date()
    return datetime.combine(told_on + timedelta(days=call.appeal_days + 1), time(), tzinfo=call.zone)


def appeal_until(decision: Decision, told_at: datetime | None = None) -> str:
    """The last minute in words, with its zone."""
    call = decision.application.call
    return moment_in(appeal_ends(decision, told_at) - timedelta(seconds=1), call.time_zone)


def is_open(decision: Decision, at: datetime | None = None) -> bool:
    """Whether an appeal filed now, or at a moment, is in time."""
    return decision.told_at is not None and (at or timezone.now()) < appeal_ends(decision)
