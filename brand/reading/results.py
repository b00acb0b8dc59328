"""Results in numbers. What members told comes from the publications of the disclosure layer for the public; whatever
counts companies is told from the public threshold on, and what grows meeting by meeting in full tens of past quarters.
"""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brand.reading import report as of_report
from core.ladder import Rung
from evaluations.gathering import outcomes
from evaluations.models.publications import Audience
from evaluations.models.waves import FEWEST_IN_PUBLIC
from evaluations.quarters import Quarter
from evaluations.reading.sheet import share_bar, shares_of
from matchmaking.models import Seat
from members.models import Organisation
from programme.models import KPI, Reading, Strategy

TENS = 10


def page() -> dict[str, Any]:
    """The figures on top, the ladder and the report that stands there, each with its source and its day."""
    return {
        "figures": [figure for figure in (members(), _meetings(), _targets()) if figure],
        "ladder": ladder(),
        "fewest": FEWEST_IN_PUBLIC,
        "told": of_report.in_short(found) if (found := of_report.standing()) else None,
    }


def members() -> dict[str, Any]:
    """How many there are, and from how many countries."""
    found = Organisation.objects.members().with_people()
    told = found.aggregate(
        members=Count("pk", distinct=True), countries=Count("country", filter=~Q(country=""), distinct=True)
    )
    source = {"source": _("Register of members"), "day": _day(timezone.localdate())}
    if told["members"] < FEWEST_IN_PUBLIC:
        return {"label": _("Members"), "value": _fewer(FEWEST_IN_PUBLIC), "words": True} | source
    countries = ngettext("from %(n)s country", "from %(n)s countries", told["countries"]) % {"n": told["countries"]}
    return {"label": _("Members"), "value": told["members"], "note": countries} | source


def _meetings() -> dict[str, Any] | None:
    """One-to-one meetings that were held up to the end of the last quarter, in full tens."""
    until = last_quarter().last
    sat = Seat.objects.standing().filter(
        meeting__status="held", timetable=F("participant__round__timetable"), slot__ends_at__date__lte=until
    )
    told = sat.aggregate(meetings=Count("meeting", distinct=True), people=Count("participant", distinct=True))
    if not told["meetings"]:
        return None
    figure = {"label": _("Meetings held"), "source": _("Matchmaking rounds"), "day": _day(until)}
    tens = told["meetings"] // TENS * TENS
    if told["people"] < FEWEST_IN_PUBLIC or not tens:
        return figure | {"value": _("too few to show"), "words": True}
    return figure | {"value": tens, "note": _("or more, with companies from abroad")}


def _targets() -> dict[str, Any] | None:
    """How many targets of the strategy that holds now are reached; which ones, its members read."""
    strategy = Strategy.objects.holding(timezone.localdate()).first()
    if strategy is None:
        return None
    newest = Reading.objects.filter(kpi=OuterRef("pk")).order_by("-on", "-pk").values("value")[:1]
    kpis = KPI.objects.filter(goal__strategy=strategy, goal__given_up_at=None).annotate(now=Subquery(newest))
    rows = list(kpis.values_list("baseline", "target", "now"))
    if not rows:
        return None
    reached = sum(_is_reached(*row) for row in rows)
    years = f"{strategy.starts_on.year}–{strategy.ends_on.year}"
    return {
        "label": _("Targets reached"),
        "value": reached,
        "note": _("of %(n)s, for %(years)s") % {"n": len(rows), "years": years},
        "source": _("Strategy, its indicators"),
        "day": _day(timezone.localdate()),
    }


def _is_reached(baseline: Any, target: Any, now: Any) -> bool:
    """A target below the start is reached from above."""
    if now is None:
        return False
    return bool(now <= target if baseline is not None and target < baseline else now >= target)


def last_quarter() -> Quarter:
    """The last one that is over."""
    return Quarter.of(timezone.localdate() - relativedelta(months=3))


def ladder() -> dict[str, Any] | None:
    """How far members told that they had come, in the newest quarter that is out in public."""
    made = outcomes.table(timezone.localdate(), Audience.PUBLIC)
    if made is None:
        return None
    shown = shares_of(made.figures)
    bars = [share_bar(str(Rung(rung).label), shown.get((rung,)), rung) for rung in Rung.values]
    quarter = Quarter.of(made.cut_off)
    said = {"first": _day(quarter.first), "last": _day(quarter.last)}
    return {
        "bars": [bar | {"width": round(100 * bar["value"], 1) if bar["value"] is not None else 0} for bar in bars],
        "anything": any(not bar["hidden"] and bar["part"] for bar in bars),
        "source": _("Told by members after meetings and interest, %(first)s to %(last)s") % said,
    }


def _fewer(n: int) -> str:
    return _("fewer than %(n)s") % {"n": n}


def _day(day: date) -> str:
    return date_format(day, "j F Y")
