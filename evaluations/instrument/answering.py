"""From what somebody typed to answers: who is asked what, and what fits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluations.instrument.faults import MOST_DIGITS
from evaluations.instrument.types import (
    CONSENT,
    LONGEST_ANSWER,
    MATRIX,
    MULTIPLE,
    NO,
    NUMBER,
    SCALE,
    SINGLE,
    TEXT,
    Answer,
    Answers,
    Condition,
    Question,
    Questionnaire,
    When,
)

ERRORS: Mapping[str, str] = {
    "missing": "This question has no answer yet.",
    "missing_rows": "Some lines have no answer yet: {rows}.",
    "unknown_question": "There is no such question.",
    "unknown_option": "{option} is none of the answers.",
    "unknown_row": "{row} is none of the lines.",
    "twice": "{option} is chosen twice.",
    "too_many": "{given} are chosen. {most} are the most.",
    "alone": "{option} cannot be chosen together with others.",
    "not_whole": "This is not a whole number. Use digits only.",
    "below": "The smallest number here is {minimum}.",
    "above": "The largest number here is {maximum}.",
    "too_long": "This has {given} characters. {most} are the most.",
    "wrong_shape": "This kind of answer does not fit the question.",
}


@dataclass(frozen=True, slots=True)
class Error:
    """Why an answer does not fit: a code of ERRORS and its values; options and rows by their keys."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return ERRORS[self.code].format(**self.values)


class BadAnswers(ValueError):
    """Answers that do not fit: `errors` by the key of the question, `answers` those that do."""

    def __init__(self, errors: Mapping[str, Error], answers: Answers) -> None:
        self.errors = dict(errors)
        self.answers = dict(answers)
        super().__init__("\n".join(f"{key}: {error}" for key, error in self.errors.items()))


class _Misfit(Exception):
    def __init__(self, code: str, **values: object) -> None:
        self.error = Error(code, values)


def asked(questionnaire: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """The questions that somebody with these answers is asked, in order.

    An answer to a question that is not asked counts for nothing, also in the conditions of later ones.
    """
    found: list[Question] = []
    said: dict[str, Answer] = {}
    for question in questionnaire.questions:
        if question.when is None or _holds(question.when, said):
            found.append(question)
            if question.key in answers:
                said[question.key] = answers[question.key]
    return tuple(found)


def checked(questionnaire: Questionnaire, raw: Mapping[str, Any], *, complete: bool = True) -> dict[str, Answer]:
    """The answers in `raw` (question to a key, keys, a key for each row, digits or words), as they are kept.

    What is not asked is left out. Raises BadAnswers with an error for each question that has one. What is half done
    (`complete` false) may lack answers, but may not hold wrong ones.
    """
    answers: dict[str, Answer] = {}
    errors = {str(key): Error("unknown_question") for key in raw if questionnaire.question(key) is None}
    for question in questionnaire.questions:
        if question.when is not None and not _holds(question.when, answers):
            continue
        try:
            answer = _answer(question, raw.get(question.key), complete=complete)
        except _Misfit as misfit:
            errors[question.key] = misfit.error
        else:
            if answer is not None:
                answers[question.key] = answer
    if errors:
        raise BadAnswers(errors, answers)
    return answers


def permission(questionnaire: Questionnaire, answers: Answers, text: str) -> str:
    """What may be done with the answer to the question `text`: one of PERMISSIONS. Without a word, nothing."""
    covering = (each.key for each in questionnaire.questions if each.kind == CONSENT and each.about == text)
    given = next(covering, None)
    said = NO if given is None else answers.get(given, NO)
    return said if isinstance(said, str) else NO


def _holds(when: When, answers: Answers) -> bool:
    met = (_met(each, answers) for each in when.conditions)
    return any(met) if when.any else all(met)


def _met(condition: Condition, answers: Answers) -> bool:
    answer = answers.get(condition.question)
    if not condition.options:
        return answer not in (None, "", [], {})
    chosen = answer if isinstance(answer, list) else [answer]
    return any(option in chosen for option in condition.options)


def _answer(question: Question, given: object, *, complete: bool) -> Answer | None:
    if given is None or (isinstance(given, str) and not given.strip()) or given in ([], (), {}):
        if complete and not question.optional:
            raise _Misfit("missing")
        return None
    if question.kind == MATRIX:
        return _matrix(question, given, complete=complete)
    return _READERS[question.kind](question, given)


def _one(question: Question, given: object) -> str:
    if not isinstance(given, str):
        raise _Misfit("wrong_shape")
    if given not in {each.key for each in question.choices}:
        raise _Misfit("unknown_option", option=given[:60])
    return given


def _several(question: Question, given: object) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise _Misfit("wrong_shape")
    chosen = [_one(question, each) for each in given]
    for key in chosen:
        if chosen.count(key) > 1:
            raise _Misfit("twice", option=key)
    for option in question.options:
        if option.alone and option.key in chosen and len(chosen) > 1:
            raise _Misfit("alone", option=option.key)
    if question.most is not None and len(chosen) > question.most:
        raise _Misfit("too_many", given=len(chosen), most=question.most)
    return [each.key for each in question.options if each.key in chosen]


def _matrix(question: Question, given: object, *, complete: bool) -> dict[str, str] | None:
    if not isinstance(given, Mapping):
        raise _Misfit("wrong_shape")
    known = [each.key for each in question.rows]
    for row in given:
        if row not in known:
            raise _Misfit("unknown_row", row=str(row)[:60])
    chosen = {row: _one(question, given[row]) for row in known if given.get(row) not in (None, "")}
    without = [row for row in known if row not in chosen]
    if complete and without and not question.optional:
        raise _Misfit("missing_rows", rows=without) if chosen else _Misfit("missing")
    return chosen or None


def _number(question: Question, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise _Misfit("wrong_shape")
    # Blanks group digits everywhere; a point or a comma means one thing here and another there.
    digits = "".join(str(given).split()).replace("\u2212", "-")
    bare = digits.removeprefix("-")
    if not (bare.isascii() and bare.isdecimal()) or len(bare) > MOST_DIGITS:
        raise _Misfit("not_whole")
    number = int(digits)
    if question.minimum is not None and number < question.minimum:
        raise _Misfit("below", minimum=question.minimum)
    if question.maximum is not None and number > question.maximum:
        raise _Misfit("above", maximum=question.maximum)
    return number


def _words(_question: Question, given: object) -> str:
    if not isinstance(given, str):
        raise _Misfit("wrong_shape")
    # No database takes NUL or half a pair of surrogates.
    words = given.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "replace").decode().strip()
    if len(words) > LONGEST_ANSWER:
        raise _Misfit("too_long", given=len(words), most=LONGEST_ANSWER)
    return words


_READERS: Mapping[str, Callable[[Question, object], Answer]] = {
    SINGLE: _one,
    SCALE: _one,
    CONSENT: _one,
    MULTIPLE: _several,
    NUMBER: _number,
    TEXT: _words,
}
