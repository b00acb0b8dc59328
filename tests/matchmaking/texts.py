"""Invented companies for a full round: what each offers and seeks, drawn from a few fields by the number alone."""

from random import Random

from matchmaking.models import Participant, Round
from members.models import Organisation
from tests.factories.matchmaking import ParticipantFactory
from tests.factories.members import OrganisationFactory

FIELDS = {
    "28.1": ("pumps", "valves", "pressure vessels", "heat exchangers", "dosing systems"),
    "26.5": ("nitrate sensors", "flow meters", "optical probes", "leak detection", "water quality loggers"),
    "62.1": ("forecasting software", "data platforms", "digital twins", "remote monitoring", "fleet planning"),
    "36.0": ("ceramic membranes", "sludge treatment", "ballast water treatment", "rain water storage", "desalination"),
    "71.1": ("life cycle assessment", "pilot plants", "permit studies", "harbour planning", "corrosion testing"),
    "10.2": ("fish feed", "algae farming", "cold storage", "seaweed products", "by-products of fish"),
}
USES = ("for small towns", "for ferries", "for shipyards", "in cold climates", "for food producers", "for ports")
WANTS = ("suppliers of", "partners for trials of", "distributors who know", "knowledge about", "buyers of")
COUNTRIES = {"SE": "Europe/Stockholm", "EE": "Europe/Tallinn", "PT": "Europe/Lisbon"}


def fill(round_: Round, count: int, **facts: object) -> list[Participant]:
    """So many participants of three clusters; the same ones each time."""
    random = Random(7)
    clusters: list[tuple[str, Organisation]] = [
        (country, OrganisationFactory(partner=True, country=country, name=f"Cluster of {country} {round_.pk}"))
        for country in COUNTRIES
    ]
    made = []
    for number in range(count):
        country, cluster = clusters[number % len(clusters)]
        own, other = random.sample(sorted(FIELDS), 2)
        offers = [f"{thing.capitalize()} {random.choice(USES)}" for thing in random.sample(FIELDS[own], 3)]
        seeks = [f"{random.choice(WANTS)} {thing}".capitalize() for thing in random.sample(FIELDS[other], 3)]
        made.append(
            ParticipantFactory(
                round=round_, cluster=cluster, company=f"Company {number:03} of {country}", country=country,
                time_zone=COUNTRIES[country], email=f"p{number}.{round_.pk}@guest.example", town="Nowhere",
                summary=f"We have made {', '.join(FIELDS[own][:2])} since 1998, for {number % 9 + 1} markets.",
                offers="\n".join(offers), seeks="\n".join(seeks), nace_codes=[own], languages=["en"],
                **({"size_class": "small"} | facts),
            )
        )  # fmt: skip
    return made
