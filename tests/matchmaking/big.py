"""A round of the size that the room is made for: 120 participants of three clusters, 20 slots on one day."""

import random
from datetime import timedelta

from matchmaking.models import Affinity, Participant, Round, Session, Slot, Table, Wish
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, morning
from tests.factories.members import OrganisationFactory

NAMES = [
    "Vatten",
    "Wasser",
    "Woda",
    "Vesi",
    "Ūdens",
    "Vanduo",
    "Aqua",
    "Strom",
    "Kraft",
    "Holz",
    "Metsä",
    "Puit",
    "Koks",
    "Skog",
    "Sensor",
    "Filter",
    "Membran",
    "Pumpe",
]
KINDS = ["AB", "Oy", "OÜ", "SIA", "UAB", "GmbH", "Sp. z o.o.", "Wasseraufbereitungsgesellschaft mbH"]
WHY = [
    ["need_meets_offer", {"theirs": "sensors that measure nitrate", "yours": "nitrate sensors"}],
    ["shared_words", {"words": ["small treatment plants"]}],
]
ZONES = ["Europe/Stockholm", "Europe/Tallinn", "Europe/Lisbon"]


def big(*, people: int = 120, slots: int = 20, tables: int = 40, seed: int = 1) -> Round:
    """Companies with eight wishes each, some of them never, and affinities with reasons."""
    rng = random.Random(seed)
    round_ = RoundFactory(name="Baltic Water Days 2027", slug="baltic-water-days-2027", quota=8, minimum=2)
    starts_at = morning() - timedelta(hours=1)
    session = Session.objects.create(
        round=round_, name="Meetings", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=25 * slots)
    )
    Session.objects.create(
        round=round_, kind=Session.Kind.BREAK, name="Lunch",
        starts_at=starts_at + timedelta(minutes=245), ends_at=starts_at + timedelta(minutes=250),
    )  # fmt: skip
    begins = [starts_at + timedelta(minutes=25 * n) for n in range(slots)]
    Slot.objects.bulk_create(
        Slot(round=round_, session=session, starts_at=at, ends_at=at + timedelta(minutes=20)) for at in begins
    )
    Table.objects.bulk_create(
        Table(round=round_, number=n, room="Hall A" if n <= 25 else "Hall B") for n in range(1, tables + 1)
    )
    clusters = [OrganisationFactory(partner=True, name=name) for name in ("Havsbris", "Meretuul", "Vento do Mar")]
    found = [
        ParticipantFactory(
            round=round_,
            cluster=clusters[n % 3],
            time_zone=ZONES[n % 3],
            company=f"{rng.choice(NAMES)} {rng.choice(NAMES)} {rng.choice(KINDS)} {n}",
            person=f"Person {n}",
        )
        for n in range(people)
    ]
    _wishes(rng, found)
    _away(rng, found, list(round_.slots.all()))
    return round_


def _wishes(rng: random.Random, people: list[Participant]) -> None:
    wishes, fits = [], []
    for place, each in enumerate(people):
        others = [other for other in people if other.cluster_id != each.cluster_id]
        for rank, other in enumerate(rng.sample(others, 9)):
            kind = Wish.Kind.MUST if rank < 3 else Wish.Kind.NEVER if rank == 8 else Wish.Kind.NICE
            wishes.append(Wish(participant=each, other=other, kind=kind))
        later = [other for other in people[place + 1 :] if other.cluster_id != each.cluster_id]
        fits += [
            Affinity(a=each, b=other, score=rng.random(), reasons_a=WHY, reasons_b=WHY[:1])
            for other in rng.sample(later, min(6, len(later)))
        ]
    Wish.objects.bulk_create(wishes)
    Affinity.objects.bulk_create(fits)


def _away(rng: random.Random, people: list[Participant], slots: list[Slot]) -> None:
    through = Participant.away.through
    rows = []
    for each in people:
        if rng.random() < 0.3:
            half = slots[: len(slots) // 2] if rng.random() < 0.5 else slots[len(slots) // 2 :]
            rows += [through(participant=each, slot=slot) for slot in half]
    through.objects.bulk_create(rows)
