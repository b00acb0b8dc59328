"""One question in depth: by groups, weighted to all companies, and since the wave before."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from evaluations.instrument import Question
from evaluations.reading import words
from evaluations.reading.sheet import Sheet, mean_bar, means_of, series, share_bar, shares_of
from evaluations.tabulating import GROUPS, MATRIX, SCALE, Subject


def choices(sheet: Sheet, question: Question, by: str) -> list[dict[str, object]]:
    """What the question can be broken down by, as tabs; `by` is the one that is looked at."""
    found = names(sheet, question)
    return [
        {"label": capfirst(words.dimension(name)), "url": f"?by={name}#by-groups", "current": name == by, "count": None}
        for name in found
    ]


def names(sheet: Sheet, question: Question) -> list[str]:
    """The groups that there is a table of the question by."""
    subjects = {subject.name for subject in sheet.subjects_of(question)}
    made = {dimensions[0] for subject, dimensions in sheet.tables if subject in subjects and dimensions}
    return [name for name in GROUPS if name in made]


def breakdown(sheet: Sheet, question: Question, by: str) -> dict[str, Any] | None:
    """The question by one group: a series of bars for each group, and the same as a table. None when there is none."""
    subjects = [subject for subject in sheet.subjects_of(question) if (subject.name, (by,)) in sheet.tables]
    if not subjects:
        return None
    has_means, box = sheet.has_means(question), sheet.top_box(question)
    # Of a matrix, one line may show nothing and the next one something.
    bases = next((found for each in subjects if (found := sheet.figures_of(each, [by]).get("bases"))), ())
    ns = {base["group"][0]: base["n"] for base in bases if base["group"][0] is not None}
    if not ns:
        return None
    labels = sheet.rows(question) if has_means or box else sheet.answers(question)
    groups = [
        {"key": key, "label": words.group(by, key), "n": n, "bars": _bars(sheet, subjects, by, key, labels)}
        for key, n in ns.items()
    ]
    return {
        "by": words.dimension(by),
        "groups": groups,
        "rows": [
            {"label": group["bars"][place]["label"], "cells": [each["bars"][place] for each in groups]}
            for group in groups[:1]
            for place in range(len(group["bars"]))
        ],
        "left_out": _left_out(sheet, by, set(ns)),
        "together": sheet.recoded.groups.get(by, ""),
        "box": sheet.answers(question)[box] if box else "",
        "chart": {
            "labels": [bar["label"] for bar in groups[0]["bars"]],
            "series": [
                {"name": _("%(group)s, n = %(n)s") % {"group": group["label"], "n": group["n"]}} | series(group["bars"])
                for group in groups
            ],
            "marks": [],
            "top": len(question.options) if has_means else None,
        },
    }


def _bars(
    sheet: Sheet, subjects: list[Subject], by: str, group: object, labels: dict[str, str]
) -> list[dict[str, Any]]:
    if box := sheet.top_box(sheet.questionnaire.question(subjects[0].question)):
        shares = [(subject.row, shares_of(sheet.figures_of(subject, [by])).get((box, group))) for subject in subjects]
        return [share_bar(labels[row], each, row) for row, each in shares]
    if subjects[0].steps:
        return [
            mean_bar(labels[key], means_of(sheet.figures_of(subject, [by])).get((group,)), key)
            for subject in subjects
            for key in [subject.row or subject.question]
        ]
    shown = shares_of(sheet.figures_of(subjects[0], [by]))
    return [share_bar(labels[category], shown.get((category, group)), category) for category in subjects[0].with_shares]


def _left_out(sheet: Sheet, by: str, taken: set[object]) -> str:
    """The groups that are too small to be shown beside the others."""
    made = sheet.tables.get(("response", (by,)))
    rows = made.table["cells"] if made else []
    return ", ".join(
        words.group(by, row[0]) for row in rows if row[0] is not None and row[0] not in taken and row[-2] != 0
    )


def weighted(sheet: Sheet, question: Question) -> dict[str, Any] | None:
    """Each answer as it is and weighted by size of company, side by side."""
    if question.kind in (MATRIX, SCALE):
        return None
    (subject,) = sheet.subjects_of(question)
    found = sheet.figures_of(subject, ["size_class"]).get("weighted") or {}
    if not found.get("shares"):
        return None
    labels, plain = sheet.answers(question), shares_of(sheet.figures_of(subject))
    by_answer = {row["answer"]: row for row in found["shares"]}
    rows = []
    for category in subject.categories:
        own, row = plain.get((category,)), by_answer.get(category)
        rows.append(
            {
                "label": labels[category],
                "plain": share_bar(labels[category], own, category),
                "weighted": words.percent(row["value"]) if row else _("too few to show"),
                "interval": words.interval(row["low"], row["high"]) if row else "",
            }
        )
    left_out = ", ".join(words.group("size_class", key) for key in found["left_out"])
    return {"rows": rows, "left_out": left_out, "covered": found["covered"], "population": found["population"]}


def since(sheet: Sheet, question: Question) -> dict[str, Any] | None:
    """Each answer beside the wave before: the change with its test, or why there is none."""
    if question.kind in (MATRIX, SCALE):
        return None
    (subject,) = sheet.subjects_of(question)
    figures = sheet.figures_of(subject)
    if not figures.get("changes"):
        return None
    labels = sheet.answers(question)
    refusals = {row["refusal"] for row in figures["changes"] if "refusal" in row}
    rows = [
        _change(labels.get(row["answer"], row["answer"]), row) for row in figures["changes"] if "refusal" not in row
    ]
    overlap = next((row["overlap"] for row in figures["changes"] if "refusal" not in row), None)
    return {
        "name": figures["since"]["name"],
        "rows": rows,
        "refusals": [words.refusal(code) for code in sorted(refusals)],
        "overlap": overlap,
    }


def _change(label: str, row: dict[str, Any]) -> dict[str, str]:
    points = round(100 * row["difference"])
    if not row["is_clear"]:
        said = _("no clear change")
    else:
        said = _("rose clearly") if row["difference"] > 0 else _("fell clearly")
    corrected = row["corrected"]
    return {
        "label": label,
        "before": words.percent(row["before"]),
        "after": words.percent(row["after"]),
        "difference": f"{points:+d}".replace("-", "−"),
        "interval": _("%(low)s to %(high)s") % {"low": _points(row["low"]), "high": _points(row["high"])},
        "p": _("below 0.001") if corrected < 0.001 else f"{corrected:.3f}",
        "said": said,
    }


def _points(value: float) -> str:
    return f"{round(100 * value):+d}".replace("-", "−")
