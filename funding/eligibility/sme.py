"""Is it an SME? Annex of Commission Recommendation 2003/361/EC, articles 2, 3, 4 and 6.

What an enterprise is counted as follows from its own figures, those of its partner enterprises (25 to 50 %) in
proportion to the share, and those of linked enterprises (more than 50 %) in full. A status is lost or won only when
two closed years in a row say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from core.sizes import LARGE, MEDIUM, SIZE_CEILINGS
from funding.eligibility.types import Enterprise, Figures, Holding

PARTNER_FROM, LINKED_ABOVE = Decimal("0.25"), Decimal("0.5")
PUBLIC_FROM = Decimal("0.25")
# Within a fifth of a ceiling one ordinary year leads over it: then the year before has to be known.
NEAR = Decimal("0.8")
# More than any enterprise has, also where a quarter of it counts.
BEYOND = Decimal(10**15)
RANKS = (*(size_class for size_class, *_ceilings in SIZE_CEILINGS), LARGE)


@dataclass(frozen=True, slots=True)
class Status:
    """The size class, or what has to be known first. `reason` says what decided where figures alone do not.

    `missing`: "headcount", "money" or "holding", each with the name that it is missing of ("" for the enterprise);
    the same words with "_before" where it is missing of an earlier year.
    """

    size_class: str | None
    missing: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def is_sme(self) -> bool | None:
        """None when it is not known."""
        return None if self.size_class is None else self.size_class != LARGE


def status_of(enterprise: Enterprise) -> Status:
    """The status that an enterprise holds now, from its closed years (the newest first).

    `held_before` is what it was counted as before the oldest of these years, where that is known. Otherwise the oldest
    year says it.
    """
    if enterprise.public_share >= PUBLIC_FROM:
        return Status(LARGE, reason="public")
    if not enterprise.years:
        return Status(None, (("headcount", ""), ("money", "")))
    spans = [_span(enterprise, age) for age in range(len(enterprise.years))]
    lowest, highest = (_held(classes[::-1], enterprise.held_before) for classes in zip(*spans, strict=True))
    newest = spans[0]
    # A status follows from the last closed year: an older one does not stand in for it.
    if newest[0] != newest[1] or lowest != highest:
        return Status(None, _missing(enterprise, spans))
    return Status(lowest, reason="two_years" if lowest != newest[0] else "")


def _span(enterprise: Enterprise, age: int) -> tuple[str, str]:
    """The smallest and the largest size class that one year's figures leave open: the same where they decide.

    Enterprises around another one only add to it: who is large alone is large with them, whatever they are.
    """
    least, most = (class_of(_consolidated(enterprise, age, unknown=each)) for each in (Decimal(0), BEYOND))
    # Neither is None: nothing is missing where something stands for each unknown.
    return least or LARGE, most or LARGE


def class_of(figures: Figures) -> str | None:
    """The size class of one year's figures; None when what is missing could change it.

    Turnover or balance sheet total: one of the two within the ceiling is enough (article 2).
    """
    if figures.headcount is None:
        return None
    for size_class, headcount, turnover, balance in SIZE_CEILINGS:
        if figures.headcount >= headcount:
            continue
        fits = [
            None if amount is None else amount <= ceiling
            for amount, ceiling in ((figures.turnover_eur, turnover), (figures.balance_eur, balance))
        ]
        if True in fits:
            return size_class
        if None in fits:
            return None
    return LARGE


def _missing(enterprise: Enterprise, spans: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What to ask for, so that the newest year that is open can be decided."""
    age = next(age for age, (least, most) in enumerate(spans) if least != most)
    before = "_before" if age else ""
    own = enterprise.years[age]
    asked = [] if own.headcount is not None else [(f"headcount{before}", "")]
    asked += [(f"money{before}", "")] if own.turnover_eur is None and own.balance_eur is None else []
    around = [each for each in enterprise.holdings if weight_of(each)]
    asked += [(f"holding{before}", each.name) for each in around if None in _amounts(_year(each, age))]
    return tuple(asked) or ((f"money{before}", ""),)


def open_classes(enterprise: Enterprise) -> tuple[str, ...]:
    """The size classes, the smallest first, that an enterprise may still hold when what is missing becomes known."""
    if enterprise.public_share >= PUBLIC_FROM:
        return (LARGE,)
    spans = [_span(enterprise, age) for age in range(len(enterprise.years))]
    if not spans:
        return RANKS
    ends = [_held(classes[::-1], enterprise.held_before) for classes in zip(*spans, strict=True)]
    return RANKS[RANKS.index(ends[0]) : RANKS.index(ends[1]) + 1]


def classes_near(enterprise: Enterprise) -> frozenset[str]:
    """What an enterprise may be counted as when the year before is known: the classes within a fifth of its newest
    figures, and whatever it held for one that is large now. Empty when the figures do not say."""
    if not enterprise.years or enterprise.public_share >= PUBLIC_FROM:
        return frozenset()
    if _span(enterprise, 0)[0] == LARGE:
        return frozenset({MEDIUM, LARGE})
    newest = _amounts(_consolidated(enterprise, 0))
    around = [
        class_of(_figures([None if each is None else each * factor for each in newest]))
        for factor in (NEAR, Decimal(1), 1 / NEAR)
    ]
    return frozenset() if around[1] is None else frozenset(each for each in around if each is not None)


def _held(classes: Sequence[str], before: str | None) -> str:
    """The status after some years, the oldest first. Each ceiling counts by itself (article 4).

    Whoever is above it, or below it, for two years in a row has crossed it; from medium to micro and small in the next
    two years leads to small.
    """
    ranks = [RANKS.index(each) for each in classes]
    held = RANKS.index(before) if before else ranks[0]
    for pair in pairwise(ranks):
        held = min(max(held, min(pair)), max(pair))
    return RANKS[held]


def _consolidated(enterprise: Enterprise, age: int, *, unknown: Decimal | None = None) -> Figures:
    """One year's figures, 0 being the newest, with those of the enterprises around it.

    `unknown` stands for each figure that is not known; with None a sum is not known where one of its parts is not.
    """
    sums = _filled(_amounts(enterprise.years[age]), unknown)
    for holding in enterprise.holdings:
        if weight := weight_of(holding):
            theirs = _filled(_amounts(_year(holding, age)), unknown)
            sums = [
                None if mine is None or other is None else mine + weight * other
                for mine, other in zip(sums, theirs, strict=True)
            ]
    return _figures(sums)


def _filled(amounts: Sequence[Decimal | None], unknown: Decimal | None) -> list[Decimal | None]:
    return [unknown if each is None else each for each in amounts]


def _figures(sums: Sequence[Decimal | None]) -> Figures:
    return Figures.model_construct(headcount=sums[0], turnover_eur=sums[1], balance_eur=sums[2])


def _year(holding: Holding, age: int) -> Figures:
    """The figures of that year, or the oldest that are known."""
    return holding.years[min(age, len(holding.years) - 1)] if holding.years else Figures()


def _amounts(figures: Figures) -> list[Decimal | None]:
    return [figures.headcount, figures.turnover_eur, figures.balance_eur]


def weight_of(holding: Holding) -> Decimal:
    """How much of another enterprise's figures count: none below 25 %, its share up to 50 %, all of it above."""
    if holding.share > LINKED_ABOVE:
        return Decimal(1)
    return holding.share if holding.share >= PARTNER_FROM and not holding.exempt else Decimal(0)
