"""A small invented cluster, and ways to make many members and opportunities of its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from opportunities.filtering import (
    Code,
    Feedback,
    Index,
    MatchList,
    Member,
    MemberQuery,
    Opportunity,
    OpportunityVector,
    ScoreModel,
    fit,
    member_query,
    rank,
)

TODAY = date(2027, 4, 20)

WATERWORKS = Opportunity(
    1,
    kind="partnering",
    partnering_type="BR",
    title="Ceramic membrane modules wanted for sewage treatment",
    text="A Finnish utility looks for suppliers of ceramic membrane modules for its sewage treatment plant in Oulu.",
    codes=(Code("nace", "37.00"),),
    countries=("FI",),
    deadline=date(2027, 5, 28),
    effort_hours=12,
    language="en",
    organisation="Pohjola Water Utility",
)
SALMON = Opportunity(
    2,
    kind="partnering",
    partnering_type="BO",
    title="Salmon fillets for the food trade",
    text="A Norwegian producer offers chilled salmon fillets and looks for distributors.",
    countries=("NO",),
    language="en",
    organisation="Fjordlaks",
)
DIGESTER = Opportunity(
    3,
    kind="tender",
    title="Digester for sewage sludge",
    text="Design and construction of an anaerobic digester with gas storage for sewage sludge.",
    codes=(Code("cpv", "45232420"),),
    countries=("EE",),
    deadline=date(2027, 6, 30),
    effort_hours=60,
    language="en",
)
HORIZON = Opportunity(
    4,
    kind="funding",
    title="Circular use of nutrients from wastewater",
    text="Pilots that recover phosphorus and nitrogen from wastewater. Activities start at TRL 5 and reach TRL 7.",
    codes=(Code("topic", "HORIZON-CL6-2027-CIRCBIO-01-4"),),
    target_countries=("SE", "EE", "FI"),
    deadline=date(2027, 9, 15),
    budget_min_eur=2_000_000,
    effort_hours=200,
    language="en",
)
ROBOTS = Opportunity(
    5,
    kind="event",
    title="Tage des Schweißens",
    text="Zwei Tage über Roboterzellen zum Schweißen in kleinen Serien.",
    countries=("DE",),
    language="de",
)
SOFTWARE = Opportunity(
    6,
    kind="partnering",
    partnering_type="TO",
    title="Software for pump maintenance",
    text="An Irish company offers software that predicts when pumps in sewage networks need maintenance.",
    countries=("IE",),
    language="en",
)
OPPORTUNITIES = (WATERWORKS, SALMON, DIGESTER, HORIZON, ROBOTS, SOFTWARE)

MEMBRANES = Member(
    1,
    name="Kalmar Membran",
    country="SE",
    organisation_kind="sme",
    size_class="small",
    text="We develop and build water treatment with ceramic membranes.",
    offers=("Ceramic membranes and membrane modules", "Pilot plants for wastewater"),
    seeks=("Software for maintenance of pumps",),
    codes=(Code("nace", "37.00"), Code("nace", "28.29")),
    markets=("FI", "NO"),
    languages=("en", "sv"),
    hours_a_month=20,
)
FISH = Member(2, name="Blekinge Fisk", country="SE", text="We smoke fish and sell salmon.", seeks=("salmon fillets",))
WELDING = Member(3, name="Osby Svets", country="SE", text="Robot cells for welding.", languages=("sv", "en"))
MEMBERS = (MEMBRANES, FISH, WELDING)


@dataclass(frozen=True)
class Fitted:
    """A model with everything that was built on it."""

    model: ScoreModel
    vectors: dict[int, OpportunityVector]
    index: Index
    queries: list[MemberQuery]

    def ranked(self, **options: object) -> list[MatchList]:
        return rank(self.index, self.queries, **{"today": TODAY, "cut_off": 0, **options})  # type: ignore[arg-type]


def fitted(
    opportunities: Sequence[Opportunity] = OPPORTUNITIES,
    members: Sequence[Member] = MEMBERS,
    model: ScoreModel | None = None,
) -> Fitted:
    model = model or fit(opportunities, members)
    vectors = {each.id: model.opportunity_vector(each) for each in opportunities}
    index = Index.build(model, vectors, opportunities)
    return Fitted(model, vectors, index, [member_query(model, each, feedback_vectors=vectors) for each in members])


WORDS = [
    f"{stem}{end}" for stem in ("pump", "membran", "weld", "valv", "sens", "hydrog", "fibr", "robot", "salin", "turbin")
    for end in ("e", "ing", "ology", "ium", "ette", "ax")
]  # fmt: skip
COUNTRIES = ("SE", "FI", "EE", "DE", "NO")
NACE = ("37.00", "28.29", "28.12", "62.10", "35.11", "03.21", "10.20")
CPV = ("45232420", "45232421", "42122000", "48000000", "15220000")


def rng(seed: int) -> Random:
    """The same cases for the same seed."""
    return Random(seed)


def some(random: Random, values: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(random.sample(list(values), random.randint(0, most)))


def text(random: Random, longest: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(random.randint(0, longest)))


def random_opportunity(random: Random, number: int) -> Opportunity:
    kind = random.choice(["partnering", "tender", "funding", "event"])
    return Opportunity(
        number,
        kind=kind,
        partnering_type=random.choice(["BO", "BR", "TO", "TR", "RDR"]) if kind == "partnering" else "",
        title=text(random, 5),
        text=text(random, 40),
        keywords=some(random, WORDS, 3),
        codes=tuple(Code("cpv", each) for each in some(random, CPV, 2)),
        countries=some(random, COUNTRIES, 2),
        target_countries=some(random, COUNTRIES, 4),
        target_sizes=some(random, ("micro", "small", "large"), 2),
        deadline=random.choice([None, date(2027, 4, 1), date(2027, 5, 1), date(2028, 1, 1)]),
        budget_min_eur=random.choice([None, 50_000, 2_000_000]),
        effort_hours=random.choice([None, 8, 80]),
        language=random.choice(["", "en", "de"]),
        organisation=random.choice(["", "Ekeby", "Torsås", "Member 3"]),
    )


def random_member(random: Random, number: int, answerable: Sequence[int] = ()) -> Member:
    kinds = ["opened", "saved", "interested", "not_for_us"]
    answers = tuple(
        Feedback(each, random.choice(kinds), random.choice(["", "topic", "place"]))
        for each in random.sample(list(answerable), min(len(answerable), random.randint(0, 3)))
    )
    return Member(
        number,
        name=f"Member {number}",
        country=random.choice(COUNTRIES),
        size_class=random.choice(["", "micro", "small"]),
        text=text(random, 30),
        offers=some(random, WORDS, 3),
        seeks=some(random, WORDS, 3),
        codes=tuple(Code("nace", each) for each in some(random, NACE, 2)),
        markets=some(random, COUNTRIES, 2),
        languages=random.choice([(), ("en",), ("en", "de")]),
        kinds=random.choice([(), ("partnering", "tender", "funding")]),
        hours_a_month=random.choice([None, 5.0, 40.0]),
        cofinance_eur_a_year=random.choice([None, 20_000.0]),
        feedback=answers,
    )
