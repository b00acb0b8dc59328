"""The hard rules and the soft factors, as objects: the page "how the filter works" is made from these lists.

A hard rule forbids a pair and says why. What is not known never forbids. A soft factor takes a share off the score,
in steps of 1/256, and never adds to it. Both look at one facet of the member and one of the opportunity, so the index
asks each question once for all pairs that share both facets.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any

from opportunities.filtering import feedback
from opportunities.filtering.trl import trl_range
from opportunities.filtering.types import Member, Opportunity, Reason, Refusal

FULL = 256
DAYS_A_MONTH = 30.4375
# People find time for what matters: an effort forbids only when it is over four times the hours left.
_STRETCH = 4
# A usual share that a company pays itself in a funded project, and a usual length of one.
_OWN_SHARE = 0.3
_PROJECT_YEARS = 2


@dataclass(frozen=True, slots=True)
class HardRule:
    """`check(member facet, opportunity facet, today)` gives the reason to forbid, or None.

    A rule with `lookup` forbids exactly the opportunity facets that the member facet holds.
    """

    name: str
    description: str
    of_member: Callable[[Member], Hashable]
    of_opportunity: Callable[[Opportunity], Hashable]
    check: Callable[[Any, Any, date | None], Reason | None]
    lookup: bool = False


@dataclass(frozen=True, slots=True)
class SoftFactor:
    """`weigh(member facet, opportunity facet)` gives the share of the score that stays, 1 to 256 of 256."""

    name: str
    description: str
    of_member: Callable[[Member], Hashable]
    of_opportunity: Callable[[Opportunity], Hashable]
    weigh: Callable[[Any, Any], int]


def _country(mine: str, eligible: tuple[str, ...], _: date | None) -> Reason | None:
    if not mine or not eligible or mine in eligible:
        return None
    return Reason("country_not_eligible", {"country": mine})


def _kind_of_organisation(mine: str, eligible: tuple[str, ...], _: date | None) -> Reason | None:
    if not mine or not eligible or mine in eligible:
        return None
    return Reason("organisation_kind_not_eligible", {"kinds": ",".join(eligible), "kind": mine})


def _size(mine: str, eligible: tuple[str, ...], _: date | None) -> Reason | None:
    if not mine or not eligible or mine in eligible:
        return None
    return Reason("size_not_eligible", {"sizes": ",".join(eligible), "size": mine})


def _passed(_: None, deadline: date | None, today: date | None) -> Reason | None:
    if deadline is None or today is None or deadline >= today:
        return None
    return Reason("deadline_passed", {"date": deadline.isoformat()})


def _too_soon(
    hours_a_month: float | None, asked: tuple[date | None, float | None], today: date | None
) -> Reason | None:
    deadline, effort = asked
    if deadline is None or today is None or not hours_a_month or not effort or deadline < today:
        return None
    hours_left = hours_a_month * (deadline - today).days / DAYS_A_MONTH
    if effort <= _STRETCH * hours_left:
        return None
    return Reason("deadline_too_soon", {"days": (deadline - today).days, "hours": round(effort)})


def _kind(wanted: tuple[str, ...], kind: str, _: date | None) -> Reason | None:
    if not kind or not wanted or kind in wanted:
        return None
    return Reason("kind_not_wanted", {"kind": kind})


def _language(read: tuple[str, ...], language: str, _: date | None) -> Reason | None:
    if not language or not read or language in read:
        return None
    return Reason("language_not_read", {"language": language})


def _own(mine: frozenset[str], organisation: str, _: date | None) -> Reason | None:
    return Reason("own_organisation") if organisation in mine else None


def _answered(answered: frozenset[int], opportunity: int, _: date | None) -> Reason | None:
    return Reason("already_answered") if opportunity in answered else None


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


RULES: tuple[HardRule, ...] = (
    HardRule(
        "eligible_country",
        "The opportunity is open to organisations from your country.",
        lambda member: member.country,
        lambda opportunity: opportunity.target_countries,
        _country,
    ),
    HardRule(
        "eligible_kind",
        "The opportunity is open to your kind of organisation.",
        lambda member: member.organisation_kind,
        lambda opportunity: opportunity.target_kinds,
        _kind_of_organisation,
    ),
    HardRule(
        "eligible_size",
        "The opportunity is open to companies of your size.",
        lambda member: member.size_class,
        lambda opportunity: opportunity.target_sizes,
        _size,
    ),
    HardRule(
        "deadline_passed",
        "The deadline has not passed.",
        lambda _: None,
        lambda opportunity: opportunity.deadline,
        _passed,
    ),
    HardRule(
        "deadline_too_soon",
        "The work can be done before the deadline: it takes at most four times the hours you have until then.",
        lambda member: member.hours_a_month,
        lambda opportunity: (opportunity.deadline, opportunity.effort_hours),
        _too_soon,
    ),
    HardRule(
        "kind_wanted",
        "You asked for this kind of opportunity.",
        lambda member: member.kinds,
        lambda opportunity: opportunity.kind,
        _kind,
    ),
    HardRule(
        "language_read",
        "It is written in a language that you read.",
        lambda member: member.languages,
        lambda opportunity: opportunity.language,
        _language,
    ),
    HardRule(
        "own_organisation",
        "It does not come from your own organisation.",
        lambda member: frozenset({_folded(member.name)} - {""}),
        lambda opportunity: _folded(opportunity.organisation),
        _own,
        lookup=True,
    ),
    HardRule(
        "already_answered",
        "You have not answered it yet.",
        lambda member: feedback.answered(member.feedback),
        lambda opportunity: opportunity.id,
        _answered,
        lookup=True,
    ),
)


def _market(mine: tuple[str, tuple[str, ...]], countries: tuple[str, ...]) -> int:
    home, markets = mine
    if not markets or not countries or home in countries:
        return FULL
    return FULL if set(markets) & set(countries) else 208


def _stepwise(ratio: float) -> int:
    for limit, share in ((1, FULL), (2, 224), (4, 192)):
        if ratio <= limit:
            return share
    return 160


def _budget(cofinance: float | None, smallest: float) -> int:
    if not cofinance or not smallest:
        return FULL
    return _stepwise(smallest * _OWN_SHARE / _PROJECT_YEARS / cofinance)


def _smallest_grant(opportunity: Opportunity) -> float:
    """The smallest funded budget in two significant digits, so that the index meets few different values."""
    return float(f"{opportunity.budget_min_eur or 0:.1e}") if opportunity.kind == "funding" else 0.0


def _effort(hours_a_month: float | None, effort: float | None) -> int:
    if not hours_a_month or not effort:
        return FULL
    return _stepwise(effort / (3 * hours_a_month))


def _readiness(mine: tuple[int | None, int | None], asked: tuple[int, int] | None) -> int:
    low, high = mine
    if asked is None or (low is None and high is None):
        return FULL
    gap = max(asked[0] - (high or 9), (low or 1) - asked[1])
    return FULL if gap <= 0 else 224 if gap == 1 else 176


SOFT_FACTORS: tuple[SoftFactor, ...] = (
    SoftFactor(
        "market",
        "It comes from your country or one of your target markets; else a fifth is taken off.",
        lambda member: (member.country, member.markets),
        lambda opportunity: opportunity.countries,
        _market,
    ),
    SoftFactor(
        "budget",
        "Your own share of the smallest funded budget fits the co-finance you can pay a year.",
        lambda member: member.cofinance_eur_a_year,
        _smallest_grant,
        _budget,
    ),
    SoftFactor(
        "effort",
        "The work fits into three months of the hours you have.",
        lambda member: member.hours_a_month,
        lambda opportunity: opportunity.effort_hours,
        _effort,
    ),
    SoftFactor(
        "readiness",
        "The technology readiness level it names is near yours.",
        lambda member: (member.trl_min, member.trl_max),
        lambda opportunity: trl_range(opportunity.text),
        _readiness,
    ),
)


def why_not(member: Member, opportunity: Opportunity, *, today: date | None) -> tuple[Refusal, ...]:
    """Every hard rule that forbids the pair, in the order of RULES; empty when none does."""
    found = ((rule.name, rule.check(rule.of_member(member), rule.of_opportunity(opportunity), today)) for rule in RULES)
    return tuple(Refusal(name, reason) for name, reason in found if reason)
