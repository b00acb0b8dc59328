"""The sample cluster's strategy: written, objected to, changed, anchored; and what serves its goals."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cluster_portal.sample import CONTENT
from cluster_portal.sample.round_steps import content as rounds_content
from core.models import Mail
from funding.models import FundingCall
from matchmaking.models import Round
from members.models import Organisation, User
from opportunities.models import Opportunity
from programme.actions import endorsements, goals, strategies
from programme.actions.aims import aim
from programme.models import KPI, Goal, Service, Strategy
from programme.suggesting import suggest

# Days before today: its first words, the first version, the second one, and the day on which it was anchored.
BEGUN, FIRST, SECOND, ANCHORED = 530, 500, 455, 430
# Of the opportunities that a goal was not suggested for: one in so many says why it serves none.
SAYS_WHY = 4
NOT_CITED = 9  # and of those with a suggestion, one in so many was never asked about
WHY_NONE = "A member asked for it; it is outside the markets that we chose."

Told = dict[str, Any]


def content() -> Told:
    """The content file of the strategy."""
    return tomllib.loads((CONTENT / "strategy.toml").read_text(encoding="utf-8"))


@transaction.atomic
def load(*, today: date, by: User) -> None:
    """Two versions: the second answers what was objected to the first. Nobody is written to: they do not exist."""
    told = content()
    last = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    strategy = first_version(told, today=today, by=by)
    strategies.change_strategy(strategy=strategy, vision=told["vision"], by=by)
    for each in told["goal"]:
        if each.get("added"):
            add_goal(strategy, each, by)
        elif "given_up" in each:
            goals.give_up(goal=strategy.goals.get(name=each["name"]), why=each["given_up"], by=by)
    strategies.put_to_stakeholders(strategy=strategy, why=told["why_new"], by=by)
    answered(strategy, told, 2)
    strategies.anchor(strategy=strategy, by=by)
    move_back(strategy)
    measure(strategy, told, today=today, by=by)
    Mail.objects.filter(pk__gt=last).delete()


def first_version(told: Told, *, today: date, by: User) -> Strategy:
    """As it was put to the stakeholders the first time, with what they said."""
    starts_on = date(today.year - 1, 1, 1)
    strategy = strategies.add_strategy(
        name=f"{told['name']} {starts_on.year} to {today.year + 1}",
        starts_on=starts_on,
        ends_on=date(today.year + 1, 12, 31),
        vision=told["first_vision"],
        skills="\n".join(told["skills"]),
        by=by,
    )
    for each in told["goal"]:
        if not each.get("added"):
            add_goal(strategy, each, by)
    for each in told["stakeholder"]:
        who = asked(each)
        key = each["is_key_company"]
        endorsements.ask(strategy=strategy, **who, is_key_company=key, by=by)
    strategies.put_to_stakeholders(strategy=strategy, by=by)
    answered(strategy, told, 1)
    return strategy


def add_goal(strategy: Strategy, told: Told, by: User) -> None:
    """A goal with its indicators, due at the strategy's end."""
    says = {name: told[name] for name in ("name", "why", "markets", "sectors", "hours", "money_eur")}
    goal = goals.add_goal(strategy=strategy, **says, by=by)
    for each in told.get("kpi", []):
        numbers = {name: Decimal(each[name]) if name in each else None for name in ("baseline", "target")}
        facts = {"name": each["name"], "unit": each["unit"], "source": each["source"], "due_on": strategy.ends_on}
        goals.save_kpi(goal=goal, **facts, **numbers, by=by)


def asked(told: Told) -> Told:
    """Who is asked: the first person of the organisation where nobody is named."""
    if "organisation" not in told:
        return {"organisation": None} | {name: told[name] for name in ("name", "person", "email")}
    organisation = Organisation.objects.get(name=told["organisation"])
    person = organisation.memberships.select_related("user").order_by("pk")[0].user
    return {"organisation": organisation, "name": organisation.name, "person": person.name, "email": person.email}


def answered(strategy: Strategy, told: Told, number: int) -> None:
    """What each said of a version; who has said nothing is silent."""
    for each in told["stakeholder"]:
        objects = number == 1 and "objection" in each
        words = each.get("words") if number > 1 else each.get("objection", each.get("first"))
        if words is not None:
            endorsement = strategy.endorsements.get(name=asked(each)["name"], number=number)
            endorsements.answer(endorsement=endorsement, endorses=not objects, words=words)


def move_back(strategy: Strategy) -> None:
    """All that was done just now was done in its time."""
    now = timezone.now()
    for number, days in ((1, FIRST), (2, SECOND)):
        at = now - timedelta(days=days)
        strategy.versions.filter(number=number).update(at=at)
        of_version = strategy.endorsements.filter(number=number)
        of_version.update(asked_at=at)
        of_version.exclude(answered_at=None).update(answered_at=at + timedelta(days=9))
    strategy.goals.exclude(given_up_at=None).update(given_up_at=now - timedelta(days=SECOND))
    anchored = {"created_at": now - timedelta(days=BEGUN), "anchored_at": now - timedelta(days=ANCHORED)}
    Strategy.objects.filter(pk=strategy.pk).update(**anchored)


def measure(strategy: Strategy, told: Told, *, today: date, by: User) -> None:
    """What the indicators stood at, each on its day."""
    for goal in told["goal"]:
        for each in goal.get("kpi", []):
            kpi = KPI.objects.get(goal__strategy=strategy, goal__name=goal["name"], name=each["name"])
            for days, value, words in each["read"]:
                on = today - timedelta(days=days)
                goals.read_kpi(kpi=kpi, on=on, value=Decimal(value), words=words, by=by)


def cite(*, by: User) -> None:
    """Rounds, services and calls serve the goals that name them; most published opportunities the suggested one."""
    by_name = {goal.name: goal for goal in Goal.objects.citable()}
    names = {each["key"]: each["name"] for each in rounds_content()["round"]}
    for told in content()["goal"]:
        serving = [
            *(Round.objects.get(name=names[key]) for key in told["cites"]),
            *(Service.objects.get(name=name) for name in told.get("services", [])),
            *(FundingCall.objects.get(code=code) for code in told.get("calls", [])),
        ]
        for each in serving:
            aim(at=each, goal=by_name[told["name"]], why_no_goal="", by=by)
    for number, opportunity in enumerate(Opportunity.objects.published().defer("search").order_by("reference")):
        nace_codes = [code["code"] for code in opportunity.codes if code["scheme"] == "nace"]
        found = suggest(by_name.values(), countries=opportunity.countries, nace_codes=nace_codes)
        if found and number % NOT_CITED:
            aim(at=opportunity, goal=found.goal, why_no_goal="", by=by)
        elif not found and number % SAYS_WHY == 0:
            aim(at=opportunity, goal=None, why_no_goal=WHY_NONE, by=by)
