"""Hours, money and results by goal, and the share of the effort that serves none: counted from what is on record.

What cites a goal counts for it whenever it was. What cites none counts when it falls into the strategy's years.
Hours are those that were spent: of services that were delivered and of activities that are over. Rounds, funding calls
and published opportunities keep no hours of the cluster team, so they count as things alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.urls import NoReverseMatch
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.ladder import Rung
from core.templatetags.portal import money
from evaluations.models import Outcome
from funding.models import FundingCall
from matchmaking.models import Round
from members.models import User
from opportunities.models import Opportunity
from programme.models import Activity, Service, Strategy

NONE, UNSAID = "none", "unsaid"
SHOWN = 6  # things of a kind that are named; the others are counted
RUNGS = list(Rung)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that takes effort. `aim`: the goal's id, NONE with `why`, or UNSAID."""

    kind: str | Promise
    name: str
    url: str
    aim: int | str
    why: str = ""
    hours: Decimal = Decimal(0)
    money_eur: Decimal = Decimal(0)
    result: str = ""


@dataclass(slots=True)
class Effort:
    """All that has the same aim."""

    things: list[Thing] = field(default_factory=list)

    @property
    def hours(self) -> Decimal:
        return sum((each.hours for each in self.things), Decimal(0))

    @property
    def money_eur(self) -> Decimal:
        return sum((each.money_eur for each in self.things), Decimal(0))


def page(user: User, wanted: str) -> dict[str, Any]:
    """The strategy that is wanted, or the newest that was not left behind; what serves each of its goals."""
    strategies = list(Strategy.objects.visible_to(user).order_by("-anchored_at", "-starts_on", "-pk"))
    strategy = next((each for each in strategies if each.slug == wanted), strategies[0] if strategies else None)
    if strategy is None:
        return {"strategy": None}
    goals = list(strategy.goals.all())
    by_aim: dict[int | str, Effort] = defaultdict(Effort)
    for thing in _things(strategy):
        by_aim[thing.aim].things.append(thing)
    ours = {goal.pk for goal in goals}
    here = [effort for aim, effort in by_aim.items() if aim in ours | {NONE, UNSAID}]
    outcomes = _outcomes(ours)
    return {
        "strategy": strategy,
        "strategies": strategies,
        "goals": [_goal(goal, by_aim[goal.pk], outcomes[goal.pk]) for goal in goals],
        "none": _shown(by_aim[NONE], with_reasons=True),
        "unsaid": _shown(by_aim[UNSAID]),
        "shares": _shares(by_aim, ours),
        "total": sum(len(each.things) for each in here),
    }


def _goal(goal: Any, effort: Effort, outcomes: Counter[str]) -> dict[str, Any]:
    return {
        "goal": goal,
        "hours": _against(effort.hours, Decimal(goal.hours), _hours),
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


def _hours(hours: Decimal) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", round(hours)) % {"n": number_format(round(hours), force_grouping=True)}


def _shown(effort: Effort, *, with_reasons: bool = False) -> dict[str, Any]:
    """The things by kind, a few of each by name."""
    kinds: dict[str, list[Thing]] = defaultdict(list)
    for thing in effort.things:
        kinds[str(thing.kind)].append(thing)
    return {
        "kinds": [
            {"kind": kind, "n": len(things), "things": things[:SHOWN], "more": max(0, len(things) - SHOWN)}
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
    rows = Outcome.objects.filter(Q(opportunity__goal__in=goals) | Q(round__goal__in=goals))
    for key, source, rung, *of in rows.values_list(
        "source_key", "source", "rung", "opportunity__goal", "round__goal"
    ).order_by("pk"):
        for goal in {each for each in of if each in goals}:
            at = RUNGS.index(Rung(rung))
            furthest[goal, source, key] = max(at, furthest.get((goal, source, key), 0))
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for (goal, _source, _key), at in furthest.items():
        counted[goal][RUNGS[at]] += 1
    return counted


def _told(outcomes: Counter[str]) -> str:
    """The furthest first: 2 agreements, 5 lasting contacts."""
    steps = [(rung.label, outcomes[rung]) for rung in reversed(RUNGS) if outcomes[rung] and rung != Rung.NOTHING]
    return ", ".join(_("%(rung)s: %(n)s") % {"rung": rung, "n": n} for rung, n in steps)


# What takes effort


def _things(strategy: Strategy) -> Iterator[Thing]:
    yield from _services(strategy)
    yield from _activities(strategy)
    yield from _rounds(strategy)
    yield from _calls(strategy)
    yield from _opportunities(strategy)


def _aim(row: dict[str, Any]) -> dict[str, Any]:
    aim = row["goal_id"] or (NONE if row["why_no_goal"] else UNSAID)
    return {"aim": aim, "why": row["why_no_goal"]}


def _in_its_years(strategy: Strategy, day: str) -> Q:
    within = Q(**{f"{day}__gte": strategy.starts_on, f"{day}__lte": strategy.ends_on})
    return Q(goal__strategy=strategy) | Q(goal=None) & within


def _address(thing: Service | Activity) -> str:
    """Where its page is; some things are on record before they have one."""
    try:
        return thing.get_absolute_url()
    except NoReverseMatch:
        return ""


AIM = ("goal_id", "why_no_goal")


def _services(strategy: Strategy) -> Iterator[Thing]:
    """Services that were delivered, with the hours that it took."""
    delivered = Q(requests__status="delivered")
    found = (
        Service.objects.filter(delivered)
        .annotate(day=Max("requests__delivered_on", filter=delivered))
        .filter(_in_its_years(strategy, "day"))
        .annotate(spent=Sum("requests__delivered_hours", filter=delivered), times=Count("requests", filter=delivered))
    )
    for row in found.order_by("name").values("name", "slug", "spent", "times", *AIM):
        result = ngettext("delivered %(n)s time", "delivered %(n)s times", row["times"]) % {"n": row["times"]}
        url = _address(Service(slug=row["slug"]))
        yield Thing(gettext_lazy("Services"), row["name"], url, **_aim(row), hours=row["spent"], result=result)


def _activities(strategy: Strategy) -> Iterator[Thing]:
    """What is published or over; hours and money count when it is over."""
    found = Activity.objects.filter(status__in=["published", "over"]).annotate(day=TruncDate("starts_at"))
    found = found.filter(_in_its_years(strategy, "day")).annotate(
        came=Count("registrations", filter=Q(registrations__attended=True))
    )
    columns = ("name", "slug", "status", "hours", "money_eur", "results", "came", *AIM)
    for row in found.order_by("starts_at").values(*columns):
        spent = {"hours": row["hours"], "money_eur": row["money_eur"]} if row["status"] == "over" else {}
        url = _address(Activity(slug=row["slug"]))
        yield Thing(gettext_lazy("Activities"), row["name"], url, **_aim(row), **spent, result=_came(row))


def _came(row: dict[str, Any]) -> str:
    came = ngettext("%(n)s took part", "%(n)s took part", row["came"]) % {"n": row["came"]} if row["came"] else ""
    return ". ".join(filter(None, [came, row["results"]]))


def _rounds(strategy: Strategy) -> Iterator[Thing]:
    """Rounds that were not cancelled, by the day of their first meeting."""
    found = Round.objects.exclude(status="cancelled").annotate(day=TruncDate(Min("slots__starts_at")))
    for row in found.filter(_in_its_years(strategy, "day")).order_by("day").values("name", "slug", *AIM):
        url = Round(slug=row["slug"]).get_absolute_url()
        yield Thing(gettext_lazy("Matchmaking rounds"), row["name"], url, **_aim(row))


def _calls(strategy: Strategy) -> Iterator[Thing]:
    """Funding calls that were published and not cancelled, by the day on which they open."""
    found = FundingCall.objects.exclude(status__in=["draft", "cancelled"]).annotate(day=TruncDate("opens_at"))
    for row in found.filter(_in_its_years(strategy, "day")).order_by("opens_at").values("name", "slug", *AIM):
        url = FundingCall(slug=row["slug"]).get_absolute_url()
        yield Thing(gettext_lazy("Funding calls"), row["name"], url, **_aim(row))


def _opportunities(strategy: Strategy) -> Iterator[Thing]:
    """Published opportunities, by the day of their publication."""
    found = Opportunity.objects.published().annotate(day=TruncDate("curated_at"))
    found = found.filter(_in_its_years(strategy, "day")).order_by("-curated_at")
    for row in found.values("title", "reference", *AIM):
        url = Opportunity(reference=row["reference"]).get_absolute_url()
        yield Thing(gettext_lazy("Published opportunities"), row["title"], url, **_aim(row))
