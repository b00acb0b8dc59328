"""What drives work across borders and what slows it, as surveys asked for it: from their publications alone.

A booster and a blocker of the same key are one matter seen from two sides: they make a pair.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluations.instrument import Question
from evaluations.models import Wave
from evaluations.querysets import WaveQuerySet
from evaluations.reading import sheet as sheets
from evaluations.reading.series import series as over_waves
from evaluations.reading.sheet import Sheet
from members.models import User

BOOSTERS, BLOCKERS = "boosters", "blockers"
OTHER = "other"  # something else is nothing that two sides share


def page(user: User, wanted: str, language: str) -> dict[str, Any]:
    """The wave that is wanted, or the newest: both questions, their pairs, and the same over the waves."""
    waves = list(asking(Wave.objects.visible_to(user)).select_related("version__questionnaire"))
    wave = next((each for each in waves if each.slug == wanted), waves[0] if waves else None)
    context: dict[str, Any] = {"waves": [{"wave": each, "current": each == wave} for each in waves]}
    if wave is None:
        return context
    sheet = Sheet(wave, language=language)
    shown = questions(sheet) if sheet.is_ready else []
    series = over_waves(wave.version.questionnaire, language, facets={BOOSTERS, BLOCKERS})
    return context | {
        "wave": wave,
        "sheet": sheet,
        "label": sheet.questionnaire.words(sheet.questionnaire.label, language),
        "figures": [sheet.figure(each) for each in shown],
        "pairs": pairs(sheet) if shown else None,
        "series": series["questions"] if len(series["waves"]) > 1 else [],
    }


MOST = 5  # of each side, where both stand beside something else


def latest(user: User, language: str) -> dict[str, Any] | None:
    """The most named of both sides in the newest survey that asked for them; none where no figures are made yet."""
    wave = asking(Wave.objects.visible_to(user)).select_related("version__questionnaire").first()
    sheet = Sheet(wave, language=language) if wave else None
    if sheet is None or not sheet.is_ready:
        return None
    figures = [sheet.figure(question) for question in questions(sheet)]
    sides = [
        {"title": title, "n": figure["n"], "bars": [bar for bar in figure["bars"] if not bar["hidden"]][:MOST]}
        for title, figure in zip((_("What drives it"), _("What slows it")), figures, strict=False)
    ]
    return {"wave": wave, "period": sheet.period, "sides": sides}


def asking(waves: WaveQuerySet) -> WaveQuerySet:
    """Closed waves that asked for both, the newest first."""
    for facet in (BOOSTERS, BLOCKERS):
        waves = waves.filter(version__content__questions__contains=[{"facet": facet}])
    return waves.with_results()


def questions(sheet: Sheet) -> list[Question]:
    """The question for what drives and that for what slows."""
    by_facet = {question.facet: question for question in reversed(sheet.questions)}
    return [by_facet[facet] for facet in (BOOSTERS, BLOCKERS) if facet in by_facet]


def pairs(sheet: Sheet) -> dict[str, Any] | None:
    """Matters that both drive and slow, the most named first; those with a hidden side last, as they were asked."""
    both = [{bar["key"]: bar for bar in sheet.figure(question)["bars"]} for question in questions(sheet)]
    if len(both) < 2:
        return None
    drives, slows = both
    rows = [{"drives": drives[key], "slows": slows[key]} for key in _shared(questions(sheet))]
    rows.sort(key=lambda row: -max(_value(row["drives"]), _value(row["slows"])) if _is_shown(row) else 0)
    return {"rows": rows, "chart": _chart(rows)} if rows else None


def _shared(asked: Sequence[Question]) -> list[str]:
    sides = [[option.key for option in question.options if not option.alone] for question in asked]
    return [key for key in sides[0] if key in sides[1] and key != OTHER]


def _is_shown(row: dict[str, Any]) -> bool:
    return not (row["drives"]["hidden"] or row["slows"]["hidden"])


def _value(bar: dict[str, Any]) -> float:
    return float(bar["value"] or 0)


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    sides = {"drives": _("Drives"), "slows": _("Slows")}
    return {
        "labels": [f"{row['drives']['label']} / {row['slows']['label']}" for row in rows],
        "series": [{"name": name} | sheets.series([row[side] for row in rows]) for side, name in sides.items()],
        "marks": [],
        "top": None,
    }
