"""A member's query: profile and answers as integers, one query for each side an opportunity can take.

Every part is normalised by the member's own profile, so a score says which share of what the member asks for an
opportunity covers, and a short profile is treated like a long one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from opportunities.filtering import feedback
from opportunities.filtering.model import ScoreModel
from opportunities.filtering.profile import member_counts
from opportunities.filtering.types import Member
from opportunities.filtering.vectors import (
    IMPACT_UNIT,
    LATENT_UNIT,
    NEUTRAL,
    SIDES,
    Features,
    Floats,
    OpportunityVector,
    SideQuery,
    is_code,
    quantised,
    sorted_arrays,
    unit,
)

SCALE = 1 << 26  # an opportunity that covers all a member asks for scores about this much
LATENT_SHIFT = 8

Weighted = dict[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class MemberQuery:
    """The member, for the rules, and what it asks of each side."""

    member: Member
    sides: Mapping[str, SideQuery]


@dataclass(frozen=True, slots=True)
class _Parts:
    evidence: float
    words: Weighted
    codes: Weighted
    latent: Floats


def member_query(
    model: ScoreModel, member: Member, *, feedback_vectors: Mapping[int, OpportunityVector] | None = None
) -> MemberQuery:
    """The member's query under this model.

    `feedback_vectors` holds the vectors of the opportunities that the member answered, by id.
    """
    vectors = feedback_vectors or {}
    if not member.offers and not member.seeks:
        return MemberQuery(member, dict.fromkeys(SIDES, _side_query(model, member, NEUTRAL, vectors)))
    return MemberQuery(member, {side: _side_query(model, member, side, vectors) for side in SIDES})


def _side_query(model: ScoreModel, member: Member, side: str, vectors: Mapping[int, OpportunityVector]) -> SideQuery:
    parts = _profile(model, member, side)
    parts = _moved(model, parts, feedback.liked(member.feedback), vectors, model.weights.liked)
    parts = _moved(model, parts, feedback.disliked(member.feedback), vectors, -model.weights.disliked)
    return _integers(model, parts)


def _profile(model: ScoreModel, member: Member, side: str) -> _Parts:
    words, held = member_counts(member, side, model.weights)
    features, counts = sorted_arrays(words)
    code_features, _ = sorted_arrays(held)
    said = model.word_weights(counts, features)
    return _Parts(
        model.evidence(said),
        dict(zip(features.tolist(), unit(said).tolist(), strict=True)),
        dict(zip(code_features.tolist(), model.code_weights(held).tolist(), strict=True)),
        model.latent(words, held),
    )


def _moved(
    model: ScoreModel,
    parts: _Parts,
    answers: Mapping[int, float],
    vectors: Mapping[int, OpportunityVector],
    strength: float,
) -> _Parts:
    """The query after the answers: each adds its vector, and many answers weigh more than one."""
    known = {opportunity: weight for opportunity, weight in answers.items() if opportunity in vectors}
    if not known:
        return parts
    total = sum(known.values())
    evidence = parts.evidence
    words, held, latent = dict(parts.words), dict(parts.codes), parts.latent.copy()
    for opportunity, weight in known.items():
        share = strength * weight / (1 + total)
        theirs = _of_opportunity(vectors[opportunity])
        _add(words, theirs.words, share)
        _add(held, theirs.codes, share)
        latent += theirs.latent * share
        evidence += max(0.0, share)
    return _Parts(min(evidence, model.weights.most_evidence), words, held, unit(latent))


def _of_opportunity(vector: OpportunityVector) -> _Parts:
    coded = is_code(vector.features)
    return _Parts(
        0.0,
        _unit_weights(vector.features[~coded], vector.impacts[~coded]),
        _unit_weights(vector.features[coded], vector.impacts[coded]),
        vector.latent / LATENT_UNIT,
    )


def _unit_weights(features: Features, impacts: NDArray[np.uint16]) -> Weighted:
    return dict(zip(features.tolist(), unit(impacts.astype(np.float64)).tolist(), strict=True))


def _add(query: Weighted, other: Weighted, share: float) -> None:
    for feature, weight in other.items():
        query[feature] = query.get(feature, 0.0) + share * weight


def _heaviest(words: Weighted, limit: int) -> Weighted:
    return dict(sorted(words.items(), key=lambda item: (-abs(item[1]), item[0]))[:limit])


def _integers(model: ScoreModel, parts: _Parts) -> SideQuery:
    word_features, word_values = sorted_arrays(_heaviest(parts.words, model.weights.query_terms))
    code_features, code_values = sorted_arrays(parts.codes)
    shares = _part_shares(model, parts)
    values = np.concatenate([unit(word_values) * shares[0], unit(code_values) * shares[1]])
    weights = np.rint(values * (SCALE / IMPACT_UNIT)).astype(np.int64)
    features = np.concatenate([word_features, code_features])
    latent_weight = round(shares[2] * SCALE * 2**LATENT_SHIFT / LATENT_UNIT**2)
    return SideQuery(features[weights != 0], weights[weights != 0], quantised(parts.latent), latent_weight)


def _part_shares(model: ScoreModel, parts: _Parts) -> tuple[float, float, float]:
    """Words by what they say, codes, latent: shared out among the parts that this member's profile feeds."""
    words = parts.evidence if parts.words else 0.0
    held = model.weights.codes if any(parts.codes.values()) else 0.0
    latent = model.weights.latent * model.latent_trust if parts.latent.any() else 0.0
    spelled = words + held or 1.0
    return words / spelled / (1 + latent), held / spelled / (1 + latent), latent / (1 + latent)
