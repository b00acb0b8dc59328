"""Changes of a draft: each gives a new questionnaire, which may be broken. `broken` of the result tells."""

from collections.abc import Mapping
from dataclasses import replace

from evaluations.instrument.types import Option, Question, Questionnaire, Texts


def with_question(questionnaire: Questionnaire, question: Question, *, instead_of: str = "") -> Questionnaire:
    """The question at the end, or in the place of the one with the key `instead_of`."""
    if not instead_of:
        return replace(questionnaire, questions=(*questionnaire.questions, question))
    questions = tuple(question if each.key == instead_of else each for each in questionnaire.questions)
    return replace(questionnaire, questions=questions)


def without_question(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Everything but this question."""
    return replace(questionnaire, questions=tuple(each for each in questionnaire.questions if each.key != key))


def moved(questionnaire: Questionnaire, key: str, step: int) -> Questionnaire:
    """The question so many places further down, or up; at the ends it stays."""
    questions = list(questionnaire.questions)
    at = next((place for place, each in enumerate(questions) if each.key == key), None)
    if at is not None:
        question = questions.pop(at)
        questions.insert(max(0, min(at + step, len(questions))), question)
    return replace(questionnaire, questions=tuple(questions))


def with_words(questionnaire: Questionnaire, words: Mapping[str, Texts], languages: tuple[str, ...]) -> Questionnaire:
    """Other texts of its own (title, intro, thanks, label) in these languages; words in dropped languages go."""
    changed = replace(
        questionnaire,
        languages=languages,
        questions=tuple(_in(each, languages) for each in questionnaire.questions),
    )
    return replace(
        changed,
        title=_only(words.get("title", questionnaire.title), languages),
        intro=_only(words.get("intro", questionnaire.intro), languages),
        thanks=_only(words.get("thanks", questionnaire.thanks), languages),
        label=_only(words.get("label", questionnaire.label), languages),
    )


def _in(question: Question, languages: tuple[str, ...]) -> Question:
    return replace(
        question,
        text=_only(question.text, languages),
        help=_only(question.help, languages),
        unit=_only(question.unit, languages),
        options=tuple(_option(each, languages) for each in question.options),
        rows=tuple(_option(each, languages) for each in question.rows),
        outside=None if question.outside is None else _option(question.outside, languages),
    )


def _option(option: Option, languages: tuple[str, ...]) -> Option:
    return replace(option, text=_only(option.text, languages))


def _only(texts: Texts, languages: tuple[str, ...]) -> Texts:
    return {language: texts[language] for language in languages if texts.get(language)}
