"""What happens to a grant: its agreement, milestones, reports and payments, and an early end."""

from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.templatetags.portal import money
from funding import grant_emails as emails
from funding.actions import aid
from funding.aid import in_words
from funding.models import Grant, GrantReport, Milestone, Payment
from funding.permissions import can_decide, can_report
from members.actions.undertakings import undertaking_of
from members.models import User
from members.permissions import insist

# A report that names more than so many times its grant has a slip of the keyboard in it.
MOST_TIMES_SPENT = 20
Status = GrantReport.Status


def _held(grant: Grant, by: User) -> Grant:
    """The grant as it is now, held until the end of the transaction; for the team, but nobody whom it binds."""
    insist(can_decide(by, grant.award.decision.application))
    rows = Grant.objects.select_related("award__funder", "award__partner", "organisation")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=grant.pk)


def _held_open(grant: Grant, by: User) -> Grant:
    current = _held(grant, by)
    if not current.is_open:
        raise Refused(_("This grant has ended. Nothing more is planned for it."))
    return current


def _insist_on_a_day_of(grant: Grant, day: date) -> None:
    """Nothing is due or paid before the grant is there: a slip in the year would make it late at once."""
    if day < grant.granted_on:
        raise Refused(_("This day is before the day of granting, %(day)s.") % {"day": in_words(grant.granted_on)})


def _note(action: str, by: User | None, on: Grant | Milestone | GrantReport | Payment, **details: object) -> None:
    grant = on if isinstance(on, Grant) else on.grant
    record(f"funding.{action}", by=by, on=on, organisation_id=grant.organisation_id, **details)


# The agreement and milestones


@transaction.atomic
def agree(
    *,
    grant: Grant,
    agreement_number: str,
    signed_on: date | None,
    starts_on: date | None,
    ends_on: date | None,
    by: User,
) -> Grant:
    """Keeps the data of the grant agreement. Once it is signed, and its time is known, the grant is running."""
    current = _held_open(grant, by)
    if signed_on and signed_on > timezone.localdate():
        raise Refused(_("The day of signing is in the future. Fill it in once it is signed."))
    if signed_on and signed_on < current.granted_on:
        raise Refused(_("The day of signing is before the day of granting."))
    if starts_on and ends_on and starts_on >= ends_on:
        raise Refused(_("The end is not after the start."))
    if current.status == Grant.Status.RUNNING and not (signed_on and starts_on and ends_on):
        raise Refused(_("The grant is running: it needs the day of signing, the start and the end."))
    facts = {"agreement_number": agreement_number, "signed_on": signed_on, "starts_on": starts_on, "ends_on": ends_on}
    if signed_on and starts_on and ends_on:
        facts["status"] = Grant.Status.RUNNING
    changed = sorted(name for name, value in facts.items() if getattr(current, name) != value)
    if changed:
        Grant.objects.filter(pk=current.pk).update(**facts)
        _note("agreement_kept", by, current, fields=changed)
    grant.refresh_from_db()
    return grant


@transaction.atomic
def add_milestone(*, grant: Grant, name: str, due_on: date, by: User) -> Milestone:
    """Something that is to be reached by a day."""
    current = _held_open(grant, by)
    _insist_on_a_day_of(current, due_on)
    milestone = Milestone.objects.create(grant=current, name=name, due_on=due_on)
    _note("milestone_added", by, milestone, due_on=str(due_on))
    return milestone


@transaction.atomic
def reach_milestone(*, milestone: Milestone, on: date, by: User) -> None:
    """It was reached on a day. Saying so again changes the day."""
    _held_open(milestone.grant, by)
    if on > timezone.localdate():
        raise Refused(_("This day is in the future. Note it once it is reached."))
    Milestone.objects.filter(pk=milestone.pk).update(reached_on=on)
    _note("milestone_reached", by, milestone, on_day=str(on))


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User) -> None:
    """A milestone that was planned by mistake; one that was reached stays. Twice is once."""
    _held_open(milestone.grant, by)
    current = Milestone.objects.filter(pk=milestone.pk).first()
    if current is None:
        return
    if current.reached_on:
        raise Refused(_("This milestone was reached. It stays."))
    _note("milestone_removed", by, current)
    current.delete()


# Reports


@transaction.atomic
def plan_report(*, grant: Grant, kind: str, due_on: date, by: User) -> GrantReport:
    """A report that the grant owes by a day. There is one final report."""
    current = _held_open(grant, by)
    _insist_on_a_day_of(current, due_on)
    try:
        with transaction.atomic():
            report = GrantReport.objects.create(grant=current, kind=kind, due_on=due_on)
    except IntegrityError:
        raise Refused(_("There is a final report already. Move its day instead.")) from None
    _note("report_planned", by, report, kind=kind, due_on=str(due_on))
    return report


@transaction.atomic
def move_report(*, report: GrantReport, due_on: date, by: User) -> None:
    """Another day on which a report is due. Its reminders follow that day."""
    _insist_on_a_day_of(_held_open(report.grant, by), due_on)
    if not GrantReport.objects.owed().filter(pk=report.pk).update(due_on=due_on):
        raise Refused(_("This report is handed in. Its day stays."))
    _note("report_moved", by, report, due_on=str(due_on))


@transaction.atomic
def remove_report(*, report: GrantReport, by: User) -> None:
    """A report that was planned by mistake and not begun. Twice is once."""
    _held_open(report.grant, by)
    current = GrantReport.objects.filter(pk=report.pk).first()
    if current is None:
        return
    if current.status != Status.DUE or current.words or current.file:
        raise Refused(_("Somebody has written in this report. It stays."))
    _note("report_removed", by, current, due_on=str(current.due_on))
    current.delete()


@transaction.atomic
def write_report(
    *, report: GrantReport, words: str, spent_eur: Decimal | None, by: User, file: UploadedFile | None = None
) -> GrantReport:
    """Keeps what the report says so far. The file must be checked already."""
    current = _being_written(report, by)
    if spent_eur is not None and not 0 <= spent_eur <= MOST_TIMES_SPENT * current.grant.award.amount_eur:
        words_of = {"award": money(current.grant.award.amount_eur)}
        raise Refused(_("Look at the amount again: the grant is %(award)s.") % words_of)
    current.words, current.spent_eur = words, spent_eur
    if file is not None:
        current.file, current.file_name = file, file.name[:200]
    current.save(update_fields=["words", "spent_eur", "file", "file_name"])
    _note("report_written", by, current)
    return current


@transaction.atomic
def hand_in_report(*, report: GrantReport, by: User) -> GrantReport:
    """The report is done: the cluster team reads it. A report is handed in once, until it is returned."""
    current = _being_written(report, by)
    if not current.words.strip() or current.spent_eur is None:
        raise Refused(_("Write what was done and what was spent, then hand it in."))
    current.status, current.handed_in_at, current.handed_in_by = Status.HANDED_IN, timezone.now(), str(by)
    current.save(update_fields=["status", "handed_in_at", "handed_in_by"])
    _note("report_handed_in", by, current, spent=str(current.spent_eur))
    emails.send_report_handed_in(report=current)
    return current


def _being_written(report: GrantReport, by: User) -> GrantReport:
    insist(can_report(by, report.grant))
    rows = GrantReport.objects.select_related("grant__award__funder", "grant__award__partner", "grant__organisation")
    current = rows.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    if current.status not in (Status.DUE, Status.RETURNED):
        raise Refused(_("This report is handed in already. Ask the cluster team to return it if you must change it."))
    if not current.grant.is_open:
        raise Refused(_("This grant has ended. Nothing more is planned for it."))
    return current


@transaction.atomic
def return_report(*, report: GrantReport, questions: str, due_on: date, by: User) -> None:
    """The report comes back with questions, to be answered by a day."""
    current = _handed_in(report, by)
    if not questions.strip():
        raise Refused(_("Write what is asked."))
    if due_on < timezone.localdate():
        raise Refused(_("Give them a day that is still to come."))
    current.status, current.questions, current.due_on = Status.RETURNED, questions.strip(), due_on
    current.save(update_fields=["status", "questions", "due_on"])
    _note("report_returned", by, current, due_on=str(due_on))
    emails.send_report_returned(report=current)


@transaction.atomic
def accept_report(*, report: GrantReport, by: User) -> None:
    """The report is accepted."""
    current = _handed_in(report, by)
    current.status, current.settled_at, current.settled_by = Status.ACCEPTED, timezone.now(), by
    current.save(update_fields=["status", "settled_at", "settled_by"])
    _note("report_accepted", by, current)
    emails.send_report_accepted(report=current)
    _complete_if_done(current.grant, by)


def _handed_in(report: GrantReport, by: User) -> GrantReport:
    _held(report.grant, by)
    rows = GrantReport.objects.select_related("grant__award__funder", "grant__award__partner", "grant__organisation")
    current = rows.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    if current.status != Status.HANDED_IN:
        raise Refused(_("This report does not wait for an answer."))
    return current


# Payments


@transaction.atomic
def plan_payment(
    *, grant: Grant, name: str, amount_eur: Decimal, due_on: date, by: User, after: GrantReport | None = None
) -> Payment:
    """A payment that is to be made. All payments of a grant together stay within its award."""
    current = _held_open(grant, by)
    if amount_eur <= 0:
        raise Refused(_("Write an amount above 0."))
    _insist_on_a_day_of(current, due_on)
    if after is not None and after.grant_id != current.pk:
        raise Refused(_("This report is of another grant."))
    planned = _sum(current)
    if planned + amount_eur > current.award.amount_eur:
        words = {"award": money(current.award.amount_eur), "left": money(current.award.amount_eur - planned)}
        raise Refused(_("The award is %(award)s, and %(left)s of it are not planned yet.") % words)
    payment = Payment.objects.create(grant=current, name=name, amount_eur=amount_eur, due_on=due_on, after=after)
    _note("payment_planned", by, payment, amount=str(amount_eur), due_on=str(due_on))
    return payment


@transaction.atomic
def remove_payment(*, payment: Payment, by: User) -> None:
    """A payment that is not to be made after all; one that was made stays. Twice is once."""
    grant = _held(payment.grant, by)
    current = Payment.objects.filter(pk=payment.pk).first()
    if current is None:
        return
    if current.paid_on or not grant.is_open:
        raise Refused(_("This stays: it was paid, or it settles a grant that has ended."))
    _note("payment_removed", by, current, amount=str(current.amount_eur))
    current.delete()


@transaction.atomic
def pay(*, payment: Payment, on: date, by: User, bank_reference: str = "", why_early: str = "") -> Payment:
    """The money has left, or has come back. Twice is once.

    What waits for a report, and the last payment of the award, need that report accepted, or a reason.
    """
    grant = _held(payment.grant, by)
    current = Payment.objects.select_related("after").get(pk=payment.pk)
    if current.paid_on:
        return current
    if on > timezone.localdate():
        raise Refused(_("This day is in the future. Note the payment once it is made."))
    _insist_on_a_day_of(grant, on)
    why_early = why_early.strip()
    if not why_early and (missing := _missing_report(current, grant)):
        raise Refused(missing)
    current.paid_on, current.bank_reference, current.why_early = on, bank_reference, why_early[:300]
    current.save(update_fields=["paid_on", "bank_reference", "why_early"])
    current.grant = grant
    _note("paid", by, current, amount=str(current.amount_eur), paid_on=str(on), recovery=current.is_recovery)
    _complete_if_done(grant, by)
    return current


def _missing_report(payment: Payment, grant: Grant) -> str:
    """What a payment waits for, as a sentence; blank when nothing does."""
    if payment.is_recovery:
        return ""
    if payment.after is not None and payment.after.status != Status.ACCEPTED:
        return _("The report that it follows is not accepted yet. Say why it is paid all the same.")
    is_last = _sum(grant, paid=True) + payment.amount_eur >= grant.amount_eur
    if is_last and not grant.reports.filter(kind=GrantReport.Kind.FINAL, status=Status.ACCEPTED).exists():
        return _("This is the last payment, and no final report is accepted yet. Say why it is paid all the same.")
    return ""


def _sum(grant: Grant, *, paid: bool = False) -> Decimal:
    """EUR that is planned for the beneficiary, or paid to it."""
    rows = grant.payments.to_beneficiaries()
    return (rows.made() if paid else rows).aggregate(sum=Sum("amount_eur"))["sum"] or Decimal(0)


def _complete_if_done(grant: Grant, by: User) -> None:
    """A running grant with its final report accepted and nothing left to pay is completed."""
    final = grant.reports.filter(kind=GrantReport.Kind.FINAL, status=Status.ACCEPTED)
    if grant.status != Grant.Status.RUNNING or grant.payments.filter(paid_on=None).exists() or not final.exists():
        return
    Grant.objects.filter(pk=grant.pk).update(status=Grant.Status.COMPLETED)
    _note("grant_completed", by, grant)


# An early end


@transaction.atomic
def end_early(*, grant: Grant, on: date, why: str, kept_eur: Decimal, by: User) -> Grant:
    """Ends a grant before its time. What was paid beyond what is kept is to come back; planned payments are dropped.

    On the ledger the entry is reversed, and what is kept is entered as granted on the same day.
    """
    current = _held_open(grant, by)
    if not why.strip():
        raise Refused(_("Say why it ends early."))
    if not current.granted_on <= on <= timezone.localdate():
        raise Refused(_("The end lies between the day of granting and today."))
    if not 0 <= kept_eur <= current.award.amount_eur:
        raise Refused(_("What is kept lies between 0 and the award."))
    undertaking_of(current.organisation)
    current.payments.filter(paid_on=None).delete()
    paid = _sum(current, paid=True)
    facts = {"status": Grant.Status.ENDED, "ended_on": on, "why_ended": why.strip()[:400], "kept_eur": kept_eur}
    Grant.objects.filter(pk=current.pk).update(**facts)
    _note("grant_ended", by, current, kept=str(kept_eur), paid=str(paid), on_day=str(on))
    _settle_money(current, kept_eur - paid, on, by)
    _correct_ledger(current, kept_eur, why.strip(), by)
    grant.refresh_from_db()
    return grant


def _settle_money(grant: Grant, open_eur: Decimal, on: date, by: User) -> None:
    """What is still owed to the beneficiary, or by it."""
    if open_eur == 0:
        return
    name = _("Rest of what is kept") if open_eur > 0 else _("To be paid back")
    payment = Payment.objects.create(
        grant=grant, name=name, amount_eur=abs(open_eur), due_on=on, is_recovery=open_eur < 0
    )
    _note("payment_planned", by, payment, amount=str(abs(open_eur)), recovery=payment.is_recovery)


def _correct_ledger(grant: Grant, kept_eur: Decimal, why: str, by: User) -> None:
    entry = grant.aid.standing().first()
    if entry is None or entry.amount_eur == kept_eur:
        return
    aid.reversed_by(entry, reason=why, by=by)
    if kept_eur > 0:
        aid.enter_grant(grant=grant, amount_eur=kept_eur, by=by)
