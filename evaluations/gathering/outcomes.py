"""Outcomes as parts of a report: how far members came in the four quarters up to the cut-off."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluations import outcome_tables
from evaluations.disclosure.faults import BadTable
from evaluations.models import Publication, Rung
from evaluations.outcome_tables import begin, quarters
from evaluations.reading import words
from evaluations.reading.sheet import share_bar, shares_of
from evaluations.reports import content as c
from evaluations.reports.content import Part, Row
from evaluations.statistics import findings


def table(cut_off: date, audience: str) -> Publication | None:
    """The protected table; none when nobody told anything, or when it does not fit those given before."""
    try:
        return outcome_tables.publish(cut_off, audience)
    except BadTable:
        return None


def finding(made: Publication | None) -> list[str]:
    """What members told most, as a sentence; nothing when there is nothing to say."""
    return [] if made is None or _found(made).code == findings.Code.TOO_FEW else [f"{_title(made)}."]


def parts(made: Publication | None, cut_off: date) -> list[Part]:
    """The ladder as bars."""
    if made is None:
        return [c.text(_("No member told of outcomes in the year up to %(day)s.") % {"day": _day(cut_off)})]
    shown = shares_of(made.figures)
    rows = [_row(str(Rung(rung).label), share_bar("", shown.get((rung,)), rung)) for rung in Rung.values]
    columns = [_("Highest rung"), _("0 to 100 %, with the 95 % interval"), _("Share"), _("Members")]
    return [c.bars(title=_title(made), columns=columns, rows=rows, notes=[c.note(_note(cut_off))])]


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


def _note(cut_off: date) -> str:
    said = _("Members that told of results between %(begin)s and %(end)s, after meetings and after interest.")
    said = said % {"begin": _day(begin(quarters(cut_off)[0])), "end": _day(cut_off)}
    more = _("A member counts once in each quarter, at the highest rung that it told of.")
    return f"{said} {more}"


def _day(day: date) -> str:
    return date_format(day, "j F Y")
