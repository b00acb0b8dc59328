"""The numbers of the filter's design in one place. They are part of the model and of its fingerprint."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Design parameters. benchmarks/ranking.py shows what each choice is worth; docs/matching.md says why."""

    # Parts of the score; they are shared out anew among the parts that a member's profile feeds.
    words: float = 1.0
    codes: float = 0.5
    latent: float = 0.5
    # Fields of a text: how often one occurrence counts.
    title: float = 2.0
    summary: float = 1.0
    body: float = 1.0
    keywords: float = 3.0
    label: float = 1.0
    # Offers and seeks lines: facing an opportunity that wants them, that does not, and one that takes no side.
    phrase_wanted: float = 3.0
    phrase_unwanted: float = 0.5
    phrase_neutral: float = 2.0
    # BM25 saturation and length normalisation of the document side.
    saturation: float = 1.2
    length: float = 0.75
    query_terms: int = 64
    # Codes: weight of a code's ancestors by distance, and of identifiers beside classification codes.
    parent: float = 1.0
    grandparent: float = 1.0
    identifier: float = 0.5
    # Latent part: dimensions, and how strongly codes shape it beside words.
    dimensions: int = 128
    latent_codes: float = 0.5
    # Rocchio: liked and disliked opportunities move the query.
    liked: float = 0.6
    disliked: float = 0.15
    liked_latent: float = 0.5
