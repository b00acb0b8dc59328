"""Which applications the money of a call reaches: the ranking, the cut of each funder, and the best set.

No Django, no database, no clock. Amounts are EUR with cents; inside, cents and hundredths of points are whole numbers.
"""

from funding.ranking.choosing import Choice, best
from funding.ranking.listing import Cut, cut, in_order, ranked
from funding.ranking.outlook import Missing, Next, comes_in_first, missing_of, next_of
from funding.ranking.partial import cut_without, missing_without, without
from funding.ranking.reading import read_ranking
from funding.ranking.types import Application, Call, Funder, Selection

__all__ = [
    "Application",
    "Call",
    "Choice",
    "Cut",
    "Funder",
    "Missing",
    "Next",
    "Selection",
    "best",
    "comes_in_first",
    "cut",
    "cut_without",
    "in_order",
    "missing_of",
    "missing_without",
    "next_of",
    "ranked",
    "read_ranking",
    "without",
]
