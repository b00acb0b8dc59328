"""The catalogue laid over the needs: gaps by functions, and in words where the two do not meet."""

from collections import defaultdict
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Gap
from programme.models import Function, Service
from programme.reading.services import need_counts

# Which functions close which gap (Wise 2014): only there an empty cell is a hole in the catalogue.
CLOSED_BY = {
    Gap.SENSING: (Function.MARKET, Function.KNOWLEDGE),
    Gap.MOBILISING: (Function.NEW_MARKETS, Function.CONTACTS, Function.IDENTITY),
    Gap.OPERATIONALISING: (Function.FUNDING,),
}
MANY = Fraction(1, 3)  # of the members who told us: from here on many need it
FEW = Fraction(1, 10)  # below this few do
MUCH = 3  # services in one cell


def matrix(year: int) -> dict[str, object]:
    """Rows by gap, each with a cell for every function."""
    services: dict[tuple[str, str], list[Service]] = defaultdict(list)
    for each in Service.objects.filter(is_offered=True).order_by("name"):
        services[each.gap, each.function].append(each)
    need, told = need_counts(year)
    rows = [_row(gap, need.get(gap, 0), told, services) for gap in Gap]
    return {"year": year, "told": told, "functions": Function.choices, "rows": rows}


def _row(gap: Gap, need: int, told: int, services: dict[tuple[str, str], list[Service]]) -> dict[str, object]:
    cells = [_cell(gap, function, need, told, services.get((gap, function), [])) for function in Function]
    words = ngettext("%(need)d of %(told)d member needs this", "%(need)d of %(told)d members need this", told)
    return {"gap": gap, "need": words % {"need": need, "told": told}, "cells": cells}


def _cell(gap: Gap, function: Function, need: int, told: int, offered: list[Service]) -> dict[str, object]:
    verdict = ""
    if told and not offered and need >= told * MANY and function in CLOSED_BY[gap]:
        verdict = _("Many need it, nothing is offered")
    elif told and len(offered) >= MUCH and need < told * FEW:
        verdict = _("Much is offered, few need it")
    return {
        "function": function,
        "services": offered,
        "verdict": verdict,
        "state": "" if not verdict else "quiet" if offered else "look",
        "belongs": function in CLOSED_BY[gap],
        "need": need,
    }
