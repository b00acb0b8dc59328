"""The frozen model: what the filter learned from all texts; afterwards a pair's score depends on that pair only.

fit() counts in how many opportunities each feature occurs and finds the latent directions of words and codes that go
together (truncated singular value decomposition). Within one model nothing else enters a score but the pair itself.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from opportunities.filtering.pack import pack, unpack
from opportunities.filtering.profile import Counts, member_counts, opportunity_counts
from opportunities.filtering.types import Member, Opportunity
from opportunities.filtering.vectors import (
    IMPACT_UNIT,
    NEUTRAL,
    Features,
    Floats,
    OpportunityVector,
    length,
    located,
    quantised,
    sorted_arrays,
    unit,
)
from opportunities.filtering.weights import Weights

# Raise it when code changes what a stored model, vector or query means; changed weights are seen by themselves.
ENGINE = 1


def engine_version() -> str:
    """What wrote a stored model: another version's models, vectors and lists are made anew, not read."""
    return f"{ENGINE}-{hashlib.sha256(repr(Weights()).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, eq=False)
class ScoreModel:
    """Everything that a score needs beside the pair.

    documents: how many opportunities were counted; average_length: of their words, Euclidean;
    features: all known features, ascending; frequency: in how many opportunities each occurs;
    basis: one row of `dimensions` float32 for each of basis_features.
    """

    weights: Weights
    documents: int
    average_length: float
    features: Features
    frequency: NDArray[np.uint32]
    basis_features: Features
    basis: NDArray[np.float32]

    def to_bytes(self) -> bytes:
        """The model for storage."""
        values = {
            "weights": asdict(self.weights),
            "documents": self.documents,
            "average_length": self.average_length,
        }
        names = ("features", "frequency", "basis_features", "basis")
        return pack("score model", values, {name: getattr(self, name) for name in names})

    @classmethod
    def from_bytes(cls, data: bytes) -> "ScoreModel":
        """The model from storage, with the same fingerprint. Raises ValueError on bytes of another kind."""
        values, arrays = unpack("score model", data)
        return cls(Weights(**values["weights"]), values["documents"], values["average_length"], **arrays)

    @cached_property
    def sha256(self) -> str:
        """The fingerprint: two models with the same one give the same scores."""
        return hashlib.sha256(engine_version().encode() + self.to_bytes()).hexdigest()

    @property
    def latent_trust(self) -> float:
        """How much the latent part counts: a cosine in few dimensions is noise, 1.0 from `enough_dimensions` on."""
        dimensions: int = self.basis.shape[1]
        return min(1.0, dimensions / self.weights.enough_dimensions)

    def idf(self, features: Features) -> Floats:
        """Inverse document frequency, log(1 + (n - df + 0.5) / (df + 0.5)); a feature never seen has df = 0."""
        found, places = located(features, self.features)
        frequency = np.zeros(len(features))
        frequency[found] = self.frequency[places]
        result: Floats = np.log1p((self.documents - frequency + 0.5) / (frequency + 0.5))
        return result

    def word_weights(self, counts: Floats, features: Features) -> Floats:
        """How much each word says: damped count times idf, 1.0 for one mention of a word that no document has."""
        rarest = np.log1p((self.documents + 0.5) / 0.5)
        weights: Floats = np.log2(1 + counts) * self.idf(features) / rarest
        return weights

    def evidence(self, word_weights: Floats) -> float:
        """How much the words of a text say beside its codes: little for a thin text, limited for a long one."""
        return min(length(word_weights) / self.weights.evidence, self.weights.most_evidence)

    def latent(self, words: Mapping[int, float], held: Mapping[int, float]) -> Floats:
        """The unit vector of weighted word counts and codes on the latent directions; zero when none is known."""
        return self.project(*self.latent_row(words, held))

    def latent_row(self, words: Mapping[int, float], held: Mapping[int, float]) -> tuple[Features, Floats]:
        """Words and codes of one text as one sparse unit vector, before it is projected."""
        word_features, counts = sorted_arrays(words)
        code_features, _ = sorted_arrays(held)
        word_part = self.word_weights(counts, word_features)
        parts = [unit(word_part) * self.evidence(word_part), self.code_weights(held) * self.weights.latent_codes]
        return np.concatenate([word_features, code_features]), unit(np.concatenate(parts))

    def project(self, features: Features, values: Floats) -> Floats:
        """Features, ascending, onto the latent directions, at length 1. Sums row after row, so without BLAS."""
        found, places = located(features, self.basis_features)
        return unit((self.basis[places].astype(np.float64) * values[found, None]).sum(axis=0))

    def opportunity_vector(self, opportunity: Opportunity) -> OpportunityVector:
        """The opportunity's vector: words by pivoted cosine (Singhal 1996), codes and the latent part by cosine."""
        words, held = opportunity_counts(opportunity, self.weights)
        word_features, counts = sorted_arrays(words)
        code_features, _ = sorted_arrays(held)
        said = self.word_weights(counts, word_features)
        pivoted = (1 - self.weights.pivot) * self.average_length + self.weights.pivot * length(said)
        impacts = np.concatenate([said / (pivoted or 1.0), self.code_weights(held)])
        stored = np.rint(impacts * IMPACT_UNIT).astype(np.uint16)
        features = np.concatenate([word_features, code_features])
        return OpportunityVector(features[stored > 0], stored[stored > 0], quantised(self.latent(words, held)))

    def code_weights(self, held: Mapping[int, float]) -> Floats:
        """Codes in ascending order as a unit vector of level weight times idf."""
        features, values = sorted_arrays(held)
        return unit(values * self.idf(features))


def fit(
    opportunities: Sequence[Opportunity],
    members: Sequence[Member] = (),
    *,
    seed: int = 0,
    weights: Weights | None = None,
) -> ScoreModel:
    """Learn frequencies and latent directions; the order of the input does not matter.

    The decomposition runs on one thread: another number of threads would round differently.
    """
    weights = weights or Weights()
    documents = [opportunity_counts(each, weights) for each in sorted(opportunities, key=lambda each: each.id)]
    profiles = [member_counts(each, NEUTRAL, weights) for each in sorted(members, key=lambda each: str(each.id))]
    model = _counted(documents, weights)
    rows = [model.latent_row(*counts) for counts in [*documents, *profiles]]
    with threadpool_limits(1):
        basis_features, basis = _latent_basis(rows, weights, seed)
    return replace(model, basis_features=basis_features, basis=basis)


def _counted(documents: Sequence[Counts], weights: Weights) -> ScoreModel:
    seen = [feature for words, held in documents for feature in [*words, *held]]
    features, frequency = np.unique(np.array(seen, np.uint64), return_counts=True)
    nothing = np.zeros((0, 0), np.float32)
    model = ScoreModel(weights, len(documents), 0.0, features, frequency.astype(np.uint32), features[:0], nothing)
    counted = (sorted_arrays(words) for words, _ in documents)
    lengths = [length(model.word_weights(counts, features)) for features, counts in counted]
    return replace(model, average_length=sum(lengths) / max(1, len(lengths)))


def _latent_basis(
    rows: Sequence[tuple[Features, Floats]], weights: Weights, seed: int
) -> tuple[Features, NDArray[np.float32]]:
    """The right singular vectors over features that occur in at least two rows (Halko, Martinsson, Tropp 2011).

    Each is weighted by its singular value to the power of `spectrum`: what is common to many texts counts most.
    """
    # Only fitting needs it, and importing it takes every process two seconds.
    from sklearn.utils.extmath import randomized_svd  # noqa: PLC0415

    known, occurrences = np.unique(
        np.concatenate([np.zeros(0, np.uint64), *(features for features, _ in rows)]), return_counts=True
    )
    shared = known[occurrences > 1]
    wanted = int(weights.dimensions_by_root * len(rows) ** 0.5)
    dimensions = min(weights.most_dimensions, wanted, len(rows) - 1, len(shared) - 1)
    if dimensions < weights.fewest_dimensions:
        return shared[:0], np.zeros((0, 0), np.float32)
    matrix = _sparse(rows, shared)
    _, strengths, directions = randomized_svd(matrix, dimensions, random_state=seed)
    return shared, np.ascontiguousarray((directions.T * (strengths / strengths[0]) ** weights.spectrum), np.float32)


def _sparse(rows: Sequence[tuple[Features, Floats]], columns: Features) -> csr_matrix:
    places = [located(features, columns) for features, _ in rows]
    indices = [at for _, at in places]
    values = [values[found] for (_, values), (found, _) in zip(rows, places, strict=True)]
    ends = np.cumsum([0, *(len(each) for each in indices)])
    return csr_matrix((np.concatenate(values), np.concatenate(indices), ends), (len(rows), len(columns)))
