"""Lists: the best opportunities of each member, and how a list takes in what is new without a full run."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
from numpy.typing import NDArray

from opportunities.filtering.index import FACTOR_BITS, Gate, Index
from opportunities.filtering.query import SCALE, MemberQuery
from opportunities.filtering.score import NUMBA, NUMPY, raw_scores
from opportunities.filtering.types import ID_BITS, LARGEST_ID, Match, MatchList

# The cut-off "worth your time", in units of the score: docs/matching.md tells how it was chosen.
WORTH_YOUR_TIME = round(0.3 * SCALE)
KEEP = 100
SHOW = 50

_BLOCK = 64
# Below this many pairs, compiling costs more than it saves.
_PAIRS_FOR_NUMBA = 2_000_000


def rank(
    index: Index,
    queries: Sequence[MemberQuery],
    *,
    today: date | None,
    keep: int = KEEP,
    cut_off: int = WORTH_YOUR_TIME,
    kernel: str = "",
    threads: int = 1,
    block: int = _BLOCK,
) -> list[MatchList]:
    """One list for each query, in their order; kernel, threads and block size never change a bit of them.

    `today` None leaves deadlines out of account. `cut_off` 0 lists everything that no hard rule forbids.
    """
    kernel = kernel or (NUMBA if len(index) * len(queries) >= _PAIRS_FOR_NUMBA else NUMPY)
    gate = Gate(index, today)
    blocks = [queries[start : start + block] for start in range(0, len(queries), block)]

    def lists(some: Sequence[MemberQuery]) -> list[MatchList]:
        return list(_ranked(index, gate, some, keep, cut_off, kernel))

    if threads == 1:
        return [each for some in blocks for each in lists(some)]
    with ThreadPoolExecutor(threads) as pool:
        return [each for found in pool.map(lists, blocks) for each in found]


def score_pairs(index: Index, queries: Sequence[MemberQuery], kernel: str = NUMPY) -> NDArray[np.int64]:
    """Raw scores of all pairs, shape (queries, index rows), before rules and soft factors."""
    parts = [
        raw_scores(segment, [query.sides[segment.side] for query in queries], kernel) for segment in index.segments
    ]
    return np.concatenate(parts, axis=1)


def _ranked(
    index: Index, gate: Gate, queries: Sequence[MemberQuery], keep: int, cut_off: int, kernel: str
) -> Iterator[MatchList]:
    for query, raw in zip(queries, score_pairs(index, queries, kernel), strict=True):
        scores = raw * gate.factors(query.member) >> FACTOR_BITS
        rows = np.flatnonzero(gate.allowed(query.member) & (scores >= cut_off))
        yield _list(query.member.id, (scores[rows] << ID_BITS) | (LARGEST_ID - index.ids[rows]), keep)


def _list(member_id: int | str, keys: NDArray[np.int64], keep: int) -> MatchList:
    cut = len(keys) > keep
    if cut:
        keys = np.partition(keys, len(keys) - keep)[len(keys) - keep :]
    ordered = np.sort(keys)[::-1].tolist()
    matches = tuple(Match(LARGEST_ID - (key & LARGEST_ID), key) for key in ordered)
    return MatchList(member_id, matches, ordered[-1] if cut and ordered else 0)


def merge(
    current: MatchList,
    additions: MatchList,
    removals: Collection[int] = (),
    *,
    keep: int = KEEP,
    show: int = SHOW,
) -> MatchList | None:
    """The list after opportunities came and went, or None when only a full run for this member can tell.

    `additions` is the member's list over an index of the new opportunities alone, ranked with the same `keep` and
    cut-off; `removals` are ids that expired, were withdrawn or are being replaced (an edit removes and adds).
    The first `show` rows equal those of a full run: nothing below the floor enters, so nothing unseen is outranked.
    """
    gone = {*removals, *(match.opportunity_id for match in additions.matches)}
    floor = max(current.floor, additions.floor)
    rows = [match for match in current.matches if match.opportunity_id not in gone]
    rows = sorted([*rows, *additions.matches], key=lambda match: -match.key)
    rows = [match for match in rows if match.key >= floor]
    if len(rows) > keep:
        rows, floor = rows[:keep], rows[keep - 1].key
    if len(rows) < show and floor:
        return None
    return MatchList(current.member_id, tuple(rows), floor)
