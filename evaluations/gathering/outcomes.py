"""Outcomes as parts of a report: how far members told that they had come, in the last quarter before the cut-off."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluations.models import Publication, Rung
from evaluations.quarters import OUTCOMES, Quarter
from evaluations.reading import words
from evaluations.reading.sheet import share_bar, shares_of
from evaluations.reports import content as c
from evaluations.reports.content import Part, Row
from evaluations.statistics import findings


def table(cut_off: date, audience: str) -> Publication | None:
    """The newest table of a quarter that was over on that day, as evaluators have it; none when there is none yet."""
    made = Publication.objects.filter(wave=None, audience=audience, dimensions=[], cut_off__lte=cut_off)
    return made.filter(subject__startswith=f"{OUTCOMES.name}:").order_by("-cut_off", "pk").first()


def finding(made: Publication | None) -> list[str]:
    """What members told most, as a sentence; nothing when there is nothing to say."""
    return [] if made is None or _found(made).code == findings.Code.TOO_FEW else [f"{_title(made)}."]


def parts(made: Publication | None, cut_off: date) -> list[Part]:
    """The ladder as bars."""
    if made is None:
        return [c.text(_("No quarter up to %(day)s has tables of outcomes.") % {"day": _day(cut_off)})]
    shown = shares_of(made.figures)
    rows = [_row(str(Rung(rung).label), share_bar("", shown.get((rung,)), rung)) for rung in Rung.values]
    columns = [_("Highest rung"), _("0 to 100 %, with the 95 % interval"), _("Share"), _("Members")]
    return [c.bars(title=_title(made), columns=columns, rows=rows, notes=[c.note(_note(Quarter.of(made.cut_off)))])]


def _found(made: Publication) -> findings.Finding:
    shown = shares_of(made.figures)
    return findings.most_named({rung: shown.get((rung,)) for rung in Rung.values if rung != Rung.NOTHING})


def _title(made: Publication) -> str:
    return words.finding(_found(made), {rung: str(Rung(rung).label) for rung in Rung.values}, "results")


def _row(label: str, bar: dict[str, object]) -> Row:
    hidden = bool(bar["hidden"])
    return {
        "label": label,
        "share": bar["value"],
        "low": bar.get("low"),
        "high": bar.get("high"),
        "benchmark": None,
        "value": str(bar["text"]),
        "n": "" if hidden else _("%(part)s of %(n)s") % bar,
        "hidden": hidden,
    }


def _note(quarter: Quarter) -> str:
    said = _("Members that told of results between %(begin)s and %(end)s.")
    said = said % {"begin": _day(quarter.first), "end": _day(quarter.last)}
    return f"{said} {_('A member counts once, at the highest rung that it told of.')}"


def _day(day: date) -> str:
    return date_format(day, "j F Y")
