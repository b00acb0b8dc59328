"""After the decisions are known: awards that are given up, and the reserve list that moves up."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.templatetags.portal import cents
from funding.actions.announcing import send_letter
from funding.actions.decisions import held_funders, insist_on_handed_in, write
from funding.actions.locks import held, held_call
from funding.asking import parts_of
from funding.models import Award, Decision, FundingCall
from funding.permissions import can_decide, can_run_calls
from funding.reading.reserve import next_up
from funding.reviewing import named_to
from members.models import User
from members.permissions import insist


@transaction.atomic
def give_up(*, award: Award, why: str, by: User, at: datetime | None = None) -> Award:
    """A partner declines its award, or it is taken back: its money is free. Twice is once."""
    insist(can_run_calls(by))
    if not why.strip():
        raise Refused(_("Say why the award is given up. The record keeps it."))
    application = held(held_decision(award.decision).application)
    insist(can_decide(by, application))
    rows = Award.objects.select_related("partner", "funder").select_for_update(of=("self",), no_key=True)
    current = rows.get(pk=award.pk)
    if current.given_up_at:
        return current
    if application.call.status == FundingCall.Status.PUBLISHED:
        raise Refused(_("The decisions are not made known yet. Change the decision instead."))
    if hasattr(current, "grant"):
        raise Refused(_("It is granted already. End the grant instead."))
    current.given_up_at, current.why_given_up = at or timezone.now(), why.strip()
    current.save(update_fields=["given_up_at", "why_given_up"])
    record(
        "funding.award_given_up", by=by, on=current, organisation_id=application.lead_id,
        application=application.reference, amount=cents(current.amount_eur), funder=current.funder.name, reasons=why,
    )  # fmt: skip
    return current


def held_decision(decision: Decision) -> Decision:
    """The decision as it is now, behind its call and application."""
    held_call(decision.application.call)
    held(decision.application)
    return Decision.objects.select_related("application__call", "application__lead").get(pk=decision.pk)


@transaction.atomic
def move_up(*, decision: Decision, reasons: str, by: User, at: datetime | None = None) -> Decision:
    """The first of the reserve list whose funders can all pay is funded with what it asks, and hears of it."""
    insist(can_run_calls(by))
    current = held_decision(decision)
    insist(can_decide(by, current.application))
    call = current.application.call
    if call.status != FundingCall.Status.DECIDED:
        raise Refused(_("The reserve list moves up once the decisions are made known."))
    insist_on_handed_in(current.application)
    if current.outcome != Decision.Outcome.RESERVE:
        raise Refused(_("It is not on the reserve list any more."))
    held_funders(call.funders.values_list("pk", flat=True))
    turn = next_up(call)
    if turn is None or turn.pk != current.pk:
        told = _("It is not its turn: %(next)s comes first.") if turn else _("No funder has enough money for it now.")
        raise Refused(told % {"next": named_to(by, turn.application)} if turn else told)
    amounts = {part.partner.pk: part.amount for part in parts_of([current.application])[current.application_id]}
    written = write(
        application=current.application, outcome=Decision.Outcome.FUNDED, reasons=reasons, amounts=amounts,
        reserve_place=None, by=by, at=at, action="funding.moved_up",
    )  # fmt: skip
    send_letter(decision=written, kind=written.outcome, by=by, at=at)
    return written
