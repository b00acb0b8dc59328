"""From answers to counts: which tables a questionnaire gives, and the cells of each. Pure: answers in, counts out.

Every table counts the same respondents, all who handed in: who was not asked a question, or left it open, is the
category NO_ANSWER. So the tables of a question fit together, and no difference between them says who was silent.

Texts are never counted, and no permission to quote. Whole numbers are put into classes: a single large one would stand
out. Steps and groups stand together where a wave is small (see recoding).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pandas as pd

from evaluations.disclosure.types import Answers, Category, Key, Table
from evaluations.instrument import Question, Questionnaire
from evaluations.recoding import NO_ANSWER, Recoding, parts

ANSWER = "answer"  # the dimension that a subject's own answers are
GROUPS = ("country", "experience", "section", "size_class")
RESPONSE = "response"
SINGLE, MULTIPLE, SCALE, MATRIX, NUMBER = "single", "multiple", "scale", "matrix", "number"
CLASSES = (("below_0", -1), ("0", 0), ("1_9", 9), ("10_49", 49), ("50_249", 249))
LARGEST_CLASS = "250_more"
AS_ASKED = Recoding()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a table is about: a question, or a row of a matrix.

    `steps`: the options that have an order, for a mean. `boxes`: those of them that stand together; then there is none.
    """

    name: str
    question: str
    kind: str
    categories: tuple[str, ...]
    steps: tuple[str, ...] = ()
    row: str = ""
    facet: str = ""
    most: int | None = None
    boxes: tuple[str, ...] = ()

    @property
    def with_shares(self) -> tuple[str, ...]:
        """The answers that have a share: all of them, or the boxes."""
        return self.boxes or self.categories

    @property
    def answers(self) -> tuple[str, ...]:
        """All that one respondent can count in: no answer too, where it is not in a box with others."""
        return self.categories if NO_ANSWER in parts(self.boxes) else (*self.categories, NO_ANSWER)

    @property
    def outside(self) -> tuple[str, ...]:
        """Answers that stand outside the boxes: a share of a box is not of those who gave them."""
        return tuple(each for each in self.categories if each not in self.boxes) if self.boxes else ()


def scales(questionnaire: Questionnaire) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The steps of each question that has some, and the answers that stand outside them."""
    return {
        question.key: (
            tuple(option.key for option in question.options),
            tuple(option.key for option in question.choices[len(question.options) :]),
        )
        for question in questionnaire.questions
        if question.kind in (SCALE, MATRIX)
    }


def subjects(questionnaire: Questionnaire, recoding: Recoding = AS_ASKED) -> tuple[Subject, ...]:
    """Everything that is counted, in the order in which it is asked."""
    return tuple(
        subject
        for question in questionnaire.questions
        for subject in _subjects(question, recoding.scales.get(question.key, ()))
    )


def _subjects(question: Question, boxes: tuple[str, ...]) -> Iterator[Subject]:
    for subject in _as_asked(question):
        yield together(subject, boxes) if boxes else subject


def together(subject: Subject, boxes: tuple[str, ...]) -> Subject:
    """The same with its steps in boxes; what is in none of them stays."""
    outside = tuple(each for each in subject.categories if each not in parts(boxes))
    return replace(subject, categories=(*boxes, *outside), steps=(), boxes=boxes)


def _as_asked(question: Question) -> Iterator[Subject]:
    options = tuple(option.key for option in question.choices)
    steps = tuple(option.key for option in question.options) if question.kind in (SCALE, MATRIX) else ()
    if question.kind == MATRIX:
        for row in question.rows:
            name = f"{question.key}:{row.key}"
            yield Subject(name, question.key, MATRIX, options, steps, row.key, question.facet)
    elif question.kind == NUMBER:
        classes = (*(name for name, _most in CLASSES), LARGEST_CLASS)
        yield Subject(question.key, question.key, NUMBER, classes, facet=question.facet)
    elif question.kind in (SINGLE, MULTIPLE, SCALE):
        yield Subject(question.key, question.key, question.kind, options, steps, "", question.facet, question.most)


def frame(responses: Iterable[Mapping[str, Any]], recoding: Recoding = AS_ASKED) -> pd.DataFrame:
    """Complete responses as a frame: the groups of each, and its answers. Rows are mappings of GROUPS and "answers"."""
    found = pd.DataFrame(list(responses), columns=[*GROUPS, "answers"])
    for name in recoding.groups:
        found[name] = [recoding.group(name, value) for value in found[name]]
    return found


def table(
    answered: pd.DataFrame,
    subject: Subject | None,
    dimensions: Sequence[str] = (),
    *,
    threshold: int,
    shown: Mapping[str, tuple[Category, ...]] | None = None,
) -> Table:
    """The counts of a subject, or of the respondents alone, by some groups.

    `shown`: the groups that take part, for each dimension that is cut down to some.
    """
    where = dict(shown or {})
    for name, groups in where.items():
        answered = answered[answered[name].isin(groups)]
    cells: dict[Key, int] = {}
    known = [where.get(name) or tuple(sorted(answered[name].unique())) for name in dimensions]
    if subject is None:
        sizes = answered.groupby(list(dimensions)).size() if len(answered) else {}
        for spot in product(*known):
            cells[spot] = int(sizes.get(spot if len(spot) > 1 else spot[0], 0))
        return Table(tuple(dimensions), cells, threshold, where=where)
    said = answered["answers"].map(lambda answers: _said(answers, subject))
    several = {ANSWER: Answers(1, subject.most)} if subject.kind == MULTIPLE else {}
    for spot in product(*known):
        inside = pd.Series(True, answered.index)
        for name, group in zip(dimensions, spot, strict=True):
            inside &= answered[name] == group
        counts = said[inside].explode().value_counts()
        for category in subject.answers:
            cells[(category, *spot)] = int(counts.get(category, 0))
        if several:
            cells[(None, *spot)] = int(inside.sum())
    return Table((ANSWER, *dimensions), cells, threshold, several, where)


def _said(answers: Mapping[str, Any], subject: Subject) -> list[str]:
    """The categories that one respondent counts in."""
    given = answers.get(subject.question)
    if subject.kind == MATRIX:
        given = (given or {}).get(subject.row)
    if subject.kind == NUMBER and given is not None:
        given = next((name for name, most in CLASSES if given <= most), LARGEST_CLASS)
    if subject.boxes:
        return [parts(subject.boxes).get(given or NO_ANSWER, given or NO_ANSWER)]
    if not given:
        return [NO_ANSWER]
    return list(given) if isinstance(given, list) else [given]
