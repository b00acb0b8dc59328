"""What effort serves which goal, as the page shows it: by name, with hours, money, indicators and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ladder import Rung
from core.templatetags.portal import money
from evaluations import effort as efforts
from evaluations.effort import KINDS, NONE, UNSAID, Effort, Thing
from evaluations.reading import boosters
from members.models import User
from programme.models import Strategy
from programme.reading.strategies import current_sheet

SHOWN = 6  # things of a kind that are named; the others are counted
RUNGS = list(Rung)


def page(user: User, wanted: str, language: str = "en") -> dict[str, Any]:
    """The strategy that is wanted, or the one that holds now; what serves each of its goals, and beside them what
    drives and what slows the work."""
    strategies = _strategies(user)
    strategy = chosen(strategies, wanted)
    if strategy is None:
        return {"strategy": None}
    goals = list(strategy.goals.all())
    by_aim = efforts.by_aim(strategy)
    ours = {goal.pk for goal in goals}
    kpis = {goal["id"]: goal["kpis"] for goal in current_sheet(strategy)["goals"]}
    here = [effort for aim, effort in by_aim.items() if aim in ours | {NONE, UNSAID}]
    outcomes = _outcomes(ours)
    return {
        "strategy": strategy,
        "strategies": strategies,
        "goals": [_goal(goal, by_aim[goal.pk], outcomes[goal.pk]) | {"kpis": kpis[goal.pk]} for goal in goals],
        "none": _shown(by_aim[NONE], with_reasons=True),
        "unsaid": _shown(by_aim[UNSAID]),
        "shares": _shares(by_aim, ours),
        "total": sum(len(each.things) for each in here),
        "beside": boosters.latest(user, language),
    }


def _strategies(user: User) -> list[Strategy]:
    """All that this person may see, the newest that was anchored first."""
    newest = F("anchored_at").desc(nulls_last=True)
    return list(Strategy.objects.visible_to(user).order_by(newest, "-starts_on", "-pk"))


def chosen(strategies: list[Strategy], wanted: str) -> Strategy | None:
    """The one that is wanted, or that holds now, or the newest."""
    named = [each for each in strategies if each.slug == wanted]
    return next(iter((*named, *Strategy.objects.holding(timezone.localdate())[:1], *strategies)), None)


def as_file(user: User, wanted: str) -> Iterator[list[object]]:
    """Everything that takes effort, by goal, with its hours, money and results."""
    yield [_("Goal"), _("Kind"), _("What"), _("Hours"), _("Money, EUR"), _("Result"), _("Why it serves none")]
    strategy = chosen(_strategies(user), wanted)
    if strategy is None:
        return
    by_aim = efforts.by_aim(strategy)
    aims = [*strategy.goals.values_list("pk", "name"), (NONE, _("Serves no goal")), (UNSAID, _("Has not said yet"))]
    for aim, name in aims:
        for each in by_aim[aim].things:
            yield [name, KINDS[each.kind], each.name, each.hours, each.money_eur, each.result, each.why]


def _goal(goal: Any, effort: Effort, outcomes: Counter[str]) -> dict[str, Any]:
    return {
        "goal": goal,
        "hours": _against(effort.hours, Decimal(goal.hours), in_hours),
        "money": _against(effort.money_eur, goal.money_eur, money),
        "outcomes": _told(outcomes),
        **_shown(effort),
    }


def _against(spent: Decimal, set_aside: Decimal, words: Any) -> dict[str, Any]:
    """Spent against set aside, as a bar and in words. A bar that is full says so by its words, too."""
    said = {"spent": words(spent), "aside": words(set_aside)}
    if set_aside:
        share = float(spent / set_aside)
        text = _("%(spent)s of %(aside)s") % said
        if spent > set_aside:
            text = _("%(spent)s: more than the %(aside)s set aside") % said
        return {"text": text, "width": round(100 * min(1, share), 1)}
    return {"text": _("%(spent)s; nothing was set aside") % said if spent else "", "width": 0}


def in_hours(hours: Decimal) -> str:
    """So many hours, in words."""
    return ngettext("%(n)s hour", "%(n)s hours", round(hours)) % {"n": number_format(round(hours), force_grouping=True)}


def _shown(effort: Effort, *, with_reasons: bool = False) -> dict[str, Any]:
    """The things by kind, a few of each by name."""
    kinds: dict[str, list[Thing]] = defaultdict(list)
    for thing in effort.things:
        kinds[thing.kind].append(thing)
    return {
        "kinds": [
            {"kind": KINDS[kind], "n": len(things), "things": things[:SHOWN], "more": max(0, len(things) - SHOWN)}
            for kind, things in kinds.items()
        ],
        "with_reasons": with_reasons,
        "n": len(effort.things),
    }


def _shares(by_aim: dict[int | str, Effort], ours: set[int]) -> list[dict[str, Any]]:
    """Of the hours, the money and the things of these years: how much serves a goal, none, or has not said."""
    rows = []
    serving = [by_aim[pk] for pk in ours if pk in by_aim]
    for label, value in (
        (_("Hours spent"), lambda effort: effort.hours),
        (_("Money spent"), lambda effort: effort.money_eur),
        (_("Things on record"), lambda effort: Decimal(len(effort.things))),
    ):
        at_goals = sum((value(each) for each in serving), Decimal(0))
        none, unsaid = value(by_aim[NONE]), value(by_aim[UNSAID])
        if total := at_goals + none + unsaid:
            rows.append({"label": label, "parts": _parts(at_goals, none, unsaid, total)})
    return rows


def _parts(at_goals: Decimal, none: Decimal, unsaid: Decimal, total: Decimal) -> list[dict[str, Any]]:
    parts, x = [], 0.0
    for key, label, part in (
        ("goal", _("serve a goal"), at_goals),
        (NONE, _("serve none, with a reason"), none),
        (UNSAID, _("have not said yet"), unsaid),
    ):
        width = round(100 * float(part / total), 1)
        parts.append({"fill": f"is-{key}", "label": label, "percent": round(width), "x": round(x, 1), "width": width})
        x += width
    return parts


def _outcomes(goals: set[int]) -> dict[int, Counter[str]]:
    """How far things have come that began with what cites a goal: each counts once, at its furthest rung."""
    furthest: dict[tuple[int, str, str], int] = {}
    for told in efforts.told_of(goals):
        key = (told.goal, told.source, told.key)
        furthest[key] = max(RUNGS.index(Rung(told.rung)), furthest.get(key, 0))
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for (goal, _source, _key), at in furthest.items():
        counted[goal][RUNGS[at]] += 1
    return counted


def _told(outcomes: Counter[str]) -> str:
    """The furthest first: 2 agreements, 5 lasting contacts."""
    steps = [(rung.label, outcomes[rung]) for rung in reversed(RUNGS) if outcomes[rung] and rung != Rung.NOTHING]
    return ", ".join(_("%(rung)s: %(n)s") % {"rung": rung, "n": n} for rung, n in steps)
