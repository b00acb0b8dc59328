"""Appeals: filed once and in time by the server's clock, acknowledged, answered."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import decision_emails
from funding.actions.announcing import send_letter
from funding.actions.decisions import insist_on_a_place, insist_on_handed_in, write
from funding.actions.reserve import held_decision
from funding.models import Appeal, Decision, LetterTemplate
from funding.permissions import can_appeal, can_decide, can_run_calls
from funding.windows import appeal_until, is_open
from members.models import User
from members.permissions import insist


@transaction.atomic
def file(*, decision: Decision, words: str, by: User, at: datetime | None = None) -> Appeal:
    """The lead asks to look again. The clock is read while the decision is held. Twice is once."""
    current = held_decision(decision)
    insist(can_appeal(by, current.application))
    if not words.strip():
        raise Refused(_("Write why it should be looked at again."))
    if found := Appeal.objects.filter(decision=current).first():
        return found
    if current.told_at is None:
        raise Refused(_("The decision is not made known yet."))
    now = at or timezone.now()
    if not is_open(current, now):
        raise Refused(_("Appeals were possible until %(until)s.") % {"until": appeal_until(current)})
    appeal = Appeal.objects.create(decision=current, words=words.strip(), filed_by=by, filed_at=now)
    record(
        "funding.appeal_filed", by=by, on=appeal, organisation_id=current.application.lead_id,
        application=current.application.reference, words=appeal.words,
    )  # fmt: skip
    decision_emails.send_appeal_filed(appeal=appeal)
    return appeal


@transaction.atomic
def dismiss(*, appeal: Appeal, answer: str, by: User, at: datetime | None = None) -> Appeal:
    """The decision stands; the letter says why."""
    current = _open_appeal(appeal, answer, by)
    _settle(current, Appeal.Status.DISMISSED, answer, by, at)
    send_letter(decision=current.decision, kind=LetterTemplate.Kind.DISMISSED, reasons=answer, by=by, at=at)
    return current


@transaction.atomic
def uphold(
    *,
    appeal: Appeal,
    answer: str,
    outcome: str,
    by: User,
    amounts: Mapping[int, Decimal] | None = None,
    reserve_place: int | None = None,
    at: datetime | None = None,
) -> Appeal:
    """The decision changes, within the same budgets; the letter tells the new one, with the answer as its reasons."""
    current = _open_appeal(appeal, answer, by)
    insist_on_handed_in(current.decision.application)
    insist_on_a_place(current.decision.application, outcome, reserve_place, by)
    written = write(
        application=current.decision.application, outcome=outcome, reasons=answer, amounts=amounts or {},
        reserve_place=reserve_place if outcome == Decision.Outcome.RESERVE else None, by=by, at=at,
        action="funding.decided_on_appeal",
    )  # fmt: skip
    _settle(current, Appeal.Status.UPHELD, answer, by, at)
    send_letter(decision=written, kind=written.outcome, by=by, at=at)
    return current


def _open_appeal(appeal: Appeal, answer: str, by: User) -> Appeal:
    insist(can_run_calls(by))
    decision = held_decision(appeal.decision)
    insist(can_decide(by, decision.application))
    current = Appeal.objects.get(pk=appeal.pk)
    current.decision = decision
    if current.status != Appeal.Status.FILED:
        raise Refused(_("This appeal is answered already."))
    if not answer.strip():
        raise Refused(_("Write the answer. The applicant reads it."))
    return current


def _settle(appeal: Appeal, status: str, answer: str, by: User, at: datetime | None) -> None:
    appeal.status, appeal.answer = status, answer.strip()
    appeal.answered_by, appeal.answered_at = by, at or timezone.now()
    appeal.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    application = appeal.decision.application
    record(
        f"funding.appeal_{status}", by=by, on=appeal, organisation_id=application.lead_id,
        application=application.reference, answer=appeal.answer,
    )  # fmt: skip
