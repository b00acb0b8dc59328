"""What applications ask of each funder: as they were handed in, also while somebody was still amending them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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
    for partner in Partner.objects.filter(application__in=rows).order_by("position", "pk"):
        if partner.application_id in handed_in:
            funder_id, amount = handed_in[partner.application_id].get(partner.pk, (None, None))
        elif partner.status == Partner.Status.DECLINED:
            continue
        else:
            funder_id, amount = partner.funder_id, partner.grant_eur
        if funder_id and amount:
            found[partner.application_id].append(Part(partner, funder_id, amount))
    return found


def _handed_in(amending: list[Application]) -> dict[int, dict[int, tuple[int | None, Decimal]]]:
    return {
        application: {
            partner["id"]: ((partner["funder"] or {}).get("id"), Decimal(partner["grant"] or 0))
            for partner in content.get("partners", [])
        }
        for application, content in _contents(amending).items()
    }


def _contents(amending: list[Application]) -> dict[int, dict[str, Any]]:
    """What was handed in last, by application; nothing is asked where none is being amended."""
    rows = Submission.objects.filter(application__in=amending).order_by("application", "-number")
    return dict(rows.distinct("application").values_list("application", "content")) if amending else {}


def content_of(application: Application) -> dict[str, Any]:
    """What counts of an application that is being amended; nothing where its rows are what was handed in."""
    return _contents([application] if application.status == Application.Status.AMENDING else []).get(application.pk, {})


def as_handed_in(applications: Iterable[Application]) -> list[Application]:
    """The same rows, to be read, under the titles that count: one being amended may have another by now."""
    rows = list(applications)
    contents = _contents([each for each in rows if each.status == Application.Status.AMENDING])
    for each in rows:
        each.title = contents.get(each.pk, {}).get("title") or each.title
    return rows


def funders_of(applications: Iterable[Application]) -> dict[int, set[int]]:
    """The funders that would pay in each application, also those of whom no amount is asked."""
    rows = list(applications)
    handed_in = _handed_in([each for each in rows if each.status == Application.Status.AMENDING])
    found = {each.pk: {funder for funder, _amount in handed_in.get(each.pk, {}).values() if funder} for each in rows}
    parts = Partner.objects.taking_part().filter(application__in=found.keys() - handed_in.keys(), funder__isnull=False)
    for application, funder in parts.values_list("application", "funder"):
        found[application].add(funder)
    return found


def by_funder(parts: Iterable[Part]) -> dict[int, Decimal]:
    """What an application asks of each funder, its partners together."""
    sums: dict[int, Decimal] = {}
    for part in parts:
        sums[part.funder_id] = sums.get(part.funder_id, Decimal(0)) + part.amount
    return sums
