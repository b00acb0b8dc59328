"""The integers that the kernel multiplies: one vector an opportunity, one query a member.

A feature is the 64-bit hash of a stem or a code; the highest bit tells codes from words.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from opportunities.filtering.pack import pack, unpack
from opportunities.filtering.types import Opportunity

Floats = NDArray[np.float64]
Features = NDArray[np.uint64]

IMPACT_UNIT = 255
LATENT_UNIT = 400

_CODE_BIT = 1 << 63
CODE_BIT = np.uint64(_CODE_BIT)

# Which side an opportunity takes: its author offers something, wants something, or neither.
THEY_OFFER, THEY_WANT, NEUTRAL = "they offer", "they want", "neutral"
SIDES = (THEY_OFFER, THEY_WANT, NEUTRAL)
_SIDE_OF_TYPE = {"BO": THEY_OFFER, "TO": THEY_OFFER, "BR": THEY_WANT, "TR": THEY_WANT, "RDR": THEY_WANT}


@lru_cache(maxsize=2**18)
def word_feature(stem: str) -> int:
    """The feature of a stem."""
    return _hash(f"w {stem}") & ~_CODE_BIT


@lru_cache(maxsize=2**16)
def code_feature(name: str) -> int:
    """The feature of a code."""
    return _hash(f"c {name}") | _CODE_BIT


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def side_of(opportunity: Opportunity) -> str:
    """THEY_OFFER for business and technology offers, THEY_WANT for requests and tenders, else NEUTRAL."""
    if opportunity.kind == "tender":
        return THEY_WANT
    return _SIDE_OF_TYPE.get(opportunity.partnering_type, NEUTRAL)


def sorted_arrays(weights: Mapping[int, float]) -> tuple[Features, Floats]:
    """Features in ascending order with their weights."""
    features = np.fromiter(weights.keys(), np.uint64, len(weights))
    values = np.fromiter(weights.values(), np.float64, len(weights))
    order = np.argsort(features)
    return features[order], values[order]


def is_code(features: Features) -> NDArray[np.bool_]:
    """Which features are codes."""
    result: NDArray[np.bool_] = (features & CODE_BIT) != 0
    return result


def unit(vector: Floats) -> Floats:
    """The vector at length 1; zero stays zero."""
    length = float(np.sqrt((vector * vector).sum()))
    return vector / length if length else vector


def quantised(vector: Floats) -> NDArray[np.int8]:
    """A unit vector in whole steps of 1/400, at most 127: every dot product of two is an integer below 2**24."""
    return np.clip(np.rint(vector * LATENT_UNIT), -127, 127).astype(np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class OpportunityVector:
    """features: uint64, ascending; impacts: uint8, 255 = 1.0; latent: int8, one a dimension, length 400 = 1.0."""

    features: Features
    impacts: NDArray[np.uint8]
    latent: NDArray[np.int8]

    def to_bytes(self) -> bytes:
        """The vector for storage."""
        return pack({}, {"features": self.features, "impacts": self.impacts, "latent": self.latent})

    @classmethod
    def from_bytes(cls, data: bytes) -> "OpportunityVector":
        """The vector from storage. Raises ValueError on bytes of another kind."""
        _, arrays = unpack(data)
        return cls(arrays["features"], arrays["impacts"], arrays["latent"])


@dataclass(frozen=True, slots=True, eq=False)
class SideQuery:
    """What a member asks of one side. weights: int64 per impact unit; latent_weight: per latent unit, in 1/256."""

    features: Features
    weights: NDArray[np.int64]
    latent: NDArray[np.int8]
    latent_weight: int
