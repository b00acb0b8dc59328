"""What differs between two versions of a strategy, in words: a list of places, each with its text before and after."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from core import codelists
from core.templatetags.portal import money
from programme.content import Content


class Change(NamedTuple):
    """One place that reads differently; `before` or `after` is empty where there was nothing."""

    where: str
    what: str
    before: str
    after: str


def compare(old: Content, new: Content) -> list[Change]:
    """Every place that reads differently, in the order of the new version, what is gone at the end."""
    about = _("The strategy")
    found = [*_texts(about, _frame(old), _frame(new))]
    before = {goal["id"]: goal for goal in old["goals"]}
    for goal in new["goals"]:
        found += _of_goal(before.pop(goal["id"], None), goal)
    found += [Change(goal["name"], _("Goal"), goal["name"], "") for goal in before.values()]
    return found


def _texts(where: str, before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for what in {**after, **before}:
        was, now = before.get(what, ""), after.get(what, "")
        if was != now:
            yield Change(where, what, was, now)


def _of_goal(before: Content | None, after: Content) -> Iterator[Change]:
    yield from _texts(after["name"], _goal(before) if before else {}, _goal(after))
    was = {kpi["id"]: kpi for kpi in before["kpis"]} if before else {}
    now = {kpi["id"]: kpi for kpi in after["kpis"]}
    for pk in {**now, **was}:
        yield from _texts(after["name"], _kpi(was.get(pk)), _kpi(now.get(pk)))


def _frame(content: Content) -> dict[str, str]:
    return {
        _("Name"): content["name"],
        _("From"): _day(content["starts_on"]),
        _("To"): _day(content["ends_on"]),
        _("Vision"): content["vision"],
        _("Skills needed"): ", ".join(content["skills"]),
    }


def _goal(goal: Content) -> dict[str, str]:
    names, nace = codelists.countries(), codelists.nace()
    return {
        _("Goal"): goal["name"],
        _("Why"): goal["why"],
        _("Target markets"): ", ".join(sorted(names.get(code, code) for code in goal["markets"])),
        _("Sectors"): ", ".join(nace[code].label if code in nace else code for code in goal["sectors"]),
        _("Hours set aside"): number_format(goal["hours"], force_grouping=True) if goal["hours"] else "",
        _("Money set aside"): money(Decimal(goal["money_eur"])) if Decimal(goal["money_eur"]) else "",
        _("Given up"): goal["given_up"],
    }


def _kpi(kpi: Content | None) -> dict[str, str]:
    """The whole indicator as one text: it is read as one."""
    if kpi is None:
        return {}
    words = {
        "name": kpi["name"],
        "target": f"{_number(kpi['target'])} {kpi['unit']}".strip(),
        "start": _number(kpi["baseline"]) if kpi["baseline"] is not None else _("not known"),
        "day": _day(kpi["due_on"]),
        "source": kpi["source"],
    }
    said = _("%(name)s: %(target)s by %(day)s (at the start: %(start)s; source: %(source)s)") % words
    return {_("Indicator %(n)s") % {"n": kpi["name"]}: said}


def _number(value: str) -> str:
    return number_format(f"{Decimal(value).normalize():f}", force_grouping=True)


def _day(value: str) -> str:
    return date_format(date.fromisoformat(value), "j F Y")
