"""Questionnaires as data: what they ask, whether they hold together, what an answer must be. Pure: no database.

`read` and `as_data` know the form that files and the database hold; `checked` turns what somebody typed into answers.
"""

from evaluations.instrument.answering import ERRORS, BadAnswers, Error, asked, checked, permission
from evaluations.instrument.comparing import Change, Wording, compare
from evaluations.instrument.editing import moved, with_question, with_words, without_question
from evaluations.instrument.faults import TEMPLATES, BadInstrument, Fault
from evaluations.instrument.reading import as_data, lacking, read
from evaluations.instrument.sound import broken
from evaluations.instrument.templates import shipped
from evaluations.instrument.timing import minutes, seconds
from evaluations.instrument.types import (
    FACETS,
    KINDS,
    PERMISSIONS,
    RUNGS,
    Answer,
    Answers,
    Condition,
    Option,
    Question,
    Questionnaire,
    Texts,
    When,
)

__all__ = [
    "ERRORS",
    "FACETS",
    "KINDS",
    "PERMISSIONS",
    "RUNGS",
    "TEMPLATES",
    "Answer",
    "Answers",
    "BadAnswers",
    "BadInstrument",
    "Change",
    "Condition",
    "Error",
    "Fault",
    "Option",
    "Question",
    "Questionnaire",
    "Texts",
    "When",
    "Wording",
    "as_data",
    "asked",
    "broken",
    "checked",
    "compare",
    "lacking",
    "minutes",
    "moved",
    "permission",
    "read",
    "seconds",
    "shipped",
    "with_question",
    "with_words",
    "without_question",
]
