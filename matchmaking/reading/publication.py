"""Before a timetable is published: what stands against it, and who would be told what."""

from typing import Any

from matchmaking import changes, timetables
from matchmaking.models import Meeting, Round, Timetable
from matchmaking.reading.board import Board


def whom_it_tells(timetable: Timetable) -> dict[str, Any]:
    """How many get a mail: everybody the first time, later those whose agenda differs."""
    round_ = timetable.round
    old = round_.timetable if round_.status == Round.Status.PUBLISHED else None
    board = Board(timetable)
    after, told = board.meetings, [each for each in board.people.values() if each.is_in]
    if old:
        concerned = changes.between(_with_people(old, board), after)
        told = [each for each in told if each in concerned]
    busy = {pk for meeting in after for pk in (meeting.a_id, meeting.b_id)}
    return {
        "old": old,
        "told": told,
        "without": [each for each in told if each.pk not in busy],
        "meetings": len(after),
        "problems": timetables.problems(timetable, round_.timetable),
        "is_published": old == timetable,
    }


def _with_people(timetable: Timetable, board: Board) -> list[Meeting]:
    """The standing meetings of another timetable of the same round, with the people whom the board knows."""
    rows = list(timetable.meetings.standing().select_related("slot", "table"))
    for row in rows:
        row.a, row.b = board.people[row.a_id], board.people[row.b_id]
    return rows
