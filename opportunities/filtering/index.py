"""The index of opportunities: postings by side, and the facets that rules and factors look at."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opportunities.filtering.model import ScoreModel
from opportunities.filtering.rules import RULES, SOFT_FACTORS, HardRule, SoftFactor
from opportunities.filtering.types import Member, Opportunity
from opportunities.filtering.vectors import SIDES, OpportunityVector, side_of

FACTOR_BITS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Opportunities of one side: for columns[i], rows[starts[i]:starts[i+1]] carry impacts of the same slice."""

    side: str
    columns: NDArray[np.uint64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    impacts: NDArray[np.int64]
    latent: NDArray[np.float32]

    def __len__(self) -> int:
        """How many opportunities it holds."""
        return len(self.latent)


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """The distinct values of one facet, and for each opportunity which of them it has."""

    values: tuple[Any, ...]
    of_row: NDArray[np.int32]

    @classmethod
    def of(cls, opportunities: Sequence[Opportunity], get: Callable[[Opportunity], Hashable]) -> "Facet":
        """Collect a facet in order of first appearance."""
        seen: dict[Hashable, int] = {}
        of_row = [seen.setdefault(get(each), len(seen)) for each in opportunities]
        return cls(tuple(seen), np.array(of_row, np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Opportunities ready for scoring; rows are ordered by side, then by id."""

    ids: NDArray[np.int64]
    segments: tuple[Segment, ...]
    facets: Mapping[str, Facet]

    @classmethod
    def build(
        cls, model: ScoreModel, vectors: Mapping[int, OpportunityVector], opportunities: Sequence[Opportunity]
    ) -> "Index":
        """Index these opportunities; `vectors` holds the vector of each by id. Raises ValueError on a repeated id."""
        rows = sorted(opportunities, key=lambda each: (SIDES.index(side_of(each)), each.id))
        ids = np.array([each.id for each in rows], np.int64)
        if len(np.unique(ids)) != len(ids):
            raise ValueError("An opportunity id occurs twice.")
        segments = [
            _segment(side, [vectors[each.id] for each in rows if side_of(each) == side], model.basis.shape[1])
            for side in SIDES
        ]
        facets = {rule.name: Facet.of(rows, rule.of_opportunity) for rule in RULES}
        facets |= {factor.name: Facet.of(rows, factor.of_opportunity) for factor in SOFT_FACTORS}
        return cls(ids, tuple(segments), facets)

    def __len__(self) -> int:
        """How many opportunities it holds."""
        return len(self.ids)


def _segment(side: str, vectors: Sequence[OpportunityVector], dimensions: int) -> Segment:
    sizes = [len(each.features) for each in vectors]
    features = np.concatenate([np.zeros(0, np.uint64), *(each.features for each in vectors)])
    impacts = np.concatenate([np.zeros(0, np.uint16), *(each.impacts for each in vectors)])
    rows = np.repeat(np.arange(len(vectors), dtype=np.int32), sizes)
    order = np.argsort(features, kind="stable")
    columns, counts = np.unique(features, return_counts=True)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    latent = np.array([each.latent for each in vectors], np.float32).reshape(len(vectors), dimensions)
    return Segment(side, columns, starts, rows[order], impacts[order].astype(np.int64), latent)


class Gate:
    """Hard rules and soft factors for whole rows of an index on one day; equal facets are asked once."""

    def __init__(self, index: Index, today: date | None) -> None:
        self._index = index
        self._today = today
        self._known: dict[tuple[str, Hashable], NDArray[np.int64]] = {}
        self._places = {
            rule.name: {value: place for place, value in enumerate(index.facets[rule.name].values)}
            for rule in RULES
            if rule.lookup
        }

    def allowed(self, member: Member) -> NDArray[np.bool_]:
        """For each row whether no hard rule forbids it."""
        result = np.ones(len(self._index), np.bool_)
        for rule in RULES:
            if rule.lookup:
                self._forbid_named(rule, member, result)
            else:
                result &= self._passes(rule, rule.of_member(member))
        return result

    def factors(self, member: Member) -> NDArray[np.int64]:
        """For each row the product of the soft factors in units of 1/2**FACTOR_BITS."""
        product = np.ones(len(self._index), np.int64)
        for factor in SOFT_FACTORS:
            product = product * self._shares(factor, factor.of_member(member))
        return product >> (8 * len(SOFT_FACTORS) - FACTOR_BITS)

    def _passes(self, rule: HardRule, mine: Hashable) -> NDArray[np.bool_]:
        passes = self._rows(rule.name, mine, lambda theirs: rule.check(mine, theirs, self._today) is None)
        return passes.astype(np.bool_)

    def _shares(self, factor: SoftFactor, mine: Hashable) -> NDArray[np.int64]:
        return self._rows(factor.name, mine, lambda theirs: factor.weigh(mine, theirs))

    def _rows(self, name: str, mine: Hashable, ask: Callable[[Any], int]) -> NDArray[np.int64]:
        """The answer for each row; every distinct facet is asked once."""
        if (name, mine) not in self._known:
            facet = self._index.facets[name]
            self._known[name, mine] = np.array([ask(theirs) for theirs in facet.values], np.int64)[facet.of_row]
        return self._known[name, mine]

    def _forbid_named(self, rule: HardRule, member: Member, result: NDArray[np.bool_]) -> None:
        named: Any = rule.of_member(member)
        for value in named:
            if (place := self._places[rule.name].get(value)) is not None:
                result[self._index.facets[rule.name].of_row == place] = False
