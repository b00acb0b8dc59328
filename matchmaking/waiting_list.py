"""Whom to put together in slots that have come free: who is there and would like to meet, as far as tables go."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from matchmaking import gather
from matchmaking.models import Meeting, Participant, Slot, Table, Timetable
from matchmaking.timetable import Ban, refill, types
from matchmaking.timetable.types import NEVER


class Pairing(NamedTuple):
    """Two who are to meet, when and where."""

    one: Participant
    other: Participant
    slot: Slot
    table: Table


def fill(timetable: Timetable, slots: Collection[Slot], *, people: Collection[int] | None = None) -> list[Pairing]:
    """New meetings in these slots, in order of time; no other meeting is touched.

    `people`: the ids of those who have come free, of whom one at least is in each new meeting; None means everybody. A
    pair whose meeting was called off on purpose is not put together again.
    """
    by_id = {slot.pk: slot for slot in slots}
    if not by_id or (people is not None and not people):
        return []
    rows = list(timetable.meetings.select_related("table"))
    standing = [row for row in rows if row.status != Meeting.Status.CANCELLED]
    met = [row for row in rows if row.status != Meeting.Status.CANCELLED or row.absent_id is None]
    asked = _restricted(gather.problem(timetable), standing, by_id, people)
    known = {each.id for each in asked.participants}
    apart = tuple(Ban(row.a_id, row.b_id) for row in met if {row.a_id, row.b_id} <= known)
    held = gather.meetings((row for row in standing if {row.a_id, row.b_id} <= known), timetable.round)
    found = refill(replace(asked, forbidden=(*asked.forbidden, *apart)), held)
    who = Participant.objects.in_bulk({pk for each in found for pk in (each.a, each.b)})
    free = _free_tables(timetable, standing, by_id)
    return [Pairing(who[each.a], who[each.b], by_id[each.slot], free[each.slot].pop()) for each in found]


def warm_up() -> None:
    """Loads the solver's compiled part, which takes a second or two: no tap at the door waits for it."""
    two = tuple(types.Participant(id=number, available=(1,), quota=1) for number in (1, 2))
    refill(types.Round(slots=(1,), capacity=(1,), participants=two, wishes=(types.Wish(1, 2, types.NICE),)), ())


def _restricted(
    asked: types.Round, standing: Sequence[Meeting], slots: Collection[int], people: Collection[int] | None
) -> types.Round:
    """The same round, in which everybody is free in these slots at most and only these people look for a partner.

    A meeting that stands counts as possible.
    """
    sits = defaultdict(set)
    for row in standing:
        sits[row.a_id].add(row.slot_id)
        sits[row.b_id].add(row.slot_id)
    there = (
        replace(each, available=tuple(slot for slot in asked.slots if _may_sit(each, slot, sits[each.id], slots)))
        for each in asked.participants
    )
    restricted = replace(asked, participants=tuple(there), pins=(), published=())
    if people is None:
        return restricted
    wanted = set(people)
    return replace(
        restricted,
        wishes=tuple(w for w in asked.wishes if w.wish == NEVER or wanted & {w.wisher, w.wanted}),
        affinity=tuple(each for each in asked.affinity if wanted & {each.a, each.b}),
    )


def _may_sit(person: types.Participant, slot: types.Key, sits: set[int], slots: Collection[int]) -> bool:
    return slot in sits or (slot in slots and slot in person.available)


def _free_tables(timetable: Timetable, standing: Sequence[Meeting], slots: Collection[int]) -> dict[int, list[Table]]:
    """The tables without a meeting in each slot, the lowest number last."""
    tables = list(timetable.round.tables.order_by("-number"))
    taken = {(row.slot_id, row.table_id) for row in standing}
    return {slot: [table for table in tables if (slot, table.pk) not in taken] for slot in slots}
