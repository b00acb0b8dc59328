"""A whole report as content: the yearly one for funders, and the page for the board."""

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import VERSION
from evaluations import goal_frames
from evaluations.gathering import about, boosters, figures, goals, outcomes, spoken
from evaluations.instrument import Question
from evaluations.models import Report
from evaluations.reading.boosters import BLOCKERS, BOOSTERS
from evaluations.reading.sheet import Sheet
from evaluations.reports import content as c
from evaluations.reports.content import Content, Part, Section
from members.models import Organisation

RESULTS, BARRIERS = "results", "barriers"
BOARD_ROWS, BOARD_QUOTES = 6, 1


def content(report: Report) -> Content:
    """Everything that the report says, as plain data. It reads nothing that changes from day to day."""
    parts = _Parts(report)
    home = Organisation.objects.filter(is_home=True).first()
    board = report.kind == Report.Kind.BOARD
    return {
        "kind": report.kind,
        "language": parts.language,
        "title": report.title,
        "subtitle": _subtitle(parts),
        "cluster": str(home or ""),
        "kicker": str(report.get_kind_display()),
        "footer": about.footer(report),
        "cut_off": {"year": report.cut_off.year, "month": report.cut_off.month, "day": report.cut_off.day},
        "words": {"contents": _("Contents")},
        "opening": parts.opening(),
        "sections": [section for section in (parts.board() if board else parts.yearly()) if section["parts"]],
    }


def versions(report: Report) -> dict[str, str]:
    """With what the content was made."""
    found = {"portal": VERSION, "method": about.METHOD}
    if report.wave:
        found["questionnaire"] = str(report.wave.version)
    return found


def _subtitle(parts: "_Parts") -> str:
    if parts.sheet is None:
        return _("What came of it, up to %(day)s") % {"day": date_format(parts.report.cut_off, "j F Y")}
    return _("%(survey)s, answered %(period)s") % {"survey": parts.report.wave.name, "period": parts.sheet.period}


class _Parts:
    """The parts of one report, made from its survey's sheet and its outcomes."""

    def __init__(self, report: Report) -> None:
        self.report, self.language = report, get_language() or "en"
        wave = report.wave
        self.sheet = None
        if wave is not None:
            self.sheet = Sheet(wave, audience=report.audience, language=self.language, breakdowns=True)
        self.outcomes = outcomes.table(report.cut_off, report.audience)
        self.goals = goal_frames.newest(report.cut_off)

    def opening(self) -> list[Part]:
        """The large figures, and what was found, in a sentence each."""
        found = [figures.headline(self.sheet)] if self.sheet else []
        said = figures.found(self.sheet) if self.sheet else []
        said += [*outcomes.finding(self.outcomes), *goals.finding(self.goals)]
        if self.report.kind == Report.Kind.BOARD:
            return [*found, *([c.bullets(said[:4])] if said else [])]
        return [*found, c.bullets(said)] if said else found

    def yearly(self) -> list[Section]:
        """In the order in which a funder asks."""
        return [
            _section("who", _("Who was asked, and who answered"), figures.who(self.sheet)),
            _section("findings", _("What the companies say"), self._findings()),
            _section("results", _("Results so far"), self._results()),
            _section("boosters", _("Boosters and blockers"), boosters.parts(self.report, self.sheet)),
            _section("changes", _("What has changed"), figures.changes(self.sheet)),
            _section(
                "outcomes", _("What members told of outcomes"), outcomes.parts(self.outcomes, self.report.cut_off)
            ),
            _section("goals", _("Effort and results by goal"), goals.parts(self.goals, self.report.audience)),
            _section("quotes", _("In their own words"), spoken.parts(self.report)),
            _section("hidden", _("What is hidden, and why"), about.hidden(self.report, self.sheet)),
            _section("method", _("How these figures were made"), about.method(self.report, self.sheet)),
            _section("sources", _("Sources and versions"), about.sources(self.report, self.sheet)),
        ]

    def board(self) -> list[Section]:
        """What fits one page."""
        barriers = [each for each in self._questions() if each.facet == BARRIERS][:1]
        results = [each for each in self._questions() if each.facet == RESULTS][:1]
        others = [each for each in self._questions() if each not in (*barriers, *results)][:1]
        shown = [figures.bars(self.sheet, each, most=BOARD_ROWS) for each in (*barriers, *results, *others)]
        came = outcomes.parts(self.outcomes, self.report.cut_off)[:1]
        return [
            _section("findings", _("What the companies say"), shown),
            _section("outcomes", _("What members told of outcomes"), came),
            _section("quotes", _("In their own words"), spoken.parts(self.report, most=BOARD_QUOTES)),
            _section("notes", _("To read it rightly"), about.in_short(self.report, self.sheet)),
        ]

    def _questions(self) -> list[Question]:
        return self.sheet.questions if self.sheet else []

    def _findings(self) -> list[Part]:
        found = []
        elsewhere = {RESULTS, *((BOOSTERS, BLOCKERS) if self.sheet and boosters.asks(self.sheet) else ())}
        for question in self._questions():
            if question.facet not in elsewhere:
                found.append(figures.bars(self.sheet, question))
                found += figures.by_size(self.sheet, question) if question.facet == BARRIERS else []
        return found

    def _results(self) -> list[Part]:
        return [figures.bars(self.sheet, each) for each in self._questions() if each.facet == RESULTS]


def _section(anchor: str, title: str, parts: list[Part]) -> Section:
    return {"id": anchor, "title": capfirst(title), "parts": parts}
