"""What changed since an earlier wave, from what both waves show. Pure: figures in, figures out."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from evaluations import statistics
from evaluations.instrument import Question
from evaluations.statistics import Asked, Refusal
from evaluations.tabulating import Subject


def asked(wave: str, subject: Subject, question: Question, figures: Mapping[str, Any]) -> dict[str, Asked]:
    """Each answer of a subject as it was asked in a wave, with the figures that its table without groups shows."""
    shown = {row["answer"]: row for row in figures.get("shares", ()) if row["group"] == []}
    base = next((row["n"] for row in figures.get("bases", ()) if row["group"] == []), 0)
    return {
        category: Asked(
            wave=wave,
            question=subject.name,
            wording=_words(question),
            options=subject.categories,
            option=category,
            part=shown[category]["part"] if category in shown else None,
            n=base,
            base=json.dumps(asdict(question.when) if question.when else None, sort_keys=True),
        )
        for category in subject.categories
    }


def _words(question: Question) -> str:
    """Every word that was read before answering, in all languages."""
    return json.dumps([[part, dict(texts)] for part, texts, _needed in question.texts()], sort_keys=True)


def changes(
    before: Mapping[str, Asked], after: Mapping[str, Asked], *, threshold: int, overlap: int
) -> list[dict[str, Any]]:
    """Each answer beside the one of the earlier wave: the test, corrected over all of them, or why there is none."""
    tested = {}
    refused: dict[str, Refusal] = {}
    for option, now in after.items():
        if option not in before:
            refused[option] = Refusal.OTHER_OPTIONS
            continue
        found = statistics.compare(before[option], now, threshold=threshold, overlap=overlap)
        if isinstance(found, Refusal):
            refused[option] = found
        else:
            tested[option] = found
    family = dict(zip(tested, statistics.corrected(list(tested.values())), strict=True))
    return [
        {"answer": option, "refusal": str(refused[option])}
        if option in refused
        else {"answer": option, "is_clear": family[option].is_clear} | _told(family[option])
        for option in after
    ]


def _told(comparison: statistics.Comparison) -> dict[str, Any]:
    found = asdict(comparison)
    del found["option"]
    return found
