"""The reserve list: who waits, what each asks, what is left, and whose turn it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Sum, Value
from django.db.models.functions import Coalesce

from funding.asking import as_handed_in, by_funder, parts_of
from funding.models import Award, Decision, Funder, FundingCall
from funding.reviewing import bound_to
from members.models import User

NOTHING = Value(Decimal(0), output_field=DecimalField(max_digits=14, decimal_places=2))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One project on the reserve list. `short`: the funders that cannot pay it, and what is missing there.

    `is_closed`: something binds the reader to it, so nothing of it is shown.
    """

    decision: Decision
    asks: list[tuple[Funder, Decimal]]
    short: list[tuple[Funder, Decimal]]
    is_closed: bool = False


def left_of(call: FundingCall) -> dict[int, Decimal]:
    """What each funder has left beside what the awards bind that stand."""
    spent = dict(
        Award.objects.standing().with_what_they_bind().filter(funder__call=call).values_list("funder")
        .annotate(sum=Coalesce(Sum("binds_eur"), NOTHING)).order_by()
    )  # fmt: skip
    return {each.pk: each.budget_eur - spent.get(each.pk, Decimal(0)) for each in call.funders.all()}


def waiting(call: FundingCall) -> list[Waiting]:
    """The list in order."""
    rows = list(Decision.objects.reserve().filter(application__call=call).select_related("application__lead"))
    for row in rows:
        row.application.call = call
    parts = parts_of(as_handed_in(row.application for row in rows))
    left, funders = left_of(call), {each.pk: each for each in call.funders.all()}
    return [_waiting(row, by_funder(parts[row.application_id]), left, funders) for row in rows]


def _waiting(
    row: Decision, asks: Mapping[int, Decimal], left: Mapping[int, Decimal], funders: Mapping[int, Funder]
) -> Waiting:
    return Waiting(
        decision=row,
        asks=[(funders[pk], amount) for pk, amount in asks.items()],
        short=[(funders[pk], amount - left[pk]) for pk, amount in asks.items() if amount > left[pk]],
    )


def next_up(call: FundingCall) -> Decision | None:
    """The first whose funders can all pay what it asks."""
    return next((each.decision for each in waiting(call) if not each.short), None)


def page(call: FundingCall, user: User) -> dict[str, Any]:
    """The list, what is left, and what is given; nothing of what binds the reader."""
    closed, left = bound_to(user, call), left_of(call)
    rows = [replace(each, is_closed=each.decision.application_id in closed) for each in waiting(call)]
    awards = Award.objects.standing().filter(funder__call=call).exclude(decision__application__in=closed)
    awards = awards.select_related("partner__application", "funder", "grant")
    given = list(awards.order_by("partner__application__number", "partner__position"))
    for award in given:
        award.partner.application.call = call
    as_handed_in(award.partner.application for award in given)
    return {
        "waiting": rows,
        "next": next((row.decision.pk for row in rows if not row.short), None),
        "funders": [{"funder": each, "left": left[each.pk]} for each in call.funders.all()],
        "awards": given,
    }
