"""What the pages of a strategy show: the manager's as it stands now, everybody else's as the version that is read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from core import codelists
from core.templatetags.portal import money
from programme.content import Content, content_of
from programme.models import Endorsement, Goal, Reading, Strategy

FULL = 100  # of a bar


def sheet(content: Content, *, with_readings: bool = True) -> dict[str, Any]:
    """A version in words, each indicator with what it stands at. Of a version that somebody judges, without."""
    kpis = [kpi["id"] for goal in content["goals"] for kpi in goal["kpis"]]
    readings = _readings(kpis) if with_readings else {}
    gone = _given_up(goal["id"] for goal in content["goals"])
    return {
        "name": content["name"],
        "from": date_format(date.fromisoformat(content["starts_on"]), "j F Y"),
        "to": date_format(date.fromisoformat(content["ends_on"]), "j F Y"),
        "vision": content["vision"],
        "skills": content["skills"],
        "goals": [_goal(each, number, readings, gone) for number, each in enumerate(content["goals"], start=1)],
        "totals": _totals(content),
    }


def current_sheet(strategy: Strategy) -> dict[str, Any]:
    """As it stands now, for the cluster team."""
    return sheet(content_of(strategy))


def anchored_sheet(strategy: Strategy) -> dict[str, Any]:
    """As members read it: the version that was anchored."""
    return sheet(strategy.versions.get(number=strategy.anchored_number).content)


def _totals(content: Content) -> dict[str, str]:
    kept = [goal for goal in content["goals"] if not goal["given_up"]]
    return {
        "hours": number_format(sum(goal["hours"] for goal in kept), force_grouping=True),
        "money": money(sum(Decimal(goal["money_eur"]) for goal in kept)),
    }


def _readings(kpis: Iterable[int]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = defaultdict(list)
    for reading in Reading.objects.filter(kpi__in=kpis).order_by("on"):
        found[reading.kpi_id].append(reading)
    return found


def _given_up(goals: Iterable[int]) -> dict[int, str]:
    """Also what was given up after the version was written: whoever reads it should know."""
    return dict(Goal.objects.filter(pk__in=list(goals)).exclude(given_up_at=None).values_list("pk", "why_given_up"))


def _goal(goal: Content, number: int, readings: dict[int, list[Reading]], gone: dict[int, str]) -> dict[str, Any]:
    names, nace = codelists.countries(), codelists.nace()
    return {
        "id": goal["id"],
        "number": number,
        "name": goal["name"],
        "why": goal["why"],
        "markets": sorted(names.get(code, code) for code in goal["markets"]),
        "sectors": [nace[code].label if code in nace else code for code in goal["sectors"]],
        "hours": number_format(goal["hours"], force_grouping=True) if goal["hours"] else "",
        "money": money(Decimal(goal["money_eur"])) if Decimal(goal["money_eur"]) else "",
        "given_up": gone.get(goal["id"]) or goal["given_up"],
        "kpis": [kpi_row(kpi, readings.get(kpi["id"], [])) for kpi in goal["kpis"]],
    }


def kpi_row(kpi: Content, readings: list[Reading]) -> dict[str, Any]:
    """One indicator: what it is to reach, what it stands at, and how far that is, as a bar and in words."""
    start, target = Decimal(kpi["baseline"] or 0), Decimal(kpi["target"])
    due_on = date.fromisoformat(kpi["due_on"])
    latest = readings[-1] if readings else None
    reached = latest is not None and _is_reached(latest.value, start, target)
    is_late = due_on < timezone.localdate() and not reached
    return {
        "id": kpi["id"],
        "name": kpi["name"],
        "target": amount(target, kpi["unit"]),
        "start": "" if kpi["baseline"] is None else amount(start, kpi["unit"]),
        "due_on": due_on,
        "source": kpi["source"],
        "state": "good" if reached else "look" if is_late else "quiet",
        "standing": _standing(latest, kpi["unit"], reached=reached, is_late=is_late),
        "said": _said(latest, kpi),
        "width": round(FULL * float(_share(latest.value, start, target)), 1) if latest else 0,
        "readings": readings,
    }


def _is_reached(value: Decimal, start: Decimal, target: Decimal) -> bool:
    return value <= target if target < start else value >= target


def _share(value: Decimal, start: Decimal, target: Decimal) -> Decimal:
    """How much of the way from the start to the target is done, from 0 to 1."""
    if target == start:
        return Decimal(int(_is_reached(value, start, target)))
    return min(Decimal(1), max(Decimal(0), (value - start) / (target - start)))


def _standing(latest: Reading | None, unit: str, *, reached: bool, is_late: bool) -> str:
    if reached:
        return _("Reached")
    if is_late:
        return _("Not reached in time")
    return _("On the way") if latest else _("Not read yet")


def _said(latest: Reading | None, kpi: Content) -> str:
    """Actual against target in a sentence."""
    target = amount(Decimal(kpi["target"]), kpi["unit"])
    if latest is None:
        return _("Nothing was read yet. The target is %(target)s.") % {"target": target}
    words = {
        "value": plain(latest.value),
        "target": target,
        "day": date_format(latest.on, "j F Y"),
        "start": plain(Decimal(kpi["baseline"] or 0)),
    }
    if kpi["baseline"] is None or Decimal(kpi["baseline"]) == 0:
        return _("%(value)s of %(target)s on %(day)s.") % words
    return _("%(value)s on %(day)s, from %(start)s towards %(target)s.") % words


def plain(value: Decimal) -> str:
    """A number for people, without noughts at its end."""
    return number_format(f"{value.normalize():f}", force_grouping=True)


def amount(value: Decimal, unit: str) -> str:
    """A number with its unit."""
    return f"{plain(value)} {unit}".strip()


def stakeholders(strategy: Strategy) -> dict[str, Any]:
    """Who was asked: about the newest version first, then what was said of older ones."""
    rows = list(strategy.endorsements.select_related("organisation").order_by("-number", "-is_key_company", "pk"))
    newest = max(strategy.number, 1)
    return {
        "asked": [each for each in rows if each.number == newest],
        "earlier": [each for each in rows if each.number < newest and each.answer != Endorsement.Answer.ASKED],
        "tally": tally([each for each in rows if each.number == newest]),
    }


def tally(rows: Iterable[Endorsement]) -> dict[str, int]:
    """How many stand behind it, object and are silent."""
    answers = [each.answer for each in rows]
    counts = {answer.value: answers.count(answer) for answer in Endorsement.Answer}
    return counts | {"all": len(answers)}


def stakeholders_as_file(strategy: Strategy) -> Iterator[list[object]]:
    """Everybody who was asked about any version, with what was said of it."""
    yield [
        _("Version"), _("Organisation or body"), _("Person"), _("E-mail address"), _("Key company"), _("Asked on"),
        _("Answer"), _("Answered on"), _("In their words"),
    ]  # fmt: skip
    for each in strategy.endorsements.order_by("-number", "-is_key_company", "pk").iterator(chunk_size=500):
        yield [
            each.number, each.name, each.person, each.email, _("yes") if each.is_key_company else _("no"),
            _iso(each.asked_at), each.get_answer_display(), _iso(each.answered_at), each.words,
        ]  # fmt: skip


def _iso(at: datetime | None) -> str:
    return timezone.localdate(at).isoformat() if at else ""
