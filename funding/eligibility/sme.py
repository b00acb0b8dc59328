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


@dataclass(frozen=True, slots=True)
class Status:
    """The size class, or what has to be known first. `reason` says what decided where figures alone do not.

    `missing`: "headcount", "money" or "holding", each with the name that it is missing of ("" for the enterprise).
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
    classes = []
    for age in range(len(enterprise.years)):
        size_class = class_of(_consolidated(enterprise, age))
        if size_class is None:
            if age == 0:
                return Status(None, _missing(enterprise))
            break
        classes.append(size_class)
    held = _held(classes[::-1], enterprise.held_before)
    return Status(held, reason="two_years" if held != classes[0] else "")


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


def _missing(enterprise: Enterprise) -> tuple[tuple[str, str], ...]:
    """What to ask for, so that the newest year can be decided."""
    own = enterprise.years[0]
    asked = [] if own.headcount is not None else [("headcount", "")]
    asked += [("money", "")] if own.turnover_eur is None and own.balance_eur is None else []
    around = [each for each in enterprise.holdings if weight_of(each)]
    asked += [("holding", each.name) for each in around if None in _amounts(_year(each, 0))]
    return tuple(asked) or (("money", ""),)


def classes_near(enterprise: Enterprise) -> frozenset[str]:
    """What an enterprise may be counted as when the year before is known: the classes within a fifth of its newest
    figures, and whatever it held for one that is large now. Empty when the figures do not say."""
    if not enterprise.years or enterprise.public_share >= PUBLIC_FROM:
        return frozenset()
    newest = _amounts(_consolidated(enterprise, 0))
    around = [
        class_of(_figures([None if each is None else each * factor for each in newest]))
        for factor in (NEAR, Decimal(1), 1 / NEAR)
    ]
    if around[1] is None:
        return frozenset()
    found = {each for each in around if each is not None}
    return frozenset(found | {MEDIUM} if around[1] == LARGE else found)


def _held(classes: Sequence[str], before: str | None) -> str:
    """The status after some years, the oldest first: a change counts when the next year confirms it (article 4)."""
    held = before or classes[0]
    for before, year in pairwise(classes):
        held = year if year == before else held
    return held


def _consolidated(enterprise: Enterprise, age: int) -> Figures:
    """One year's figures, 0 being the newest, with those of the enterprises around it."""
    sums = _amounts(enterprise.years[age])
    for holding in enterprise.holdings:
        if weight := weight_of(holding):
            theirs = _amounts(_year(holding, age))
            sums = [
                None if mine is None or other is None else mine + weight * other
                for mine, other in zip(sums, theirs, strict=True)
            ]
    return _figures(sums)


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
