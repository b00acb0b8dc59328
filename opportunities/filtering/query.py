"""A member's query: profile and answers as integers, one query for each side an opportunity can take.

Every part is normalised by the member's own profile, so a score says which share of what the member asks for an
opportunity covers, and a short profile is treated like a long one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from opportunities.filtering import feedback
from opportunities.filtering.profile import member_counts
from opportunities.filtering.types import Member
from opportunities.filtering.vectors import (
    IMPACT_UNIT,
    LATENT_UNIT,
    SIDES,
    Floats,
    OpportunityVector,
    SideQuery,
    is_code,
    quantised,
    sorted_arrays,
    unit,
)

if TYPE_CHECKING:
    from opportunities.filtering.model import ScoreModel

SCALE = 1 << 22  # an opportunity that covers all a member asks for scores about this much
LATENT_SHIFT = 8

Weighted = dict[int, float]


@dataclass(frozen=True, slots=True, eq=False)
class MemberQuery:
    """The member, for the rules, and what it asks of each side."""

    member: Member
    sides: Mapping[str, SideQuery]


@dataclass(frozen=True, slots=True)
class _Parts:
    words: Weighted
    codes: Weighted
    latent: Floats


def member_query(model: "ScoreModel", member: Member, vectors: Mapping[int, OpportunityVector]) -> MemberQuery:
    """The member's query under this model; `vectors` holds those of the opportunities that it answered, by id."""
    return MemberQuery(member, {side: _side_query(model, member, side, vectors) for side in SIDES})


def _side_query(model: "ScoreModel", member: Member, side: str, vectors: Mapping[int, OpportunityVector]) -> SideQuery:
    parts = _profile(model, member, side)
    parts = _moved(model, parts, feedback.liked(member.feedback), vectors, model.weights.liked)
    parts = _moved(model, parts, feedback.disliked(member.feedback), vectors, -model.weights.disliked)
    return _integers(model, parts)


def _profile(model: "ScoreModel", member: Member, side: str) -> _Parts:
    words, held = member_counts(member, side, model.weights)
    features, counts = sorted_arrays(words)
    code_features, _ = sorted_arrays(held)
    return _Parts(
        _shares(dict(zip(features.tolist(), (np.log1p(counts) * model.idf(features)).tolist(), strict=True))),
        dict(zip(code_features.tolist(), model.code_weights(held).tolist(), strict=True)),
        model.latent(words, held),
    )


def _moved(
    model: "ScoreModel",
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
    words, held, latent = dict(parts.words), dict(parts.codes), parts.latent.copy()
    for opportunity, weight in known.items():
        share = strength * weight / (1 + total)
        theirs = _of_opportunity(model, vectors[opportunity])
        _add(words, theirs.words, share)
        _add(held, theirs.codes, share)
        latent += theirs.latent * share
    return _Parts(words, held, unit(latent))


def _of_opportunity(model: "ScoreModel", vector: OpportunityVector) -> _Parts:
    coded = is_code(vector.features)
    words = vector.features[~coded]
    weights = vector.impacts[~coded] / IMPACT_UNIT * model.idf(words)
    code_weights = vector.impacts[coded] / IMPACT_UNIT
    return _Parts(
        _shares(dict(zip(words.tolist(), weights.tolist(), strict=True))),
        dict(zip(vector.features[coded].tolist(), code_weights.tolist(), strict=True)),
        vector.latent / LATENT_UNIT,
    )


def _add(query: Weighted, other: Weighted, share: float) -> None:
    for feature, weight in other.items():
        query[feature] = query.get(feature, 0.0) + share * weight


def _shares(words: Weighted) -> Weighted:
    """Weights that sum to 1."""
    total = sum(weight for weight in words.values() if weight > 0)
    return {feature: weight / total for feature, weight in words.items()} if total else {}


def _heaviest(words: Weighted, limit: int) -> Weighted:
    ranked = sorted(words.items(), key=lambda item: (-abs(item[1]), item[0]))
    return _shares(dict(ranked[:limit]))


def _integers(model: "ScoreModel", parts: _Parts) -> SideQuery:
    words = _heaviest(parts.words, model.weights.query_terms)
    code_features, code_values = sorted_arrays(parts.codes)
    code_values = unit(code_values)
    shares = _part_shares(model, bool(words), bool(code_values.any()), bool(parts.latent.any()))
    word_features, word_values = sorted_arrays(words)
    values = np.concatenate([word_values * shares[0], code_values * shares[1]])
    weights = np.rint(values * (SCALE / IMPACT_UNIT)).astype(np.int64)
    features = np.concatenate([word_features, code_features])
    latent_weight = round(shares[2] * SCALE * 2**LATENT_SHIFT / LATENT_UNIT**2)
    return SideQuery(features[weights != 0], weights[weights != 0], quantised(parts.latent), latent_weight)


def _part_shares(model: "ScoreModel", *present: bool) -> list[float]:
    """The parts' weights, shared out among those that this member's profile feeds."""
    weights = [model.weights.words, model.weights.codes, model.weights.latent]
    held = [weight if there else 0.0 for weight, there in zip(weights, present, strict=True)]
    total = sum(held)
    return [weight / total if total else 0.0 for weight in held]
