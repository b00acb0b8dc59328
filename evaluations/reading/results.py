"""What the pages of results show, beyond the figures themselves."""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from evaluations.instrument import Question
from evaluations.models import Preparation, Questionnaire, Wave
from evaluations.reading import breakdowns, references, words
from evaluations.reading.sheet import Sheet, benchmark
from evaluations.tabulating import GROUPS, RESPONSE
from members.models import User


def home(user: User, language: str) -> dict[str, Any]:
    """The newest wave in findings, all waves, and the questionnaires that have been asked more than once."""
    waves = list(Wave.objects.visible_to(user).with_results().select_related("version__questionnaire"))
    closed = Count("versions__waves", filter=Q(versions__waves__status=Wave.Status.CLOSED))
    repeated = Questionnaire.objects.visible_to(user).annotate(closed=closed).filter(closed__gt=1).order_by("name")
    context: dict[str, Any] = {"waves": waves, "repeated": repeated}
    if waves:
        sheet = Sheet(waves[0], language=language)
        context |= {"sheet": sheet, "newest": waves[0], "headline": headline(sheet)}
        context["findings"] = [sheet.figure(question) for question in sheet.questions] if sheet.is_ready else []
    return context


def headline(sheet: Sheet) -> list[dict[str, Any]]:
    """The four figures on top of a wave."""
    rate = sheet.rate
    asked = _("of %(asked)s asked") % {"asked": sheet.asked}
    hidden = sheet.answered is None
    return [
        {"label": _("Companies answered"), "value": sheet.answered, "n": asked, "period": "", "hidden": hidden},
        {
            "label": _("Response rate"),
            "value": words.findings.percent(rate.value) if rate else "",
            "unit": "%",
            "n": words.interval(rate.low, rate.high) if rate else "",
            "period": "",
            "hidden": rate is None,
        },
        {
            "label": _("Companies in all"),
            "value": sheet.population or "–",
            "n": _("when the wave opened"),
            "period": "",
        },
        {"label": _("Smallest count shown"), "value": sheet.threshold, "n": _("in-house"), "period": sheet.period},
    ]


def results(sheet: Sheet) -> dict[str, Any]:
    """All questions of a wave, and who answered."""
    making = sheet.wave.preparations.order_by("-pk").first()
    running = making is not None and not making.is_over
    return {
        "sheet": sheet,
        "wave": sheet.wave,
        "label": sheet.questionnaire.words(sheet.questionnaire.label, sheet.language),
        "headline": headline(sheet),
        "making": making if running else None,
        "failed": making if making is not None and making.status == Preparation.Status.FAILED else None,
        "figures": [] if running or not sheet.is_ready else [sheet.figure(question) for question in sheet.questions],
        "responses": [
            {"by": words.dimension(name), "rows": rows} for name in GROUPS if len(rows := sheet.responses_by(name)) > 1
        ],
        "rates": [benchmark(each, "") for each in references.beside(sheet.benchmarks, {RESPONSE}, ["complete"])],
    }


def question(sheet: Sheet, asked: Question, by: str) -> dict[str, Any]:
    """One question: all, by groups, weighted, and since the wave before."""
    return {
        "sheet": sheet,
        "wave": sheet.wave,
        "figure": sheet.figure(asked),
        "choices": breakdowns.choices(sheet, asked, by),
        "breakdown": breakdowns.breakdown(sheet, asked, by) if by else None,
        "weighted": breakdowns.weighted(sheet, asked),
        "since": breakdowns.since(sheet, asked),
    }
