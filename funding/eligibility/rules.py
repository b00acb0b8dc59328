"""The rules of a call, each an object with its source. The page that explains a call is made from the same objects."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from funding.eligibility import de_minimis, sme
from funding.eligibility.types import Application, Call, Finding, Funder, Partner, Result, Share, nuts_of

SME_DEFINITION = "Commission Recommendation 2003/361/EC, annex"
DE_MINIMIS = "Commission Regulation (EU) 2023/2831, article 3"
OF_THE_CALL = "Text of the call"

Found = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, where it stands, and what looks whether an application keeps it."""

    name: str
    source: str
    look: Callable[[Call, Application], Found]


def check(call: Call, application: Application) -> tuple[Result, ...]:
    """What each rule says, in the order of RULES. A rule that the call does not have passes, and says so."""
    return tuple(Result(rule.name, rule.source, _found(rule, call, application)) for rule in RULES)


def _found(rule: Rule, call: Call, application: Application) -> tuple[Finding, ...]:
    found = tuple(rule.look(call, application))
    return found or (Finding("pass", "nothing_asked", {}),)


def funder_of(call: Call, partner: Partner) -> Funder | None:
    """Who pays for a partner: whom it names, or else the only funder of its country and region."""
    if partner.funder is not None:
        return next((each for each in call.funders if each.id == partner.funder), None)
    fitting = [each for each in call.funders if _covers(each, partner)]
    return fitting[0] if len(fitting) == 1 else None


def _covers(funder: Funder, partner: Partner) -> bool:
    """Whether a funder pays in the partner's country and region. A region within a named one counts."""
    if funder.member_state != partner.country:
        return False
    return not funder.regions or any((partner.region or "").startswith(region) for region in funder.regions)


def size_of(partner: Partner) -> sme.Status:
    """The size class of a company; of anything else there is none."""
    return sme.status_of(partner.enterprise) if partner.enterprise else sme.Status(None, (("headcount", ""),))


# --- time -----------------------------------------------------------------------------------------------------------


def _deadline(call: Call, application: Application) -> Found:
    """Handed in at the very second of the deadline is in time."""
    values = {"deadline": call.deadline.astimezone(ZoneInfo(call.zone)), "zone": call.zone}
    if application.moment < call.opens_at:
        yield Finding("fail", "not_open_yet", values | {"opens_at": call.opens_at.astimezone(ZoneInfo(call.zone))})
    elif application.moment > call.deadline:
        yield Finding("fail", "too_late", values)
    else:
        yield Finding("pass", "in_time", values)


def _duration(call: Call, application: Application) -> Found:
    shortest, longest, months = call.shortest_months or 0, call.longest_months, application.months
    values = {"months": months, "shortest": shortest, "longest": longest}
    if call.shortest_months is None and longest is None:
        return
    if months is None:
        yield Finding("unknown", "duration_not_said", values)
    elif months < shortest or (longest is not None and months > longest):
        yield Finding("fail", "duration_outside", values)
    else:
        yield Finding("pass", "duration_fits", values)


# --- the consortium --------------------------------------------------------------------------------------------------


def _partners(_call: Call, application: Application) -> Found:
    """Each organisation takes part once: nobody is its own partner."""
    seen: set[str] = set()
    for partner in application.partners:
        key = partner.id.casefold()
        if key in seen:
            yield Finding("fail", "partner_twice", {}, partner.name)
        seen.add(key)
    if len(seen) == len(application.partners):
        yield Finding("pass", "partners_differ", {"organisations": len(seen)})


def _size_of_consortium(call: Call, application: Application) -> Found:
    asked, number = call.consortium, len({each.id.casefold() for each in application.partners})
    values = {"organisations": number, "least": asked.organisations, "most": asked.most_organisations}
    if number < asked.organisations:
        yield Finding("fail", "too_few_organisations", values)
    elif asked.most_organisations is not None and number > asked.most_organisations:
        yield Finding("fail", "too_many_organisations", values)
    else:
        yield Finding("pass", "organisations_fit", values)


def _countries(call: Call, application: Application) -> Found:
    countries = sorted({each.country for each in application.partners})
    values = {"countries": countries, "number": len(countries), "least": call.consortium.countries}
    enough = len(countries) >= call.consortium.countries
    yield Finding("pass" if enough else "fail", "countries_fit" if enough else "too_few_countries", values)


def _lead(call: Call, application: Application) -> Found:
    leads, kinds = [each for each in application.partners if each.is_lead], call.consortium.lead_kinds
    if len(leads) != 1:
        yield Finding("fail", "not_one_lead", {"leads": [each.name for each in leads]})
    elif kinds and leads[0].kind not in kinds:
        yield Finding("fail", "lead_of_wrong_kind", {"kind": leads[0].kind, "kinds": kinds}, leads[0].name)
    else:
        yield Finding("pass", "lead_fits", {"kind": leads[0].kind}, leads[0].name)


def _smes(call: Call, application: Application) -> Found:
    least = call.consortium.smes
    if not least:
        return
    status = [size_of(each).is_sme for each in application.partners if each.kind == "company"]
    values = {"smes": status.count(True), "open": status.count(None), "least": least}
    if status.count(True) >= least:
        yield Finding("pass", "enough_smes", values)
    elif status.count(True) + status.count(None) >= least:
        yield Finding("unknown", "perhaps_enough_smes", values)
    else:
        yield Finding("fail", "too_few_smes", values)


def _one_consortium(call: Call, application: Application) -> Found:
    if not call.consortium.one_consortium_only:
        return
    for partner in application.partners:
        if partner.other_consortia is None:
            yield Finding("unknown", "other_consortia_not_said", {}, partner.name)
        elif partner.other_consortia:
            yield Finding("fail", "in_another_consortium", {"others": partner.other_consortia}, partner.name)
        else:
            yield Finding("pass", "in_no_other_consortium", {}, partner.name)


# --- each partner and its funder -------------------------------------------------------------------------------------


def _funder(call: Call, application: Application) -> Found:
    for partner in application.partners:
        funder = funder_of(call, partner)
        fitting = [each for each in call.funders if _covers(each, partner)]
        values = {"country": partner.country, "funders": [each.name for each in fitting]}
        if partner.grant == 0 and funder is None:
            yield Finding("pass", "pays_itself", values, partner.name)
        elif funder is None and partner.funder is not None:
            yield Finding("fail", "no_such_funder", values | {"funder": partner.funder}, partner.name)
        elif funder is None and len(fitting) > 1:
            yield Finding("unknown", "which_funder", values, partner.name)
        elif funder is None:
            yield Finding("fail", "no_funder", values, partner.name)
        elif not _covers(funder, partner):
            yield _elsewhere(funder, partner)
        else:
            yield Finding("pass", "funder_pays", values | {"funder": funder.name}, partner.name)


def _elsewhere(funder: Funder, partner: Partner) -> Finding:
    """It does not pay there, unless what is said of the region is too coarse to decide."""
    said, values = partner.region or nuts_of(partner.country), {"funder": funder.name, "regions": funder.regions}
    if funder.member_state == partner.country and any(region.startswith(said) for region in funder.regions):
        return Finding("unknown", "region_not_said", values, partner.name)
    return Finding("fail", "funder_elsewhere", values, partner.name)


def _funded(call: Call, application: Application) -> Iterator[tuple[Partner, Funder]]:
    """The partners whose funder is known, and who want its money."""
    for partner in application.partners:
        funder = funder_of(call, partner)
        if funder is not None and partner.grant != 0:
            yield partner, funder


def _kind(call: Call, application: Application) -> Found:
    for partner, funder in _funded(call, application):
        if funder.kinds:
            fits = partner.kind in funder.kinds
            values = {"kind": partner.kind, "kinds": funder.kinds, "funder": funder.name}
            yield Finding("pass" if fits else "fail", "kind_fits" if fits else "kind_excluded", values, partner.name)


def _sme_status(call: Call, application: Application) -> Found:
    for partner, funder in _funded(call, application):
        if not funder.sizes or partner.kind != "company":
            continue
        status = size_of(partner)
        values = {"size": status.size_class, "sizes": funder.sizes, "funder": funder.name, "missing": status.missing}
        if status.size_class is None:
            yield Finding("unknown", "size_not_known", values, partner.name)
        elif status.size_class in funder.sizes:
            code = "size_by_two_years" if status.reason == "two_years" else "size_fits"
            yield Finding("pass", code, values, partner.name)
        else:
            code = "size_public" if status.reason == "public" else "size_excluded"
            yield Finding("fail", code, values, partner.name)


def _activities(call: Call, application: Application) -> Found:
    for partner, funder in _funded(call, application):
        if not funder.activities:
            continue
        outside = [each for each in partner.activities if each not in funder.activities]
        values = {"outside": outside, "activities": funder.activities, "funder": funder.name}
        if not partner.activities:
            yield Finding("unknown", "activity_not_said", values, partner.name)
        elif outside:
            yield Finding("fail", "activity_excluded", values, partner.name)
        else:
            yield Finding("pass", "activity_fits", values, partner.name)


# --- money -----------------------------------------------------------------------------------------------------------


def _budget(_call: Call, application: Application) -> Found:
    """The lines make the total, and what pays for it is as much as it costs."""
    for partner in application.partners:
        costs = sum((line.amount for line in partner.costs), Decimal(0))
        total = costs if partner.total is None else partner.total
        values = {"lines": costs, "total": total, "grant": partner.grant, "own": partner.own_money}
        if not partner.costs or partner.grant is None or partner.own_money is None:
            yield Finding("unknown", "budget_not_complete", values, partner.name)
        elif costs != total:
            yield Finding("fail", "lines_do_not_add_up", values | {"difference": total - costs}, partner.name)
        elif (paid := partner.grant + partner.own_money + partner.other_money) != total:
            yield Finding("fail", "money_does_not_add_up", values | {"difference": total - paid}, partner.name)
        else:
            yield Finding("pass", "budget_adds_up", values, partner.name)


def _grant(call: Call, application: Application) -> Found:
    for partner, funder in _funded(call, application):
        values: dict[str, object] = {
            "grant": partner.grant,
            "least": funder.smallest_grant,
            "most": funder.largest_grant,
        }
        values |= {"funder": funder.name}
        if funder.smallest_grant is None and funder.largest_grant is None:
            continue
        if partner.grant is None:
            yield Finding("unknown", "grant_not_said", values, partner.name)
        elif funder.largest_grant is not None and partner.grant > funder.largest_grant:
            yield Finding("fail", "grant_too_large", values, partner.name)
        elif funder.smallest_grant is not None and partner.grant < funder.smallest_grant:
            yield Finding("fail", "grant_too_small", values, partner.name)
        else:
            yield Finding("pass", "grant_fits", values, partner.name)


def _rates_of(funder: Funder, partner: Partner) -> set[Share]:
    """One share, or those that are possible where it depends on a size that is not known."""
    if not funder.rates or partner.kind != "company":
        return {funder.rate}
    possible = sme.open_classes(partner.enterprise) if partner.enterprise else sme.RANKS
    return {funder.rates.get(each, funder.rate) for each in possible}


def _co_financing(call: Call, application: Application) -> Found:
    """A grant within the smallest possible share, or beyond the largest, is decided whatever the size is."""
    for partner, funder in _funded(call, application):
        rates, costs = _rates_of(funder, partner), sum((line.amount for line in partner.costs), Decimal(0))
        values: dict[str, object] = {"costs": costs, "grant": partner.grant, "funder": funder.name}
        asked = partner.grant if partner.costs else None
        least, most = min(rates), max(rates)
        if asked is not None and asked > most * costs:
            yield Finding("fail", "rate_passed", values | {"rate": most, "most": most * costs}, partner.name)
        elif asked is not None and asked <= least * costs:
            yield Finding("pass", "rate_kept", values | {"rate": least, "most": least * costs}, partner.name)
        elif len(rates) > 1:
            missing = size_of(partner).missing
            yield Finding("unknown", "rate_not_known", values | {"rate": None, "missing": missing}, partner.name)
        else:
            yield Finding("unknown", "costs_not_said", values | {"rate": most}, partner.name)


def _de_minimis(call: Call, application: Application) -> Found:
    """Aid of a Member State to a single undertaking, on the day of granting."""
    for partner, funder in _funded(call, application):
        if not funder.de_minimis:
            continue
        day = application.granting_on or _day(call, application)
        values: dict[str, object] = {"member_state": funder.member_state, "day": day, "grant": partner.grant}
        values |= {"ceiling": de_minimis.CEILING, "funder": funder.name}
        if day > de_minimis.LAST_DAY:
            yield Finding("unknown", "regulation_ended", values | {"last_day": de_minimis.LAST_DAY}, partner.name)
        elif partner.de_minimis is None:
            yield Finding("unknown", "aid_not_declared", values, partner.name)
        else:
            left = de_minimis.room(partner.de_minimis, member_state=funder.member_state, day=day)
            values |= {
                "room": left,
                "had": de_minimis.counted(partner.de_minimis, member_state=funder.member_state, day=day),
            }
            yield _room_finding(partner, left, values)


def _room_finding(partner: Partner, left: Decimal, values: dict[str, object]) -> Finding:
    if partner.grant is None:
        return Finding("unknown" if left else "fail", "room_left" if left else "no_room", values, partner.name)
    fits = partner.grant <= left
    return Finding("pass" if fits else "fail", "within_ceiling" if fits else "ceiling_passed", values, partner.name)


def _day(call: Call, application: Application) -> date:
    return application.moment.astimezone(ZoneInfo(call.zone)).date()


def _previous_grants(call: Call, application: Application) -> Found:
    for partner, funder in _funded(call, application):
        limit = funder.previous_grants
        if limit is None:
            continue
        values: dict[str, object] = {"most": limit.grants, "years": limit.years, "funder": funder.name}
        if partner.previous_grants is None:
            yield Finding("unknown", "previous_not_said", values, partner.name)
            continue
        today = _day(call, application)
        since = today - relativedelta(years=limit.years) + timedelta(days=1)
        had = sum(each.funder == funder.id and since <= each.granted_on <= today for each in partner.previous_grants)
        code = "previous_fit" if had <= limit.grants else "too_many_previous"
        yield Finding("pass" if had <= limit.grants else "fail", code, values | {"had": had}, partner.name)


RULES = (
    Rule("deadline", OF_THE_CALL, _deadline),
    Rule("duration", OF_THE_CALL, _duration),
    Rule("partners", OF_THE_CALL, _partners),
    Rule("consortium_size", OF_THE_CALL, _size_of_consortium),
    Rule("consortium_countries", OF_THE_CALL, _countries),
    Rule("lead", OF_THE_CALL, _lead),
    Rule("smes_in_consortium", SME_DEFINITION, _smes),
    Rule("one_consortium_only", OF_THE_CALL, _one_consortium),
    Rule("funder", OF_THE_CALL, _funder),
    Rule("kind", OF_THE_CALL, _kind),
    Rule("sme_status", SME_DEFINITION, _sme_status),
    Rule("activity", OF_THE_CALL, _activities),
    Rule("budget", OF_THE_CALL, _budget),
    Rule("grant", OF_THE_CALL, _grant),
    Rule("co_financing", OF_THE_CALL, _co_financing),
    Rule("de_minimis", DE_MINIMIS, _de_minimis),
    Rule("previous_grants", OF_THE_CALL, _previous_grants),
)
