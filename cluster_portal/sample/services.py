"""The sample's needs, services, requests and action plans: three years of answers, and a year of hours."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cluster_portal.sample import CONTENT
from cluster_portal.sample.round_steps import chance
from members import needs
from members.models import Gap, NeedsAssessment, Organisation, User
from programme.actions import services as actions
from programme.models import ActionItem, Service, ServiceRequest

YEARS = 3
TOLD = 0.75  # of the members, in each year
HALF_WAY = 0.1
# Doors and partners are what most lack; that is why some cells of the matrix are wanting.
USUAL = {Gap.SENSING: 1, Gap.MOBILISING: 3, Gap.OPERATIONALISING: 2}


def load(*, by: User) -> None:
    """Everything of the subject; what was asked for long ago was delivered, the newest still waits."""
    content = tomllib.loads((CONTENT / "services.toml").read_text(encoding="utf-8"))
    members = list(Organisation.objects.members().order_by("pk"))
    for years_ago in range(YEARS):
        _assess(members, timezone.localdate().year - years_ago, by)
    for row in content["service"]:
        _ask(_service(row, by), row["asked"], members, content["requests"], by)
    for row in content["plan"]:
        _plan(row, by)


def _assess(members: list[Organisation], year: int, by: User) -> None:
    rows = []
    for member in members:
        at = f"needs:{member.pk}:{year}"
        if chance(at).random() > TOLD:
            continue
        asked = needs.QUESTIONS[:4] if chance(f"{at}:half").random() < HALF_WAY else needs.QUESTIONS
        answers = {each.key: min(5, USUAL[each.gap] + int(chance(f"{at}:{each.key}").random() * 3)) for each in asked}
        with_us = chance(f"{at}:who").random() < 0.3
        person = by if with_us else next((each.user for each in member.memberships.who_answer()), None)
        filled_in = {"filled_in_by": person, "is_with_manager": with_us}
        rows.append(NeedsAssessment(organisation=member, year=year, answers=answers, **filled_in))
    NeedsAssessment.objects.bulk_create(rows)


def _service(row: Mapping[str, Any], by: User) -> Service:
    facts = {name: value for name, value in row.items() if name not in ("asked", "provider")}
    provider = Organisation.objects.filter(name=row.get("provider")).first()
    return actions.save_service(service=Service(provider=provider, **facts), by=by)


def _ask(service: Service, times: int, members: list[Organisation], words: Mapping[str, list[str]], by: User) -> None:
    """Requests over the past year, each by another member."""
    now = timezone.now()
    first = int(chance(f"service:{service.name}").random() * len(members))
    for number in range(times):
        member = members[(first + number * 7) % len(members)]
        days = int(chance(f"days:{service.name}:{number}").random() * 400)
        asked = ServiceRequest(service=service, organisation=member, asked_at=now - timedelta(days=days))
        asked.words = words["words"][(number + first) % len(words["words"])]
        asked.asked_by = next((each.user for each in member.memberships.who_answer()), None)
        _answer(asked, number, days, words)
        asked.save()


def _answer(asked: ServiceRequest, number: int, days: int, words: Mapping[str, list[str]]) -> None:
    if days < 12:
        return
    if number % 8 == 6:
        asked.status, asked.answer = ServiceRequest.Status.DECLINED, words["declined"][number % 2]
        return
    asked.status, asked.agreed_at = ServiceRequest.Status.AGREED, asked.asked_at + timedelta(days=4)
    asked.agreed_hours, asked.answer = asked.service.hours, words["agreed"][number % 3]
    asked.due_on = timezone.localdate(asked.asked_at) + timedelta(days=40)
    if days < 50:
        return
    asked.status, asked.delivered_on = ServiceRequest.Status.DELIVERED, asked.due_on - timedelta(days=number % 3)
    asked.delivered_hours = asked.service.hours + Decimal(number % 4) - 1
    if number % 5 != 4:
        asked.satisfied = 3 + (number % 3) if number % 7 else 2
        asked.satisfied_on = asked.delivered_on + timedelta(days=3)
        asked.satisfied_words = words["helped"][number % len(words["helped"])]


def _plan(row: Mapping[str, Any], by: User) -> None:
    member, today = Organisation.objects.get(name=row["member"]), timezone.localdate()
    for step in row["steps"]:
        due_on = today + timedelta(days=step["days"])
        done_on = due_on if step.get("done") else None
        facts = {name: step[name] for name in ("gap", "what", "who")}
        ActionItem.objects.create(organisation=member, due_on=due_on, done_on=done_on, created_by=by, **facts)
