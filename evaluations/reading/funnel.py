"""The funnel: from what was scouted to contracts, where members drop out, and how long each step takes."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.models import Journey
from evaluations.reading.outcomes import chart
from evaluations.statistics import Step, time_to_step
from members.models import SizeClass
from opportunities.models import Feedback, Opportunity, Source

# Each step of a pair of opportunity and member, and the column that says when it was made.
STEPS = (
    ("shown", gettext_lazy("Shown"), "shown_at"),
    ("opened", gettext_lazy("Opened"), "opened_at"),
    ("interested", gettext_lazy("Interested"), "interested_at"),
    ("met", gettext_lazy("In contact"), "met_on"),
    ("project", gettext_lazy("Project"), "project_on"),
    ("contract", gettext_lazy("Contract"), "contract_on"),
)
# The filter's reasons by what they are about: in the funnel it counts which kind of reason works.
REASONS = (
    (gettext_lazy("Handed over by a manager"), ("handed_over",)),
    (gettext_lazy("They want what the member offers"), ("offer_meets_want", "offer_meets_want_untold")),
    (gettext_lazy("They offer what the member looks for"), ("need_meets_offer", "need_meets_offer_untold")),
    (
        gettext_lazy("Close to what the member offers or looks for"),
        ("offer_meets_topic", "offer_meets_topic_untold", "need_meets_topic", "need_meets_topic_untold"),
    ),
    (gettext_lazy("Words in common"), ("shared_words", "single_words")),
    (gettext_lazy("Field of activity"), ("shared_code", "shared_plain_code", "shared_identifier")),
    (gettext_lazy("Close to what was liked before"), ("liked_before",)),
    (gettext_lazy("Similar topic"), ("similar_topic", "similar_topic_named", "similar_topic_few_words")),
    (
        gettext_lazy("Market, time or budget"),
        ("target_market", "home_country", "deadline_fits_weeks", "deadline_fits_days", "budget_fits", "readiness_fits"),
    ),
    (gettext_lazy("Found by the member"), ("",)),
)
GROUP_OF = {code: number for number, (_label, codes) in enumerate(REASONS) for code in codes}
FIRST_PLACES = 5
KEPT_FOR = 2 * 3600  # seconds; the hourly gathering makes the times anew


def funnel(since: datetime | None, by: str) -> dict[str, object]:
    """Everything that the page shows of one period."""
    groups = _groups(since, by)
    total = [sum(group["counts"][number] for group in groups) for number in range(len(STEPS))]
    return {
        "figures": _scouted(since),
        "chart": _chart(total),
        "steps": [str(label) for _name, label, _column in STEPS],
        "groups": [_row(group) for group in groups],
        "dropped": _dropped(since),
        "times": _named(prepared("times", since)),
        "pairs": total[0],
    }


def journeys(since: datetime | None) -> QuerySet[Journey]:
    """Pairs that began in the period."""
    return Journey.objects.all() if since is None else Journey.objects.filter(shown_at__gte=since)


def counted(found: QuerySet[Journey], dimension: object) -> list[tuple[object, ...]]:
    """For each value of a dimension how many came to each step: one question."""
    reached = {name: Count(column) for name, _label, column in STEPS}
    return list(found.order_by().values_list(dimension).annotate(**reached).values_list(dimension, *reached))


def _counts(by: str, since: datetime | None) -> list[tuple[object, ...]]:
    """The steps of each value of a dimension."""
    found = journeys(since)
    if by == "reason":
        whens = [When(reason__in=codes, then=Value(number)) for number, (_label, codes) in enumerate(REASONS)]
        return counted(found.annotate(group=Case(*whens, default=Value(len(REASONS) - 1))), "group")
    if by == "rank":
        return counted(found.annotate(place=Coalesce(F("rank"), Value(0))), "place")
    return counted(found, {"size": "size_class", "kind": "opportunity__kind", "source": "opportunity__source"}[by])


def _groups(since: datetime | None, by: str) -> list[dict[str, object]]:
    """The lines of the table, in their order, with labels."""
    labels: dict[object, object] = {
        "reason": lambda: {number: label for number, (label, _codes) in enumerate(REASONS)},
        "rank": lambda: (
            {number: _("Place %(n)s") % {"n": number} for number in range(1, FIRST_PLACES + 1)}
            | {0: _("By mail, or found by the member")}
        ),
        "size": lambda: dict(SizeClass.choices) | {"": _("Not known")},
        "kind": lambda: dict(Opportunity.Kind.choices),
        "source": lambda: dict(Source.objects.order_by("name").values_list("pk", "name")),
    }[by]()
    return _labelled(prepared(f"by-{by}", since), labels)


def _labelled(rows: Iterable[tuple[object, ...]], labels: dict[object, object]) -> list[dict[str, object]]:
    order = list(labels)
    known = sorted(rows, key=lambda row: order.index(row[0]) if row[0] in labels else len(order))
    return [{"label": str(labels.get(row[0], row[0])), "counts": list(row[1:])} for row in known]


def _row(group: dict[str, object]) -> dict[str, object]:
    """A line: each step's number, and its share of the step before."""
    counts = group["counts"]
    cells = [
        {"label": label, "n": n, "percent": _percent(n, before)}
        for (_name, label, _column), n, before in zip(STEPS, counts, [None, *counts], strict=False)
    ]
    return {"label": group["label"], "cells": cells}


def _percent(part: int, of: int | None) -> str:
    return _("%(percent)s %%") % {"percent": round(100 * part / of)} if of else ""


def _chart(total: list[int]) -> dict[str, object]:
    """All steps as bars, and the step that loses most as the title."""
    counts = {name: n for (name, _label, _column), n in zip(STEPS, total, strict=True)}
    told = chart("steps", _("From shown to contract"), counts, [(name, label) for name, label, _column in STEPS])
    for bar, n, before in zip(told["bars"], total, [total[0], *total], strict=False):
        bar |= {"of": before, "value": f"{n}" if bar["label"] == STEPS[0][1] else f"{n} ({_percent(n, before) or '–'})"}
    told["note"] = _("Pairs of an opportunity and a member. The share is of the step before.")
    losses = [(1 - after / before, number) for number, (before, after) in enumerate(pairwise(total)) if before]
    if losses:
        _loss, number = max(losses, key=lambda each: (each[0], -each[1]))
        words = {"before": str(STEPS[number][1]).lower(), "after": str(STEPS[number + 1][1]).lower()}
        told["title"] = _("Most are lost between “%(before)s” and “%(after)s”") % words
    return told


def _scouted(since: datetime | None) -> list[dict[str, object]]:
    """What there was before anybody was shown anything."""
    rows = Opportunity.objects.all() if since is None else Opportunity.objects.filter(created_at__gte=since)
    n = rows.aggregate(
        scouted=Count("pk"),
        published=Count("pk", filter=Q(status=Opportunity.Status.PUBLISHED)),
        dismissed=Count("pk", filter=Q(status=Opportunity.Status.DISMISSED)),
    )
    shown = prepared("shown", since)
    return [
        {"label": _("Scouted"), "value": n["scouted"], "n": _("%(n)s dismissed") % {"n": n["dismissed"]}},
        {"label": _("Published"), "value": n["published"]},
        {"label": _("Shown to a member"), "value": shown["opportunities"]},
        {"label": _("Members who saw something"), "value": shown["members"]},
    ]


def _dropped(since: datetime | None) -> dict[str, object]:
    """Why members said no."""
    said = Feedback.objects.filter(kind=Feedback.Kind.NOT_FOR_US)
    if since is not None:
        said = said.filter(at__gte=since)
    counts = dict(said.order_by().values_list("reason").annotate(n=Count("pk")))
    choices = [*Feedback.Reason.choices, ("", _("No reason given"))]
    return chart("dropped", _("Why it was not for them"), counts, choices)


def _shown(since: datetime | None) -> dict[str, int]:
    return journeys(since).aggregate(
        opportunities=Count("opportunity", distinct=True), members=Count("organisation", distinct=True)
    )


def _times(since: datetime | None) -> list[dict[str, object]]:
    """How many days until half have made each step."""
    return [_time(since, number) for number in range(1, len(STEPS))]


def _time(since: datetime | None, number: int) -> dict[str, object]:
    """Who has said no never makes the step: it is watched until today, as the estimate asks."""
    before, after = STEPS[number - 1][2], STEPS[number][2]
    today = timezone.localdate()
    rows = journeys(since).exclude(**{before: None}).values_list(before, after)
    steps = [Step(max(0, (_day(end or today) - _day(begin)).days), end is not None) for begin, end in rows.iterator()]
    told = time_to_step(steps) if steps else None
    names = ("median", "low", "high")
    return {"n": told.n if told else 0, "reached": told.reached if told else 0} | {
        name: getattr(told, name, None) for name in names
    }


def _named(times: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        row | {"label": _("%(before)s to %(after)s") % {"before": before[1], "after": after[1]}}
        for row, (before, after) in zip(times, pairwise(STEPS), strict=True)
    ]


def _day(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


# What looks at every pair: worked out with each gathering, and kept without words until the next one.
PREPARED: dict[str, Callable[[datetime | None], Any]] = {
    "times": _times,
    "shown": _shown,
    **{f"by-{by}": partial(_counts, by) for by in ("source", "kind", "reason", "size", "rank")},
}


def prepared(name: str, since: datetime | None) -> Any:
    """What was kept of a period; worked out now when there is nothing."""
    found = cache.get(_key(name, since))
    return _keep(name, since) if found is None else found


def prepare(since: datetime | None) -> None:
    """Works out everything of a period anew."""
    for name in PREPARED:
        _keep(name, since)


def _keep(name: str, since: datetime | None) -> Any:
    found = PREPARED[name](since)
    cache.set(_key(name, since), found, timeout=KEPT_FOR)
    return found


def _key(name: str, since: datetime | None) -> str:
    return f"evaluations:funnel:{name}:{'all' if since is None else 'year'}"
