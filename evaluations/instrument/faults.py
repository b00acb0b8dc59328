"""What makes a questionnaire unusable, or not yet ready to be published: codes with values, and English words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_QUESTIONS = 100
MOST_OPTIONS = 60
MOST_LANGUAGES = 10
LONGEST = {"title": 150, "intro": 2000, "thanks": 1000, "label": 600, "text": 400, "help": 600, "unit": 40}
LONGEST_OPTION = 200
MOST_DIGITS = 12  # of a number that is asked for

TEMPLATES: Mapping[str, str] = {
    # shape
    "not_an_object": "{name} must be an object, not {found}.",
    "not_a_list": "{name} must be a list, not {found}.",
    "not_a_text": "{name} must be a text, not {found}.",
    "not_a_number": "{name} must be a whole number, not {found}.",
    "not_a_yes_or_no": "{name} must be true or false, not {found}.",
    "unknown_field": "There is no field {name}. Is it spelled right?",
    "bad_key": "{name} needs a key of small letters, digits and _, such as barriers. It begins with a letter.",
    "bad_language": "{name} is no language code. Use two letters, such as sv.",
    "bad_characters": "{name} has characters that cannot be kept.",
    # what contradicts itself
    "no_language": "The questionnaire needs a language.",
    "language_twice": "The language {name} is named twice.",
    "too_many_languages": "There are {given} languages. {most} are the most.",
    "other_language": "{name} has words in {language}, which is not a language of the questionnaire.",
    "too_many_questions": "There are {given} questions. {most} are the most.",
    "too_many_options": "There are {given} options. {most} are the most.",
    "too_many_rows": "There are {given} rows. {most} are the most.",
    "too_long": "{name} has {given} characters in {language}. {most} are the most.",
    "question_twice": "Another question has the same key.",
    "option_twice": "The option {name} occurs twice.",
    "row_twice": "The row {name} occurs twice.",
    "unknown_kind": "{found} is no kind of question. There are: {kinds}.",
    "unknown_facet": "{found} is no subject that results know. There are: {facets}.",
    "facet_of_other_kind": "A question of this kind cannot tell {facet}.",
    "unknown_rung": "Option {name}: {found} is no step of results. There are: {rungs}.",
    "size_classes": "A question for the size class needs the options {keys}.",
    "not_for_kind": "A question of this kind takes no {name}.",
    "permissions": "A permission to quote needs the options {keys}, in this order.",
    "about_missing": "The permission names the question {name}, which is no text question before it.",
    "too_large": "{name} lies outside of {most} digits.",
    "minimum_above_maximum": "The smallest number is above the largest.",
    "most_too_small": "The most choices must be at least 1.",
    "condition_missing": "The condition names the question {name}, which there is not.",
    "condition_later": "The condition names the question {name}, which comes later.",
    "condition_kind": "The condition names the question {name}, in which nothing is chosen.",
    "condition_option": "The condition names the option {option} of {name}, which there is not.",
    "condition_empty": "There is a condition without a question.",
    # what is not ready yet
    "no_questions": "There is no question yet.",
    "missing": "The words of {name} are missing in {language}.",
    "too_few_options": "There must be at least 2 options.",
    "no_rows": "There is no row to ask about yet.",
    "most_above_options": "{most} choices are allowed, but there are only {given} options.",
    "no_about": "The permission does not say which text it covers.",
    "no_rung": "Option {name} stands on no step of results.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `question`: its key, or blank for the questionnaire itself."""

    code: str
    question: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        where = f"Question {self.question}: " if self.question else ""
        return where + TEMPLATES[self.code].format(**self.values)


class BadInstrument(ValueError):
    """A questionnaire that cannot be used; `faults` has every one that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
