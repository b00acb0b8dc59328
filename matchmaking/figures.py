"""What a round achieved, in figures: dataclasses in, figures out. Pure: no database, no clock, no language.

What rests on fewer than five participants is hidden, in whole rounds and in groups alike; `hiding` says which groups,
and why the cluster team sees the counts of its own round whole.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, median_low

from matchmaking.hiding import FEWEST, may_be_shown, shown_together

ENOUGH_MEETINGS = 2

HELD, NO_SHOW, FREED, PLANNED, CANCELLED = "held", "no_show", "freed", "planned", "cancelled"
ACCEPTED, DECLINED, EXPIRED = "accepted", "declined", "expired"
NO_NEXT_STEP = "none"


@dataclass(frozen=True, slots=True)
class Person:
    """Who takes part, with what breakdowns group by."""

    id: int
    cluster: str
    size: str
    country: str


@dataclass(frozen=True, slots=True)
class Seat:
    """What one side of a meeting said of it; blank where it said nothing."""

    id: int
    person: int
    held: str = ""
    relevance: int | None = None
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two seats, and how the meeting ended.

    `state`: held, no_show, planned (not known), cancelled, or freed: cancelled less than a day before its slot.
    """

    seats: tuple[Seat, Seat]
    state: str
    is_over: bool

    @property
    def pair(self) -> tuple[int, int]:
        """Who meets, the lower id first."""
        a, b = sorted(seat.person for seat in self.seats)
        return a, b

    @property
    def stands(self) -> bool:
        """It was not cancelled."""
        return self.state not in (CANCELLED, FREED)


@dataclass(frozen=True, slots=True)
class Told:
    """What one side said of the outcome, so many months after the meeting. `worth`: the class of its amount, from 0."""

    person: int
    months: int
    stage: str
    worth: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the figures of a round rest on. `asked`: seats asked for an outcome, by months.

    `requested`: how many participants have sent or got the requests.
    """

    people: tuple[Person, ...]
    meetings: tuple[Meeting, ...] = ()
    requests: Mapping[str, int] | None = None
    requested: int = 0
    mutual_musts: frozenset[tuple[int, int]] = frozenset()
    told: tuple[Told, ...] = ()
    asked: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `people`: how many participants it is about, where one of them may count several times.

    `is_open`: whoever reads it knows it by name already.
    """

    part: int
    of: int
    people: int | None = None
    is_open: bool = False

    @property
    def rests_on(self) -> int:
        """So many answers, or the participants who gave them where these are fewer."""
        return self.of if self.people is None else min(self.of, self.people)

    @property
    def hidden(self) -> bool:
        """It rests on too few, or on nothing."""
        return not self.of if self.is_open else self.rests_on < FEWEST

    @property
    def percent(self) -> int | None:
        """In whole per cent, halves up; None when it is hidden."""
        return None if self.hidden else int(100 * self.part / self.of + 0.5)


@dataclass(frozen=True, slots=True)
class Each:
    """How many meetings each participant has: how many participants have 0, 1, 2 ..., and what lies in the middle."""

    counts: tuple[int, ...]
    least: int
    middle: float
    most: int
    enough: Share


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of one group and how many participants it rests on; the value is None when it is hidden."""

    value: float | None
    n: int

    @property
    def hidden(self) -> bool:
        """It rests on too few, or would give away a group that does."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a breakdown."""

    label: str
    people: Cell
    meetings: Cell
    kept: Cell
    relevance: Cell


@dataclass(frozen=True, slots=True)
class Rung:
    """How far meetings had come after some months: by stage, out of those told; told out of those asked.

    `worth` is the class of the amount that lies in the middle; None when fewer than five companies told one.
    """

    months: int
    stages: Mapping[str, int]
    answered: Share
    worth: int | None
    people: int

    @property
    def told(self) -> int:
        """How many seats were told of."""
        return self.answered.part

    @property
    def hidden(self) -> bool:
        """It rests on too few: one company may tell of many meetings."""
        return self.people < FEWEST


@dataclass(frozen=True, slots=True)
class Figures:
    """What a round achieved."""

    people: int
    meetings: int
    accepted: Share
    each: Each
    kept: Share
    not_known: int
    second: Share
    mutual_musts: Share
    relevant: Share
    answered: Share
    by_cluster: tuple[Group, ...]
    by_size: tuple[Group, ...]
    ladder: tuple[Rung, ...]


def compute(facts: Facts, *, for_team: bool = False) -> Figures:
    """All figures of a round. `for_team`: what the cluster team knows by name is not hidden from it."""
    standing = [meeting for meeting in facts.meetings if meeting.stands]
    requests = facts.requests or {}
    accepted = requests.get(ACCEPTED, 0)
    states = Counter(meeting.state for meeting in facts.meetings)
    met = {meeting.pair for meeting in standing if meeting.state != NO_SHOW}
    asked = [seat for meeting in standing if meeting.is_over for seat in meeting.seats]
    rated = [seat for seat in asked if seat.relevance]
    raters = len({seat.person for seat in rated})
    kept = [meeting for meeting in facts.meetings if meeting.state in (HELD, NO_SHOW, FREED)]
    by_cluster, by_size = breakdowns(facts, (lambda each: each.cluster, lambda each: each.size), for_team=for_team)
    return Figures(
        people=len(facts.people),
        meetings=len(standing),
        accepted=Share(
            accepted, accepted + requests.get(DECLINED, 0) + requests.get(EXPIRED, 0), facts.requested, for_team
        ),
        each=meetings_each(facts, for_team=for_team),
        kept=Share(states[HELD], len(kept), _how_many(meeting.pair for meeting in kept), for_team),
        not_known=sum(meeting.is_over and meeting.state == PLANNED for meeting in facts.meetings),
        second=second_meetings(facts.meetings),
        mutual_musts=Share(
            len(facts.mutual_musts & met), len(facts.mutual_musts), _how_many(facts.mutual_musts), for_team
        ),
        relevant=Share(sum((seat.relevance or 0) >= 4 for seat in rated), len(rated), raters),
        answered=Share(sum(bool(seat.held) for seat in asked), len(asked)),
        by_cluster=by_cluster,
        by_size=by_size,
        ladder=tuple(rung(facts, months) for months in (0, 3, 12)),
    )


def _how_many(pairs: Iterable[tuple[int, int]]) -> int:
    return len({person for pair in pairs for person in pair})


def meetings_each(facts: Facts, *, for_team: bool = False) -> Each:
    """How the meetings are spread over the participants."""
    having = _meetings_of(facts)
    spread = sorted(having[person.id] for person in facts.people)
    counts = Counter(spread)
    most = spread[-1] if spread else 0
    return Each(
        counts=tuple(counts[number] for number in range(most + 1)) if spread else (),
        least=spread[0] if spread else 0,
        middle=median(spread) if spread else 0,
        most=most,
        enough=Share(sum(number >= ENOUGH_MEETINGS for number in spread), len(spread), is_open=for_team),
    )


def _meetings_of(facts: Facts) -> Counter[int]:
    return Counter(seat.person for meeting in facts.meetings if meeting.stands for seat in meeting.seats)


def second_meetings(meetings: Iterable[Meeting]) -> Share:
    """Of the meetings that were held and of which both sides said what comes next: both want to stay in contact."""
    told = [
        meeting
        for meeting in meetings
        if meeting.state == HELD and all(seat.held == "yes" and seat.next_step for seat in meeting.seats)
    ]
    wanted = sum(all(seat.next_step != NO_NEXT_STEP for seat in meeting.seats) for meeting in told)
    return Share(wanted, len(told), _how_many(meeting.pair for meeting in told))


def rung(facts: Facts, months: int) -> Rung:
    """What was told after some months."""
    told = [each for each in facts.told if each.months == months]
    worth = [each.worth for each in told if each.worth is not None]
    enough = len({each.person for each in told if each.worth is not None}) >= FEWEST
    return Rung(
        months=months,
        stages=Counter(each.stage for each in told),
        answered=Share(len(told), max((facts.asked or {}).get(months, 0), len(told))),
        worth=median_low(worth) if enough else None,
        people=len({each.person for each in told}),
    )


def breakdowns(
    facts: Facts, splits: Sequence[Callable[[Person], str]], *, for_team: bool = False
) -> list[tuple[Group, ...]]:
    """The main figures by group, for several splits that stand beside each other; groups in the order of labels.

    What participants answered is hidden in small groups whoever reads, all else unless the cluster team does.
    """
    having = _meetings_of(facts)
    groups_of = [{person.id: of(person) for person in facts.people} for of in splits]
    people = _cells(groups_of, {each.id: [1.0] for each in facts.people}, lambda values: float(len(values)), for_team)
    meetings = _cells(groups_of, {each.id: [float(having[each.id])] for each in facts.people}, median, for_team)
    kept = _cells(groups_of, _by_person(facts, _kept), lambda values: 100 * fmean(values), for_team)
    relevance = _cells(groups_of, _by_person(facts, _relevance), fmean)
    return [
        tuple(
            Group(label, people[at][label], meetings[at][label], kept[at][label], relevance[at][label])
            for label in sorted(set(group_of.values()))
        )
        for at, group_of in enumerate(groups_of)
    ]


def _kept(meeting: Meeting, _seat: Seat) -> float | None:
    return float(meeting.state == HELD) if meeting.state in (HELD, NO_SHOW, FREED) else None


def _relevance(meeting: Meeting, seat: Seat) -> float | None:
    return float(seat.relevance) if meeting.stands and seat.relevance else None


def _by_person(facts: Facts, value: Callable[[Meeting, Seat], float | None]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = defaultdict(list)
    for meeting in facts.meetings:
        for seat in meeting.seats:
            if (told := value(meeting, seat)) is not None:
                found[seat.person].append(told)
    return found


def _cells(
    groups_of: Sequence[Mapping[int, str]],
    values: Mapping[int, list[float]],
    figure: Callable[[list[float]], float],
    is_open: bool = False,
) -> list[dict[str, Cell]]:
    """One figure for each group of each split, from its participants' values. Who has no value is not counted."""
    counted = [person for person in groups_of[0] if values.get(person)]
    shown = [set(each.values()) for each in groups_of] if is_open else shown_together(groups_of, counted)
    return [_of_split(group_of, values, figure, labels) for group_of, labels in zip(groups_of, shown, strict=True)]


def _of_split(
    group_of: Mapping[int, str],
    values: Mapping[int, list[float]],
    figure: Callable[[list[float]], float],
    shown: Collection[str],
) -> dict[str, Cell]:
    by_group: dict[str, list[float]] = {label: [] for label in group_of.values()}
    people: Counter[str] = Counter()
    for person, group in group_of.items():
        by_group[group] += values.get(person, [])
        people[group] += bool(values.get(person))
    return {
        label: Cell(figure(found) if found and label in shown else None, people[label])
        for label, found in by_group.items()
    }


def tally(values: Iterable[str]) -> tuple[list[tuple[str, int]], int, int]:
    """How many of each, most first, for a public report: small groups are put together as the last two numbers.

    How many came from where is no secret of a round, so splits are not looked at together here.
    The first of them says how many groups these are, the second how many people they have together.
    """
    sizes = Counter(values)
    shown = may_be_shown(sizes)
    listed = sorted(((label, sizes[label]) for label in shown), key=lambda each: (-each[1], each[0]))
    rest = [n for label, n in sizes.items() if label not in shown]
    return listed, len(rest), sum(rest)
