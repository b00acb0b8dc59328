"""Whether a share changed between two waves, where that may be asked at all.

Two waves may be compared only when the same question, word for word, with the same options was put to the same kind of
firm, and enough answered in both. Everything else is refused with its reason.

The test is the two-sided test of two proportions with the pooled variance, or Fisher's exact test where one of the four
expected counts is below five. The interval of the difference is Newcombe's hybrid score interval. Several tests shown
together are one family: Holm's correction keeps the risk of a single false alarm in it. Sources: R. A. Fisher,
Statistical Methods for Research Workers, 5th edition (1934), section 21.02; R. G. Newcombe, Statistics in Medicine 17
(1998) 873-890, method 10; S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.

Answers are stored apart from names, so nobody knows who answered twice. Both tests take the waves as independent. Firms
that belong to both cohorts tend to answer alike, which makes the tests rather too careful; `overlap` says how many
these are. There is no finite population correction: the question is whether times changed, not who happened to answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt

import numpy as np
from scipy.stats import fisher_exact, norm

from evaluations.statistics.shares import CONFIDENCE, wilson

FEWEST_EXPECTED = 5
LEVEL = 0.05


class Refusal(StrEnum):
    """Why two waves may not be compared."""

    SAME_WAVE = "same_wave"
    OTHER_QUESTION = "other_question"
    OTHER_WORDING = "other_wording"
    OTHER_OPTIONS = "other_options"
    OTHER_BASE = "other_base"
    HIDDEN = "hidden"
    TOO_FEW = "too_few"


class Method(StrEnum):
    """Which test was made."""

    Z = "z"
    FISHER = "fisher"


@dataclass(frozen=True, slots=True)
class Asked:
    """One option of a question in one wave: `part` of `n` named it.

    `wording`: the question's text, in all its languages, or a digest of it; `options`: the keys of all options with
    their texts or digests; `base`: who was asked, by the condition under which the question is shown; `part`: None when
    disclosure control hides it.
    """

    wave: str
    question: str
    wording: str
    options: tuple[str, ...]
    option: str
    part: int | None
    n: int
    base: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The later share less the earlier one, its interval, and how likely so large a difference is by chance.

    `corrected` is `p` after Holm's correction in its family, None as long as it stands alone. `overlap`: how many firms
    belong to the cohorts of both waves, None when it is not known.
    """

    option: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    method: Method
    overlap: int | None = None
    corrected: float | None = None

    @property
    def is_clear(self) -> bool:
        """The change is more than chance, by the corrected figure where there is one."""
        return (self.p if self.corrected is None else self.corrected) < LEVEL


def compare(
    before: Asked, after: Asked, *, threshold: int, overlap: int | None = None, confidence: float = CONFIDENCE
) -> Comparison | Refusal:
    """The change from one wave to another, or why there is none to be had."""
    if refusal := _refusal(before, after, threshold):
        return refusal
    a, b = before.part or 0, after.part or 0
    p, method = _tested(a, before.n, b, after.n)
    low, high = _newcombe(a, before.n, b, after.n, confidence)
    first, second = a / before.n, b / after.n
    return Comparison(after.option, first, second, second - first, low, high, p, method, overlap)


def _refusal(before: Asked, after: Asked, threshold: int) -> Refusal | None:
    faults = {
        Refusal.SAME_WAVE: before.wave == after.wave,
        Refusal.OTHER_QUESTION: before.question != after.question or before.option != after.option,
        Refusal.OTHER_WORDING: before.wording != after.wording,
        Refusal.OTHER_OPTIONS: sorted(before.options) != sorted(after.options),
        Refusal.OTHER_BASE: before.base != after.base,
        Refusal.TOO_FEW: min(before.n, after.n) < max(threshold, 1),
        Refusal.HIDDEN: before.part is None or after.part is None,
    }
    return next((refusal for refusal, is_so in faults.items() if is_so), None)


def _tested(a: int, n: int, b: int, m: int) -> tuple[float, Method]:
    table = np.array([[a, n - a], [b, m - b]])
    if a + b in (0, n + m):
        return 1.0, Method.FISHER
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    if expected.min() < FEWEST_EXPECTED:
        return float(fisher_exact(table).pvalue), Method.FISHER
    pooled = (a + b) / (n + m)
    z = (b / m - a / n) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(2 * norm.sf(abs(z))), Method.Z


def _newcombe(a: int, n: int, b: int, m: int, confidence: float) -> tuple[float, float]:
    before, after = a / n, b / m
    before_low, before_high = wilson(before, n, confidence)
    after_low, after_high = wilson(after, m, confidence)
    down = sqrt((after - after_low) ** 2 + (before_high - before) ** 2)
    up = sqrt((after_high - after) ** 2 + (before - before_low) ** 2)
    return after - before - down, after - before + up


def corrected(family: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """The comparisons that are shown together, in their order, each with Holm's correction."""
    p = np.array([comparison.p for comparison in family])
    order = np.argsort(p, kind="stable")
    raised = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    by_place = dict(zip(order.tolist(), raised.tolist(), strict=True))
    return tuple(replace(comparison, corrected=by_place[place]) for place, comparison in enumerate(family))
