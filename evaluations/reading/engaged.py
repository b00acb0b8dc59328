"""The OECD's question, from the members' own records: which share works with partners abroad, by size.

What counts is on record here and nothing else, of the past twelve months:
- a step abroad: interest in an opportunity from another country, or a meeting with a company from another country;
- engaged: such a meeting was held, or a lasting contact or more came of an interest from abroad or of such a meeting;
- working together: a joint project, an agreement or sales came of it.
A member who works abroad without telling us is not counted: the shares are lower bounds.
"""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, CharField, Count, Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations import references
from evaluations.models import Benchmark, Outcome, Rung
from matchmaking.models import Meeting, Seat
from members.models import Organisation, SizeClass
from opportunities.models import Feedback

CONTACT_OR_MORE = (Rung.CONTACT, Rung.OPPORTUNITY, Rung.PROJECT, Rung.AGREEMENT, Rung.SALES)
TOGETHER = (Rung.PROJECT, Rung.AGREEMENT, Rung.SALES)
LEVELS = (
    ("step", gettext_lazy("A step abroad")),
    ("engaged", gettext_lazy("Engaged")),
    ("together", gettext_lazy("Working together")),
)
GROUPS = {"sme": gettext_lazy("small and medium-sized firms"), "large": gettext_lazy("large firms")}
BESIDE = ("engaged", "collaboration")  # the subjects of published figures that stand beside ours


def engaged() -> dict[str, object]:
    """The table of the page, and what was published elsewhere."""
    groups = by_size(timezone.now() - relativedelta(months=12))
    return {
        "levels": [str(label) for _name, label in LEVELS],
        "rows": [_row(label, n, counts) for label, n, counts in groups],
        "members": sum(n for _label, n, _counts in groups),
        "benchmarks": _benchmarks(),
    }


def _benchmarks() -> list[dict[str, object]]:
    """Those that somebody brought, and then those that come with the portal."""
    brought = Benchmark.objects.filter(question__in=BESIDE).order_by("question", "-year", "-group", "pk")
    ours = [each for each in references.shipped() if each.question in BESIDE]
    names = ("label", "group", "base", "year", "n", "source", "source_url")
    rows = [{name: getattr(row, name) for name in names} | {"value": row.value} for row in [*brought, *ours]]
    return [row | {"percent": round(100 * row["value"]), "group": GROUPS.get(row["group"], "")} for row in rows]


def by_size(since: datetime) -> list[tuple[str, int, list[int]]]:
    """For each size class how many member companies there are, and how many came to each level: one question."""
    reached = {name: Count("pk", filter=Q(**{f"has_{name}": True})) for name, _label in LEVELS}
    rows = with_levels(since).order_by().values("size_class").annotate(n=Count("pk"), **reached)
    found = {row["size_class"] or "": row for row in rows}
    labels = [*SizeClass.choices, ("", _("Not known"))]
    return [
        (str(label), found[size]["n"], [found[size][name] for name, _label in LEVELS])
        for size, label in labels
        if size in found
    ]


def with_levels(since: datetime, until: datetime | None = None) -> QuerySet[Organisation]:
    """Member companies, each with `has_step`, `has_engaged` and `has_together`: what it has come to in that time."""
    until = until or timezone.now()
    interest = Feedback.objects.filter(
        _from_abroad(), organisation=OuterRef("pk"), kind=Feedback.Kind.INTERESTED, at__gte=since, at__lt=until
    )
    met = _met_abroad(OuterRef("country")).filter(
        participant__organisation=OuterRef("pk"), slot__ends_at__gte=since, slot__ends_at__lt=until
    )
    days = (timezone.localdate(since), timezone.localdate(until - timedelta(microseconds=1)))
    told = Outcome.objects.filter(organisation=OuterRef("pk"), told_on__range=days)
    of_interest = told.filter(_from_abroad(), source=Outcome.Source.INTEREST)
    in_that_round = _met_abroad(OuterRef(OuterRef("country"))).filter(
        participant__organisation=OuterRef(OuterRef("pk")), participant__round=OuterRef("round")
    )
    of_meeting = told.filter(Exists(in_that_round), source=Outcome.Source.MEETING)

    def came_to(rungs: tuple[str, ...]) -> Q:
        return Q(Exists(of_interest.filter(rung__in=rungs))) | Q(Exists(of_meeting.filter(rung__in=rungs)))

    companies = Organisation.objects.members().filter(kind=Organisation.Kind.COMPANY)
    return companies.annotate(
        has_step=_yes(Q(Exists(interest)) | Q(Exists(met))),
        has_engaged=_yes(Q(Exists(met)) | came_to(CONTACT_OR_MORE)),
        has_together=_yes(came_to(TOGETHER)),
    )


def _yes(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _from_abroad() -> Q:
    """The opportunity is from some other country than the organisation of the outer query."""
    countries = ArrayField(CharField(max_length=2))
    own = Func(OuterRef("country"), template="ARRAY[%(expressions)s]::varchar(2)[]", output_field=countries)
    return ~Q(opportunity__countries__contained_by=own)


def _met_abroad(home: OuterRef) -> QuerySet[Seat]:
    """Seats of meetings that were held with a company from another country than this one."""
    both_at_home = Q(meeting__a__country=home, meeting__b__country=home)
    held = Seat.objects.standing().filter(meeting__status=Meeting.Status.HELD)
    return held.filter(~both_at_home, timetable=F("participant__round__timetable"))


def _row(label: str, n: int, counts: list[int]) -> dict[str, object]:
    """Each level's share of the members of that size. All members are on record: there is no sampling error to tell."""
    cells = [
        {"level": level, "n": each, "percent": _("%(percent)s %%") % {"percent": round(100 * each / n)}}
        for (_name, level), each in zip(LEVELS, counts, strict=True)
    ]
    return {"label": label, "n": n, "cells": cells}
