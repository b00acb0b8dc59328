"""The kernel: raw scores of a block of queries against one segment, in whole numbers only.

Two implementations give the same bits: scipy's sparse product, and a numba loop for large runs. The latent part is a
float32 product of integers whose every partial sum is below 2**24, so any BLAS in any order is exact.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from opportunities.filtering.index import Segment
from opportunities.filtering.query import LATENT_SHIFT
from opportunities.filtering.vectors import SideQuery, located

NUMPY, NUMBA = "numpy", "numba"
KERNELS = (NUMPY, NUMBA)

Scores = NDArray[np.int64]


def raw_scores(segment: Segment, queries: Sequence[SideQuery], kernel: str = NUMPY) -> Scores:
    """Scores before soft factors, shape (queries, opportunities), in units of 1/SCALE; never below zero."""
    if kernel not in KERNELS:
        raise ValueError(f"There is no kernel {kernel!r}; choose one of {', '.join(KERNELS)}.")
    starts, columns, weights = _columns(segment, queries)
    if kernel == NUMBA:
        scores = np.zeros((len(queries), len(segment)), np.int64)
        _compiled()(starts, columns, weights, segment.starts, segment.rows, segment.impacts, scores)
    else:
        asked = csr_matrix((weights, columns, starts), (len(queries), len(segment.columns)))
        postings = csr_matrix((segment.impacts, segment.rows, segment.starts), (len(segment.columns), len(segment)))
        scores = (asked @ postings).toarray()
    total: Scores = np.maximum(scores + _latent(segment, queries), 0)
    return total


def _columns(segment: Segment, queries: Sequence[SideQuery]) -> tuple[Scores, Scores, Scores]:
    """The queries as rows over the segment's columns: starts, columns, weights."""
    columns, weights, ends = [], [], [0]
    for query in queries:
        found, places = located(query.features, segment.columns)
        columns.append(places)
        weights.append(query.weights[found])
        ends.append(ends[-1] + len(places))
    nothing = np.zeros(0, np.int64)
    return np.array(ends, np.int64), np.concatenate([nothing, *columns]), np.concatenate([nothing, *weights])


def _latent(segment: Segment, queries: Sequence[SideQuery]) -> Scores:
    """Cosines below zero count as zero: an opposite is no reason against anything."""
    mine = np.array([query.latent for query in queries], np.float32).reshape(len(queries), segment.latent.shape[1])
    weights = np.array([query.latent_weight for query in queries], np.int64)
    products = np.maximum(mine @ segment.latent.T, 0).astype(np.int64)
    scores: Scores = products * weights[:, None] >> LATENT_SHIFT
    return scores


@cache
def _compiled() -> Any:
    """The numba loop, compiled on first use: importing numba alone takes longer than a small run."""
    import numba  # noqa: PLC0415

    @numba.njit(nogil=True, cache=True)
    def accumulate(starts, columns, weights, posting_starts, rows, impacts, scores):  # type: ignore[no-untyped-def]  # pragma: no cover
        for member in range(len(starts) - 1):
            for position in range(starts[member], starts[member + 1]):
                weight = weights[position]
                column = columns[position]
                for posting in range(posting_starts[column], posting_starts[column + 1]):
                    scores[member, rows[posting]] += weight * impacts[posting]

    return accumulate
