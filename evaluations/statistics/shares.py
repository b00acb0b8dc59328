"""Shares and their intervals, where the population is known and where it is not.

Wilson's score interval holds every share p for which |k/n - p| <= z * sqrt(p(1-p)/n). Drawn without replacement from N,
the variance is p(1-p)/n * (N-n)/(N-1): the same interval with n * (N-1)/(N-n) in the place of n. It has no width when
everybody answered.

It counts on answers that are missing by chance: it does not tell how far those who were silent differ. Over all shares
that a population of 12 to 300 can have, it holds the true one in 95 to 98 of 100 samples on average; for single shares
close to 0 or 1 in as few as 80.

Sources: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212; W. G. Cochran, Sampling
Techniques, 3rd edition (1977), theorem 3.2; B. O'Neill, Mathematical properties and finite-population correction for
the Wilson score interval (2021), arXiv 2109.12464.
"""

from dataclasses import dataclass
from math import inf, sqrt

from scipy.stats import norm

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `n`, as a share, and between which shares that of all lies."""

    part: int
    n: int
    value: float
    low: float
    high: float
    population: int | None = None


def share(part: int, n: int, population: int | None = None, confidence: float = CONFIDENCE) -> Share:
    """The share of `part` in `n` answers, which come from `population` firms when that is known.

    Raises ValueError when nobody answered, or when there are more of something than can be.
    """
    if not 0 <= part <= n or n < 1:
        raise ValueError(f"{part} of {n} is no share")
    value = part / n
    low, high = wilson(value, effective_n(n, n, population), confidence)
    return Share(part, n, value, low, high, population)


def effective_n(size: float, n: int, population: int | None) -> float:
    """How many independent answers from an endless population say as much as these; infinite when all answered.

    `size` is n itself, or the size that n unequally weighted answers are worth.
    """
    if population is None:
        return size
    if population < n:
        raise ValueError(f"{n} answers from {population} firms")
    return inf if population == n else size * (population - 1) / (population - n)


def wilson(value: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval around a share of `n` answers; `n` need not be whole."""
    if n == inf:
        return value, value
    z = float(norm.ppf((1 + confidence) / 2))
    spread = z * z / n
    middle = (value + spread / 2) / (1 + spread)
    reach = sqrt(value * (1 - value) * spread + spread * spread / 4) / (1 + spread)
    # At 0 and 1 the interval ends exactly there; only the last bits of the sum say otherwise.
    return min(max(middle - reach, 0.0), value), max(min(middle + reach, 1.0), value)
