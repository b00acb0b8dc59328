"""What is decided of each application: by the secretary, with reasons, within every funder's budget.

Rows are held in the order of the house: the call, the application, the funders by their numbers. Whoever awards money
of the same funder at the same moment waits, and sees what is left.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.templatetags.portal import cents
from funding import aid
from funding.actions.locks import held, held_call
from funding.asking import Part, parts_of
from funding.models import Application, Award, Decision, Funder, FundingCall
from funding.permissions import can_decide
from funding.reviewing import named_to, totals
from members.models import User
from members.permissions import insist

Outcome = Decision.Outcome


@transaction.atomic
def decide(
    *,
    application: Application,
    outcome: str,
    reasons: str,
    by: User,
    amounts: Mapping[int, Decimal] | None = None,
    reserve_place: int | None = None,
    why_early: str = "",
    seen: str | None = None,
    at: datetime | None = None,
) -> Decision:
    """Decides, or decides anew as long as it is not made known.

    `amounts`: the number of a partner's row to what it gets, for those that are funded. `seen`: the state that the
    person looked at, as `state_of` tells it; a decision made meanwhile is not written over.
    """
    insist(can_decide(by, application))
    call = held_call(application.call)
    current = held(application)
    _insist_on_a_time_to_decide(call, current)
    before = Decision.objects.filter(application=current).first()
    if seen is not None and seen != state_of(before):
        raise Refused(_("Somebody else has decided on this application meanwhile. Look at it again."))
    if outcome != Outcome.INELIGIBLE:
        _insist_on_reviews(call, current, outcome, why_early)
    insist_on_a_place(current, outcome, reserve_place, by)
    return write(
        application=current, outcome=outcome, reasons=reasons, amounts=amounts or {}, reserve_place=reserve_place,
        by=by, at=at, action="funding.decided", why_early=why_early,
    )  # fmt: skip


def write(
    *,
    application: Application,
    outcome: str,
    reasons: str,
    amounts: Mapping[int, Decimal],
    reserve_place: int | None,
    by: User,
    action: str,
    at: datetime | None = None,
    **details: object,
) -> Decision:
    """Writes a decision and its awards, with what it was before in the audit trail. The application is held already."""
    if not reasons.strip():
        raise Refused(_("Give the reasons. The applicant reads them."))
    decision = Decision.objects.filter(application=application).first() or Decision(application=application)
    was = summary(decision) if decision.pk else None
    decision.outcome, decision.reasons, decision.reserve_place = outcome, reasons.strip(), reserve_place
    decision.decided_by, decision.decided_at = by, at or timezone.now()
    decision.save()
    _award(decision, amounts if outcome == Outcome.FUNDED else {})
    details["de_minimis"] = aid_warnings(decision)
    record(
        action, by=by, on=decision, organisation_id=application.lead_id, application=application.reference,
        before=was, after=summary(decision), **{key: value for key, value in details.items() if value},
    )  # fmt: skip
    return decision


def summary(decision: Decision) -> dict[str, object]:
    """The decision as the audit trail keeps it."""
    awards = decision.awards.filter(given_up_at=None).select_related("partner", "funder").order_by("partner")
    return {
        "outcome": decision.outcome,
        "reasons": decision.reasons,
        "reserve_place": decision.reserve_place,
        "awards": [f"{each.partner.name}: {cents(each.amount_eur)}, {each.funder.name}" for each in awards],
    }


def aid_warnings(decision: Decision) -> list[str]:
    """What will stand against granting its awards, by the ledger as it is now: told, and kept, but no reason to refuse.

    Room comes back with time, and is looked at again on the day of granting.
    """
    day = max(decision.application.call.granting_on, timezone.localdate())
    return aid.warnings_of_decision(decision, day)


def state_of(decision: Decision | None) -> str:
    """What changes with each decision: forms carry it."""
    return decision.decided_at.isoformat() if decision else ""


# What must hold


def _insist_on_a_time_to_decide(call: FundingCall, application: Application) -> None:
    if call.status in {FundingCall.Status.DECIDED, FundingCall.Status.OVER}:
        raise Refused(_("The decisions are made known. They only change by appeal or by the reserve list."))
    if call.phase != FundingCall.Phase.REVIEW:
        raise Refused(_("Decisions are made after the deadline of a call."))
    insist_on_handed_in(application)


def insist_on_handed_in(application: Application) -> None:
    """Nothing is decided of what was withdrawn or never handed in."""
    if application.status == Application.Status.WITHDRAWN:
        raise Refused(_("This application was withdrawn meanwhile. Nothing is decided on it."))
    if application.status == Application.Status.DRAFT:
        raise Refused(_("This application was not handed in."))


def _insist_on_reviews(call: FundingCall, application: Application, outcome: str, why_early: str) -> None:
    total = totals(call, application=application)[application.pk]
    if outcome == Outcome.FUNDED and total.below:
        raise Refused(_("It misses a threshold, so it cannot be funded. The panel can set a moderated score first."))
    if (total.total is None or total.reviews < call.reviews_each) and not why_early.strip():
        told = _("Only %(n)s of %(all)s reviews are in. Say why it is decided now; the record keeps it.")
        raise Refused(told % {"n": total.reviews, "all": call.reviews_each})


def insist_on_a_place(application: Application, outcome: str, place: int | None, by: User) -> None:
    """The reserve list has one application in each place. The call is held."""
    if outcome != Outcome.RESERVE:
        return
    if not place or place < 1:
        raise Refused(_("Give the place on the reserve list: 1 moves up first."))
    other = Decision.objects.reserve().filter(application__call=application.call, reserve_place=place)
    if taken := other.exclude(application=application).select_related("application__call").first():
        told = _("Place %(place)s on the reserve list is taken by %(reference)s.")
        raise Refused(told % {"place": place, "reference": named_to(by, taken.application)})


def _award(decision: Decision, amounts: Mapping[int, Decimal]) -> None:
    """The awards of a decision take the place of those that it had. Within what was asked, and within the budgets."""
    parts = {part.partner.pk: part for part in parts_of([decision.application])[decision.application_id]}
    chosen = {pk: amount for pk, amount in amounts.items() if amount}
    for pk, amount in chosen.items():
        _insist_on_an_amount(parts.get(pk), amount)
    if decision.outcome == Outcome.FUNDED and parts and not chosen:
        raise Refused(_("Say how much at least one partner gets."))
    funders = held_funders(parts[pk].funder_id for pk in chosen)
    granted = _granted(decision, chosen)
    decision.awards.filter(Q(given_up_at=None) | Q(partner__in=chosen)).exclude(partner__in=granted).delete()
    for pk, amount in chosen.items():
        if pk in granted:
            continue
        Award.objects.create(decision=decision, partner_id=pk, funder_id=parts[pk].funder_id, amount_eur=amount)
    for funder in funders:
        insist_on_budget(funder)


def _granted(decision: Decision, chosen: Mapping[int, Decimal]) -> set[int]:
    """The partners that hold a grant already, their awards held. What they were granted has to stay as it is."""
    rows = decision.awards.select_related("partner").select_for_update(of=("self",), no_key=True).order_by("pk")
    granted = [each for each in rows if hasattr(each, "grant")]
    for each in granted:
        if chosen.get(each.partner_id) != each.amount_eur:
            told = _("%(partner)s is granted %(amount)s already. A grant only changes by ending it early.")
            raise Refused(told % {"partner": each.partner.name, "amount": cents(each.amount_eur)})
    return {each.partner_id for each in granted}


def _insist_on_an_amount(part: Part | None, amount: Decimal) -> None:
    if part is None:
        raise Refused(_("Only partners who ask for money get some."))
    if amount < 0:
        raise Refused(_("An amount cannot be below zero."))
    if amount > part.amount:
        told = _("%(partner)s asks for %(asked)s. It cannot get more.")
        raise Refused(told % {"partner": part.partner.name, "asked": cents(part.amount)})


def held_funders(pks: Iterable[int]) -> list[Funder]:
    """The funders, held in the order of their numbers."""
    return list(Funder.objects.select_for_update(no_key=True).filter(pk__in=set(pks)).order_by("pk"))


def insist_on_budget(funder: Funder) -> None:
    """What stands of a held funder is within its budget."""
    spent = spent_of(funder)
    if spent > funder.budget_eur:
        told = _("%(funder)s has %(budget)s. With this, %(over)s too much would be given.")
        words = {"funder": funder.name, "budget": cents(funder.budget_eur), "over": cents(spent - funder.budget_eur)}
        raise Refused(told % words)


def spent_of(funder: Funder) -> Decimal:
    """The sum of what the awards bind that stand."""
    rows = Award.objects.standing().with_what_they_bind().filter(funder=funder)
    return rows.aggregate(sum=Sum("binds_eur"))["sum"] or Decimal(0)
