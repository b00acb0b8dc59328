"""What applications ask of each funder: as they were handed in, also while somebody was still amending them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from funding.models import Application, Partner, Submission


@dataclass(frozen=True, slots=True)
class Part:
    """What one partner asks of one funder."""

    partner: Partner
    funder_id: int
    amount: Decimal


def parts_of(applications: Iterable[Application]) -> dict[int, list[Part]]:
    """The parts that ask for money, by application. The rows of one being amended may have moved on since."""
    rows = list(applications)
    handed_in = _handed_in([each for each in rows if each.status == Application.Status.AMENDING])
    found: dict[int, list[Part]] = {each.pk: [] for each in rows}
    for partner in Partner.objects.taking_part().filter(application__in=rows).order_by("position", "pk"):
        if partner.application_id in handed_in:
            funder_id, amount = handed_in[partner.application_id].get(partner.pk, (None, None))
        else:
            funder_id, amount = partner.funder_id, partner.grant_eur
        if funder_id and amount:
            found[partner.application_id].append(Part(partner, funder_id, amount))
    return found


def _handed_in(amending: list[Application]) -> dict[int, dict[int, tuple[int | None, Decimal]]]:
    last = (
        Submission.objects.filter(application__in=amending).order_by("application", "-number").distinct("application")
    )
    return {
        each.application_id: {
            partner["id"]: ((partner["funder"] or {}).get("id"), Decimal(partner["grant"] or 0))
            for partner in each.content["partners"]
        }
        for each in last
    }


def by_funder(parts: Iterable[Part]) -> dict[int, Decimal]:
    """What an application asks of each funder, its partners together."""
    sums: dict[int, Decimal] = {}
    for part in parts:
        sums[part.funder_id] = sums.get(part.funder_id, Decimal(0)) + part.amount
    return sums
