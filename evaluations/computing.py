"""The figures of a protected table: shares, means and weighted shares of what is shown, and of nothing else.

Everything here is computed from figures that the table shows, so it says no more than the table does. Pure: no
database.

A share is of those who answered; where the number of those who did not is hidden, it is of all who handed in, and says
so (`of_all`). A share of a box of steps is of those who gave a step. A mean takes all steps of a scale: where one is
hidden there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from evaluations import statistics
from evaluations.disclosure.types import Category, Key, Protected
from evaluations.recoding import NO_ANSWER
from evaluations.tabulating import ANSWER, Subject

Group = tuple[Category | None, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """How many a share is of."""

    n: int
    of_all: bool


def figures(protected: Protected, about: Subject | None, populations: Mapping[Key, int]) -> dict[str, Any]:
    """What the database keeps beside the table: rows by group, and for each its answers."""
    if ANSWER not in protected.dimensions or about is None:
        return {}
    found: dict[str, Any] = {"bases": [], "shares": [], "means": []}
    for group in groups_of(protected):
        base = base_of(protected, group, about.outside)
        if base is None:
            continue
        population = populations.get(group)
        # How many firms could have given a step is not known where some answers stand outside the steps.
        unknown = about.outside and not base.of_all
        population = population if population is not None and population >= base.n and not unknown else None
        found["bases"].append({"group": list(group), "n": base.n, "of_all": base.of_all, "population": population})
        found["shares"] += _shares(protected, about, group, base, population)
        found["means"] += _means(protected, about, group, population)
    return found


def groups_of(protected: Protected) -> list[Group]:
    """The groups of a table of answers, all together last, in the order of the table."""
    return list(dict.fromkeys(key[1:] for key in protected.cells))


def base_of(protected: Protected, group: Group, outside: Sequence[str] = ()) -> Base | None:
    """How many of a group answered, if that is shown and anybody did; without those whose answer is `outside`."""
    everybody = protected.cells.get((None, *group))
    if everybody is None or not everybody.n:
        return None
    others = [protected.cells.get((answer, *group)) for answer in (NO_ANSWER, *outside)]
    known = [cell.n for cell in others if cell is not None and cell.n is not None]
    if len(known) < len(others):
        return Base(everybody.n, of_all=True)
    return Base(everybody.n - sum(known), of_all=False) if everybody.n > sum(known) else None


def _shares(
    protected: Protected, about: Subject, group: Group, base: Base, population: int | None
) -> Iterator[dict[str, Any]]:
    for category in about.with_shares:
        cell = protected.cells.get((category, *group))
        if cell is not None and cell.n is not None:
            found = statistics.share(cell.n, base.n, population)
            yield {"group": list(group), "answer": category} | {
                name: getattr(found, name) for name in ("part", "n", "value", "low", "high")
            }


def _means(protected: Protected, about: Subject, group: Group, population: int | None) -> Iterator[dict[str, Any]]:
    """The mean of the steps, the first counting 1; what stands outside the steps does not count."""
    cells = [protected.cells.get((step, *group)) for step in about.steps]
    counts = [cell.n for cell in cells if cell is not None and cell.n is not None]
    if not counts or len(counts) < len(about.steps):
        return
    answers = [place for place, n in enumerate(counts, 1) for _ in range(n)]
    if answers:
        found = asdict(statistics.scale(answers, population, ends=(1, len(about.steps))))
        yield {"group": list(group)} | {name: found[name] for name in ("n", "mean", "low", "high", "median")}


def weighted(protected: Protected, about: Subject, populations: Mapping[Key, int]) -> dict[str, Any]:
    """The shares of all firms, by a table that breaks the answers down by one group: each group counts as it is large.

    It is made of the cells that are shown: an answer with a hidden cell has no weighted share. `left_out` are groups
    that the table has no answers of.
    """
    cells = {key: cell.n for key, cell in protected.cells.items()}
    found = {group: base_of(protected, group) for group in groups_of(protected) if None not in group}
    bases = {group: base for group, base in found.items() if base is not None}
    firms = {group: n for group, n in populations.items() if None not in group and n}
    if not bases or any(base.of_all or firms.get(group, 0) < base.n for group, base in bases.items()):
        return {}
    respondents = pd.DataFrame({"group": [str(group[0]) for group in bases for _ in range(bases[group].n)]})
    population = pd.DataFrame({"group": [str(group[0]) for group, n in firms.items() for _ in range(n)]})
    weights = statistics.rake(respondents, population, ["group"])
    shares = []
    for category in about.categories:
        parts = [n for group in bases if (n := cells.get((category, *group))) is not None]
        if len(parts) < len(bases):
            continue
        counted = zip(bases.values(), parts, strict=True)
        said = [place < part for base, part in counted for place in range(base.n)]
        share = statistics.weighted_share(said, weights.values, weights.covered)
        shares.append({"answer": category} | asdict(share))
    left_out = [margin.group for margin in weights.unreached]
    return {"shares": shares, "left_out": left_out, "covered": weights.covered, "population": weights.population}
