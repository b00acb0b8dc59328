"""The two grids of a timetable. One page holds thousands of cells, so each is written here, as short as it can be."""

from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from matchmaking.models import Meeting, Participant, Slot
from matchmaking.reading.board import MUST, Board


class Sign(NamedTuple):
    """A state of a cell: its class for the colour, its sign for everybody, and what it means."""

    name: str
    sign: str
    meaning: str


def signs() -> dict[str, Sign]:
    """Every state of a cell, for the cells and for the legend above them."""
    found = (
        Sign("fault", "!", _("something speaks against it")),
        Sign("both", "★", _("a must of both")),
        Sign("must", "●", _("a must of one")),
        Sign("nice", "○", _("wished")),
        Sign("fit", "·", _("fits by profile")),
        Sign("pin", "◆", _("pinned")),
        Sign("away", "–", _("not there")),
    )
    return {sign.name: sign for sign in found}


class Row(NamedTuple):
    """One line of a grid: what it is about, and its cells."""

    id: int
    label: str
    note: str
    cells: SafeString


def state(board: Board, meeting: Meeting) -> str:
    """How a meeting stands: a fault first, then who wished it."""
    if board.fault(meeting):
        return "fault"
    said = (board.wish(meeting.a, meeting.b), board.wish(meeting.b, meeting.a))
    if said == (MUST, MUST):
        return "both"
    if MUST in said:
        return "must"
    return "nice" if any(said) else "fit"


def heads(board: Board) -> list[dict[str, Any]]:
    """The slots as columns; the day stands above the first slot of each."""
    found, last = [], None
    for slot in board.slots:
        day = slot.starts_at.astimezone(board.round.zone).date()
        found.append({"slot": slot, "day": day if day != last else None})
        last = day
    return found


def rows(board: Board, view: str, chosen: int | None) -> list[Row]:
    """The lines of the grid that was asked for."""
    return tables(board, chosen) if view == "tables" else people(board, chosen)


def people(board: Board, chosen: int | None) -> list[Row]:
    """A row for each participant."""
    known = signs()
    states = {meeting.pk: state(board, meeting) for meeting in board.meetings}
    clocks = {slot.pk: f"{slot}" for slot in board.slots}
    away, empty = f"<td class=away>{known['away'].sign}", "<td>"
    found = []
    for each in board.here:
        cells = []
        for slot in board.slots:
            meeting = board.at.get((each.pk, slot.pk))
            if meeting:
                other = meeting.b if meeting.a_id == each.pk else meeting.a
                where = str(meeting.table.number)
                cells.append(_cell(meeting, known[states[meeting.pk]], where, other.company, clocks[slot.pk], chosen))
            else:
                cells.append(empty if board.is_there(each, slot) else away)
        note = f"{board.count[each.pk]}/{board.quota(each)}"
        found.append(Row(each.pk, each.company, note, SafeString("".join(cells))))
    return found


def tables(board: Board, chosen: int | None) -> list[Row]:
    """A row for each table."""
    known, empty, found = signs(), "<td>", []
    clocks = {slot.pk: f"{slot}" for slot in board.slots}
    for table in board.tables:
        cells = []
        for slot in board.slots:
            meeting = board.at_table.get((table.pk, slot.pk))
            if meeting:
                sign = known[state(board, meeting)]
                who = (meeting.a.company, meeting.b.company)
                cells.append(_cell(meeting, sign, who[0], who[1], clocks[slot.pk], chosen))
            else:
                cells.append(empty)
        found.append(Row(table.pk, str(table), table.room, SafeString("".join(cells))))
    return found


def _cell(meeting: Meeting, sign: Sign, first: str, second: str, clock: str, chosen: int | None) -> str:
    """A button of the form around the grid: it opens the meeting. End tags of cells may be left out in HTML."""
    pin = "◆" if meeting.is_pinned else ""
    current = ' aria-current="true"' if meeting.pk == chosen else ""
    button = (
        f"<button name=m value={meeting.pk}{current}>{pin}{sign.sign} {escape(first)}<br> {escape(second)}</button>"
    )
    return f'<td class={sign.name} data-at="{clock}">{button}'


def partners(board: Board, participant: Participant) -> list[tuple[Participant, str, int]]:
    """Whom a participant could meet in addition, what speaks for it, and in how many slots; the best first."""
    found = []
    for other in board.proposals(participant):
        slots = len(board.slots_for(participant, other)) if other.is_in else 0
        if slots:
            said = [kind for kind in (board.wish(participant, other), board.wish(other, participant)) if kind]
            found.append((other, said, slots))
    found.sort(key=lambda row: (-row[1].count(MUST), -len(row[1])))
    return [(other, _wished(said), slots) for other, said, slots in found]


def _wished(said: list[str]) -> str:
    if said.count(MUST) == 2:
        return _("a must of both")
    if MUST in said:
        return _("a must of one")
    return _("wished") if said else _("fits by profile")


def when(board: Board, slot: Slot) -> str:
    """A slot in words: its time, with the day when the round lasts longer than one."""
    days = {each.starts_at.astimezone(board.round.zone).date() for each in board.slots}
    if len(days) == 1:
        return str(slot)
    return f"{date_format(slot.starts_at.astimezone(board.round.zone), 'D j M')} {slot}"
