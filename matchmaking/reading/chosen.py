"""What stands beside a grid: the meeting or the participant that was picked, and what can be done with it."""

from typing import Any

from matchmaking.affinity import sentences
from matchmaking.models import Affinity, Meeting, Participant, Slot, Table
from matchmaking.reading import grid
from matchmaking.reading.board import Board

Place = tuple[str, str]


def meeting(board: Board, pk: int) -> dict[str, Any] | None:
    """A meeting of this timetable: why it is, and where else it could be."""
    found = next((each for each in board.meetings if each.pk == pk), None)
    if found is None:
        return None
    row = Affinity.objects.filter(a=found.a, b=found.b).first()
    sides = [
        {
            "participant": each,
            "wish": board.wish(each, other),
            "reasons": sentences(row, each, about=each.company) if row else [],
        }
        for each, other in ((found.a, found.b), (found.b, found.a))
    ]
    return {
        "meeting": found,
        "sides": sides,
        "state": grid.signs()[grid.state(board, found)],
        "fault": board.fault(found),
        "places": places(board, found),
    }


def places(board: Board, found: Meeting) -> list[tuple[str, list[Place]]]:
    """The choices of a move: other tables now, then other times with the tables free at each."""
    now: list[Place] = []
    later: list[Place] = []
    for slot, tables in board.places_for(found):
        if slot == found.slot:
            now += [(value(slot, table), str(table)) for table in tables]
        else:
            keeps = found.table if found.table in tables else tables[0]
            later.append((value(slot, keeps), f"{grid.when(board, slot)}, {keeps}"))
    return [("table", now), ("time", later)]


def value(slot: Slot, table: Table) -> str:
    """A place as a form sends it."""
    return f"{slot.pk}-{table.pk}"


def participant(board: Board, pk: int, other_pk: int | None) -> dict[str, Any] | None:
    """A participant: the own meetings, what is open, and whom it could meet in addition."""
    found = board.people.get(pk)
    if found is None:
        return None
    own = [board.at[pk, slot.pk] for slot in board.slots if (pk, slot.pk) in board.at]
    partners = grid.partners(board, found)
    other = next((each for each, _wished, _slots in partners if each.pk == other_pk), None)
    return {
        "participant": found,
        "meetings": [(each, each.b if each.a_id == pk else each.a) for each in own],
        "quota": board.quota(found),
        "open": [(wanted, board.why_open(one, wanted)) for one, wanted in board.open_musts if one.pk == pk],
        "partners": partners,
        "other": other,
        "slots": _free(board, found, other) if other else [],
    }


def _free(board: Board, one: Participant, other: Participant) -> list[Place]:
    return [(str(slot.pk), grid.when(board, slot)) for slot in board.slots_for(one, other)]


def forbidden(board: Board) -> list[Any]:
    """The pairs that the cluster team keeps apart, each with its two names."""
    return [(pair, board.people[pair.a_id], board.people[pair.b_id]) for pair in board.forbidden.values()]
