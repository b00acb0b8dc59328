"""The size of an enterprise by its figures: Commission Recommendation 2003/361/EC, article 2 of its annex. Pure."""

from typing import NamedTuple

MICRO, SMALL, MEDIUM, LARGE = "micro", "small", "medium", "large"


class SizeCeiling(NamedTuple):
    """Fewer people than `headcount`, and a turnover or a balance sheet total of at most so many EUR."""

    size_class: str
    headcount: int
    turnover_eur: int
    balance_eur: int


# What is above the last one is large.
SIZE_CEILINGS = (
    SizeCeiling(MICRO, 10, 2_000_000, 2_000_000),
    SizeCeiling(SMALL, 50, 10_000_000, 10_000_000),
    SizeCeiling(MEDIUM, 250, 50_000_000, 43_000_000),
)
