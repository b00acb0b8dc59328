"""The year before today: what was scouted and has closed, and what members were shown, opened and answered.

The actions refuse what lies in the past, and rightly so: these rows are written past them, at the times at which they
would have come about; the audit trail does not have them. What was shown to whom is what the filter finds. What they
made of it is chance, drawn from names.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from cluster_portal.sample.round_steps import chance
from members.models import Membership, Organisation, User
from opportunities import filter_runs, filtering, gather, reading
from opportunities.models import Feedback, Opportunity, ScoreModel, Showing

WEEKS = 60
CURATED_AFTER = timedelta(days=2)
# How likely a card of the feed is opened at the first place; each place further down loses a fifth of that.
OPENED, FURTHER_DOWN = 0.3, 0.8
# What follows an opening, in parts of a hundred; the rest says nothing. What a manager hands over is taken more often.
SAID = {Feedback.Kind.INTERESTED: 27, Feedback.Kind.SAVED: 12, Feedback.Kind.NOT_FOR_US: 28}
SAID_IF_HANDED_OVER = {Feedback.Kind.INTERESTED: 55, Feedback.Kind.SAVED: 5, Feedback.Kind.NOT_FOR_US: 20}
WHY_NOT = ("topic", "topic", "topic", "place", "timing", "timing", "size", "size", "other", "")
SENTENCES = (
    "",
    "",
    "",
    "We have delivered three of these. Please forward our name.",
    "Is there a partner who knows the papers?",
    "We can be a subcontractor, not the lead.",
    "Call me next week, we would like to go.",
)
HANDED_OVER_EACH, HANDED_TO = 4, 2
WITH_THE_WORDS = ("This looks made for you.", "They asked me for a firm like yours.", "Have a look before Friday.")


PAST = ("tender-watch-csv", "een-letters-csv", "funding-letters-csv", "fairs-csv")


def load(*, by: User, full_feeds: Collection[str]) -> None:
    """Publishes what has closed and lives through the year. The feeds of `full_feeds` keep what is open unanswered."""
    date_the_pile(by)
    pile = Pile(filter_runs.current_model())
    handed = pile.handed_over()
    years = []
    for organisation in Organisation.objects.members().prefetch_related("memberships__user").order_by("pk"):
        people = [each.user for each in organisation.memberships.all() if each.role != Membership.Role.VIEWER]
        if people:
            is_full = any(person.email in full_feeds for person in people)
            year = Year(pile, organisation, people[0], spares_what_is_open=is_full)
            year.live(handed.get(organisation.pk, []), by)
            years.append(year)
    Showing.objects.bulk_create([row for year in years for row in year.showings.values()])
    Feedback.objects.bulk_create([row for year in years for row in year.feedback])


def date_the_pile(by: User) -> None:
    """What has closed was published in its time, and everything came when its source says, not all of it today."""
    Opportunity.objects.filter(source__slug__in=PAST).update(status=Opportunity.Status.PUBLISHED, curated_by=by)
    now = timezone.now()
    rows = list(Opportunity.objects.published().exclude(published_on=None).only("published_on"))
    for row in rows:
        row.created_at = min(now, at(row.published_on, 7))
        row.curated_at = min(now, at(row.published_on + CURATED_AFTER, 9))
    Opportunity.objects.bulk_update(rows, ["created_at", "curated_at"])


def at(day: date, hour: int) -> datetime:
    """About that hour, where the cluster is."""
    return timezone.make_aware(datetime.combine(day, time(hour, 10 + day.day)))


class Pile:
    """All that was ever published, and whom the filter finds it fits."""

    def __init__(self, model: ScoreModel) -> None:
        self.model = model
        rows = Opportunity.objects.published().defer("search", "details").order_by("reference")
        self.rows = {row.pk: row for row in rows}
        self.supplies = {each.id: each for each in gather.opportunities(self.rows.values())}
        engine = gather.engine_model(model.sha256)
        self.vectors = {pk: engine.opportunity_vector(each) for pk, each in self.supplies.items()}
        found = gather.queries(model, gather.members(Organisation.objects.members()))
        self.queries = {query.member.id: query for query in found}
        index = filtering.Index.build(engine, self.vectors, list(self.supplies.values()))
        self.lists = {each.member_id: each.matches for each in filtering.rank(index, found, today=None)}

    def of(self, organisation: Organisation) -> list[Opportunity]:
        """What a member would be shown, best first, whenever that was."""
        return [self.rows[match.opportunity_id] for match in self.lists.get(organisation.pk, ())]

    def why(self, organisation: Organisation, opportunity: Opportunity, day: date) -> list[str]:
        """The codes of the reasons, as the filter would have given them on that day."""
        query, pk = self.queries[organisation.pk], opportunity.pk
        return [
            code for code, _values in gather.reasons(self.model, query, self.supplies[pk], self.vectors[pk], today=day)
        ]

    def handed_over(self) -> dict[int, list[Opportunity]]:
        """What managers gave to the members that it fits best: something of what has closed."""
        given: dict[int, list[Opportunity]] = {}
        closed = [row for row in self.rows.values() if not row.is_open]
        for row in closed[::HANDED_OVER_EACH]:
            keys = {
                pk: match.key for pk, found in self.lists.items() for match in found if match.opportunity_id == row.pk
            }
            for pk in sorted(keys, key=lambda each: -keys[each])[:HANDED_TO]:
                given.setdefault(pk, []).append(row)
        return given


class Year:
    """A member's year with its feed: some look every week, some hardly ever."""

    def __init__(self, pile: Pile, organisation: Organisation, person: User, *, spares_what_is_open: bool) -> None:
        self.pile, self.organisation, self.person = pile, organisation, person
        self.spares_what_is_open = spares_what_is_open
        self.dice = chance("year", organisation.name)
        self.showings: dict[tuple[int, str], Showing] = {}
        self.feedback: list[Feedback] = []
        self.opened: set[int] = set()
        self.answered: set[int] = set()

    def live(self, handed: list[Opportunity], manager: User) -> None:
        """From hand-overs to the feed, week by week."""
        for opportunity in handed:
            self.take(opportunity, manager)
        habit, weekday = self.dice.uniform(0.1, 0.8), self.dice.randrange(5)
        today = timezone.localdate()
        listed = self.pile.of(self.organisation)
        for week in range(WEEKS, 0, -1):
            day = today - timedelta(weeks=week, days=today.weekday() - weekday)
            if day < today and self.dice.random() < habit:
                self.look(listed, at(day, self.dice.choice((8, 9, 12, 16))))

    def take(self, opportunity: Opportunity, manager: User) -> None:
        """Gets one by mail, with a manager's sentence."""
        moment = opportunity.curated_at + timedelta(hours=self.dice.randint(1, 7))
        kind = Feedback.Kind.HANDED_OVER
        self.say(opportunity, kind, moment, user=manager, sentence=self.dice.choice(WITH_THE_WORDS))
        self.show(opportunity, Showing.Channel.HAND_OVER, 1, moment)
        if self.dice.random() < 0.85:
            self.open(opportunity, 1, moment + timedelta(hours=self.dice.randint(1, 60)), SAID_IF_HANDED_OVER)

    def look(self, listed: list[Opportunity], moment: datetime) -> None:
        """Looks at the feed as it was then."""
        there = [
            row
            for row in listed
            if row.pk not in self.answered
            and row.curated_at < moment
            and (row.closes_at is None or row.closes_at > moment)
        ]
        for rank, row in enumerate(there[: reading.SHOWN + reading.OLDER], start=1):
            is_above = rank <= reading.SHOWN
            self.show(row, Showing.Channel.FEED if is_above else Showing.Channel.FOLDED, rank, moment)
            if is_above and row.pk not in self.opened and self.dice.random() < OPENED * FURTHER_DOWN ** (rank - 1):
                self.open(row, rank, moment + timedelta(minutes=2 * rank), SAID)

    def show(self, opportunity: Opportunity, channel: str, rank: int, moment: datetime) -> None:
        """Once more, or for the first time."""
        if row := self.showings.get((opportunity.pk, channel)):
            row.last_at, row.last_rank = moment, rank
            return
        reasons = self.reasons(opportunity, moment)
        self.showings[opportunity.pk, channel] = Showing(
            organisation=self.organisation,
            opportunity=opportunity,
            channel=channel,
            first_at=moment,
            first_rank=rank,
            first_reasons=reasons,
            last_at=moment,
            last_rank=rank,
            last_reasons=reasons,
        )

    def reasons(self, opportunity: Opportunity, moment: datetime) -> list[str]:
        """What was told on the card."""
        if any(each.opportunity == opportunity and each.kind == "handed_over" for each in self.feedback):
            return ["handed_over"]
        return self.pile.why(self.organisation, opportunity, timezone.localdate(moment))

    def open(self, opportunity: Opportunity, rank: int, moment: datetime, said: dict[str, int]) -> None:
        """Opens it, and perhaps says something."""
        if moment >= timezone.now():
            return
        self.opened.add(opportunity.pk)
        stood = {"rank_shown": rank, "reasons_shown": self.reasons(opportunity, moment)}
        self.say(opportunity, Feedback.Kind.OPENED, moment, **stood)
        drawn = self.dice.choices([*said, ""], [*said.values(), 100 - sum(said.values())])[0]
        reason, sentence = self.dice.choice(WHY_NOT), self.dice.choice(SENTENCES)
        if not drawn or (self.spares_what_is_open and opportunity.is_open):
            return
        if drawn == Feedback.Kind.NOT_FOR_US:
            stood["reason"] = reason
        elif drawn == Feedback.Kind.INTERESTED:
            stood["sentence"] = sentence
        self.answered.add(opportunity.pk)
        self.say(opportunity, drawn, min(moment + timedelta(minutes=3), timezone.now()), **stood)

    def say(self, opportunity: Opportunity, kind: str, moment: datetime, **told: Any) -> None:
        """Keeps what was done."""
        of = {"organisation": self.organisation, "opportunity": opportunity}
        self.feedback.append(Feedback(**{"user": self.person, **of, "kind": kind, "at": moment, **told}))
