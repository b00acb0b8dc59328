"""How long a questionnaire takes, by rule of thumb."""

from evaluations.instrument.types import CONSENT, MATRIX, MULTIPLE, NUMBER, TEXT, Question, Questionnaire

# Silent reading of prose, 238 words a minute: M. Brysbaert, Journal of Memory and Language 109 (2019).
WORDS_A_SECOND = 238 / 60
# Seconds to decide and to tap: our own assumption, to be set right when waves have been measured.
CHOICE, NEXT_CHOICE, ROW, DIGITS, SENTENCE = 3.0, 2.0, 3.0, 6.0, 30.0
TYPICAL_CHOICES = 3
# Most skip an open question that they may skip, and a condition leaves some out: each counts for a part.
SKIPPED, CONDITIONAL = 0.3, 0.5


def seconds(questionnaire: Questionnaire) -> float:
    """Reading and answering, in the language that is longest."""
    return max((_seconds(questionnaire, language) for language in questionnaire.languages), default=0.0)


def minutes(questionnaire: Questionnaire) -> int:
    """The same in whole minutes, rounded up; 1 at least."""
    return max(1, -int(-seconds(questionnaire) // 60))


def _seconds(questionnaire: Questionnaire, language: str) -> float:
    opening = questionnaire.intro.get(language, "") + " " + questionnaire.title.get(language, "")
    return len(opening.split()) / WORDS_A_SECOND + sum(_question(each, language) for each in questionnaire.questions)


def _question(question: Question, language: str) -> float:
    # Of a matrix the steps are read once.
    words = sum(len(texts.get(language, "").split()) for _part, texts, _needed in question.texts())
    spent = words / WORDS_A_SECOND + _deciding(question)
    return spent * (CONDITIONAL if question.when else 1)


def _deciding(question: Question) -> float:
    if question.kind == MULTIPLE:
        chosen = min(question.most or TYPICAL_CHOICES, len(question.options))
        return CHOICE + NEXT_CHOICE * max(chosen - 1, 0)
    if question.kind == MATRIX:
        return ROW * len(question.rows)
    if question.kind == NUMBER:
        return DIGITS
    if question.kind == TEXT:
        return SENTENCE * (SKIPPED if question.optional else 1)
    return CHOICE * (SKIPPED if question.kind == CONSENT and question.optional else 1)
