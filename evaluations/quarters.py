"""Protected tables of outcomes and of the funnel for evaluators, made once at the end of each quarter.

Each table counts member companies, never records: by the furthest that a company told, or did, in that one quarter.
What happened in a quarter is not touched by later ones, and no table sums over quarters: two cut-offs subtracted from
each other say nothing, so each quarter is a subject of its own to disclosure control. A company that joined, left or
grew counts in later quarters only. Work abroad looks at a whole calendar year, so that no two windows overlap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from celery import current_app
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from core import runs
from core.ladder import Rung
from evaluations import protection, tabulating
from evaluations.models import Journey, Outcome, Preparation
from evaluations.models.publications import Audience
from evaluations.models.waves import FEWEST_IN_HOUSE, FEWEST_IN_PUBLIC
from evaluations.reading.engaged import LEVELS, with_levels
from evaluations.reading.funnel import STEPS
from evaluations.tabulating import SINGLE, Subject
from members.models import Organisation

QUARTER = "quarter"
MADE_BACK = 4  # how many past quarters are made when the portal begins to make them
THRESHOLDS = {Audience.HOUSE: FEWEST_IN_HOUSE, Audience.PUBLIC: FEWEST_IN_PUBLIC}  # in this order: see protection
BY: tuple[tuple[str, ...], ...] = ((), ("size_class",))
OUTCOMES = Subject("outcomes", "furthest", SINGLE, tuple(Rung.values))
FUNNEL = Subject("funnel", "furthest", SINGLE, tuple(name for name, _label, _column in STEPS))
ENGAGED = Subject("engaged", "furthest", SINGLE, tuple(name for name, _label in LEVELS))
SUBJECTS = {each.name: each for each in (OUTCOMES, FUNNEL, ENGAGED)}


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a calendar year."""

    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.first + relativedelta(months=3, days=-1)

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)


def due(today: date) -> list[Quarter]:
    """The quarters that have ended, the oldest first, and of which there are no tables yet."""
    ended = [Quarter.of(today - relativedelta(months=3 * back)) for back in range(MADE_BACK, 0, -1)]
    made = set(Preparation.objects.filter(wave=None, status=Preparation.Status.DONE).values_list("cut_off", flat=True))
    return [quarter for quarter in ended if quarter.last not in made]


def start_due() -> Preparation | None:
    """Queues the tables of the oldest quarter that is due, unless some are being made. The next follows after it."""
    with transaction.atomic():
        running = Preparation.objects.filter(
            wave=None, status__in=[Preparation.Status.QUEUED, Preparation.Status.RUNNING]
        )
        quarters = due(timezone.localdate())
        if not quarters or running.exists():
            return None
        preparation = Preparation.objects.create(wave=None, cut_off=quarters[0].last)
        transaction.on_commit(lambda: current_app.send_task("evaluations.prepare", [preparation.pk]))
    return preparation


def make(preparation: Preparation) -> None:
    """All tables of the quarter that ends with the cut-off of this run."""
    quarter = Quarter.of(preparation.cut_off)
    work = list(_tables(quarter))
    runs.checkpoint(preparation, total=len(work))
    for place, (subject, furthest) in enumerate(work[preparation.done :], preparation.done + 1):
        _publish(preparation, quarter, subject, furthest)
        runs.checkpoint(preparation, done=place)


def _tables(quarter: Quarter) -> Iterator[tuple[Subject, Mapping[int, str]]]:
    yield OUTCOMES, told_in(quarter)
    yield FUNNEL, done_in(quarter)
    if quarter.number == 4:
        yield ENGAGED, engaged_in(quarter.year)


def told_in(quarter: Quarter) -> dict[int, str]:
    """Organisation -> the furthest rung that it told in the quarter. What surveys told is in the tables of waves."""
    told = Outcome.objects.exclude(source=Outcome.Source.SURVEY).filter(told_on__range=(quarter.first, quarter.last))
    found: dict[int, str] = {}
    for organisation, rung in told.exclude(organisation=None).order_by().values_list("organisation", "rung").distinct():
        found[organisation] = max(rung, found.get(organisation, rung), key=Rung.values.index)
    return found


def done_in(quarter: Quarter) -> dict[int, str]:
    """Organisation -> the furthest step of the funnel that it made in the quarter, with whatever opportunity."""
    found: dict[int, str] = {}
    begin, end = _midnight(quarter.first), _midnight(quarter.last + timedelta(days=1))
    for name, _label, column in STEPS:
        by_day = column.endswith("_on")
        span = {f"{column}__range": (quarter.first, quarter.last)} if by_day else {
            f"{column}__gte": begin, f"{column}__lt": end,
        }  # fmt: skip
        made = Journey.objects.filter(**span).order_by().values_list("organisation", flat=True).distinct()
        found |= dict.fromkeys(made, name)
    return found


def engaged_in(year: int) -> dict[int, str]:
    """Organisation -> how far it came with partners abroad in a calendar year."""
    rows = with_levels(_midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1)))
    found: dict[int, str] = {}
    for name, _label in LEVELS:
        found |= dict.fromkeys(rows.filter(**{f"has_{name}": True}).values_list("pk", flat=True), name)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _publish(preparation: Preparation, quarter: Quarter, subject: Subject, furthest: Mapping[int, str]) -> None:
    """One subject alone and by size, in public and in-house."""
    companies = Organisation.objects.members().filter(kind=Organisation.Kind.COMPANY)
    frame = tabulating.frame(_rows(companies.order_by("pk").values_list("pk", "size_class"), furthest))
    if frame.empty:
        return
    for audience, threshold in THRESHOLDS.items():
        for dimensions in BY:
            table = tabulating.table(frame, subject, dimensions, threshold=threshold)
            protection.publish(
                wave=None,
                audience=audience,
                subject=f"{subject.name}:{quarter.name}",
                table=table,
                about=subject,
                filters={QUARTER: [quarter.name]},
                cut_off=quarter.last,
                preparation=preparation,
            )


def _rows(companies: Sequence[tuple[int, str]], furthest: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """A row for each member company; who told or did nothing is one of them."""
    for pk, size in companies:
        said = {"furthest": furthest[pk]} if pk in furthest else {}
        yield {"size_class": size or "", "country": "", "section": "", "experience": "", "answers": said}
