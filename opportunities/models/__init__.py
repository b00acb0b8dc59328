"""What is scouted, where from, whom it fits and what they said."""

from opportunities.models.answers import Feedback, Showing
from opportunities.models.matches import (
    FilterRun,
    FilterShard,
    Match,
    MatchList,
    MatchState,
    OpportunityVector,
    ScoreModel,
)
from opportunities.models.opportunities import Opportunity, SourceRecord
from opportunities.models.sources import ImportRun, RefusedRecord, Source

__all__ = [
    "Feedback",
    "FilterRun",
    "FilterShard",
    "ImportRun",
    "Match",
    "MatchList",
    "MatchState",
    "Opportunity",
    "OpportunityVector",
    "RefusedRecord",
    "ScoreModel",
    "Showing",
    "Source",
    "SourceRecord",
]
