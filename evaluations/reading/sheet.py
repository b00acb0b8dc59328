"""The figures of one wave in words, from its publications alone: what pages, exports and reports show."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluations import tabulating
from evaluations.instrument import Question
from evaluations.models import Publication, Wave
from evaluations.models.publications import Audience
from evaluations.reading import references, words
from evaluations.recoding import NO_ANSWER
from evaluations.references import Reference
from evaluations.statistics import Dispositions, Scale, Share, findings, response_rate
from evaluations.tabulating import MATRIX, MULTIPLE, RESPONSE, SCALE, Subject

Figures = Mapping[str, Any]

# What describes the companies is no finding about them.
DESCRIBES = {"size_class": gettext_lazy("Who answered, by size")}


class Sheet:
    """What may be shown of a wave to one audience.

    `only`: the key of the one question that is wanted, with its breakdowns. `breakdowns`: those of all questions.
    """

    def __init__(
        self,
        wave: Wave,
        *,
        audience: str = Audience.HOUSE,
        language: str = "en",
        only: str | None = None,
        breakdowns: bool = False,
    ) -> None:
        self.wave, self.language = wave, language
        self.threshold = wave.fewest_in_house if audience == Audience.HOUSE else wave.fewest_in_public
        self.questionnaire = wave.questionnaire
        self.recoded = wave.recoded(audience)
        self.subjects = tabulating.subjects(self.questionnaire, self.recoded)
        rows = Publication.objects.filter(wave=wave, audience=audience, filters={}, cut_off=None)
        wanted = [RESPONSE, *(each.name for each in self.subjects if only in (None, each.question))]
        rows = rows.filter(subject__in=wanted)
        if only is None and not breakdowns:
            rows = rows.filter(dimensions=[]) | rows.filter(subject=RESPONSE)
        # Tables that somebody asked for cross groups; they are read where they were asked for.
        made = [row for row in rows.order_by("pk") if len(row.dimensions) < 2]
        self.tables = {(row.subject, tuple(row.dimensions)): row for row in made}
        self.benchmarks: list[Reference] = references.known()

    @property
    def is_ready(self) -> bool:
        """The tables have been made."""
        return bool(self.tables)

    @property
    def questions(self) -> list[Question]:
        """The questions that have figures."""
        counted = {subject.question for subject in self.subjects}
        return [question for question in self.questionnaire.questions if question.key in counted]

    # Who answered

    @property
    def answered(self) -> int | None:
        """How many handed in, if that is shown."""
        table = next((row.table for (subject, _dims), row in self.tables.items() if subject == RESPONSE), None)
        return next((row[-2] for row in table["cells"] if row[0] is None), None) if table else None

    @property
    def asked(self) -> int:
        """How many were asked."""
        figures = next((row.figures for (subject, _dims), row in self.tables.items() if subject == RESPONSE), {})
        return int(figures.get("asked", 0))

    @property
    def population(self) -> int | None:
        """How many companies there were when the wave opened."""
        return self.wave.population_size or None

    @property
    def rate(self) -> Share | None:
        """The response rate: of those who were asked."""
        return _rate(self.answered, self.asked)

    @property
    def period(self) -> str:
        """When answers came."""
        days = [localtime(each).date() for each in (self.wave.opened_at, self.wave.closed_at) if each]
        return " – ".join(date_format(day, "j F Y") for day in days)

    @property
    def together(self) -> list[str]:
        """Which steps and groups stand together, and why; nothing in a large wave."""
        found = []
        if self.recoded.scales:
            found.append(
                _("Few companies answered, so steps of scales stand together. Each alone would be too small to show.")
            )
        if self.recoded.groups:
            named = ", ".join(words.dimension(name) for name in tabulating.GROUPS if name in self.recoded.groups)
            said = _("Few companies answered, so groups stand together, by %(groups)s.") % {"groups": named}
            found.append(said + " " + _("The choice looks at how many answered, and never at what they said."))
        return found

    def responses_by(self, name: str) -> list[dict[str, object]]:
        """Who answered, by a group: how many there are, were asked and answered, and the rate."""
        made = self.tables.get((RESPONSE, (name,)))
        if made is None:
            return []
        shown = {row[0]: row[-2] for row in made.table["cells"]}
        found = []
        for row in made.figures.get("groups", []):
            rate = _rate(shown.get(row["group"]), row["asked"])
            found.append(
                {
                    "label": words.group(name, row["group"]),
                    "population": row["population"],
                    "asked": row["asked"],
                    "answered": shown.get(row["group"], 0),
                    "rate": words.percent(rate.value) if rate else "",
                    "interval": words.interval(rate.low, rate.high) if rate else "",
                }
            )
        return found

    # Questions

    def figure(self, question: Question) -> dict[str, Any]:
        """A question's chart, its table and what stands beside them."""
        top = len(question.options) if self.has_means(question) else None
        box = self.top_box(question)
        if top:
            bars, found = self._means(question)
            title = words.finding(found, self.rows(question), question.facet, top)
        elif box:
            bars, found = self._boxes(question, box)
            title = words.top_box(found, self.rows(question), self.answers(question)[box], question.facet)
        else:
            bars, found = self._shares(question)
            title = words.finding(found, self.answers(question), question.facet)
        describes = DESCRIBES.get(question.facet)
        beside = self._beside(question)
        return {
            "id": question.key,
            "title": str(describes or title),
            "says": not describes and found.code != findings.Code.TOO_FEW,
            "question": self.questionnaire.words(question.text, self.language),
            "n": self._n(question),
            "notes": list(self._notes(question)),
            "bars": bars,
            "scale": top,
            "boxes": self._box_table(question) if box else None,
            "benchmarks": beside,
            "chart": chart(bars, beside, top),
        }

    def subjects_of(self, question: Question) -> list[Subject]:
        """What is counted of a question: itself, or each row of a matrix."""
        return [subject for subject in self.subjects if subject.question == question.key]

    def has_means(self, question: Question) -> bool:
        """Shown as means: a scale or matrix of which no steps stand together."""
        return any(subject.steps for subject in self.subjects_of(question))

    def top_box(self, question: Question) -> str:
        """The steps that each line of a matrix is shown by, where steps stand together; "" elsewhere."""
        boxes = self.subjects_of(question)[0].boxes
        return boxes[-1] if boxes and question.kind == MATRIX else ""

    def figures_of(self, subject: Subject, dimensions: Sequence[str] = ()) -> Figures:
        """The stored figures of one table."""
        made = self.tables.get((subject.name, tuple(dimensions)))
        return made.figures if made else {}

    def answers(self, question: Question) -> dict[str, str]:
        """What each answer is called."""
        return words.answers(self.questionnaire, question, self.language)

    def rows(self, question: Question) -> dict[str, str]:
        """What each line of a scale or matrix is called."""
        if question.kind == SCALE:
            return {question.key: self.questionnaire.words(question.text, self.language)}
        return words.rows(self.questionnaire, question, self.language)

    def _shares(self, question: Question) -> tuple[list[dict[str, Any]], findings.Finding]:
        (subject,) = self.subjects_of(question)
        labels = self.answers(question)
        shown = shares_of(self.figures_of(subject))
        by_answer = {category: shown.get((category,)) for category in subject.with_shares}
        alone = {option.key for option in question.options if option.alone}
        found = findings.most_named({key: each for key, each in by_answer.items() if key not in alone})
        bars = [share_bar(labels[category], by_answer[category], category) for category in subject.with_shares]
        return _sorted(bars) if question.kind == MULTIPLE else bars, found

    def _means(self, question: Question) -> tuple[list[dict[str, Any]], findings.Finding]:
        labels = self.rows(question)
        scales = {
            subject.row or question.key: means_of(self.figures_of(subject)).get(())
            for subject in self.subjects_of(question)
        }
        bars = [mean_bar(labels[key], each, key) for key, each in scales.items()]
        return _sorted(bars), findings.highest(scales)

    def _boxes(self, question: Question, box: str) -> tuple[list[dict[str, Any]], findings.Finding]:
        labels = self.rows(question)
        shares = {
            subject.row: shares_of(self.figures_of(subject)).get((box,)) for subject in self.subjects_of(question)
        }
        bars = [share_bar(labels[row], each, row) for row, each in shares.items()]
        return _sorted(bars), findings.most_named(shares)

    def _box_table(self, question: Question) -> dict[str, Any]:
        """Every line of a matrix by every box, as shares of those who gave a step."""
        labels, rows = self.answers(question), self.rows(question)
        boxes = self.subjects_of(question)[0].boxes
        lines = []
        for subject in self.subjects_of(question):
            shown = shares_of(self.figures_of(subject))
            cells = [share_bar(labels[box], shown.get((box,)), box) for box in boxes]
            n = next((cell["n"] for cell in cells if not cell["hidden"]), None)
            lines.append({"label": rows[subject.row], "n": n, "cells": cells})
        return {"heads": [labels[box] for box in boxes], "rows": lines}

    def _beside(self, question: Question) -> list[dict[str, Any]]:
        if question.kind in (MATRIX, SCALE):
            return []
        labels = self.answers(question)
        fitting = references.beside(self.benchmarks, {question.key, question.facet}, labels)
        return [benchmark(each, labels.get(each.answer, "")) for each in fitting]

    def _n(self, question: Question) -> str:
        ns = {
            base["n"]
            for subject in self.subjects_of(question)
            for base in self.figures_of(subject).get("bases", ())
            if not base["group"]
        }
        if not ns:
            return _("Too few answers to show")
        n = str(max(ns)) if len(ns) == 1 else _("%(least)s to %(most)s") % {"least": min(ns), "most": max(ns)}
        said = _("n = %(n)s companies") % {"n": n}
        return (
            said
            if self.rate is None
            else _("%(n)s, response rate %(rate)s") % {"n": said, "rate": words.percent(self.rate.value)}
        )

    def _notes(self, question: Question) -> Iterator[str]:
        bases = [
            base
            for subject in self.subjects_of(question)
            for base in self.figures_of(subject).get("bases", ())
            if not base["group"]
        ]
        if question.kind == MULTIPLE:
            if question.most:
                yield ngettext(
                    "Each company could name %(most)s.",
                    "Each company could name up to %(most)s, so the shares add up to more than 100 %%.",
                    question.most,
                ) % {"most": question.most}
            else:
                yield _("Each company could name several, so the shares may add up to more than 100 %.")
        yield from self._grouped(question)
        if any(base["of_all"] for base in bases):
            yield self._of_all(question)
        if any(base["population"] for base in bases):
            yield _("The lines show the 95 %% interval for all %(population)s companies.") % {
                "population": self.population
            }
        elif bases:
            yield _("The lines show the 95 % interval.")
        if question.when is not None:
            yield _("Only some companies were asked this, depending on an earlier answer.")

    def _of_all(self, question: Question) -> str:
        if NO_ANSWER not in self.subjects_of(question)[0].answers:
            return _("The shares are of all who took part.")
        if self.subjects_of(question)[0].outside:
            return _("Where “Of” is larger, the share is of all who took part: too few to show gave no step.")
        return _("The shares are of all who took part: those who left this question open are too few to show.")

    def _grouped(self, question: Question) -> Iterator[str]:
        subject = self.subjects_of(question)[0]
        if not subject.boxes:
            return
        yield _(
            "Few companies answered, so steps of the scale stand together. Each step alone would be too small to show."
        )
        if box := self.top_box(question):
            said = {"box": self.answers(question)[box]}
            yield _("The bars show how many say “%(box)s”.") % said
        if subject.outside:
            yield _("The shares are of those who gave a step.")


def _rate(answered: int | None, asked: int) -> Share | None:
    if answered is None or asked < max(answered, 1):
        return None
    return response_rate(Dispositions(complete=answered, silent=asked - answered)).complete


def shares_of(figures: Figures) -> dict[tuple[Any, ...], Share]:
    """The shares that are shown, by answer and group."""
    return {
        (row["answer"], *row["group"]): Share(row["part"], row["n"], row["value"], row["low"], row["high"])
        for row in figures.get("shares", ())
    }


def means_of(figures: Figures) -> dict[tuple[Any, ...], Scale]:
    """The means that are shown, by group."""
    return {
        tuple(row["group"]): Scale(row["n"], row["mean"], row["low"], row["high"], row["median"], 0, 0, None)
        for row in figures.get("means", ())
    }


def share_bar(label: str, found: Share | None, key: str) -> dict[str, Any]:
    """One bar of a share; hidden ones say so."""
    if found is None:
        return {"key": key, "label": label, "hidden": True, "value": None, "text": _("too few to show")}
    return {
        "key": key,
        "label": label,
        "hidden": False,
        "value": found.value,
        "text": words.percent(found.value),
        "low": found.low,
        "high": found.high,
        "interval": words.interval(found.low, found.high),
        "part": found.part,
        "n": found.n,
    }


def mean_bar(label: str, found: Scale | None, key: str) -> dict[str, Any]:
    """One bar of a mean; hidden ones say so."""
    if found is None:
        return {"key": key, "label": label, "hidden": True, "value": None, "text": _("too few to show")}
    known = found.low is not None and found.high is not None
    interval = (
        _("%(low)s to %(high)s") % {"low": words.tenths(found.low), "high": words.tenths(found.high)} if known else ""
    )
    return {
        "key": key,
        "label": label,
        "hidden": False,
        "value": found.mean,
        "text": words.tenths(found.mean),
        "low": found.low,
        "high": found.high,
        "interval": interval,
        "median": words.tenths(found.median),
        "n": found.n,
    }


def benchmark(found: references.Beside, label: str) -> dict[str, Any]:
    """A benchmark, and the bar that it stands beside."""
    return {"answer": found.answer, "bar": label} | references.said(found.reference)


def _sorted(bars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The longest first; hidden ones last, in the order in which they are asked."""
    return sorted(bars, key=lambda bar: (bar["hidden"], -(bar["value"] or 0)))


def chart(bars: list[dict[str, Any]], benchmarks: list[dict[str, Any]], top: int | None) -> dict[str, Any]:
    """What the script draws: labels, one series, and marks of benchmarks. `top`: the highest step of a scale."""
    return {
        "labels": [bar["label"] for bar in bars],
        "series": [{"name": "", **series(bars)}],
        "marks": [
            {"label": each["bar"], "value": each["value"], "text": f"{each['text']}, {each['source']}, {each['year']}"}
            for each in benchmarks
            if each["answer"]
        ],
        "top": top,
    }


def series(bars: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values of some bars, their intervals and how they are written."""
    return {
        "values": [bar["value"] for bar in bars],
        "low": [bar.get("low") for bar in bars],
        "high": [bar.get("high") for bar in bars],
        "text": [bar["text"] for bar in bars],
    }
