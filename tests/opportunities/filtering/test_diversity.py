"""Variety at reading time: near twins and one organisation's many do not crowd out the rest."""

from dataclasses import replace

import numpy as np

from opportunities.filtering import Match, MatchList, OpportunityVector, diversified
from opportunities.filtering.query import SCALE
from opportunities.filtering.types import ID_BITS, LARGEST_ID


def match(number: int, share: float) -> Match:
    return Match(number, (int(share * SCALE) << ID_BITS) | (LARGEST_ID - number))


def vector(*latent: float) -> OpportunityVector:
    nothing = np.zeros(0, np.uint64)
    return OpportunityVector(nothing, nothing.astype(np.uint16), np.array([2048 * each for each in latent], np.int16))


MATCHES = MatchList("m", tuple(match(number, share) for number, share in ((1, 0.6), (2, 0.59), (3, 0.58))), 0)
VECTORS = {1: vector(1, 0), 2: vector(1, 0), 3: vector(0, 1)}


def ids(found: tuple[Match, ...]) -> list[int]:
    return [each.opportunity_id for each in found]


def test_a_near_twin_gives_way_to_something_else() -> None:
    assert ids(diversified(MATCHES, VECTORS, {}, size=3)) == [1, 3, 2]


def test_order_stays_when_nothing_resembles() -> None:
    apart = {**VECTORS, 2: vector(0, -1)}
    assert ids(diversified(MATCHES, apart, {}, size=3)) == [1, 2, 3]


def test_a_much_better_twin_stays_ahead() -> None:
    better = replace(MATCHES, matches=(match(1, 0.9), match(2, 0.85), match(3, 0.3)))
    assert ids(diversified(better, VECTORS, {}, size=3)) == [1, 2, 3]


def test_one_organisation_is_capped_and_an_unnamed_one_is_not() -> None:
    organisations = {1: "Ekeby", 2: "Ekeby", 3: ""}
    found = diversified(MATCHES, VECTORS, organisations, size=3, most_per_organisation=1)
    assert ids(found) == [1, 3]
    assert ids(diversified(MATCHES, VECTORS, {}, size=3, most_per_organisation=1)) == [1, 3, 2]


def test_no_more_than_asked_for_and_nothing_from_an_empty_list() -> None:
    assert ids(diversified(MATCHES, VECTORS, {}, size=2)) == [1, 3]
    assert diversified(replace(MATCHES, matches=()), {}, {}, size=5) == ()
