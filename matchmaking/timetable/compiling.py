"""How the inner loops are compiled, and their random numbers."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from matchmaking.timetable.board import Board

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compiled on its first call, or loaded from the cache beside the file."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))


def inlined(function: F) -> F:
    """A small kernel that becomes part of its caller: handing a board over costs more than what it does."""
    return cast(F, numba.njit(cache=True, nogil=True, inline="always")(function))


@inlined
def below(board: Board, limit: int) -> int:
    """A random whole number from 0 to limit - 1."""
    x = board.rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    board.rng[0] = x
    return int(np.int64((x >> np.uint64(11)) % np.uint64(limit)))


@inlined
def chance(board: Board) -> float:
    """A random number from 0 to 1."""
    return below(board, 1 << 30) / (1 << 30)
