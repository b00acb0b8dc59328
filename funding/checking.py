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


def funders_for(partner: Partner) -> list[Funder]:
    """The funders of the call that pay in the partner's country and region. A part of a named region counts."""
    of_country = partner.application.call.funders.filter(member_state=partner.country)
    within = (partner.region or "").startswith
    return [each for each in of_country if not each.regions or any(within(region) for region in each.regions)]


def only_funder(partner: Partner) -> Funder | None:
    """Who pays, where only one funder can."""
    fitting = funders_for(partner)
    return fitting[0] if len(fitting) == 1 else None


def is_in_another_consortium(partner: Partner) -> bool:
    """Whether the organisation takes part in another application of this call that was handed in."""
    return bool(_other_consortia(partner.application, [partner]).get(partner.pk))


def _keys(partner: Partner) -> set[str]:
    """All that tells of which organisation a part is: two applications may know it by different things."""
    number = "".join(sign for sign in partner.registration_number if sign.isalnum())
    keys = {f"{partner.country}:name:{' '.join(partner.name.split())}"}
    keys |= {f"organisation:{partner.organisation_id}"} if partner.organisation_id else set()
    keys |= {f"{partner.country}:number:{number}"} if number else set()
    return {key.casefold() for key in keys}


def _other_consortia(application: Application, partners: Iterable[Partner]) -> dict[int, tuple[str, ...]]:
    """For each partner the references of other applications of this call, handed in, that it takes part in."""
    if not application.call.one_consortium_only:
        return {}
    rows = Partner.objects.taking_part().filter(
        application__in=Application.objects.handed_in().filter(call=application.call).exclude(pk=application.pk)
    )
    taken: dict[str, set[str]] = {}
    for row in rows.select_related("application__call"):
        for key in _keys(row):
            taken.setdefault(key, set()).add(row.application.reference)
    found = {each.pk: set().union(*(taken.get(key, set()) for key in _keys(each))) for each in partners}
    return {pk: tuple(sorted(references)) for pk, references in found.items()}
