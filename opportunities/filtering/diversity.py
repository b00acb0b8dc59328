"""Variety at reading time; the stored lists stay as they are.

Maximal marginal relevance (Carbonell and Goldstein 1998) on the latent vectors, and a cap for each organisation.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from opportunities.filtering.query import SCALE
from opportunities.filtering.types import Match, MatchList
from opportunities.filtering.vectors import LATENT_UNIT, OpportunityVector

# How much fit counts beside novelty, in tenths: whole numbers, so that the order never depends on rounding.
_FIT, _NOVELTY = 9, 1
MOST_PER_ORGANISATION = 5


def diversified(
    matches: MatchList,
    vectors: Mapping[int, OpportunityVector],
    organisations: Mapping[int, str],
    *,
    size: int,
    most_per_organisation: int = MOST_PER_ORGANISATION,
) -> tuple[Match, ...]:
    """The `size` matches to show: each next one fits well and resembles little what stands above it.

    `vectors` and `organisations` are by opportunity id; an opportunity of an unnamed organisation is never capped.
    """
    left = list(matches.matches)
    latent = {each.opportunity_id: vectors[each.opportunity_id].latent.astype(np.int64) for each in left}
    nearest = dict.fromkeys(latent, 0)
    shown: list[Match] = []
    counts: Counter[str] = Counter()
    while left and len(shown) < size:
        best = max(left, key=lambda each: (_worth(each, nearest[each.opportunity_id]), each.key))
        left.remove(best)
        organisation = organisations.get(best.opportunity_id, "")
        if organisation and counts[organisation] >= most_per_organisation:
            continue
        counts[organisation] += 1
        shown.append(best)
        for each in left:
            likeness = int(latent[each.opportunity_id] @ latent[best.opportunity_id])
            nearest[each.opportunity_id] = max(nearest[each.opportunity_id], likeness)
    return tuple(shown)


def _worth(match: Match, likeness: int) -> int:
    return _FIT * match.score * LATENT_UNIT**2 - _NOVELTY * likeness * SCALE
