"""A call and an application as the rules of eligibility read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from funding import eligibility
from funding.eligibility import types
from funding.models import Application, Funder, FundingCall, Partner

RowType = TypeVar("RowType", bound=types.Row)


def call_of(call: FundingCall) -> eligibility.Call:
    """The call with its funders. A call without a funder cannot be checked: ValueError."""
    return eligibility.Call(
        name=call.name,
        opens_at=call.opens_at,
        deadline=call.deadline,
        zone=call.time_zone,
        funders=tuple(_funder(each) for each in call.funders.prefetch_related("activity_types")),
        consortium=types.Consortium(
            organisations=call.least_organisations,
            most_organisations=call.most_organisations,
            countries=call.least_countries,
            smes=call.least_smes,
            lead_kinds=tuple(call.lead_kinds),
            one_consortium_only=call.one_consortium_only,
        ),
        shortest_months=call.shortest_months,
        longest_months=call.longest_months,
    )


def _funder(funder: Funder) -> types.Funder:
    limit = None
    if funder.most_previous_grants is not None:
        limit = types.Limit(grants=funder.most_previous_grants, years=funder.previous_grants_years)
    return types.Funder(
        id=str(funder.pk),
        name=funder.name,
        member_state=funder.member_state,
        regions=tuple(funder.regions),
        kinds=tuple(funder.kinds),
        sizes=tuple(funder.sizes),
        activities=tuple(each.name for each in funder.activity_types.all()),
        smallest_grant=funder.smallest_grant_eur,
        largest_grant=funder.largest_grant_eur,
        rate=funder.rate,
        rates=funder.rates,
        de_minimis=funder.is_de_minimis,
        previous_grants=limit,
    )


def application_of(application: Application, *, moment: datetime) -> eligibility.Application:
    """The application as it stands, asked about at a moment. One without partners cannot be checked: ValueError."""
    partners = list(
        application.partners.taking_part().prefetch_related("activity_types", "costs__category").order_by("position")
    )
    others = _other_consortia(application, partners)
    return eligibility.Application(
        moment=moment,
        granting_on=application.call.granting_on,
        months=application.months,
        partners=tuple(_partner(each, others.get(each.pk, ())) for each in partners),
    )


def _partner(partner: Partner, others: tuple[str, ...]) -> types.Partner:
    return types.Partner(
        id=identity(partner),
        name=partner.name,
        kind=partner.kind,
        country=partner.country,
        region=partner.region or None,
        is_lead=partner.is_lead,
        funder=str(partner.funder_id) if partner.funder_id else None,
        activities=tuple(each.name for each in partner.activity_types.all()),
        costs=tuple(types.Cost(category=each.category.name, amount=each.amount_eur) for each in partner.costs.all()),
        grant=partner.grant_eur,
        own_money=partner.own_money_eur,
        other_money=partner.other_money_eur,
        enterprise=None if partner.enterprise is None else types.Enterprise.model_validate(partner.enterprise),
        de_minimis=_all(types.Aid, partner.declared_aid),
        previous_grants=_all(types.PreviousGrant, partner.previous_grants),
        other_consortia=others,
    )


def _all(row: type[RowType], said: list[dict[str, object]] | None) -> tuple[RowType, ...] | None:
    return None if said is None else tuple(row.model_validate(each) for each in said)


def identity(partner: Partner) -> str:
    """What tells that two parts are of one organisation: the portal's own row, the register's number, or the name."""
    if partner.organisation_id:
        return f"organisation:{partner.organisation_id}"
    if partner.registration_number:
        return f"{partner.country}:{partner.registration_number}"
    return f"{partner.country}:{partner.name}"


def _other_consortia(application: Application, partners: Iterable[Partner]) -> dict[int, tuple[str, ...]]:
    """For each partner the references of other applications of this call, handed in, that it takes part in."""
    rows = Partner.objects.taking_part().filter(
        application__in=Application.objects.handed_in().filter(call=application.call).exclude(pk=application.pk)
    )
    taken: dict[str, list[str]] = {}
    for row in rows.select_related("application__call"):
        taken.setdefault(identity(row).casefold(), []).append(row.application.reference)
    return {each.pk: tuple(taken.get(identity(each).casefold(), ())) for each in partners}
