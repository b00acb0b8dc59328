"""What a chart says, as a code with values: the sentence is made elsewhere, in the reader's language.

A finding rests on what the chart shows and on nothing else. It never ranks a hidden figure against a shown one: that
"time is the most named" would bound every hidden count from above.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evaluations.statistics.scales import Scale
from evaluations.statistics.shares import Share
from evaluations.statistics.waves import Comparison


class Code(StrEnum):
    """What was found."""

    TOO_FEW = "too_few"
    NONE_NAMED = "none_named"
    MOST_NAMED = "most_named"
    MOST_NAMED_OF_SHOWN = "most_named_of_shown"
    HIGHEST = "highest"
    HIGHEST_OF_SHOWN = "highest_of_shown"
    ROSE = "rose"
    FELL = "fell"
    NO_CLEAR_CHANGE = "no_clear_change"
    ABOVE_REFERENCE = "above_reference"
    BELOW_REFERENCE = "below_reference"
    LIKE_REFERENCE = "like_reference"


@dataclass(frozen=True, slots=True)
class Finding:
    """A code, the options that it is about, most first, the group that was asked ("" for all), and its figures.

    `value`: the share or mean of the first option; `of_ten`: so many of ten firms, for shares alone; `n`: how many
    answered.
    """

    code: Code
    options: tuple[str, ...] = ()
    group: str = ""
    value: float | None = None
    of_ten: int | None = None
    n: int = 0


def most_named(shares: Mapping[str, Share | None], group: str = "") -> Finding:
    """Which option most firms named. Options that the chart shows with the same whole per cent lead together."""
    shown = {option: each for option, each in shares.items() if each is not None}
    if not shown:
        return Finding(Code.TOO_FEW, group=group)
    best = max(shown.values(), key=lambda each: (percent(each.value), each.value))
    if not best.part:
        code = Code.NONE_NAMED if len(shown) == len(shares) else Code.TOO_FEW
        return Finding(code, group=group, n=best.n)
    code = Code.MOST_NAMED if len(shown) == len(shares) else Code.MOST_NAMED_OF_SHOWN
    leading = tuple(option for option, each in shown.items() if percent(each.value) == percent(best.value))
    return Finding(code, leading, group, best.value, of_ten(best.value), best.n)


def highest(scales: Mapping[str, Scale | None], group: str = "") -> Finding:
    """Which item has the highest mean. Items that the chart shows with the same first decimal lead together."""
    shown = {option: each for option, each in scales.items() if each is not None}
    if not shown:
        return Finding(Code.TOO_FEW, group=group)
    best = max(shown.values(), key=lambda each: each.mean)
    code = Code.HIGHEST if len(shown) == len(scales) else Code.HIGHEST_OF_SHOWN
    leading = tuple(option for option, each in shown.items() if tenths(each.mean) == tenths(best.mean))
    return Finding(code, leading, group, best.mean, n=best.n)


def change(comparison: Comparison, group: str = "") -> Finding:
    """Whether an option is named more often than in the wave before; `value` is the difference."""
    moved = Code.ROSE if comparison.difference > 0 else Code.FELL
    code = moved if comparison.is_clear else Code.NO_CLEAR_CHANGE
    return Finding(code, (comparison.option,), group, comparison.difference)


def beside_reference(option: str, found: Share | None, reference: float, group: str = "") -> Finding:
    """Whether a share lies above or below a benchmark by more than its own interval.

    The benchmark's own uncertainty is rarely published: it is taken as it is printed.
    """
    if found is None:
        return Finding(Code.TOO_FEW, (option,), group)
    if found.low <= reference <= found.high:
        code = Code.LIKE_REFERENCE
    else:
        code = Code.ABOVE_REFERENCE if found.value > reference else Code.BELOW_REFERENCE
    return Finding(code, (option,), group, found.value, of_ten(found.value), found.n)


def of_ten(value: float) -> int:
    """So many of ten. Ten means all of them; nought means fewer than one, or nobody."""
    return 10 if value == 1 else min(int(10 * value + 0.5), 9)


def percent(value: float) -> int:
    """Whole per cent as they are shown, halves up."""
    return int(100 * value + 0.5)


def tenths(value: float) -> int:
    """Tenths as they are shown, halves up."""
    return int(10 * value + 0.5)
