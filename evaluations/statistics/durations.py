"""How long it takes to the next step, when some have not come to it yet.

The median of those who came to the step is too short: the slow ones are still on their way. Kaplan and Meier's estimate
counts each firm for as long as it was watched. The interval inverts the log(-log) band of the estimate, as Brookmeyer
and Crowley do. Sources: E. L. Kaplan and P. Meier, Journal of the American Statistical Association 53 (1958) 457-481;
R. Brookmeyer and J. Crowley, Biometrics 38 (1982) 29-41.

Who has dropped out for good never comes to the step: hand it over as watched to the cut-off date. Cut off on the day it
dropped out, it would be taken for one that may still come, and the median would be too short.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import CensoredData, ecdf

from evaluations.statistics.shares import CONFIDENCE

_HALF = 0.5 + 1e-12


@dataclass(frozen=True, slots=True)
class Step:
    """One firm: after so many days it came to the step, or it had not yet."""

    days: float
    reached: bool


@dataclass(frozen=True, slots=True)
class Duration:
    """After how many days half have come to the step; None where fewer than half have by the end of the watch.

    `reached` of `n` were seen to come to it; `estimate` is the share that has come by the longest watch.
    """

    n: int
    reached: int
    median: float | None
    low: float | None
    high: float | None
    estimate: float


def time_to_step(steps: Iterable[Step], confidence: float = CONFIDENCE) -> Duration:
    """The median time to a step. Raises ValueError when nobody was watched."""
    each = list(steps)
    if not each:
        raise ValueError("nobody was watched")
    reached = sum(step.reached for step in each)
    if not reached:
        return Duration(len(each), 0, None, None, None, 0.0)
    watched = CensoredData.right_censored([step.days for step in each], [not step.reached for step in each])
    still = ecdf(watched).sf
    with warnings.catch_warnings():
        # Where all or none are left the band is not defined, and scipy says so each time.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = still.confidence_interval(confidence, method="log-log")
    return Duration(
        n=len(each),
        reached=reached,
        median=_half(still.quantiles, still.probabilities),
        low=_half(still.quantiles, band.low.probabilities),
        high=_half(still.quantiles, band.high.probabilities),
        estimate=float(1 - still.probabilities[-1]),
    )


def _half(days: NDArray[np.float64], left: NDArray[np.float64]) -> float | None:
    """The first day on which at most half are left."""
    at = np.flatnonzero(left <= _HALF)
    return float(days[at[0]]) if at.size else None
