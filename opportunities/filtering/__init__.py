"""The filter: which opportunities fit which member, in what order and why. Pure: no clock, database or randomness.

See docs/matching.md for what it guarantees and how it works.
"""

from opportunities.filtering.diversity import diversified
from opportunities.filtering.explain import explain, parts
from opportunities.filtering.index import Index
from opportunities.filtering.model import ScoreModel, engine_version, fit
from opportunities.filtering.query import SCALE, MemberQuery, member_query
from opportunities.filtering.rank import KEEP, SHOW, WORTH_YOUR_TIME, merge, rank
from opportunities.filtering.rules import RULES, SOFT_FACTORS, why_not
from opportunities.filtering.sentences import TEMPLATES, sentence
from opportunities.filtering.types import (
    Code,
    Feedback,
    Match,
    MatchList,
    Member,
    Opportunity,
    Reason,
    Refusal,
)
from opportunities.filtering.vectors import OpportunityVector

__all__ = [
    "KEEP",
    "RULES",
    "SCALE",
    "SHOW",
    "SOFT_FACTORS",
    "TEMPLATES",
    "WORTH_YOUR_TIME",
    "Code",
    "Feedback",
    "Index",
    "Match",
    "MatchList",
    "Member",
    "MemberQuery",
    "Opportunity",
    "OpportunityVector",
    "Reason",
    "Refusal",
    "ScoreModel",
    "diversified",
    "engine_version",
    "explain",
    "fit",
    "member_query",
    "merge",
    "parts",
    "rank",
    "sentence",
    "why_not",
]
