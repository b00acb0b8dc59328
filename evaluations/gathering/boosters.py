"""What drives work across borders and what slows it, as a section of a report."""

from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluations.gathering import figures
from evaluations.models import Report, Wave
from evaluations.reading import boosters, words
from evaluations.reading.sheet import Sheet
from evaluations.reports import content as c
from evaluations.reports.content import Part


def parts(report: Report, sheet: Sheet | None) -> list[Part]:
    """From the report's own survey where it asked for both; else from the newest that had closed by the cut-off."""
    found = sheet if sheet and asks(sheet) else _newest(report)
    if found is None or not found.is_ready:
        return []
    shown = [figures.bars(found, question) for question in boosters.questions(found)]
    return [c.text(_about(found)), *_pairs(found), *shown]


def asks(sheet: Sheet) -> bool:
    """Whether this survey asked for what drives and for what slows."""
    return len(boosters.questions(sheet)) > 1


def _newest(report: Report) -> Sheet | None:
    closed = boosters.asking(Wave.objects.all()).select_related("version")
    wave = next((each for each in closed if localtime(each.closed_at).date() <= report.cut_off), None)
    return Sheet(wave, audience=report.audience, language=get_language() or "en") if wave else None


def _about(sheet: Sheet) -> str:
    said = {"survey": sheet.wave.name, "period": sheet.period, "fewest": sheet.threshold}
    text = _("From the survey %(survey)s (%(period)s).") % said
    if sheet.answered is not None and sheet.rate is not None:
        answered = {"answered": sheet.answered, "asked": sheet.asked, "rate": words.percent(sheet.rate.value)}
        text += " " + _("%(answered)s of %(asked)s companies answered, %(rate)s.") % answered
    return text + " " + _("Figures are shown from %(fewest)s answers on.") % said


def _pairs(sheet: Sheet) -> list[Part]:
    found = boosters.pairs(sheet)
    if found is None:
        return []
    share, interval = _("Share"), _("95 % interval")
    rows = [[*_side(row["drives"]), *_side(row["slows"])] for row in found["rows"]]
    return [
        c.table(
            caption=_("Boosters and blockers side by side"),
            columns=[_("Drives"), share, interval, _("Slows"), share, interval],
            numeric=[False, True, True, False, True, True],
            rows=rows,
        )
    ]


def _side(bar: dict[str, Any]) -> list[str]:
    return [bar["label"], bar["text"], bar.get("interval") or "–"]
