"""The figures of a survey as parts of a report: who answered, charts with their benchmarks, changes."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from evaluations.instrument import Question
from evaluations.reading import breakdowns, references, words
from evaluations.reading.sheet import Sheet, benchmark
from evaluations.reports import content as c
from evaluations.reports.content import Note, Part, Row
from evaluations.tabulating import GROUPS, RESPONSE
from members.models import SizeClass

SIZE = "size_class"


def headline(sheet: Sheet) -> Part:
    """How many there are, were asked and answered."""
    rate = sheet.rate
    too_few = _("too few to show")
    return c.figures(
        [
            {
                "label": _("Companies in all"),
                "value": str(sheet.population or "–"),
                "n": _("when the survey opened"),
                "hidden": False,
            },
            {"label": _("Asked"), "value": str(sheet.asked), "n": _("companies"), "hidden": False},
            {
                "label": _("Answered"),
                "value": too_few if sheet.answered is None else str(sheet.answered),
                "n": _("companies"),
                "hidden": sheet.answered is None,
            },
            {
                "label": _("Response rate"),
                "value": words.percent(rate.value) if rate else too_few,
                "n": _("of those asked"),
                "hidden": rate is None,
            },
        ]
    )


def found(sheet: Sheet) -> list[str]:
    """What the charts say, a sentence each; those that can say nothing are left out."""
    figures = [sheet.figure(question) for question in sheet.questions]
    return [f"{figure['title']}." for figure in figures if figure["says"]]


def bars(sheet: Sheet, question: Question, most: int | None = None) -> Part:
    """A question as a chart whose title is its finding. `most`: so many rows at most."""
    figure = sheet.figure(question)
    rows = figure["bars"][:most]
    marks = {each["answer"]: each["value"] for each in figure["benchmarks"] if each["answer"]}
    top = figure["scale"]
    notes = [c.note(figure["question"]), c.note(" ".join([f"{figure['n']}.", *figure["notes"]]))]
    if len(rows) < len(figure["bars"]):
        notes.append(c.note(_("The first %(shown)s answers of %(all)s.") % {"shown": most, "all": len(figure["bars"])}))
        marks = {key: value for key, value in marks.items() if key in {row["key"] for row in rows}}
    shown = [each for each in figure["benchmarks"] if most is None or each["answer"] in marks]
    return c.bars(
        title=figure["title"],
        columns=_columns(top),
        rows=[_row(bar, marks.get(bar["key"]), top) for bar in rows],
        notes=[*notes, *(_beside(each) for each in shown)],
    )


def _columns(top: int | None) -> list[str]:
    if top is None:
        return [_("Answer"), _("0 to 100 %, with the 95 % interval"), _("Share"), _("Companies")]
    return [_("Line"), _("1 to %(top)s, with the 95 %% interval") % {"top": top}, _("Mean"), _("Companies")]


def _row(bar: dict[str, Any], mark: float | None, top: int | None) -> Row:
    """A bar; the mean of a scale is drawn between its first and last step."""
    if bar["hidden"]:
        hidden = {"share": None, "low": None, "high": None, "value": bar["text"], "n": "", "hidden": True}
        return {"label": bar["label"], "benchmark": mark, **hidden}
    n = _("%(part)s of %(n)s") % bar if "part" in bar else str(bar["n"])
    return {
        "label": bar["label"],
        "share": _place(bar["value"], top),
        "low": _place(bar["low"], top),
        "high": _place(bar["high"], top),
        "benchmark": mark,
        "value": bar["text"],
        "n": n,
        "hidden": False,
    }


def _place(value: float | None, top: int | None) -> float | None:
    if value is None or top is None:
        return value
    return min(1.0, max(0.0, (value - 1) / max(1, top - 1)))


def _beside(found: dict[str, Any]) -> Note:
    """A benchmark with everything that it needs beside it."""
    facts = f"{found['base']}, {found['n']}"
    mark = _("Marked line, %(bar)s") % found if found["bar"] else _("To compare")
    said = _("%(mark)s: %(text)s, %(label)s (%(year)s; %(facts)s; %(source)s).")
    return c.note(said % {**found, "mark": mark, "facts": facts}, found["source_url"])


def by_size(sheet: Sheet, question: Question) -> list[Part]:
    """A question by size of company, as a table of shares; nothing where there is none."""
    found = breakdowns.breakdown(sheet, question, SIZE)
    if found is None or len(found["groups"]) < 2:
        return []
    heads = [_("%(group)s, n = %(n)s") % {"group": each["label"], "n": each["n"]} for each in found["groups"]]
    rows = [[row["label"], *(cell["text"] for cell in row["cells"])] for row in found["rows"]]
    notes = [c.note(_("Too few answered to show: %(groups)s.") % {"groups": found["left_out"]})]
    return [
        c.table(
            caption=_("By size of company"),
            columns=[_("Answer"), *heads],
            numeric=[False, *(True for _each in heads)],
            rows=rows,
            notes=notes if found["left_out"] else [],
        )
    ]


def who(sheet: Sheet | None) -> list[Part]:
    """Response rates, of all and by each group, with what is usual elsewhere."""
    if sheet is None:
        return []
    found = [c.text(_asked(sheet))]
    for name in GROUPS:
        rows = sheet.responses_by(name)
        if len(rows) > 1:
            found.append(_responses(name, rows))
    usual = references.beside(sheet.benchmarks, {RESPONSE}, ["complete"])
    if usual:
        found.append(c.bullets(_beside(benchmark(each, ""))["text"] for each in usual))
    return found


def _asked(sheet: Sheet) -> str:
    said = {"period": sheet.period, "asked": sheet.asked, "population": sheet.population or sheet.asked}
    text = _("Of %(population)s companies, %(asked)s were asked: the others have nobody who agreed to be asked.") % said
    if said["population"] == said["asked"]:
        text = _("All %(asked)s companies were asked.") % said
    if sheet.answered is not None and sheet.rate is not None:
        said |= {"answered": sheet.answered, "rate": words.percent(sheet.rate.value)}
        text += " " + _("%(answered)s answered, %(rate)s of those asked (%(period)s).") % said
    return text


def _responses(name: str, rows: list[dict[str, Any]]) -> Part:
    too_few = _("too few to show")
    lines = []
    order = [str(label) for label in SizeClass.labels]
    for row in sorted(rows, key=lambda each: order.index(each["label"]) if each["label"] in order else 0):
        answered = too_few if row["answered"] is None else str(row["answered"])
        lines.append([row["label"], _number(row["population"]), str(row["asked"]), answered, row["rate"] or "–"])
    return c.table(
        caption=capfirst(_("by %(group)s") % {"group": words.dimension(name)}),
        columns=[capfirst(words.dimension(name)), _("In all"), _("Asked"), _("Answered"), _("Response rate")],
        numeric=[False, True, True, True, True],
        rows=lines,
    )


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def changes(sheet: Sheet | None) -> list[Part]:
    """Each question beside the survey before, where the two may be compared."""
    found = []
    for question in sheet.questions if sheet else []:
        since = breakdowns.since(sheet, question)
        if since and since["rows"]:
            found.append(
                c.table(
                    caption=sheet.questionnaire.words(question.text, sheet.language),
                    columns=[_("Answer"), since["name"], sheet.wave.name, _("Points"), _("Tested")],
                    numeric=[False, True, True, True, False],
                    rows=[
                        [row["label"], row["before"], row["after"], row["difference"], row["said"]]
                        for row in since["rows"]
                    ],
                    notes=[c.note(reason) for reason in since["refusals"]],
                )
            )
    return found
