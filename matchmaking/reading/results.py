"""The dashboard of a round in words: the finding as a sentence, what it rests on, and what is usual beside it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ladder import AmountClass
from matchmaking import figures, gather_results
from matchmaking.figures import Cell, Figures, Group, Rung, Share
from matchmaking.models import Outcome, Participant, Round


class Usual(NamedTuple):
    """What a vendor's published figures call usual, in per cent; `to` is None for "at least"."""

    from_: int
    to: int | None = None


ACCEPTED, KEPT, SECOND = Usual(40, 60), Usual(80), Usual(20, 30)
SOURCE_NAME = "Converve, Event matchmaking FAQ 2026"
SOURCE_URL = "https://www.converve.com/event-networking-blog/event-matchmaking-faq-2026/"


def results(round_: Round, *, for_team: bool = False) -> dict[str, object]:
    """What the page and the report show. `for_team`: on the cluster team's own page, not in what is sent."""
    facts = gather_results.facts(round_)
    found = figures.compute(facts, for_team=for_team)
    first, last = gather_results.period(round_)
    return {
        "figures": headline(found, _period(round_, first, last), with_requests=round_.takes_requests),
        "charts": charts(found, with_requests=round_.takes_requests),
        "groups": [
            {"id": "by-cluster", "title": _("By cluster"), "rows": [_group(each) for each in found.by_cluster]},
            {"id": "by-size", "title": _("By size of company"), "rows": [_group(each) for each in found.by_size]},
        ],
        "for_team": for_team,
        "ladder": [_rung(each) for each in found.ladder],
        "not_known": found.not_known,
        "people": found.people,
        "period": _period(round_, first, last),
        "source_name": SOURCE_NAME,
        "source_url": SOURCE_URL,
        "took_part": facts.people,
    }


def _period(round_: Round, first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return _("no date yet")
    days = [date_format(each.astimezone(round_.zone).date(), "j F Y") for each in (first, last)]
    return days[0] if days[0] == days[1] else f"{days[0]} – {days[1]}"


def headline(found: Figures, period: str, *, with_requests: bool) -> list[dict[str, object]]:
    """The four figures on top; a round without requests begins with the wishes that were met."""
    each = found.each
    middle = f"{each.middle:g}"
    people = ngettext("n = %(n)s participant", "n = %(n)s participants", found.people) % {"n": found.people}
    held = _("n = %(n)s meetings")
    if with_requests:
        first = _figure(_("Requests accepted"), found.accepted, _("n = %(n)s requests"), period)
    else:
        first = _figure(_("Mutual musts met"), found.mutual_musts, _("n = %(n)s pairs"), period)
    return [
        first,
        {"label": _("Meetings a participant"), "value": middle, "unit": _("median"), "n": people, "period": period}
        | {"hidden": each.enough.hidden},
        _figure(_("Meetings kept"), found.kept, held, period),
        _figure(_("Second meetings"), found.second, held, period),
    ]


def _figure(label: str, share: Share, n: str, period: str) -> dict[str, object]:
    shown = {"hidden": share.hidden, "value": share.percent, "unit": "%"}
    return {"label": label, "n": n % {"n": share.of}, "period": period} | shown


def charts(found: Figures, *, with_requests: bool) -> list[dict[str, object]]:
    """A bar or several each, with the finding as title."""
    accepted = _chart(
        "accepted",
        _finding(_("Requests accepted"), found.accepted, _("%(percent)s %% of requests were accepted"), ACCEPTED),
        [_bar(_("Accepted"), found.accepted)],
        note=_("Of requests that were answered or ended by silence. n = %(n)s.") % {"n": found.accepted.of},
        usual=ACCEPTED,
    )
    kept = _chart(
        "kept",
        _finding(_("Meetings kept"), found.kept, _("%(percent)s %% of meetings were kept"), KEPT),
        [_bar(_("Kept"), found.kept)],
        note=_(
            "Not kept: somebody did not come, or left the round less than a day before. n = %(n)s, %(open)s not known."
        )
        % {"n": found.kept.of, "open": found.not_known},
        usual=KEPT,
    )
    second = _chart(
        "second",
        _finding(
            _("Second meetings"), found.second, _("After %(percent)s %% of meetings both sides want to go on"), SECOND
        ),
        [_bar(_("Second meetings"), found.second)],
        note=_("A second meeting counts when both sides name a next step. n = %(n)s meetings that both spoke of.")
        % {"n": found.second.of},
        usual=SECOND,
    )
    asked = [accepted] if with_requests else []
    return [*asked, _spread(found), kept, second, _musts(found), _relevance(found)]


def _chart(id_: str, title: str, bars: list[dict[str, object]], *, note: str, usual: Usual | None = None):
    told = "" if usual is None else _usual(usual)
    marked = None if usual is None else {"x": usual.from_, "width": (usual.to or usual.from_ + 1) - usual.from_}
    return {"id": id_, "title": title, "bars": bars, "note": note, "usual": told, "marked": marked}


def _usual(usual: Usual) -> str:
    if usual.to is None:
        return _("at least %(from)s %%") % {"from": usual.from_}
    return _("%(from)s to %(to)s %%") % {"from": usual.from_, "to": usual.to}


def _bar(label: str, share: Share, *, most: int | None = None) -> dict[str, object]:
    """One bar. `most`: the largest count of several, which fills the width."""
    width = share.percent if most is None else round(100 * share.part / most) if most else 0
    text = _("Too few to show") if share.hidden else _("%(percent)s %%") % {"percent": share.percent}
    return {
        "label": label,
        "value": text,
        "width": width or 0,
        "hidden": share.hidden,
        "part": share.part,
        "of": share.of,
    }


def _finding(about: str, share: Share, words: str, usual: Usual | None = None) -> str:
    """The finding, and where it stands beside what is usual; or what there is too little to say about."""
    if share.percent is None:
        return _("%(about)s: too few to say, %(n)s so far") % {"about": about, "n": share.rests_on}
    said = words % {"percent": share.percent}
    if usual is None:
        return said
    if usual.to is None:
        place = _("the usual is %(usual)s")
    elif share.percent < usual.from_:
        place = _("below the usual %(usual)s")
    elif share.percent > usual.to:
        place = _("above the usual %(usual)s")
    else:
        place = _("within the usual %(usual)s")
    return f"{said}: {place % {'usual': _usual(usual)}}"


def _spread(found: Figures) -> dict[str, object]:
    each, most = found.each, max(found.each.counts, default=0)
    bars = [
        _bar(ngettext("%(n)s meeting", "%(n)s meetings", number) % {"n": number}, Share(count, found.people), most=most)
        for number, count in enumerate(each.counts)
    ]
    title = _finding(
        _("Meetings a participant"), each.enough, _("%(percent)s %% of participants have two meetings or more")
    )
    told = _("From %(least)s to %(most)s meetings each, %(middle)s in the middle. n = %(n)s participants.")
    few = _("n = %(n)s participants.")
    note = (few if each.enough.hidden else told) % {
        "least": each.least,
        "most": each.most,
        "middle": f"{each.middle:g}",
        "n": found.people,
    }
    chart = _chart("spread", title, bars, note=note)
    return chart | {"usual": _("two or more each")}


def _musts(found: Figures) -> dict[str, object]:
    share = found.mutual_musts
    title = _finding(_("Mutual musts met"), share, _("%(percent)s %% of the pairs who both said must have met"))
    note = _("Pairs who both marked the other as a must. n = %(n)s pairs.") % {"n": share.of}
    return _chart("musts", title, [_bar(_("Met, or will"), share)], note=note)


def _relevance(found: Figures) -> dict[str, object]:
    title = _finding(_("Relevant meetings"), found.relevant, _("%(percent)s %% found their meeting relevant"))
    note = _("4 or 5 of 5. n = %(n)s answers; %(told)s of %(asked)s places told us how it went.") % {
        "n": found.relevant.of,
        "told": found.answered.part,
        "asked": found.answered.of,
    }
    bars = [_bar(_("Relevant"), found.relevant), _bar(_("Response rate"), found.answered)]
    return _chart("relevance", title, bars, note=note)


def _group(group: Group) -> dict[str, object]:
    return {
        "label": group.label,
        "people": _cell(group.people, "{:.0f}"),
        "meetings": _cell(group.meetings, "{:g}"),
        "kept": _cell(group.kept, "{:.0f} %"),
        "relevance": _cell(group.relevance, "{:.1f}"),
    }


def _cell(cell: Cell, form: str) -> str:
    return _("too few to show") if cell.value is None else form.format(cell.value)


def _rung(rung: Rung) -> dict[str, object]:
    labels = dict(Outcome.Stage.choices)
    most = max(rung.stages.values(), default=0)
    bars = [_bar(str(labels[stage]), Share(rung.stages.get(stage, 0), rung.told), most=most) for stage in labels]
    when = _("Right after the meeting") if not rung.months else _("After %(n)s months") % {"n": rung.months}
    return {
        "id": f"ladder-{rung.months}",
        "title": f"{when}: {_step(rung, labels)}",
        "bars": [] if rung.hidden else bars,
        "hidden": rung.hidden,
        "note": _("n = %(told)s of %(asked)s asked%(rate)s.") % _rate(rung),
        "worth": "" if rung.worth is None else AmountClass.labels[rung.worth],
        "months": rung.months,
    }


def _rate(rung: Rung) -> dict[str, object]:
    percent = rung.answered.percent
    rate = "" if percent is None else _(", response rate %(percent)s %%") % {"percent": percent}
    return {"told": rung.told, "asked": rung.answered.of, "rate": rate}


def _step(rung: Rung, labels: dict[str, object]) -> str:
    """What the most have reached."""
    if rung.hidden:
        return _("too few to show")
    stage = max(rung.stages, key=lambda each: (rung.stages[each], each))
    words = {"stage": str(labels[stage]).lower(), "part": rung.stages[stage], "told": rung.told}
    return _("%(stage)s is named most, by %(part)s of %(told)s") % words


def who_took_part(round_: Round, people: Sequence[figures.Person]) -> dict[str, object]:
    """By cluster, country and size, small groups put together; by name only companies that agreed."""
    named = Participant.objects.confirmed().filter(round=round_, no_show_at=None, shows_name=True).for_list()
    return {
        "by_cluster": _tally(person.cluster for person in people),
        "by_country": _tally(person.country for person in people),
        "by_size": _tally(person.size for person in people),
        "named": sorted({each.company for each in named}),
    }


def _tally(values: Iterable[str]) -> dict[str, object]:
    listed, others, together = figures.tally(values)
    return {"listed": listed, "others": others, "together": together}


def csv_rows(round_: Round) -> list[tuple[object, ...]]:
    """Every figure of the page, a line each, with what it rests on and what is usual."""
    shown = results(round_)
    rows: list[tuple[object, ...]] = [(_("Part"), _("Figure"), _("Value"), _("Of"), _("Usual"), _("Source"))]
    for chart in shown["charts"]:
        beside = (chart["usual"], SOURCE_URL if chart["usual"] else "")
        rows += [(chart["title"], bar["label"], bar["value"], bar["of"], *beside) for bar in chart["bars"]]
    names = {
        "people": _("Participants"),
        "meetings": _("Meetings, median"),
        "kept": _("Kept"),
        "relevance": _("Relevance"),
    }
    for group in shown["groups"]:
        rows += [
            (group["title"], f"{row['label']}: {label}", row[name], "", "", "")
            for row in group["rows"]
            for name, label in names.items()
        ]
    for rung in shown["ladder"]:
        rows += [(rung["title"], bar["label"], bar["part"], bar["of"], "", "") for bar in rung["bars"]]
    return rows
