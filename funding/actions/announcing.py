"""Decisions are made known: once, for the whole call, with a letter to each consortium."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actions import Refused, record
from funding import decision_emails, letters
from funding.actions.decisions import held_funders, insist_on_budget
from funding.actions.locks import held_call
from funding.models import Application, Decision, FundingCall, Letter, LetterTemplate
from funding.permissions import can_run_calls
from funding.reviewing import named_to
from members.models import User
from members.permissions import insist

NOT_IN_REVIEW = gettext_lazy("Decisions are made known after the deadline of a call.")


@transaction.atomic
def make_known(*, call: FundingCall, by: User, at: datetime | None = None) -> int:
    """Tells every consortium what is decided; returns how many. Twice is once: 0.

    A call with an application that was handed in and has no decision is not decided.
    """
    insist(can_run_calls(by))
    current = held_call(call)
    if current.status == FundingCall.Status.DECIDED:
        return 0
    if current.phase != FundingCall.Phase.REVIEW:
        raise Refused(str(NOT_IN_REVIEW))
    # Held, so that none is withdrawn between the look and the letter.
    rows = list(Application.objects.handed_in().filter(call=current).select_for_update(no_key=True).order_by("pk"))
    if undecided := [named_to(by, each) for each in rows if not hasattr(each, "decision")]:
        raise Refused(_("No decision yet on: %(references)s.") % {"references": ", ".join(dict.fromkeys(undecided))})
    for funder in held_funders(current.funders.values_list("pk", flat=True)):
        insist_on_budget(funder)
    now = at or timezone.now()
    FundingCall.objects.filter(pk=current.pk).update(status=FundingCall.Status.DECIDED, decided_at=now)
    decisions = Decision.objects.standing().filter(application__call=current).select_related("application__lead")
    for decision in decisions.order_by("application__number"):
        decision.application.call = current
        decision.told_at = now
        decision.save(update_fields=["told_at"])
        send_letter(decision=decision, kind=decision.outcome, by=by, at=now)
    record("funding.decisions_made_known", by=by, on=current, decisions=len(rows))
    return len(rows)


def send_letter(*, decision: Decision, kind: str, by: User, reasons: str = "", at: datetime | None = None) -> Letter:
    """Keeps the letter as it is sent, and mails it to the lead and the partners."""
    subject, text = letters.filled(decision, kind, reasons=reasons, at=at)
    subject = subject[: Letter._meta.get_field("subject").max_length]
    to = decision_emails.readers_of(decision.application)
    letter = Letter.objects.create(
        decision=decision, kind=kind, subject=subject, text=text, to=to, sent_at=at or timezone.now()
    )
    record(
        "funding.letter_sent", by=by, on=letter, organisation_id=decision.application.lead_id,
        application=decision.application.reference, kind=kind, to=to,
    )  # fmt: skip
    decision_emails.send_letter(letter=letter)
    return letter


@transaction.atomic
def save_template(*, call: FundingCall, kind: str, subject: str, text: str, by: User) -> LetterTemplate:
    """The call's own words of a letter. Places that nothing stands for are refused."""
    insist(can_run_calls(by))
    if unknown := letters.unknown_places(subject) + letters.unknown_places(text):
        told = _("Nothing stands for %(places)s. These places can be used: %(known)s.")
        known = ", ".join(f"{{{name}}}" for name in letters.PLACES)
        raise Refused(told % {"places": ", ".join(dict.fromkeys(unknown)), "known": known})
    current = held_call(call)
    before = letters.words_of(current, kind)
    template, _is_new = LetterTemplate.objects.update_or_create(
        call=current, kind=kind, defaults={"subject": subject, "text": text}
    )
    if before != (subject, text):
        record("funding.letter_changed", by=by, on=current, kind=kind, before=before, after=(subject, text))
    return template


@transaction.atomic
def forget_template(*, call: FundingCall, kind: str, by: User) -> None:
    """Back to the ready-made words."""
    insist(can_run_calls(by))
    current = held_call(call)
    before = letters.words_of(current, kind)
    if current.letter_templates.filter(kind=kind).delete()[0]:
        record(
            "funding.letter_changed", by=by, on=current, kind=kind, before=before, after=letters.words_of(current, kind)
        )
