"""What takes effort, and which goal it serves: read from what is on record, for pages and for reports.

What cites a goal counts for it whenever it was. What cites none counts when it falls into the strategy's years.
Hours are those that were spent: of services that were delivered and of activities that are over. Rounds, funding calls
and published opportunities keep no hours of the cluster team, so they count as things alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy, ngettext

from evaluations.models import Outcome
from funding.models import FundingCall
from matchmaking.models import Round
from opportunities.models import Opportunity
from programme.models import Activity, Service, Strategy

NONE, UNSAID = "none", "unsaid"
# Each kind of thing under the name by which reports keep it.
KINDS = {
    "services": gettext_lazy("Services"),
    "activities": gettext_lazy("Activities"),
    "rounds": gettext_lazy("Matchmaking rounds"),
    "calls": gettext_lazy("Funding calls"),
    "opportunities": gettext_lazy("Published opportunities"),
}

# The goal of what an outcome began with.
OF_A_GOAL = (
    *("opportunity__goal", "round__goal", "service_request__service__goal", "activity__goal"),
    *("grant__award__partner__application__call__goal", "introduction__shortlist__activity__goal"),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that takes effort. `kind`: one of KINDS; `aim`: the goal's id, NONE with `why`, or UNSAID."""

    kind: str
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


def by_aim(strategy: Strategy, until: date = date.max) -> dict[int | str, Effort]:
    """What serves each goal of a strategy, none, and what has not said; with `until`, what was done by that day."""
    found: dict[int | str, Effort] = defaultdict(Effort)
    for thing in _things(strategy, until):
        found[thing.aim].things.append(thing)
    return found


def _things(strategy: Strategy, until: date) -> Iterator[Thing]:
    for things in (_services, _activities, _rounds, _calls, _opportunities):
        yield from things(strategy, until)


def _aim(row: dict[str, Any]) -> dict[str, Any]:
    aim = row["goal_id"] or (NONE if row["why_no_goal"] else UNSAID)
    return {"aim": aim, "why": row["why_no_goal"]}


def _of(strategy: Strategy, found: QuerySet, until: date) -> QuerySet:
    """Those that count for a strategy, by their `day`."""
    within = Q(day__gte=strategy.starts_on, day__lte=strategy.ends_on)
    found = found.filter(Q(goal__strategy=strategy) | Q(goal=None) & within)
    return found if until == date.max else found.filter(day__lte=until)


@dataclass(frozen=True, slots=True)
class Told:
    """How far something came that began with what cites a goal. `key`: of what, in the words of its source."""

    goal: int
    source: str
    key: str
    rung: str
    organisation: int | None


def told_of(goals: Collection[int], **when: object) -> Iterator[Told]:
    """What was told of opportunities, rounds, services, activities, grants and introductions that cite these goals."""
    rows = Outcome.objects.filter(reduce(or_, (Q(**{f"{of}__in": goals}) for of in OF_A_GOAL)), **when)
    for source, key, rung, organisation, *of in rows.order_by("pk").values_list(
        "source", "source_key", "rung", "organisation", *OF_A_GOAL
    ):
        for goal in {each for each in of if each in goals}:
            yield Told(goal, source, key, rung, organisation)


def _address(thing: Service | Activity) -> str:
    """Where its page is; some things are on record before they have one."""
    try:
        return thing.get_absolute_url()
    except NoReverseMatch:
        return ""


AIM = ("goal_id", "why_no_goal")


def _services(strategy: Strategy, until: date) -> Iterator[Thing]:
    """Services that were delivered, with the hours that it took: of one without a goal, those of these years."""
    these_years = Q(requests__delivered_on__range=(strategy.starts_on, strategy.ends_on))
    counted = Q(requests__status="delivered", requests__delivered_on__lte=until)
    counted &= Q(goal__strategy=strategy) | (Q(goal=None) & these_years)
    found = Service.objects.annotate(
        spent=Sum("requests__delivered_hours", filter=counted), times=Count("requests", filter=counted)
    ).filter(times__gt=0)
    for row in found.order_by("name").values("name", "slug", "spent", "times", *AIM):
        result = ngettext("delivered %(n)s time", "delivered %(n)s times", row["times"]) % {"n": row["times"]}
        url = _address(Service(slug=row["slug"]))
        yield Thing("services", row["name"], url, **_aim(row), hours=row["spent"], result=result)


def _activities(strategy: Strategy, until: date) -> Iterator[Thing]:
    """What is published or over; hours and money count when it is over."""
    found = Activity.objects.filter(status__in=["published", "over"]).annotate(
        day=TruncDate("starts_at"), last=TruncDate("ends_at")
    )
    found = _of(strategy, found, until).annotate(came=Count("registrations", filter=Q(registrations__attended=True)))
    columns = ("name", "slug", "status", "last", "hours", "money_eur", "results", "came", *AIM)
    for row in found.order_by("starts_at").values(*columns):
        is_over = row["status"] == "over" and row["last"] <= until
        spent = {"hours": row["hours"], "money_eur": row["money_eur"]} if is_over else {}
        url = _address(Activity(slug=row["slug"]))
        yield Thing("activities", row["name"], url, **_aim(row), **spent, result=_came(row))


def _came(row: dict[str, Any]) -> str:
    came = ngettext("%(n)s took part", "%(n)s took part", row["came"]) % {"n": row["came"]} if row["came"] else ""
    return ". ".join(filter(None, [came, row["results"]]))


def _rounds(strategy: Strategy, until: date) -> Iterator[Thing]:
    """Rounds that were not cancelled, by the day of their first meeting."""
    found = Round.objects.exclude(status="cancelled").annotate(day=TruncDate(Min("slots__starts_at")))
    for row in _of(strategy, found, until).order_by("day").values("name", "slug", *AIM):
        yield Thing("rounds", row["name"], Round(slug=row["slug"]).get_absolute_url(), **_aim(row))


def _calls(strategy: Strategy, until: date) -> Iterator[Thing]:
    """Funding calls that were published and not cancelled, by the day on which they open."""
    found = FundingCall.objects.exclude(status__in=["draft", "cancelled"]).annotate(day=TruncDate("opens_at"))
    for row in _of(strategy, found, until).order_by("opens_at").values("name", "slug", *AIM):
        yield Thing("calls", row["name"], FundingCall(slug=row["slug"]).get_absolute_url(), **_aim(row))


def _opportunities(strategy: Strategy, until: date) -> Iterator[Thing]:
    """Published opportunities, by the day of their publication."""
    found = Opportunity.objects.published().annotate(day=TruncDate("curated_at"))
    for row in _of(strategy, found, until).order_by("-curated_at").values("title", "reference", *AIM):
        url = Opportunity(reference=row["reference"]).get_absolute_url()
        yield Thing("opportunities", row["title"], url, **_aim(row))
