"""The figures of a wave as rows of a spreadsheet: what pages show, nothing else."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from evaluations.reading import words
from evaluations.reading.sheet import Sheet
from evaluations.statistics import findings
from evaluations.tabulating import Subject


def head() -> list[str]:
    """The names of the columns."""
    return [
        _("Wave"),
        _("Question"),
        _("Row"),
        _("By"),
        _("Group"),
        _("Answer"),
        _("Companies"),
        _("Of"),
        _("Share in %"),
        _("From"),
        _("To"),
        _("Note"),
    ]


def rows(sheet: Sheet) -> Iterator[list[Any]]:
    """A line for each cell of each table; hidden cells say that they are too few to show."""
    for question in sheet.questions:
        text = sheet.questionnaire.words(question.text, sheet.language)
        labels, matrix = sheet.answers(question), sheet.rows(question)
        for subject in sheet.subjects_of(question):
            row = matrix.get(subject.row, "") if subject.row else ""
            for (name, dimensions), made in sheet.tables.items():
                if name == subject.name:
                    by = dimensions[0] if dimensions else ""
                    for line in _lines(made.table, made.figures, subject, by, labels):
                        yield [sheet.wave.name, text, row, words.dimension(by) if by else "", *line]


def _lines(
    table: dict[str, Any], figures: dict[str, Any], subject: Subject, by: str, labels: dict[str, str]
) -> Iterator[list[Any]]:
    shares = {(each["answer"], *each["group"]): each for each in figures.get("shares", ())}
    for *key, n, _suppressed in table["cells"]:
        answer, *group = key
        if answer not in subject.categories or (group and group[0] is None):
            continue
        place = [words.group(by, group[0]) if group else "", labels[answer]]
        share = shares.get(tuple(key))
        if n is None:
            yield [*place, "", "", "", "", "", _("too few to show")]
        elif share is None:
            yield [*place, n, "", "", "", "", ""]
        else:
            shown = [findings.percent(share[name]) for name in ("value", "low", "high")]
            yield [*place, n, share["n"], *shown, ""]


def about(sheet: Sheet) -> list[list[Any]]:
    """What somebody needs to know who has the figures alone."""
    return [
        [_("Wave"), sheet.wave.name],
        [_("Answers from"), sheet.period],
        [_("Companies asked"), sheet.asked],
        [_("Companies that answered"), _("too few to show") if sheet.answered is None else sheet.answered],
        [_("Response rate"), words.percent(sheet.rate.value) if sheet.rate else ""],
        [_("Companies in all"), sheet.population or ""],
        [_("Questionnaire"), sheet.questionnaire.words(sheet.questionnaire.title, sheet.language)],
        [_("Where it comes from"), sheet.questionnaire.words(sheet.questionnaire.label, sheet.language)],
        [_("Smallest count shown"), sheet.threshold],
        *([_("Standing together"), said] for said in sheet.together),
        [_("Intervals"), _("Wilson, 95 %, with the finite population correction where the population is known")],
    ]
