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

# What the whole numbers in a vector mean: 1.0 in units of an impact and of a latent component. The squares of a latent
# vector add up to about LATENT_UNIT**2, so every partial sum of a product of two is below 2**24: exact in float32.
IMPACT_UNIT = 4096
LATENT_UNIT = 2048

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


def located(features: Features, known: Features) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which features are among the known ones, and the places of those; both are ascending."""
    at = np.minimum(np.searchsorted(known, features), max(0, len(known) - 1))
    found = known[at] == features if len(known) else np.zeros(len(features), np.bool_)
    return found, at[found]


def is_code(features: Features) -> NDArray[np.bool_]:
    """Which features are codes."""
    result: NDArray[np.bool_] = (features & CODE_BIT) != 0
    return result


def unit(vector: Floats) -> Floats:
    """The vector at length 1; zero stays zero."""
    return vector / size if (size := length(vector)) else vector


def length(vector: Floats) -> float:
    """The Euclidean length."""
    return float(np.sqrt((vector * vector).sum()))


def quantised(vector: Floats) -> NDArray[np.int16]:
    """A unit vector in whole steps of 1/LATENT_UNIT."""
    return np.rint(vector * LATENT_UNIT).astype(np.int16)


@dataclass(frozen=True, slots=True, eq=False)
class OpportunityVector:
    """features: uint64, ascending; impacts: uint16 in 1/IMPACT_UNIT; latent: int16 in 1/LATENT_UNIT."""

    features: Features
    impacts: NDArray[np.uint16]
    latent: NDArray[np.int16]

    def to_bytes(self) -> bytes:
        """The vector for storage."""
        return pack("vector", {}, {"features": self.features, "impacts": self.impacts, "latent": self.latent})

    @classmethod
    def from_bytes(cls, data: bytes) -> "OpportunityVector":
        """The vector from storage. Raises ValueError on bytes of another kind."""
        _, arrays = unpack("vector", data)
        return cls(arrays["features"], arrays["impacts"], arrays["latent"])


@dataclass(frozen=True, slots=True, eq=False)
class SideQuery:
    """What a member asks of one side. weights: int64 per impact unit; latent_weight: per latent unit, in 1/256."""

    features: Features
    weights: NDArray[np.int64]
    latent: NDArray[np.int16]
    latent_weight: int
