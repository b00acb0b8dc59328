"""One questionnaire over its waves: what stayed comparable, and where the wording changed."""

import itertools
from collections.abc import Container, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluations import computing, instrument, protection, recoding, tabulating
from evaluations.instrument import Change, Question
from evaluations.instrument.comparing import NEVER, NEW, SAME, YES
from evaluations.models import Publication, Questionnaire, Wave
from evaluations.models.publications import Audience
from evaluations.reading import words
from evaluations.reading.sheet import mean_bar, means_of, share_bar, shares_of
from evaluations.statistics import Share
from evaluations.tabulating import MATRIX, RESPONSE, SCALE, Subject

MOST_WAVES = 12
UNCHANGED = Change("", SAME, YES)


def series(
    questionnaire: Questionnaire, language: str = "en", *, facets: Container[str] | None = None
) -> dict[str, Any]:
    """The questions of the newest wave, each over the closed waves of the same questionnaire, the oldest first.

    `facets`: what the questions are to be about, where not all are wanted.
    """
    found = Wave.objects.with_results().filter(version__questionnaire=questionnaire).select_related("version")
    waves = list(found[:MOST_WAVES])[::-1]
    if not waves:
        return {"waves": [], "questions": []}
    rows = Publication.objects.filter(wave__in=waves, audience=Audience.HOUSE, dimensions=[], filters={}, cut_off=None)
    tables = {(row.wave_id, row.subject): row for row in rows.exclude(subject=RESPONSE)}
    versions = {wave.version_id: wave.version.content for wave in waves}
    read = {pk: instrument.read(content) for pk, content in versions.items()}
    asked = [read[wave.version_id] for wave in waves]
    now = asked[-1]
    breaks = [
        {change.key: change for change in instrument.compare(before, after)} if before is not after else {}
        for before, after in itertools.pairwise(asked)
    ]
    subjects = tabulating.subjects(now)
    questions = []
    for question in now.questions:
        own = [subject for subject in subjects if subject.question == question.key]
        if own and (facets is None or question.facet in facets):
            changes = [each.get(question.key, UNCHANGED) for each in breaks]
            questions.append(_question(question, own, now, waves, tables, changes, language))
    return {"waves": waves, "questions": questions}


def _question(
    question: Question,
    subjects: list[Subject],
    now: instrument.Questionnaire,
    waves: Sequence[Wave],
    tables: dict[tuple[int, str], Publication],
    changes: list[Change],
    language: str,
) -> dict[str, Any]:
    first = _comparable_from(changes)
    shown = waves[first:]
    is_scale = question.kind in (MATRIX, SCALE)
    boxes = _coarsest(question, shown) if is_scale else ()
    labels = words.rows(now, question, language) if question.kind == MATRIX else words.answers(now, question, language)
    rows = []
    for subject in subjects:
        found = [tables.get((wave.pk, subject.name)) for wave in shown]
        if is_scale:
            label = labels.get(subject.row, now.words(question.text, language))
            if boxes:
                shares = [_top(each, tabulating.together(subject, boxes)) for each in found]
                bars = [share_bar(label, each, subject.name) for each in shares]
            else:
                bars = [mean_bar(label, means_of(each.figures if each else {}).get(()), subject.name) for each in found]
            rows.append({"label": label, "cells": _named(bars, shown)})
            continue
        by_wave = [shares_of(each.figures if each else {}) for each in found]
        for category in subject.categories:
            bars = [share_bar(labels[category], shares.get((category,)), category) for shares in by_wave]
            rows.append({"label": labels[category], "cells": _named(bars, shown)})
    return {
        "id": question.key,
        "question": now.words(question.text, language),
        "waves": shown,
        "rows": rows,
        "changes": list(_told(changes, waves, language)),
        "chart": {
            "labels": [wave.name for wave in shown],
            "lines": [
                {
                    "name": row["label"],
                    "values": [cell["value"] for cell in row["cells"]],
                    "text": [cell["text"] for cell in row["cells"]],
                }
                for row in rows
            ],
            "top": len(question.options) if is_scale and not boxes else None,
        },
        "box": words.answers(now, question, language)[boxes[-1]] if boxes else "",
    }


def _coarsest(question: Question, waves: Sequence[Wave]) -> tuple[str, ...]:
    """Where one of the waves puts steps together: the boxes that all of them can be shown in."""
    used = [boxes for wave in waves if (boxes := wave.recoded().scales.get(question.key))]
    return max(used, key=lambda boxes: (-len(boxes), recoding.NO_ANSWER in recoding.parts(boxes)), default=())


def _top(made: Publication | None, about: Subject) -> Share | None:
    """The share of the upper half, from what the table of the wave shows."""
    if made is None:
        return None
    table = recoding.folded(protection.from_json(made.table), about.boxes)
    return shares_of(computing.figures(table, about, {})).get((about.boxes[-1],))


def _named(bars: Sequence[dict[str, Any]], waves: Sequence[Wave]) -> list[dict[str, Any]]:
    """Each with the name of its wave, which stands beside it on a phone."""
    return [bar | {"wave": wave.name} for bar, wave in zip(bars, waves, strict=True)]


def _comparable_from(changes: list[Change]) -> int:
    """The first wave from which on the question was never broken."""
    broken = [place for place, change in enumerate(changes) if change.comparable == NEVER]
    return broken[-1] + 1 if broken else 0


def _told(changes: list[Change], waves: Sequence[Wave], language: str) -> Any:
    """What changed, from one wave to the next."""
    for place, change in enumerate(changes):
        wave = waves[place + 1]
        if change.state == NEW:
            yield {"wave": wave, "text": _("Asked for the first time in %(wave)s.") % {"wave": wave}, "wordings": []}
        elif change.comparable == NEVER:
            text = _("Not comparable with waves before %(wave)s: the answers, or who was asked, changed.")
            yield {"wave": wave, "text": text % {"wave": wave}, "wordings": _wordings(change, language)}
        elif change.comparable != YES:
            text = _("The wording changed in %(wave)s. Read the two sides with care.")
            yield {"wave": wave, "text": text % {"wave": wave}, "wordings": _wordings(change, language)}


def _wordings(change: Change, language: str) -> list[dict[str, str]]:
    own = [each for each in change.wordings if each.language == language] or list(change.wordings)
    return [{"before": each.before, "after": each.after} for each in own]
