"""A small world for the filter: members and opportunities of a few fields, so that some fit and most do not."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from members.models import Organisation
from opportunities import filter_runs
from opportunities.models import FilterRun, FilterShard, Match, Opportunity
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import OpportunityFactory, SourceFactory

FIELDS = {
    "timber": "sawmill timber board grading machine vision moisture kiln plank knot",
    "water": "wastewater membrane filtration sludge pump treatment plant reuse leakage",
    "ships": "vessel harbour battery electric propulsion ferry charging hull shipyard",
    "food": "dairy bakery packaging cooling hygiene conveyor slicing pasteurisation",
    "sensors": "sensor wireless telemetry firmware calibration vibration temperature gateway",
}


def member(field: str, number: int = 0, **fields: object) -> Organisation:
    """A member company of one field."""
    words = FIELDS[field].split()
    return OrganisationFactory(
        **{
            "name": f"{field.title()} company {number}",
            "profile__summary": f"{' '.join(words[:5])}.",
            "profile__offers": f"{words[0]} {words[1]}\n{words[2]}",
            "profile__seeks": f"{words[3]} {words[4]}",
            "profile__hours_a_month": 10 + number,
        }
        | fields
    )


def chance(seed: int) -> Random:
    """Chance that repeats itself: a failing test fails again."""
    return Random(seed)


def opportunity(field: str, seed: int, **fields: object) -> Opportunity:
    """An opportunity of one field, in words that the seed chooses."""
    random = chance(seed)
    words = FIELDS[field].split()
    chosen = " ".join(random.choices(words, k=12))
    return OpportunityFactory(
        **{
            "title": f"Call {random.randrange(10**6)}: {' '.join(random.sample(words, 3))}",
            "summary": f"A project on {chosen}.",
            "description": " ".join(random.choices([*words, "consortium", "milestone"], k=60)),
            "deadline": timezone.now() + timedelta(days=random.randrange(10, 200)),
            "countries": [random.choice(["FI", "DE", "SE", "EE"])],
        }
        | fields
    )


def world(*, members: int = 7, opportunities: int = 40, seed: int = 0) -> tuple[list[Organisation], list[Opportunity]]:
    """So many members and published opportunities, over all fields."""
    source, fields = SourceFactory(), list(FIELDS)
    found = [member(fields[number % len(fields)], number) for number in range(members)]
    return found, [
        opportunity(fields[number % len(fields)], 1000 * seed + number, source=source, published=True)
        for number in range(opportunities)
    ]


def filter_now() -> list[FilterRun]:
    """Runs the filter until there is nothing left to do, as the workers would."""
    done = []
    while run := filter_runs.filter_pending():
        for shard_id in run.shards.order_by("pk").values_list("pk", flat=True):
            filter_runs.execute_shard(shard_id)
        done.append(run)
    return done


def work(run: FilterRun) -> None:
    """Does all parts of one run."""
    for shard_id in FilterShard.objects.filter(run=run).order_by("pk").values_list("pk", flat=True):
        filter_runs.execute_shard(shard_id)


def lists() -> dict[int, list[tuple[int, int]]]:
    """What each member sees: opportunity and key, best first."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = Match.objects.current().order_by("organisation_id", "-key")
    for organisation, shown, key in rows.values_list("organisation_id", "opportunity_id", "key"):
        found.setdefault(organisation, []).append((shown, key))
    return found


def fresh_lists() -> dict[int, list[tuple[int, int]]]:
    """What a full run under the present model gives."""
    filter_runs.start(filter_runs.current_model(), everything=True)
    work(FilterRun.objects.latest("pk"))
    return lists()
