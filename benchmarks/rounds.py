"""Synthetic matchmaking rounds for benchmarks and size tests: interests, popular people, ballots, availabilities."""

import numpy as np

from matchmaking.timetable.types import Affinity, Participant, Round, Wish

SLOTS = 20
HALF_DAYS = "half-days"
FULL = "full"

_TOPICS = 24
_LONGEST_BALLOT = 12
_LIKELY_PARTNERS = 10


def synthetic_round(people: int, availability: str | float = HALF_DAYS, seed: int = 0) -> Round:
    """A round of so many people in 20 slots with tables for half of them.

    Interests are sparse vectors; a few people are popular (Zipf). A ballot names 0 to 12 people (an eighth of the
    ballots is empty), its first third as musts; a wish is returned in 35 of 100 cases; a tenth of the people veto
    someone. Affinity joins each to the 12 nearest in interests. `availability` is "full", "half-days" (60 % all day,
    30 % half a day, 10 % each slot at random) or the chance of each slot to be free.
    """
    random = np.random.default_rng(seed)
    names = [f"p{number:04d}" for number in range(people)]
    slots = tuple(f"s{number:02d}" for number in range(SLOTS))
    likeness = _likeness(random, people)
    free = _free(random, people, availability)
    quotas = random.integers(5, 15, people)
    participants = tuple(
        Participant(
            names[each], tuple(slots[slot] for slot in np.flatnonzero(free[each])), quota=int(quotas[each]), minimum=3
        )
        for each in range(people)
    )
    return Round(
        slots=slots,
        capacity=(people // 4,) * SLOTS,
        breaks=(slots[SLOTS // 2 - 1],),
        participants=participants,
        wishes=tuple(_wishes(random, names, likeness)),
        affinity=tuple(_affinity(names, likeness)),
    )


def _likeness(random: np.random.Generator, people: int) -> np.ndarray:
    interests = random.gamma(0.25, size=(people, _TOPICS))
    interests /= np.linalg.norm(interests, axis=1, keepdims=True)
    likeness = interests @ interests.T
    np.fill_diagonal(likeness, 0)
    return likeness


def _free(random: np.random.Generator, people: int, availability: str | float) -> np.ndarray:
    if availability == FULL:
        return np.ones((people, SLOTS), np.bool_)
    if availability != HALF_DAYS:
        return random.random((people, SLOTS)) < float(availability)
    free = np.ones((people, SLOTS), np.bool_)
    kind = random.random(people)
    afternoon = random.random(people) < 0.5
    free[(kind >= 0.6) & (kind < 0.9) & afternoon, : SLOTS // 2] = False
    free[(kind >= 0.6) & (kind < 0.9) & ~afternoon, SLOTS // 2 :] = False
    ragged = kind >= 0.9
    free[ragged] = random.random((int(ragged.sum()), SLOTS)) < 0.5
    return free


def _wishes(random: np.random.Generator, names: list[str], likeness: np.ndarray) -> list[Wish]:
    people = len(names)
    popularity = 1 / (1 + random.permutation(people))
    found: dict[tuple[int, int], str] = {}
    for each in range(people):
        length = 0 if random.random() < 0.12 else int(random.integers(1, _LONGEST_BALLOT + 1))
        drive = likeness[each] * popularity
        chosen = random.choice(people, min(length, int((drive > 0).sum())), replace=False, p=drive / drive.sum())
        for place, other in enumerate(chosen):
            found.setdefault((each, int(other)), "must" if place < length / 3 else "nice")
    for (each, other), wish in list(found.items()):
        if (other, each) not in found and random.random() < 0.35 / 2:
            found[other, each] = wish
    for each in np.flatnonzero(random.random(people) < 0.1):
        other = int(random.integers(people))
        if other != each:
            found[int(each), other] = "never"
    return [Wish(names[a], names[b], wish) for (a, b), wish in found.items()]


def _affinity(names: list[str], likeness: np.ndarray) -> list[Affinity]:
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :_LIKELY_PARTNERS]
    pairs = {(min(a, int(b)), max(a, int(b))) for a in range(len(names)) for b in nearest[a]}
    return [Affinity(names[a], names[b], round(float(min(likeness[a, b], 1)), 4)) for a, b in sorted(pairs)]
