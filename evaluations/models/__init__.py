"""The room's rows: questionnaires, waves and answers, outcomes, and everything that was shown."""

from evaluations.models.outcomes import (
    AmountClass,
    Attribution,
    FollowUp,
    GoalFrame,
    Journey,
    Outcome,
    QuarterFrame,
    Rung,
)
from evaluations.models.publications import (
    Benchmark,
    BenchmarkImport,
    Preparation,
    Publication,
    Query,
    RefusedBenchmark,
    Report,
    ReportLink,
)
from evaluations.models.questionnaires import Questionnaire, QuestionnaireVersion
from evaluations.models.waves import Invitee, Quote, Response, Segment, Wave

__all__ = [
    "AmountClass",
    "Attribution",
    "Benchmark",
    "BenchmarkImport",
    "FollowUp",
    "GoalFrame",
    "Invitee",
    "Journey",
    "Outcome",
    "Preparation",
    "Publication",
    "QuarterFrame",
    "Query",
    "Questionnaire",
    "QuestionnaireVersion",
    "Quote",
    "RefusedBenchmark",
    "Report",
    "ReportLink",
    "Response",
    "Rung",
    "Segment",
    "Wave",
]
