"""Who reviews what: how well expertise fits an application, and the best assignment within everybody's load.

A pure room: no Django, no database, no clock. Keys are whole numbers of the caller's own.

Fit
- A reviewer's expertise is a list of keywords, NACE codes and names of activity types. Each entry that an application
  meets is a hit: a keyword when all its stems stand in the application's text, a NACE code when one of its
  organisations has that code or a finer or coarser one of the same division, an activity when a partner does it.
- A hit counts from 1 (rare) down to 1/2 (met by every application). The fit is 1 - 2^-(sum of hits): 0 without a hit,
  near 1/2 with one, and each further hit adds half of what is missing.

Assignment
- A transportation problem with convex costs, solved exactly as a mixed integer programme by HiGHS. First as many
  reviews as possible are placed, up to `wanted` of each application and `room` of each reviewer; among these the sum
  of fits is the highest, less a small price for each further review of the same reviewer (`EVEN`), so that the load is
  even where fits are alike. Excluded pairs never come up.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from opportunities.filtering.text import detect_language, terms

NACE = re.compile(r"[A-V]?\d{2}(\.\d{1,2})?|[A-V]", re.IGNORECASE)
# Fits are counted in whole thousandths, so that equal assignments cost the same to the last bit.
STEPS = 1000
# What the n-th review of a reviewer costs, n times, in thousandths of a fit.
EVEN = 5

Pair = tuple[int, int]  # application, reviewer


@dataclass(frozen=True, slots=True)
class Subject:
    """What an application is about. `nace`: the codes of its organisations. `activities`: names of activity types."""

    key: int
    text: str
    nace: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a reviewer's expertise meets an application, from 0 to 1, and by which entries of it."""

    value: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Pairs of application and reviewer by their keys, and how many reviews each application still lacks."""

    pairs: tuple[Pair, ...]
    short: Mapping[int, int]


def fits(expertise: Mapping[int, Sequence[str]], subjects: Sequence[Subject]) -> dict[Pair, Fit]:
    """The fit of every reviewer to every application. `expertise`: a reviewer's key to its entries."""
    entries = {entry for each in expertise.values() for entry in each}
    met = {entry: frozenset(each.key for each in subjects if meets(entry, each)) for entry in entries}
    found = {}
    for reviewer, own in expertise.items():
        for subject in subjects:
            because = tuple(entry for entry in dict.fromkeys(own) if subject.key in met[entry])
            strength = sum(_strength(len(met[entry]), len(subjects)) for entry in because)
            found[subject.key, reviewer] = Fit(value=1 - 2.0**-strength, because=because)
    return found


def _strength(met: int, of: int) -> float:
    return 1.0 if of < 2 else 1 - (met - 1) / (of - 1) / 2


def meets(entry: str, subject: Subject) -> bool:
    """Whether an application meets one entry of somebody's expertise."""
    code = entry.strip()
    if NACE.fullmatch(code):
        return any(_same_branch(code, each) for each in subject.nace)
    if code.casefold() in {each.casefold() for each in subject.activities}:
        return True
    wanted = terms(code, "en")
    return bool(wanted) and set(wanted) <= _stems(subject.text)


def _same_branch(one: str, other: str) -> bool:
    """C28.1 and 28.15 are, 28.1 and 28.2 are not. A section's letter alone stands for what is filed under it."""
    short, long = sorted((one.upper(), other.upper()), key=len)
    if short.isalpha():
        return long.startswith(short)
    short, long = sorted((each.lstrip("ABCDEFGHIJKLMNOPQRSTUV") for each in (short, long)), key=len)
    return long.startswith(short)


@lru_cache(maxsize=512)
def _stems(text: str) -> frozenset[str]:
    """English stems, by which keywords are read, and those of the text's own language."""
    return frozenset(terms(text, "en")) | frozenset(terms(text, detect_language(text)))


def propose(
    *,
    wanted: Mapping[int, int],
    room: Mapping[int, int],
    load: Mapping[int, int],
    fit: Mapping[Pair, float],
    excluded: Collection[Pair] = (),
) -> Proposal:
    """The best assignment.

    `wanted`: an application's key to how many reviews it still needs. `room`: a reviewer's key to how many more it
    takes; `load`: to how many it has. `fit`: from 0 to 1, 0 where a pair is left out. `excluded`: pairs that may not
    be, conflicts of interest and those that are assigned already.
    """
    barred = set(excluded)
    pairs = [(a, r) for a in sorted(wanted) for r in sorted(room) if wanted[a] > 0 < room[r] and (a, r) not in barred]
    chosen = _solved(pairs, wanted, room, load, fit) if pairs else []
    placed = {a: sum(1 for each, _r in chosen if each == a) for a in wanted}
    return Proposal(tuple(chosen), {a: n - placed[a] for a, n in wanted.items() if n > placed[a]})


def _solved(
    pairs: Sequence[Pair],
    wanted: Mapping[int, int],
    room: Mapping[int, int],
    load: Mapping[int, int],
    fit: Mapping[Pair, float],
) -> list[Pair]:
    """One variable for each pair, and one for each place of a reviewer, dearer the later it is."""
    applications = {a: at for at, a in enumerate(dict.fromkeys(a for a, _ in pairs))}
    reviewers = {r: len(applications) + at for at, r in enumerate(dict.fromkeys(r for _, r in pairs))}
    least = {r: min(room[r], sum(1 for _, each in pairs if each == r)) for r in reviewers}
    places = [(r, load.get(r, 0) + n) for r in reviewers for n in range(1, least[r] + 1)]
    dearest = max((EVEN * n for _, n in places), default=0)
    # Placing one more review is worth more than anything that the others can gain or lose by it.
    one_more = (STEPS + dearest) * (2 * len(places) + 1)
    worth = [one_more + round(STEPS * fit.get(pair, 0.0)) for pair in pairs] + [-EVEN * n for _, n in places]
    rows = [row for a, r in pairs for row in (applications[a], reviewers[r])] + [reviewers[r] for r, _ in places]
    columns = [at for at in range(len(pairs)) for _ in range(2)] + list(range(len(pairs), len(worth)))
    signs = [1.0] * (2 * len(pairs)) + [-1.0] * len(places)
    shape = (len(applications) + len(reviewers), len(worth))
    limits = np.array([wanted[a] for a in applications] + [0] * len(reviewers), dtype=float)
    found = milp(
        -np.array(worth, dtype=float),
        constraints=LinearConstraint(coo_array((signs, (rows, columns)), shape=shape).tocsr(), ub=limits),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(worth)),
    )
    if found.x is None:
        raise RuntimeError(f"No assignment was found: {found.message}")
    return [pair for pair, taken in zip(pairs, found.x, strict=False) if taken > 0.5]


def worth_of(pairs: Iterable[Pair], load: Mapping[int, int], fit: Mapping[Pair, float]) -> int:
    """What an assignment is worth in thousandths of a fit, the price of uneven load taken off."""
    loads, worth = dict(load), 0
    for pair in pairs:
        loads[pair[1]] = loads.get(pair[1], 0) + 1
        worth += round(STEPS * fit.get(pair, 0.0)) - EVEN * loads[pair[1]]
    return worth
