"""What reports tell of a strategy's goals: written down once, when a quarter is over, so that a report stays as it was.

Hours, money and indicators are the cluster's own and are kept as they are. Companies that told what came of it are
counted by goal in `quarters`, and protected.
"""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from evaluations import effort
from evaluations.effort import NONE, UNSAID, Effort
from evaluations.models import GoalFrame
from programme.models import Reading, Strategy


def holding_on(day: date) -> Strategy | None:
    """The strategy that held then: the last that was anchored by that day, if its years had begun."""
    anchored = Strategy.objects.filter(anchored_at__date__lte=day, starts_on__lte=day)
    return anchored.order_by("-anchored_at", "-pk").first()


def keep(cut_off: date) -> None:
    """How the goals stood on that day, as far as it is on record now. What was kept before stays."""
    strategy = holding_on(cut_off)
    if strategy is not None and not GoalFrame.objects.filter(cut_off=cut_off).exists():
        GoalFrame.objects.get_or_create(cut_off=cut_off, defaults={"content": _content(strategy, cut_off)})


def newest(cut_off: date) -> GoalFrame | None:
    """The newest that was kept of a quarter which was over on that day."""
    return GoalFrame.objects.filter(cut_off__lte=cut_off).order_by("-cut_off").first()


def _content(strategy: Strategy, until: date) -> dict[str, Any]:
    """In the words of the version that was anchored: what stands in no version yet is nobody else's to read."""
    says = strategy.versions.get(number=strategy.anchored_number).content
    by_aim = effort.by_aim(strategy, until)
    ours = set(strategy.goals.values_list("pk", flat=True))
    return {
        "strategy": says["name"],
        "starts_on": says["starts_on"],
        "ends_on": says["ends_on"],
        "goals": [_goal(goal, by_aim[goal["id"]], until) for goal in says["goals"]],
        "serving": _sums(Effort([thing for pk in ours if pk in by_aim for thing in by_aim[pk].things])),
        NONE: _sums(by_aim[NONE]),
        UNSAID: _sums(by_aim[UNSAID]),
    }


def _sums(found: Effort) -> dict[str, Any]:
    return {
        "hours": found.hours,
        "money": found.money_eur,
        "things": Counter(thing.kind for thing in found.things),
    }


def _goal(goal: dict[str, Any], found: Effort, until: date) -> dict[str, Any]:
    kpis = [each["id"] for each in goal["kpis"]]
    read = Reading.objects.filter(kpi__in=kpis, on__lte=until).order_by("on").values_list("kpi", "value", "on")
    latest = {kpi: {"value": value, "on": on} for kpi, value, on in read}
    return {
        "id": goal["id"],
        "name": goal["name"],
        "hours_aside": Decimal(goal["hours"]),
        "money_aside": Decimal(goal["money_eur"]),
        "kpis": [
            {name: each[name] for name in ("name", "unit", "target")} | {"read": latest.get(each["id"])}
            for each in goal["kpis"]
        ],
        **_sums(found),
    }
