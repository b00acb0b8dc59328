"""What is printed for the day: a badge with the own agenda for each participant, and a plan for each table."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from matchmaking.models import Meeting, Participant, Round, Table
from matchmaking.reading.board import Board

TO_A_SHEET = 8


class Badge(NamedTuple):
    """Who it is, and the agenda in words: at what time, with whom, at which table."""

    participant: Participant
    agenda: list[tuple[str, str, str]]


def short_place(table: Table) -> str:
    """A table as a badge has room for it: its number, or that it is a video call."""
    return _("Video %(number)s") % {"number": table.number} if table.link else str(table.number)


class Plan(NamedTuple):
    """Who sits at a table when; each day's first meeting comes with the day."""

    table: Table
    meetings: list[tuple[date | None, Meeting]]


def _in_order(round_: Round) -> list[Meeting]:
    """The meetings that participants see, in order of time."""
    if round_.timetable is None:
        return []
    round_.timetable.round = round_
    return sorted(Board(round_.timetable).meetings, key=lambda meeting: meeting.slot.starts_at)


def sheets(round_: Round) -> list[list[Badge]]:
    """Badges of everybody who takes part, by name, as many as fit on a sheet together."""
    of = defaultdict(list)
    for meeting in _in_order(round_):
        clock, table = str(meeting.slot), short_place(meeting.table)
        of[meeting.a_id].append((clock, meeting.b.company, table))
        of[meeting.b_id].append((clock, meeting.a.company, table))
    people = Participant.objects.confirmed().filter(round=round_).for_list()
    badges = [Badge(each, of[each.pk]) for each in people]
    return [badges[start : start + TO_A_SHEET] for start in range(0, len(badges), TO_A_SHEET)]


def plans(round_: Round) -> list[Plan]:
    """A plan for each table that is used, in the order of numbers."""
    of: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in _in_order(round_):
        of[meeting.table_id].append(meeting)
    in_order = sorted(of.values(), key=lambda meetings: meetings[0].table.number)
    return [Plan(meetings[0].table, _with_days(meetings, round_)) for meetings in in_order]


def _with_days(meetings: list[Meeting], round_: Round) -> list[tuple[date | None, Meeting]]:
    days = [meeting.slot.starts_at.astimezone(round_.zone).date() for meeting in meetings]
    before = [None, *days[:-1]]
    return [(day if day != last else None, each) for day, last, each in zip(days, before, meetings, strict=True)]
