"""Protected tables of outcomes and of the funnel for evaluators, made once at the end of each quarter.

Each table counts member companies, never records: by the furthest that a company told, or did, in that one quarter.
What happened in a quarter is not touched by later ones, and no table sums over quarters: two cut-offs subtracted from
each other say nothing, so each quarter is a subject of its own to disclosure control. A company that joined, left or
grew counts in later quarters only. Work abroad and needs look at a whole calendar year: no two windows overlap.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from celery import current_app
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from core import runs
from core.ladder import Rung
from evaluations import effort, goal_frames, protection, tabulating
from evaluations.disclosure.types import Category, Table
from evaluations.groups import section
from evaluations.models import Journey, Outcome, Preparation, Publication, QuarterFrame
from evaluations.models.publications import Audience
from evaluations.models.waves import FEWEST_IN_HOUSE, FEWEST_IN_PUBLIC
from evaluations.reading.engaged import LEVELS, with_levels
from evaluations.reading.funnel import STEPS
from evaluations.tabulating import SINGLE, Subject
from members import needs
from members.models import Gap, NeedsAssessment, Organisation

QUARTER = "quarter"
MADE_BACK = 4  # how many past quarters are made when the portal begins to make them
THRESHOLDS = {Audience.HOUSE: FEWEST_IN_HOUSE, Audience.PUBLIC: FEWEST_IN_PUBLIC}  # in this order: see protection
# What outcomes can be broken down by: of the company, and of the furthest that it told. In-house readers have each;
# the first is what every subject is broken down by, in public too.
OUTCOME_GROUPS = ("size_class", "country", "section", "source", "attribution")
BY_ALL = OUTCOME_GROUPS[0]
SIZES = "sizes"  # how many companies are in each group: what the tables of all subjects share, published before them
OUTCOMES = Subject("outcomes", "outcomes", SINGLE, tuple(Rung.values))
FUNNEL = Subject("funnel", "funnel", SINGLE, tuple(name for name, _label, _column in STEPS))
ENGAGED = Subject("engaged", "engaged", SINGLE, tuple(name for name, _label in LEVELS))
NEEDED, NOT_NEEDED = "needed", "not_needed"
NEEDS = {gap: Subject(f"needs_{gap}", f"needs_{gap}", SINGLE, (NEEDED, NOT_NEEDED)) for gap in Gap.values}
OF_A_YEAR = (ENGAGED, *NEEDS.values())
SUBJECTS = {each.name: each for each in (OUTCOMES, FUNNEL, *OF_A_YEAR)}
# New ones come last: frames that are kept hold the answers in this order. Those by goal stand together in the last one.
BY_GOAL = "by_goal"
COLUMNS = (*SUBJECTS, BY_GOAL)
CAME, NOT_SO_FAR = "came", "not_so_far"


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
    def named(cls, name: str) -> "Quarter":
        """The quarter of a name that was given before."""
        return cls(int(name[:4]), int(name[-1]))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)


def of_goal(goal: int) -> Subject:
    """Which member companies told in a quarter that something came of what serves this goal."""
    return Subject(f"goal_{goal}", f"goal_{goal}", SINGLE, (CAME, NOT_SO_FAR))


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
    goal_frames.keep(quarter.last)
    frame = frame_of(quarter)
    subjects = [each for each in SUBJECTS.values() if each not in OF_A_YEAR or quarter.number == 4]
    goals = [(of_goal(goal), False) for goal in _goals_in(frame)]
    # Alone they come first, even where that leaves their breakdowns nothing to show: it is what most readers ask.
    work = [(each, whether) for whether in (False, True) for each in subjects] + goals
    runs.checkpoint(preparation, total=len(work))
    for place, (subject, is_broken_down) in enumerate(work[preparation.done :], preparation.done + 1):
        _publish(preparation, quarter, subject, frame, is_broken_down=is_broken_down)
        runs.checkpoint(preparation, done=place)


def told_in(quarter: Quarter) -> dict[int, dict[str, str]]:
    """Organisation -> the furthest that it told in the quarter: rung, source and attribution; of two, the later.

    What surveys told is in the tables of waves.
    """
    told = Outcome.objects.exclude(source=Outcome.Source.SURVEY).filter(told_on__range=(quarter.first, quarter.last))
    rows = told.exclude(organisation=None).order_by("told_on", "pk")
    found: dict[int, dict[str, str]] = {}
    for row in rows.values("organisation", "rung", "source", "attribution"):
        pk = row.pop("organisation")
        before = found.get(pk)
        if before is None or Rung.values.index(row["rung"]) >= Rung.values.index(before["rung"]):
            found[pk] = row
    return found


def frame_of(quarter: Quarter) -> pd.DataFrame:
    """Every member company of a quarter, as it was counted the first time; counted now if it never was.

    So that all tables of a quarter are of the same companies, whenever they are made.
    """
    if (kept := frame_named(quarter.name)) is not None:
        return kept
    told, done = told_in(quarter), done_in(quarter)
    of_year: list[dict[int, str]] = [{} for _each in OF_A_YEAR]
    if quarter.number == 4:
        of_year = [engaged_in(quarter.year), *(needed_in(quarter.year, gap) for gap in NEEDS)]
    by_goal, of_nobody = served_in(quarter)
    companies = Organisation.objects.members().filter(kind=Organisation.Kind.COMPANY).order_by("pk")
    counted: Counter[tuple[str, ...]] = Counter()
    for pk, size, country, codes in companies.values_list("pk", "size_class", "country", "profile__nace_codes"):
        said = told.get(pk, {})
        of_company = (size or "", country, section((codes or [""])[0]))
        of_told = [said.get(name, "") for name in ("source", "attribution", "rung")]
        furthest = [done.get(pk, ""), *(each.get(pk, "") for each in of_year), by_goal.get(pk, of_nobody)]
        counted[(*of_company, *of_told, *furthest)] += 1
    cells = [[*spot, n] for spot, n in sorted(counted.items())]
    QuarterFrame.objects.create(quarter=quarter.name, cells=cells)
    return _as_frame(cells)


def frame_named(quarter: str) -> pd.DataFrame | None:
    """The companies of a quarter that was counted; None for any other."""
    kept = QuarterFrame.objects.filter(quarter=quarter).first()
    return _as_frame(kept.cells) if kept else None


def _as_frame(cells: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """A row for each company: its groups, and the furthest by each subject; who told or did nothing is one of them."""
    rows = []
    for *spot, n in cells:
        groups, furthest = spot[: len(OUTCOME_GROUPS)], spot[len(OUTCOME_GROUPS) :]
        answers = {name: said for name, said in zip(COLUMNS, furthest, strict=False) if said}
        answers |= _by_goal(answers.pop(BY_GOAL, ""))
        rows += [[*groups, answers]] * n
    return pd.DataFrame(rows, columns=[*OUTCOME_GROUPS, "answers"])


def _kept(goals: Iterable[int], came: Collection[int]) -> str:
    return " ".join(f"{goal}:{CAME if goal in came else NOT_SO_FAR}" for goal in goals)


def _by_goal(kept: str) -> dict[str, str]:
    """What a frame keeps in one word: "12:came 15:not_so_far"."""
    goals = (each.split(":") for each in kept.split())
    return {of_goal(int(goal)).question: said for goal, said in goals}


def _goals_in(frame: pd.DataFrame) -> list[int]:
    """The goals that a frame asks for: the same of each company."""
    first = frame["answers"].iloc[0] if len(frame) else {}
    return sorted(int(name.removeprefix("goal_")) for name in first if name.startswith("goal_"))


def served_in(quarter: Quarter) -> tuple[dict[int, str], str]:
    """Organisation -> of which goals it told in the quarter that something came, as a frame keeps it; and the same of
    who told of none.

    Of each goal of the strategy that held at the end of the quarter. What came of one thing is enough.
    """
    strategy = goal_frames.holding_on(quarter.last)
    goals = list(strategy.goals.order_by("pk").values_list("pk", flat=True)) if strategy else []
    found: dict[int, set[int]] = {}
    told = effort.told_of(goals, told_on__range=(quarter.first, quarter.last), organisation__isnull=False)
    for each in told if goals else ():
        if each.rung != Rung.NOTHING:
            found.setdefault(each.organisation, set()).add(each.goal)
    return {pk: _kept(goals, came) for pk, came in found.items()}, _kept(goals, ())


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


def needed_in(year: int, gap: str) -> dict[int, str]:
    """Organisation -> whether it needs help with a gap, of those who told in the year."""
    told = NeedsAssessment.objects.filter(year=year).values_list("organisation", "answers")
    means = {organisation: needs.gaps_of(answers).get(Gap(gap)) for organisation, answers in told}
    return {
        organisation: NEEDED if mean >= needs.NEED_FROM else NOT_NEEDED
        for organisation, mean in means.items()
        if mean is not None
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _publish(
    preparation: Preparation, quarter: Quarter, subject: Subject, frame: pd.DataFrame, *, is_broken_down: bool
) -> None:
    """One subject alone, or by its groups: by size in public and in-house, outcomes in-house by each other group too.

    Only groups whose size is shown take part, as in the tables of surveys.
    """
    if frame.empty:
        return
    for audience, threshold in THRESHOLDS.items():
        if not is_broken_down:
            table = tabulating.table(frame, subject, threshold=threshold)
            publish(quarter, subject, table, audience=audience, preparation=preparation)
            continue
        in_house = subject is OUTCOMES and audience == Audience.HOUSE
        for name in OUTCOME_GROUPS if in_house else (BY_ALL,):
            sizes = tabulating.table(frame, None, [name], threshold=threshold)
            made = publish(quarter, None, sizes, audience=audience, preparation=preparation)
            shown = protection.shown_groups(protection.from_json(made.table))
            cut = {name: shown} if len(shown) < frame[name].nunique() else {}
            if shown:
                table = tabulating.table(frame, subject, [name], threshold=threshold, shown=cut)
                publish(quarter, subject, table, audience=audience, preparation=preparation)


def publish(
    quarter: Quarter,
    subject: Subject | None,
    table: Table,
    *,
    audience: str = Audience.HOUSE,
    filters: Mapping[str, Sequence[Category]] | None = None,
    preparation: Preparation | None = None,
) -> Publication:
    """A table of a quarter through the one door: beside all that was published of this subject and quarter.

    Without a subject it holds the sizes of groups, which the tables of every subject share.
    """
    return protection.publish(
        wave=None,
        audience=audience,
        subject=f"{subject.name if subject else SIZES}:{quarter.name}",
        sizes=f"{SIZES}:{quarter.name}",
        table=table,
        about=subject,
        filters={QUARTER: [quarter.name]} | dict(filters or {}),
        cut_off=quarter.last,
        preparation=preparation,
    )
