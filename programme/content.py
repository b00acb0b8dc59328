"""What a strategy says, as plain data: kept word for word with each version, and compared from one to the next."""

from typing import Any

from programme.models import KPI, Goal, Strategy, StrategyVersion

Content = dict[str, Any]


def content_of(strategy: Strategy) -> Content:
    """All that it says now: its words, its goals and their indicators, without what is read off them later."""
    return {
        "name": strategy.name,
        "starts_on": strategy.starts_on.isoformat(),
        "ends_on": strategy.ends_on.isoformat(),
        "vision": strategy.vision,
        "skills": [line.strip() for line in strategy.skills.splitlines() if line.strip()],
        "goals": [_goal(goal) for goal in strategy.goals.prefetch_related("kpis")],
    }


def _goal(goal: Goal) -> Content:
    return {
        "id": goal.pk,
        "name": goal.name,
        "why": goal.why,
        "markets": list(goal.markets),
        "sectors": list(goal.sectors),
        "hours": goal.hours,
        "money_eur": f"{goal.money_eur:.2f}",
        "given_up": goal.why_given_up,
        "kpis": [_kpi(kpi) for kpi in goal.kpis.all()],
    }


def _kpi(kpi: KPI) -> Content:
    return {
        "id": kpi.pk,
        "name": kpi.name,
        "unit": kpi.unit,
        "baseline": None if kpi.baseline is None else f"{kpi.baseline:.2f}",
        "target": f"{kpi.target:.2f}",
        "due_on": kpi.due_on.isoformat(),
        "source": kpi.source,
    }


def newest_version(strategy: Strategy) -> StrategyVersion | None:
    """What was put to the stakeholders last; none for a first draft."""
    return strategy.versions.filter(number=strategy.number).first()


def has_changed(strategy: Strategy) -> bool:
    """Whether it says something else now than what was put to the stakeholders last."""
    version = newest_version(strategy)
    return version is not None and version.content != content_of(strategy)
