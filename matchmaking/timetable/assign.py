"""Stage 2, when: each chosen pair gets a slot by list edge colouring with Kempe chains, then a table."""

from collections.abc import Sequence
from functools import cache
from types import ModuleType

import numpy as np

from matchmaking.timetable.board import ELSEWHERE, NOTHING, Board
from matchmaking.timetable.choose import Choice
from matchmaking.timetable.problem import Ints, Problem


@cache
def kernels() -> ModuleType:
    """The compiled loops: importing numba takes longer than many a round, so it is put off until a round comes."""
    from matchmaking.timetable import kernels as module  # noqa: PLC0415

    return module


@cache
def annealing() -> ModuleType:
    """The compiled searches, put off like `kernels`."""
    from matchmaking.timetable import annealing as module  # noqa: PLC0415

    return module


def board(
    problem: Problem,
    slot_of: Ints | None = None,
    *,
    locked: Ints | None = None,
    movable: Ints | None = None,
) -> Board:
    """A board with pins placed and locked, and whatever `slot_of` places.

    `locked` (m) locks more pairs; `movable` are the pairs that may be added, None for all.
    """
    pairs = np.arange(problem.pairs, dtype=np.int32) if movable is None else movable
    ends = np.concatenate([problem.left[pairs], problem.right[pairs]])
    first = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=problem.people))])
    state = Board(
        left=problem.left,
        right=problem.right,
        weight=problem.weight,
        open=problem.open,
        tables=problem.tables,
        quota=problem.quota,
        need=problem.need,
        published=problem.published,
        locked=(problem.pinned >= 0) if locked is None else (problem.pinned >= 0) | (locked > 0),
        session=problem.session,
        free=problem.free,
        first=first,
        pairs_of=np.tile(pairs, 2)[np.argsort(ends, kind="stable")],
        at=np.where(problem.held, ELSEWHERE, NOTHING).astype(np.int32),
        slot_of=np.full(problem.pairs, -1, np.int32),
        load=np.zeros(len(problem.slots), np.int32),
        count=np.zeros(problem.people, np.int32),
        # xorshift never leaves 0; the odd factor (2**64 over the golden ratio) spreads small seeds.
        rng=np.array([(problem.seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % 2**64 or 1], np.uint64),
        shortfall=problem.shortfall,
        move=problem.move,
        idle=0.0,
        in_a_row=problem.in_a_row,
    )
    start = problem.pinned if slot_of is None else np.where(problem.pinned >= 0, problem.pinned, slot_of)
    for pair in np.flatnonzero(start >= 0):
        kernels().put(state, pair, start[pair])
    return state


def place(problem: Problem, choice: Choice) -> Board:
    """The chosen pairs in slots: published ones stay, a class of one slot is that slot, the rest by list colouring."""
    state, loops = board(problem), kernels()
    single = np.bincount(choice.slot_class, minlength=1)[choice.group] == 1
    _, slot_of_class = np.unique(choice.slot_class, return_index=True)
    there = np.where(single, slot_of_class[choice.group], problem.published[choice.pair])
    for pair, slot in zip(choice.pair, there, strict=True):
        if slot >= 0 and state.slot_of[pair] < 0 and loops.fits(state, pair, slot) and loops.has_quota(state, pair):
            loops.put(state, pair, slot)
    _, first = np.unique(choice.pair, return_index=True)
    left = choice.pair[np.sort(first)]
    left = left[state.slot_of[left] < 0]
    order = np.argsort(problem.open[left].sum(axis=1), kind="stable")
    loops.colour(state, left[order].astype(np.int32), np.zeros(problem.people + 1, np.int64))
    return state


def tables(slot_of: Ints, before: Sequence[tuple[int, int, int]] = ()) -> Ints:
    """A table, from 1, for each placed pair: those `before` (pair, slot, table) stay, the rest take the lowest."""
    found = np.zeros(len(slot_of), np.int32)
    taken: dict[int, set[int]] = {}
    for pair, slot, kept in before:
        if slot_of[pair] == slot and kept not in taken.setdefault(slot, set()):
            found[pair] = kept
            taken[slot].add(kept)
    for left in np.flatnonzero((slot_of >= 0) & (found == 0)):
        used = taken.setdefault(int(slot_of[left]), set())
        lowest = next(number for number in range(1, len(used) + 2) if number not in used)
        found[left] = lowest
        used.add(lowest)
    return found
