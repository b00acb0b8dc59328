"""The numbers of the filter's design in one place. They are part of the model and of its fingerprint."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Design parameters. benchmarks/ranking.py shows what each choice is worth; docs/matching.md says why."""

    # Parts of the score. Words weigh as much as they say (see evidence); codes and latent beside words that say 1.
    codes: float = 0.6
    latent: float = 0.8
    # Fields of a text: how often one occurrence counts.
    title: float = 2.0
    summary: float = 1.0
    body: float = 1.0
    keywords: float = 3.0
    label: float = 0.5
    # Offers and seeks lines: facing an opportunity that wants them, that does not, and one that takes no side.
    phrase_wanted: float = 3.0
    phrase_unwanted: float = 0.5
    phrase_neutral: float = 2.0
    # Words: the length of a text whose words say 1 (in rarest words, Euclidean), and the most that words can say.
    evidence: float = 2.5
    most_evidence: float = 2.0
    # How far a long opportunity is brought down to the average length (pivoted normalisation; 1 is plain cosine).
    pivot: float = 0.7
    query_terms: int = 64
    # Codes: weight of a code's ancestors by distance, and of identifiers beside classification codes.
    parent: float = 0.9
    grandparent: float = 0.8
    identifier: float = 0.25
    # Latent part: dimensions by the root of the number of texts. In few dimensions everything looks alike: below
    # `fewest` the part is left out, up to `enough` it counts in proportion. Then: how much codes shape it beside words
    # that say 1, and how much the directions that many texts share dominate.
    most_dimensions: int = 128
    enough_dimensions: int = 60
    fewest_dimensions: int = 16
    dimensions_by_root: float = 2.3
    latent_codes: float = 0.45
    spectrum: float = 1.25
    # Rocchio: liked and disliked opportunities move the query.
    liked: float = 0.6
    disliked: float = 0.15
