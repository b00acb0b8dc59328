"""What an organisation declares of the de minimis aid of its single undertaking, and how it gets on the ledger."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import grant_emails as emails
from funding.actions import aid
from funding.aid import in_words
from funding.eligibility import de_minimis
from funding.models import Aid, Declaration, DeclaredAid
from funding.permissions import can_apply_for, can_run_calls
from members.models import Organisation, User
from members.permissions import insist

MOST_ROWS = 100
Status = Declaration.Status


def _held(declaration: Declaration) -> Declaration:
    rows = Declaration.objects.select_related("organisation")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=declaration.pk)


@transaction.atomic
def declare(
    *,
    organisation: Organisation,
    beneficiary: str,
    member_state: str,
    authority: str,
    amount_eur: Decimal,
    granted_on: date,
    by: User,
    instrument: str = "Grant",
) -> DeclaredAid:
    """Adds one grant of aid to the declaration that is being written; begins one if there is none."""
    declaration = _being_written(organisation, by)
    aid.check_facts(amount_eur=amount_eur, granted_on=granted_on)
    if granted_on < (first := de_minimis.first_counting_day(timezone.localdate())):
        told = _("This was more than three years ago, so it does not count. Leave out what was granted before %(day)s.")
        raise Refused(told % {"day": in_words(first)})
    if declaration.rows.count() >= MOST_ROWS:
        raise Refused(_("That is more than one declaration holds. Ask the cluster team."))
    return DeclaredAid.objects.create(
        declaration=declaration,
        beneficiary=beneficiary,
        member_state=member_state,
        authority=authority,
        amount_eur=amount_eur,
        granted_on=granted_on,
        instrument=instrument,
    )


@transaction.atomic
def remove_row(*, row: DeclaredAid, by: User) -> None:
    """Takes a line out of the declaration that is being written. Twice is once."""
    declaration = _being_written(row.declaration.organisation, by)
    declaration.rows.filter(pk=row.pk).delete()


@transaction.atomic
def hand_in(*, organisation: Organisation, by: User) -> Declaration:
    """The declaration is complete; without a line it says that there was no aid."""
    declaration = _being_written(organisation, by)
    declaration.status, declaration.handed_in_at = Status.HANDED_IN, timezone.now()
    declaration.handed_in_by = str(by)
    declaration.save(update_fields=["status", "handed_in_at", "handed_in_by"])
    lines = declaration.rows.count()
    record("funding.aid_declared", by=by, on=declaration, organisation_id=organisation.pk, lines=lines)
    return declaration


def _being_written(organisation: Organisation, by: User) -> Declaration:
    insist(can_apply_for(by, organisation))
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    current = Declaration.objects.filter(organisation=organisation).exclude(status=Status.TAKEN_OVER).first()
    if current is None:
        return Declaration.objects.create(organisation=organisation)
    if not current.is_being_written:
        raise Refused(_("Your declaration is handed in. The cluster team reads it."))
    return current


@transaction.atomic
def take_over(*, declaration: Declaration, by: User) -> int:
    """Puts its lines on the ledger; those that stand there already are left out. How many are new. Twice is once."""
    insist(can_run_calls(by))
    current = _held(declaration)
    if current.status == Status.TAKEN_OVER:
        return 0
    if current.status != Status.HANDED_IN:
        raise Refused(_("This declaration is still being written."))
    entered = [
        aid.enter(
            organisation=current.organisation,
            source=Aid.Source.DECLARED,
            beneficiary=each.beneficiary,
            member_state=each.member_state,
            authority=each.authority,
            amount_eur=each.amount_eur,
            granted_on=each.granted_on,
            instrument=each.instrument,
            declaration=current,
            by=by,
        )
        for each in current.rows.all()
    ]
    new = sum(each is not None for each in entered)
    Declaration.objects.filter(pk=current.pk).update(status=Status.TAKEN_OVER, settled_at=timezone.now())
    record("funding.declaration_taken_over", by=by, on=current, organisation_id=current.organisation_id, new=new)
    emails.send_declaration_taken_over(declaration=current, new=new)
    return new


@transaction.atomic
def give_back(*, declaration: Declaration, question: str, by: User) -> None:
    """The organisation is asked about it and hands it in once more."""
    insist(can_run_calls(by))
    current = _held(declaration)
    if current.status != Status.HANDED_IN:
        raise Refused(_("This declaration does not wait for an answer."))
    if not question.strip():
        raise Refused(_("Write what is asked."))
    current.status, current.question = Status.RETURNED, question.strip()[:600]
    current.save(update_fields=["status", "question"])
    record(
        "funding.declaration_returned", by=by, on=current, organisation_id=current.organisation_id,
        question=current.question,
    )  # fmt: skip
    emails.send_declaration_returned(declaration=current)
