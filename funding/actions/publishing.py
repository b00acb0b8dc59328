"""A call goes public, and what may still happen to it then: corrections of words, later days, its cancellation."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.clocks import moment_in
from funding import call_emails, readiness
from funding.models import Correction, FundingCall
from funding.permissions import can_run_calls
from members.models import User
from members.permissions import insist

Status = FundingCall.Status
# What may be said otherwise of a published call, and what may come later.
WORDS = ("aim", "text", "contact_email")
DAYS = ("deadline", "review_until", "granting_on")


def _locked(call: FundingCall, by: User) -> FundingCall:
    insist(can_run_calls(by))
    return FundingCall.objects.select_for_update().get(pk=call.pk)


@transaction.atomic
def publish(*, call: FundingCall, by: User, at: datetime | None = None) -> None:
    """Everybody can read it from now on. What applicants rely on is fixed. Refused as long as something is missing."""
    current = _locked(call, by)
    if current.status != Status.DRAFT:
        raise Refused(_("The call is published already."))
    if left := readiness.missing(current):
        raise Refused(" ".join(left))
    FundingCall.objects.filter(pk=current.pk).update(status=Status.PUBLISHED, published_at=at or timezone.now())
    record("funding.call_published", by=by, on=current)


@transaction.atomic
def correct(*, call: FundingCall, by: User, why: str, **words: str) -> list[str]:
    """Says some words of a published call otherwise, and returns which. Its page tells what stood there before."""
    current = _published(call, by)
    changed = {name: text for name, text in words.items() if name in WORDS and getattr(current, name) != text}
    _change(current, changed, why=why, by=by)
    return sorted(changed)


@transaction.atomic
def prolong(*, call: FundingCall, by: User, why: str, **days: datetime | date) -> list[str]:
    """Moves the deadline and what follows it to later days, and returns which. Who has an application is told."""
    current = _published(call, by)
    later = {name: day for name, day in days.items() if name in DAYS and getattr(current, name) != day}
    if "deadline" in later and current.deadline < timezone.now():
        raise Refused(_("The deadline has passed. Reviews rely on it."))
    for name, day in later.items():
        before = getattr(current, name)
        if before is not None and (day is None or day < before):
            raise Refused(_("Days only move to later ones: people rely on them."))
    before = current.deadline
    _change(current, later, why=why, by=by)
    _insist_on_order(current)
    if "deadline" in later:
        call_emails.send_prolonged(call=current, before=before, why=why)
    return sorted(later)


def _insist_on_order(call: FundingCall) -> None:
    if call.review_until and call.review_until <= call.deadline:
        raise Refused(_("Reviews would end before the deadline. Move both."))
    last = (call.review_until or call.deadline).astimezone(call.zone).date()
    if call.granting_on <= last:
        raise Refused(_("The day of granting would come before the end of the reviews. Move it, too."))


def _published(call: FundingCall, by: User) -> FundingCall:
    current = _locked(call, by)
    if current.status == Status.DRAFT:
        raise Refused(_("The call is not published yet. Change it on its own pages."))
    if current.status != Status.PUBLISHED:
        words = {"state": current.get_status_display().lower()}
        raise Refused(_("The call is past that (%(state)s). It stays as it is.") % words)
    return current


def _change(call: FundingCall, changed: Mapping[str, object], *, why: str, by: User) -> None:
    if not changed:
        return
    for name, value in changed.items():
        before = in_words(call, name)
        setattr(call, name, value)
        Correction.objects.create(call=call, of=name, before=before, after=in_words(call, name), why=why, by=by)
    call.save(update_fields=list(changed))
    record("funding.call_corrected", by=by, on=call, fields=sorted(changed), why=why)


def in_words(call: FundingCall, name: str) -> str:
    """A field as its page shows it."""
    value = getattr(call, name)
    if isinstance(value, datetime):
        return moment_in(value, call.time_zone)
    return date_format(value, "j F Y") if isinstance(value, date) else str(value or "")


@transaction.atomic
def cancel(*, call: FundingCall, by: User, why: str) -> None:
    """The call does not take place; who has an application is told, in these words. Before anything is decided."""
    current = _locked(call, by)
    if current.status != Status.PUBLISHED:
        words = {"state": current.get_status_display().lower()}
        raise Refused(_("Only a published call can be cancelled. It is: %(state)s.") % words)
    FundingCall.objects.filter(pk=current.pk).update(status=Status.CANCELLED, why_cancelled=why)
    Correction.objects.create(call=current, of=Correction.Of.CANCELLED, after=why, by=by)
    record("funding.call_cancelled", by=by, on=current, why=why)
    current.refresh_from_db()
    call_emails.send_cancelled(call=current)
