"""Whether a questionnaire holds together: what is broken never stands, what is unfinished cannot be published."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from evaluations.instrument.faults import (
    LONGEST,
    LONGEST_OPTION,
    MOST_DIGITS,
    MOST_LANGUAGES,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Fault,
)
from evaluations.instrument.types import (
    CHOOSING,
    CONSENT,
    FACETS,
    KINDS,
    MATRIX,
    MULTIPLE,
    NUMBER,
    PERMISSIONS,
    RUNGS,
    SCALE,
    SIZE_CLASSES,
    TEXT,
    WITH_OPTIONS,
    Condition,
    Question,
    Questionnaire,
    Texts,
)

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2}")
# What only some kinds of question take.
_ONLY_FOR = {
    "options": WITH_OPTIONS,
    "rows": {MATRIX},
    "outside": {SCALE, MATRIX},
    "most": {MULTIPLE},
    "unit": {NUMBER},
    "minimum": {NUMBER},
    "maximum": {NUMBER},
    "about": {CONSENT},
}


def broken(questionnaire: Questionnaire) -> Iterator[Fault]:
    """What may not stand even in a draft: it contradicts itself, or is out of all measure."""
    yield from _languages(questionnaire)
    yield from _texts("", questionnaire.texts(), questionnaire.languages)
    if len(questionnaire.questions) > MOST_QUESTIONS:
        yield Fault("too_many_questions", values={"given": len(questionnaire.questions), "most": MOST_QUESTIONS})
        return
    keys = [each.key for each in questionnaire.questions]
    before: dict[str, Question] = {}
    for question in questionnaire.questions:
        for code, values in _question(question):
            yield Fault(code, question.key, values)
        yield from _texts(question.key, question.texts(), questionnaire.languages)
        if question.key in before:
            yield Fault("question_twice", question.key)
        yield from _conditions(question, before, keys)
        before.setdefault(question.key, question)


def unfinished(questionnaire: Questionnaire) -> Iterator[Fault]:
    """What a draft may still lack, and a published version may not."""
    yield from _missing("", questionnaire.texts(), questionnaire.languages)
    if not questionnaire.questions:
        yield Fault("no_questions")
    for question in questionnaire.questions:
        yield from _missing(question.key, question.texts(), questionnaire.languages)
        for code, values in _unfinished(question):
            yield Fault(code, question.key, values)


Found = Iterator[tuple[str, dict[str, object]]]


def _languages(questionnaire: Questionnaire) -> Iterator[Fault]:
    languages = questionnaire.languages
    if not languages:
        yield Fault("no_language")
    if len(languages) > MOST_LANGUAGES:
        yield Fault("too_many_languages", values={"given": len(languages), "most": MOST_LANGUAGES})
    for name in _repeated(languages):
        yield Fault("language_twice", values={"name": name})
    for name in languages:
        if not LANGUAGE.fullmatch(name):
            yield Fault("bad_language", values={"name": name or '""'})


def _texts(question: str, texts: Iterable[tuple[str, Texts, bool]], languages: tuple[str, ...]) -> Iterator[Fault]:
    for name, words, _needed in texts:
        most = LONGEST.get(name, LONGEST_OPTION)
        for language, text in words.items():
            if language not in languages:
                yield Fault("other_language", question, {"name": name, "language": language})
            elif len(text) > most:
                values = {"name": name, "language": language, "given": len(text), "most": most}
                yield Fault("too_long", question, values)


def _missing(question: str, texts: Iterable[tuple[str, Texts, bool]], languages: tuple[str, ...]) -> Iterator[Fault]:
    for name, words, needed in texts:
        for language in languages:
            if needed and not words.get(language, "").strip():
                yield Fault("missing", question, {"name": name, "language": language})


def _question(question: Question) -> Found:
    if not KEY.fullmatch(question.key):
        yield "bad_key", {"name": "The question"}
    if question.kind not in KINDS:
        yield "unknown_kind", {"found": question.kind or '""', "kinds": ", ".join(KINDS)}
        return
    for name, kinds in _ONLY_FOR.items():
        if getattr(question, name) not in (None, "", (), {}) and question.kind not in kinds:
            yield "not_for_kind", {"name": name}
    yield from _options(question)
    yield from _facet(question)
    if question.most is not None and question.most < 1:
        yield "most_too_small", {}
    for name in ("most", "minimum", "maximum"):
        if abs(getattr(question, name) or 0) >= 10**MOST_DIGITS:
            yield "too_large", {"name": name, "most": MOST_DIGITS}
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield "minimum_above_maximum", {}
    keys = tuple(each.key for each in question.options)
    if question.kind == CONSENT and keys != PERMISSIONS:
        yield "permissions", {"keys": ", ".join(PERMISSIONS)}


def _options(question: Question) -> Found:
    for code, twice, what, options in (
        ("too_many_options", "option_twice", "An option", question.choices),
        ("too_many_rows", "row_twice", "A row", question.rows),
    ):
        if len(options) > MOST_OPTIONS:
            yield code, {"given": len(options), "most": MOST_OPTIONS}
            continue
        for name in _repeated(each.key for each in options):
            yield twice, {"name": name}
        if not all(KEY.fullmatch(each.key) for each in options):
            yield "bad_key", {"name": what}
    for option in question.choices:
        if option.rung and option.rung not in RUNGS:
            yield "unknown_rung", {"name": option.key, "found": option.rung, "rungs": ", ".join(RUNGS)}
        if option.alone and question.kind != MULTIPLE:
            yield "not_for_kind", {"name": "alone"}


def _facet(question: Question) -> Found:
    if question.facet and question.facet not in FACETS:
        yield "unknown_facet", {"found": question.facet, "facets": ", ".join(FACETS)}
    elif question.facet and question.kind not in FACETS[question.facet]:
        yield "facet_of_other_kind", {"facet": question.facet}


def _conditions(question: Question, before: dict[str, Question], keys: list[str]) -> Iterator[Fault]:
    if question.about and (question.about not in before or before[question.about].kind != TEXT):
        yield Fault("about_missing", question.key, {"name": question.about})
    if question.when is None:
        return
    if not question.when.conditions:
        yield Fault("condition_empty", question.key)
    for condition in question.when.conditions:
        if condition.question not in before:
            code = "condition_later" if condition.question in keys else "condition_missing"
            yield Fault(code, question.key, {"name": condition.question})
        else:
            for code, values in _condition(condition, before[condition.question]):
                yield Fault(code, question.key, values)


def _condition(condition: Condition, asked: Question) -> Found:
    if condition.options and asked.kind not in CHOOSING:
        yield "condition_kind", {"name": asked.key}
        return
    known = {each.key for each in asked.choices}
    for option in condition.options:
        if option not in known:
            yield "condition_option", {"name": asked.key, "option": option}


def _unfinished(question: Question) -> Found:
    if question.kind in WITH_OPTIONS and len(question.options) < 2:
        yield "too_few_options", {}
    if question.kind == MATRIX and not question.rows:
        yield "no_rows", {}
    if question.most is not None and question.most > len(question.options):
        yield "most_above_options", {"most": question.most, "given": len(question.options)}
    if question.kind == CONSENT and not question.about:
        yield "no_about", {}
    if question.facet == "size_class" and {each.key for each in question.options} != set(SIZE_CLASSES):
        yield "size_classes", {"keys": ", ".join(SIZE_CLASSES)}
    if question.facet == "results":
        for option in question.options:
            if not option.rung and not option.alone and question.kind == MULTIPLE:
                yield "no_rung", {"name": option.key}


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
