"""Answers on a scale: their mean with an interval, and what lies in the middle.

The interval is Student's, with the finite population correction: mean +- t * s/sqrt(n) * sqrt(1 - n/N), with n - 1
degrees of freedom. Source: W. G. Cochran, Sampling Techniques, 3rd edition (1977), theorem 2.2 and section 2.8.

There is none where the answers say nothing about their spread: of one answer, or of answers that are all the same. A
width of zero would claim a certainty that nobody has, unless everybody answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.stats import t

from evaluations.statistics.shares import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean, median, middle half and standard deviation of `n` answers; `low` and `high` are None or both there."""

    n: int
    mean: float
    low: float | None
    high: float | None
    median: float
    lower_quartile: float
    upper_quartile: float
    deviation: float | None
    population: int | None = None


def scale(
    answers: Sequence[float],
    population: int | None = None,
    *,
    ends: tuple[float, float] | None = None,
    confidence: float = CONFIDENCE,
) -> Scale:
    """The figures of answers on a scale; its ends, when given, bound the interval.

    Raises ValueError when nobody answered, more answered than there are, or an answer lies beyond the ends.
    """
    values = np.sort(np.asarray(answers, dtype=float))
    n = values.size
    if not n or (population is not None and population < n):
        raise ValueError(f"{n} answers from {population} firms")
    if ends and not ends[0] <= values[0] <= values[-1] <= ends[1]:
        raise ValueError(f"answers from {values[0]} to {values[-1]} on a scale of {ends[0]} to {ends[1]}")
    mean = float(values.mean())
    deviation = float(values.std(ddof=1)) if n > 1 else None
    low, high = _interval(mean, deviation, n, population, ends, confidence)
    quartiles = [float(each) for each in np.quantile(values, [0.25, 0.5, 0.75])]
    return Scale(n, mean, low, high, quartiles[1], quartiles[0], quartiles[2], deviation, population)


def _interval(
    mean: float,
    deviation: float | None,
    n: int,
    population: int | None,
    ends: tuple[float, float] | None,
    confidence: float,
) -> tuple[float, float] | tuple[None, None]:
    if n == population:
        return mean, mean
    if not deviation:
        return None, None
    rest = 1.0 if population is None else 1 - n / population
    reach = float(t.ppf((1 + confidence) / 2, n - 1)) * deviation / sqrt(n) * sqrt(rest)
    lowest, highest = ends or (-np.inf, np.inf)
    return max(mean - reach, lowest), min(mean + reach, highest)
