"""From the scores of several reviewers to one total of an application, and where reviewers disagree.

A pure room: no Django, no database, no clock. Scores are whole numbers from 0 to a criterion's `most`; values are
`Decimal` with two places, rounded half up, so that what is compared with a threshold is what people read.

Method
- A criterion's value is the moderated score where there is one, otherwise the mean of the reviewers' scores.
- The total is the weighted mean of the values as shares of their highest score, times 100: from 0 to 100.
- Reviewers disagree about a criterion when their scores are more than two fifths of the scale apart: more than 2
  points of 5. The same distance from the median of all makes a single score an outlier, from three reviewers on.
- Severity: each score of a reviewer is set against the mean of the other reviewers' scores of the same application
  and criterion, in per cent of the scale. The median of these differences is the reviewer's leaning. Its robust
  deviation from the leanings of all is (leaning - median) / (1.4826 x median absolute deviation), after Iglewicz and
  Hoaglin, "How to detect and handle outliers" (ASQC, 1993). It informs; no score is changed by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median

CENT = Decimal("0.01")
TENTH = Decimal("0.1")
# Scores further apart than this share of the scale are a disagreement.
APART = Fraction(2, 5)
# Makes a median absolute deviation comparable with the standard deviation of a normal distribution.
NORMAL = 1.4826
# Fewer comparisons than this say nothing of a reviewer.
LEAST_COMPARISONS = 3

# One reviewer's scores: the criterion's key to the score. A criterion that was not scored is left out.
Scores = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is judged, from 0 to `most`. `funder`: whose own criterion it is; None is a criterion of the call."""

    key: int
    most: int
    weight: Decimal
    threshold: Decimal | None = None
    funder: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """What an application has in one criterion.

    `value` is None as long as nobody has scored it. `spread` is the highest score minus the lowest.
    """

    criterion: int
    value: Decimal | None
    is_moderated: bool
    spread: int
    is_apart: bool
    is_below: bool


@dataclass(frozen=True, slots=True)
class Total:
    """An application's total from 0 to 100, None as long as a criterion that counts has no value."""

    total: Decimal | None
    values: tuple[Value, ...]
    reviews: int

    @property
    def below(self) -> tuple[int, ...]:
        """The criteria whose threshold it misses."""
        return tuple(each.criterion for each in self.values if each.is_below)

    @property
    def apart(self) -> tuple[int, ...]:
        """The criteria on which reviewers disagree and that nobody has moderated."""
        return tuple(each.criterion for each in self.values if each.is_apart and not each.is_moderated)

    @property
    def passes(self) -> bool:
        """It has a total and misses no threshold."""
        return self.total is not None and not self.below


def total_of(
    criteria: Iterable[Criterion],
    reviews: Sequence[Scores],
    moderated: Mapping[int, Decimal] | None = None,
    *,
    funders: Iterable[int] = (),
) -> Total:
    """The total of one application.

    `reviews`: the scores of each review that was handed in. `moderated`: a criterion's key to its agreed score.
    `funders`: the keys of the funders whose own criteria count beside the call's; none of them by default. For the
    ranking of one funder give that funder alone. A score beyond its criterion's scale raises ValueError.
    """
    counted = set(funders)
    judged = [each for each in criteria if each.funder is None or each.funder in counted]
    agreed = moderated or {}
    values = tuple(_value(each, reviews, agreed.get(each.key)) for each in judged)
    return Total(_weighted(judged, values), values, len(reviews))


def _value(criterion: Criterion, reviews: Sequence[Scores], agreed: Decimal | None) -> Value:
    given = [review[criterion.key] for review in reviews if criterion.key in review]
    beyond = any(not 0 <= score <= criterion.most for score in given)
    if beyond or (agreed is not None and not 0 <= agreed <= criterion.most):
        raise ValueError(f"A score of criterion {criterion.key} is not between 0 and {criterion.most}.")
    spread = max(given) - min(given) if given else 0
    value = rounded(Fraction(sum(given), len(given))) if given else None
    value = value if agreed is None else rounded(Fraction(agreed))
    return Value(
        criterion=criterion.key,
        value=value,
        is_moderated=agreed is not None,
        spread=spread,
        is_apart=Fraction(spread, criterion.most) > APART,
        is_below=value is not None and criterion.threshold is not None and value < criterion.threshold,
    )


def _weighted(criteria: Sequence[Criterion], values: Sequence[Value]) -> Decimal | None:
    """The weighted mean as a share of the scale times 100. Criteria of no weight need a value, but add nothing."""
    weights, reached = Fraction(0), Fraction(0)
    for criterion, each in zip(criteria, values, strict=True):
        if each.value is None:
            return None
        weights += Fraction(criterion.weight)
        reached += Fraction(criterion.weight) * Fraction(each.value) / criterion.most
    return rounded(100 * reached / weights) if weights else None


def rounded(exact: Fraction, step: Decimal = CENT) -> Decimal:
    """An exact number to a step, half of it up: 2.345 is 2.35."""
    steps = exact / Fraction(step)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (whole * step).quantize(step, rounding=ROUND_HALF_UP)


def outliers(criterion: Criterion, scores: Mapping[int, int]) -> frozenset[int]:
    """Whose scores of one application and criterion stand far from the median of all, from three reviewers on.

    `scores`: a reviewer's key to the score.
    """
    if len(scores) < LEAST_COMPARISONS:
        return frozenset()
    middle = Fraction(median(Fraction(each) for each in scores.values()))
    return frozenset(who for who, score in scores.items() if abs(score - middle) / criterion.most > APART)


@dataclass(frozen=True, slots=True)
class Leaning:
    """How a reviewer scores beside the others who scored the same.

    `points`: in per cent of the scale, above 0 is lenient, below 0 severe; None with fewer than three comparisons.
    `deviation`: its robust deviation from the other reviewers' leanings; None where these do not differ.
    """

    reviewer: int
    comparisons: int
    points: Decimal | None
    deviation: Decimal | None


def leanings(criteria: Iterable[Criterion], scores: Iterable[tuple[int, int, int, int]]) -> dict[int, Leaning]:
    """How each reviewer leans. `scores`: reviewer, application, criterion and score of each score handed in."""
    most = {each.key: each.most for each in criteria}
    cells: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for reviewer, application, criterion, score in scores:
        cells[application, criterion][reviewer] = score
    differences: dict[int, list[Fraction]] = defaultdict(list)
    for (_application, criterion), given in cells.items():
        for reviewer, score in given.items():
            found = differences[reviewer]
            if len(given) > 1:
                others = Fraction(sum(given.values()) - score, len(given) - 1)
                found.append((score - others) / most[criterion] * 100)
    middles = {who: median(each) for who, each in differences.items() if len(each) >= LEAST_COMPARISONS}
    return {
        who: Leaning(
            reviewer=who,
            comparisons=len(each),
            points=rounded(middles[who], TENTH) if who in middles else None,
            deviation=_deviation(middles, who),
        )
        for who, each in differences.items()
    }


def _deviation(middles: Mapping[int, Fraction], who: int) -> Decimal | None:
    if who not in middles:
        return None
    middle = median(middles.values())
    spread = median(abs(each - middle) for each in middles.values())
    return rounded(Fraction(float(middles[who] - middle) / (NORMAL * float(spread))), TENTH) if spread else None
