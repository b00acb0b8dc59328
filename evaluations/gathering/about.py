"""What a report says of itself: what is hidden and why, how figures were made, sources, versions and days."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import VERSION
from evaluations.models import Report
from evaluations.models.waves import FEWEST_IN_PUBLIC
from evaluations.reading.sheet import Sheet
from evaluations.reports import content as c
from evaluations.reports.content import Fact, Part

METHOD = "1"  # one more whenever the same answers would give other figures


def footer(report: Report) -> str:
    """The line at the foot of each page."""
    said = {"day": date_format(report.cut_off, "j F Y"), "portal": VERSION, "method": METHOD}
    return _("Outcomes up to %(day)s. Portal %(portal)s, method %(method)s.") % said


def hidden(report: Report, sheet: Sheet | None) -> list[Part]:
    """Why some cells have no figure."""
    fewest = sheet.threshold if sheet else FEWEST_IN_PUBLIC
    found = [
        _("Nothing is shown that rests on fewer than %(fewest)s companies. Such cells say “too few to show”."),
        _("Further cells are hidden, so that no hidden one can be worked out from totals or from other tables."),
        _("What can still be worked out of a hidden cell leaves room for %(fewest)s companies or more."),
        _("A quote is printed when its company agreed, and under its name only if it agreed to that too."),
    ]
    parts = [c.bullets([*(each % {"fewest": fewest} for each in found), *(sheet.together if sheet else [])])]
    return [c.text(_count(sheet)), *parts] if sheet and sheet.is_ready else parts


def _count(sheet: Sheet) -> str:
    cells = [row for made in sheet.tables.values() for row in made.table["cells"]]
    empty = sum(row[-2] is None for row in cells)
    return ngettext(
        "%(hidden)s of the %(all)s figures behind this report is hidden.",
        "%(hidden)s of the %(all)s figures behind this report are hidden.",
        empty,
    ) % {"hidden": empty, "all": len(cells)}


def method(report: Report, sheet: Sheet | None) -> list[Part]:
    """How figures were made, in short."""
    found = []
    if sheet:
        found += [
            _("Companies answered by a link, without an account. Nobody can join names and answers."),
            _("Shares are of the companies that answered a question. Intervals are Wilson's, at 95 %."),
            _("Where all companies are known, intervals are narrower: the population is finite."),
            _("Response rates are complete answers out of all who were asked (RR1 of the AAPOR)."),
            _("Two surveys are compared where question, answers and population stayed the same (Holm's correction)."),
            _("An interval says what chance does, and not what those who were silent would have answered."),
        ]
    found += [
        _("Outcomes are what members told right after a meeting or a service, and 3 and 12 months after anything."),
        _("They are the members' own words, and were not checked by anybody else."),
        _("Each quarter is counted once, when it is over. What was corrected later is not in it."),
    ]
    note = [c.text(report.wave.note)] if report.wave and report.wave.note else []
    return [c.bullets(found), *note]


def in_short(report: Report, sheet: Sheet | None) -> list[Part]:
    """One sentence or two for a page that has no room for more."""
    fewest = sheet.threshold if sheet else FEWEST_IN_PUBLIC
    said = _("What rests on fewer than %(fewest)s companies is hidden, and so is what would let it be worked out.")
    return [c.text(f"{said % {'fewest': fewest}} {_('The yearly report tells how the figures were made.')}")]


def sources(report: Report, sheet: Sheet | None) -> list[Part]:
    """Where figures are from, and with which versions they were made."""
    found: list[Fact] = []
    if sheet:
        label = sheet.questionnaire.words(sheet.questionnaire.label, sheet.language)
        found += [
            c.fact(_("Survey"), report.wave.name),
            c.fact(_("Questionnaire"), f"{report.wave.version}. {label}".strip()),
            c.fact(_("Answers came"), sheet.period),
            c.fact(_("Closed on"), date_format(localtime(report.wave.closed_at), "j F Y")),
        ]
    found += [
        c.fact(_("Outcomes up to"), date_format(report.cut_off, "j F Y")),
        c.fact(_("Readers"), str(report.get_audience_display())),
        c.fact(_("Versions"), _("Portal %(portal)s, method %(method)s") % {"portal": VERSION, "method": METHOD}),
    ]
    return [c.facts([*found, *_benchmarks(sheet)])]


def _benchmarks(sheet: Sheet | None) -> list[Fact]:
    """Each source that a figure was compared with, once."""
    known: dict[str, Fact] = {}
    for question in sheet.questions if sheet else []:
        for each in sheet.figure(question)["benchmarks"]:
            name = f"{each['source']} ({each['year']})"
            known.setdefault(name, c.fact(_("Benchmark"), name, each["source_url"]))
    return list(known.values())
