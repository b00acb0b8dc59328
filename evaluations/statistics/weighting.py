"""Weights that make those who answered look like all members, by size class, sector or country.

One stratum: each answer stands for N_h/n_h firms. Several: raking, the weights are fitted to one stratum after the
other until all fit. A group of which nobody answered cannot be stood for: it is left out of the population and named,
so the weights sum to the firms that are covered. No weight is more than five times the mean one: what is above is cut
and spread over the rest in proportion; then the margins no longer fit exactly, and `Margin.weighted` shows how far off
they are.

The interval is Wilson's with Kish's effective size (sum w)^2 / sum w^2, with the finite population correction. It
leaves out what stratifying gains, so it is rather too wide than too narrow.

Weighted and unweighted shares of the same answers, side by side, are two equations about the counts by stratum. Where
disclosure control hides one of these counts, the weighted share has to be hidden with it.

Sources: W. E. Deming and F. F. Stephan, Annals of Mathematical Statistics 11 (1940) 427-444; L. Kish, Survey Sampling
(1965), section 11.7; M. DeBell and J. A. Krosnick, Computing Weights for American National Election Study Survey Data
(2009), for the cut at five.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluations.statistics.shares import CONFIDENCE, effective_n, wilson

MOST = 5.0
ROUNDS = 500
CLOSE = 1e-10
FITS = 1e-6
LEAST = 1e-6  # of the mean: margins that cannot be met drive weights to nought, and no answer counts for nothing

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Margin:
    """One group: its firms, how many of them answered, and how many firms their weights stand for."""

    stratum: str
    group: str
    population: int
    n: int
    weighted: float


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each answer, in their order.

    `population`: all firms; `covered`: those whose groups have answers, which the weights sum to; `margins`: all
    groups, those without answers with n = 0; `cut`: how many weights were too large; `fits_all`: whether raking came to
    an end.
    """

    values: tuple[float, ...]
    population: int
    covered: int
    margins: tuple[Margin, ...]
    cut: int
    fits_all: bool

    @property
    def unreached(self) -> tuple[Margin, ...]:
        """The groups of which nobody answered."""
        return tuple(margin for margin in self.margins if not margin.n)

    @property
    def effective_n(self) -> float:
        """How many equally weighted answers say as much."""
        return kish(self.values)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted share, its interval, and of how many answers, which are worth `effective_n` equally weighted ones."""

    value: float
    low: float
    high: float
    n: int
    effective_n: float
    population: int


def rake(respondents: pd.DataFrame, population: pd.DataFrame, strata: Sequence[str]) -> Weights:
    """Weights for `respondents`, a row for each answer, to `population`, a row for each firm, itself included.

    Both hold a column of labels for each of `strata`. Raises ValueError when there is nothing to weight, or more
    answers than firms in a combination of groups.
    """
    strata = list(strata)
    if not strata or respondents.empty:
        raise ValueError("weights need answers and at least one stratum")
    answered, firms = respondents[strata].fillna("").astype(str), population[strata].fillna("").astype(str)
    _insist_part_of(answered, firms)
    covered = firms[np.logical_and.reduce([firms[name].isin(answered[name].unique()) for name in strata])]
    weights, fits_all = _raked(answered, covered)
    values, cut = _cut(weights, len(covered))
    margins = tuple(margin for name in strata for margin in _margins(name, answered[name], firms[name], values))
    return Weights(tuple(values.tolist()), len(firms), len(covered), margins, cut, fits_all)


def _insist_part_of(answered: pd.DataFrame, firms: pd.DataFrame) -> None:
    beyond = answered.value_counts().sub(firms.value_counts(), fill_value=0)
    if (beyond > 0).any():
        groups = beyond.idxmax()
        raise ValueError(f"more answers than firms in {', '.join(groups)}")


def _raked(answered: pd.DataFrame, firms: pd.DataFrame) -> tuple[Floats, bool]:
    fits = []
    for name in answered:
        codes, groups = pd.factorize(answered[name], sort=True)
        fits.append((codes, firms[name].value_counts().reindex(groups, fill_value=0).to_numpy(float)))
    weights = np.full(len(answered), len(firms) / len(answered))
    for _ in range(ROUNDS):
        before = weights
        for codes, target in fits:
            weights = weights * (target / np.bincount(codes, weights))[codes]
        if np.abs(weights / before - 1).max() < CLOSE or weights.min() < LEAST * weights.mean():
            break
    # Where groups answer together that do not live together, weights come to rest without fitting every margin.
    return weights, all(np.allclose(np.bincount(codes, weights), target, rtol=FITS) for codes, target in fits)


def _cut(weights: Floats, total: int) -> tuple[Floats, int]:
    """No weight above MOST times the mean, and still the same sum. A raised one may come to be too large itself."""
    most = MOST * total / len(weights)
    cut = np.zeros(len(weights), dtype=bool)
    while (above := ~cut & (weights > most)).any():
        cut |= above
        rest = total - most * cut.sum()
        weights = np.where(cut, most, weights * rest / weights[~cut].sum())
    return weights, int(cut.sum())


def _margins(name: str, answered: "pd.Series[str]", firms: "pd.Series[str]", weights: Floats) -> list[Margin]:
    n, stood_for = answered.value_counts(), pd.Series(weights, answered.index).groupby(answered).sum()
    return [
        Margin(name, group, int(size), int(n.get(group, 0)), float(stood_for.get(group, 0.0)))
        for group, size in firms.value_counts().sort_index().items()
    ]


def kish(weights: Sequence[float]) -> float:
    """The effective size of a sample with such weights."""
    values = np.asarray(weights, dtype=float)
    return float(values.sum() ** 2 / np.square(values).sum())


def weighted_share(
    answers: Sequence[bool], weights: Sequence[float], population: int, confidence: float = CONFIDENCE
) -> Weighted:
    """The weighted share of true answers. `weights`: of those who answered the question; `population`: the covered
    firms.

    Raises ValueError when nobody answered, or more answered than there are.
    """
    if not len(answers):
        raise ValueError("nobody answered")
    each = np.asarray(weights, dtype=float)
    value = float(np.average(np.asarray(answers, dtype=float), weights=each))
    size = kish(each.tolist())
    low, high = wilson(value, effective_n(size, len(answers), population), confidence)
    return Weighted(value, low, high, len(answers), size, population)
