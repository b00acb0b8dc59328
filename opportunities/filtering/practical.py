"""Reasons beside the topic: market, deadline, budget, readiness. Each says only what is known and true."""

from collections.abc import Callable
from datetime import date

from opportunities.filtering.rules import DAYS_A_MONTH, FULL, SOFT_FACTORS
from opportunities.filtering.trl import trl_range
from opportunities.filtering.types import Member, Opportunity, Reason

_DAYS_A_WEEK = 7
_WEEKS_FROM = 14  # days; below, days are counted


def practical_reasons(member: Member, opportunity: Opportunity, today: date | None) -> list[Reason]:
    """What fits beside the topic, the most useful first."""
    asked: tuple[Callable[[Member, Opportunity, date | None], Reason | None], ...] = (
        _market,
        _deadline,
        _budget,
        _readiness,
    )
    return [reason for ask in asked if (reason := ask(member, opportunity, today))]


def _market(member: Member, opportunity: Opportunity, _: date | None) -> Reason | None:
    for country in opportunity.countries:
        if country in member.markets:
            return Reason("target_market", {"country": country})
    return None


def _deadline(member: Member, opportunity: Opportunity, today: date | None) -> Reason | None:
    if not (today and opportunity.deadline and member.hours_a_month and opportunity.effort_hours):
        return None
    days = (opportunity.deadline - today).days
    if days <= 1 or member.hours_a_month * days / DAYS_A_MONTH < opportunity.effort_hours:
        return None
    if days < _WEEKS_FROM:
        return Reason("deadline_fits_days", {"days": days})
    return Reason("deadline_fits_weeks", {"weeks": days // _DAYS_A_WEEK})


def _budget(member: Member, opportunity: Opportunity, _: date | None) -> Reason | None:
    known = member.cofinance_eur_a_year and opportunity.budget_min_eur and opportunity.kind == "funding"
    return Reason("budget_fits") if known and _fits("budget", member, opportunity) else None


def _readiness(member: Member, opportunity: Opportunity, _: date | None) -> Reason | None:
    known = (member.trl_min or member.trl_max) and trl_range(opportunity.text)
    return Reason("readiness_fits") if known and _fits("readiness", member, opportunity) else None


def _fits(name: str, member: Member, opportunity: Opportunity) -> bool:
    factor = next(each for each in SOFT_FACTORS if each.name == name)
    return factor.weigh(factor.of_member(member), factor.of_opportunity(opportunity)) == FULL
