"""The strategy's goals as a section of a report: what was spent for each, what aims at none, and what came of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.templatetags.portal import money
from evaluations.effort import NONE, UNSAID
from evaluations.models import GoalFrame, Publication
from evaluations.quarters import CAME, Quarter, of_goal
from evaluations.reading.goals import in_hours
from evaluations.reading.sheet import share_bar, shares_of
from evaluations.reports import content as c
from evaluations.reports.content import Part, Row
from programme.reading.strategies import amount, plain

QUARTERS = 4  # that stand beside each other
Sums = dict[str, Any]


def finding(frame: GoalFrame | None) -> list[str]:
    """How much of the hours aims at no goal, as a sentence; nothing when no hours are on record."""
    hours = _lines(frame.content)[0] if frame else None
    return [f"{_title(hours)}."] if hours and hours["all"] else []


def parts(frame: GoalFrame | None, audience: str) -> list[Part]:
    """Shares, a table of the goals, their indicators, and what members told of each; nothing without a strategy."""
    if frame is None:
        return []
    said = frame.content
    about = _("The strategy “%(name)s” runs from %(begin)s to %(end)s. Counted is what was on record by %(day)s.")
    words = {
        "name": said["strategy"],
        "begin": _iso(said["starts_on"]),
        "end": _iso(said["ends_on"]),
        "day": _day(frame.cut_off),
    }
    return [
        c.text(about % words),
        *_aimless(said),
        _spent(said),
        *_indicators(said),
        *_came(said, frame.cut_off, audience),
    ]


def _lines(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Hours, money and things: how much there is in all, with a goal and without."""
    measures = (
        (_("Hours spent"), in_hours, lambda sums: Decimal(sums["hours"])),
        (_("Money spent"), money, lambda sums: Decimal(sums["money"])),
        (_("Things on record"), plain, _things),
    )
    found = []
    for label, words, value in measures:
        serving, none, unsaid = (value(said[name]) for name in ("serving", NONE, UNSAID))
        sums = {"all": serving + none + unsaid, "none": none, "unsaid": unsaid}
        found.append({"label": label, "words": words, **sums})
    return found


def _things(sums: Sums) -> Decimal:
    return Decimal(sum(sums["things"].values()))


def _title(line: dict[str, Any]) -> str:
    share = _percent(line["none"] + line["unsaid"], line["all"])
    return _("%(share)s of the hours spent aim at no goal") % {"share": share}


def _aimless(said: dict[str, Any]) -> list[Part]:
    lines = [each for each in _lines(said) if each["all"]]
    if not lines:
        return []
    title = _title(lines[0]) if lines[0]["words"] is in_hours else _("What aims at no goal")
    notes = [
        c.note(
            _("%(of)s: %(none)s serve none, with a reason; %(unsaid)s have not said yet.")
            % {
                "of": each["label"],
                "none": _percent(each["none"], each["all"]),
                "unsaid": _percent(each["unsaid"], each["all"]),
            }
        )
        for each in lines
    ]
    columns = [_("Of"), _("0 to 100 %"), _("Aims at no goal"), _("How much")]
    return [c.bars(title=title, columns=columns, rows=[_row(each) for each in lines], notes=notes)]


def _row(line: dict[str, Any]) -> Row:
    aimless = line["none"] + line["unsaid"]
    part = _("%(part)s of %(all)s") % {"part": line["words"](aimless), "all": line["words"](line["all"])}
    share = float(aimless / line["all"])
    said = {"value": _percent(aimless, line["all"]), "n": part, "hidden": False}
    return {"label": line["label"], "share": share, "low": None, "high": None, "benchmark": None, **said}


def _spent(said: dict[str, Any]) -> Part:
    rows = [[goal["name"], *_against(goal)] for goal in said["goals"]]
    rows.append([_("No goal, with a reason"), *_sums(said[NONE])])
    rows.append([_("Has not said yet"), *_sums(said[UNSAID])])
    note = _("Hours and money are those of services that were delivered and of activities that are over.")
    more = _("Rounds, funding calls and opportunities keep no hours: they count as things.")
    return c.table(
        caption=_("Effort by goal: spent, of what was set aside"),
        columns=[_("Goal"), _("Hours"), _("Money"), _("Things")],
        numeric=[False, True, True, True],
        rows=rows,
        notes=[c.note(f"{note} {more}")],
    )


def _sums(sums: Sums) -> list[str]:
    return [plain(Decimal(round(Decimal(sums["hours"])))), money(Decimal(sums["money"])), plain(_things(sums))]


def _against(goal: Sums) -> list[str]:
    hours, spent, things = _sums(goal)
    aside = plain(Decimal(goal["hours_aside"])), money(Decimal(goal["money_aside"]))
    of = _("%(part)s of %(all)s")
    return [of % {"part": hours, "all": aside[0]}, of % {"part": spent, "all": aside[1]}, things]


def _indicators(said: dict[str, Any]) -> list[Part]:
    rows = [
        [goal["name"], kpi["name"], amount(Decimal(kpi["target"]), kpi["unit"]), *_read(kpi)]
        for goal in said["goals"]
        for kpi in goal["kpis"]
    ]
    columns = [_("Goal"), _("Indicator"), _("Target"), _("Stood at"), _("On")]
    numeric = [False, False, True, True, False]
    return [c.table(caption=_("Indicators"), columns=columns, numeric=numeric, rows=rows)] if rows else []


def _read(kpi: Sums) -> list[str]:
    read = kpi["read"]
    return [plain(Decimal(read["value"])), _iso(read["on"])] if read else [_("not read yet"), "–"]


def _came(said: dict[str, Any], cut_off: date, audience: str) -> list[Part]:
    """How many members told that something came of what serves a goal, in each of the last quarters: protected."""
    subjects = {of_goal(goal["id"]).name: goal["name"] for goal in said["goals"]}
    rows = Publication.objects.filter(wave=None, audience=audience, dimensions=[], cut_off__lte=cut_off)
    found = {}
    for row in rows.filter(subject__startswith="goal_").order_by("cut_off"):
        if (name := row.subject.partition(":")[0]) in subjects:
            found[name, row.cut_off] = row
    ends = sorted({end for _name, end in found})[-QUARTERS:]
    if not ends:
        return []
    lines = [[label, *(_cell(found.get((name, end))) for end in ends)] for name, label in subjects.items()]
    note = _("Of all member companies. Each counts once for a goal in a quarter; quarters are not summed.")
    return [
        c.table(
            caption=_("Member companies that told that something came of it"),
            columns=[_("Goal"), *(Quarter.of(end).name for end in ends)],
            numeric=[False, *(True for _end in ends)],
            rows=lines,
            notes=[c.note(note)],
        )
    ]


def _cell(row: Publication | None) -> str:
    if row is None:
        return "–"
    bar = share_bar("", shares_of(row.figures).get((CAME,)), CAME)
    return str(bar["text"]) if bar["hidden"] else _("%(part)s of %(n)s") % bar


def _percent(part: Decimal, of: Decimal) -> str:
    return f"{round(100 * part / of)} %"


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _iso(day: str) -> str:
    return _day(date.fromisoformat(day))
