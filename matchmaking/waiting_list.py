"""Whom to put together in slots that have come free: those who are there and would like to meet, as far as tables go."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from matchmaking import gather
from matchmaking.models import Meeting, Participant, Slot, Table, Timetable
from matchmaking.timetable import live, types


class Pairing(NamedTuple):
    """Two who are to meet, where and when; the first free table without one."""

    one: Participant
    other: Participant
    slot: Slot
    table: Table | None = None


def fill(timetable: Timetable, slots: Collection[Slot]) -> list[Pairing]:
    """New meetings in these slots, the most valuable first; no other meeting is touched.

    A pair whose meeting was called off on purpose is not put together again.
    """
    by_id = {slot.pk: slot for slot in slots}
    if not by_id:
        return []
    rows = list(timetable.meetings.select_related("table"))
    called_off = [
        types.Ban(row.a_id, row.b_id)
        for row in rows
        if row.status == Meeting.Status.CANCELLED and row.absent_id is None
    ]
    asked = gather.problem(timetable)
    asked = replace(asked, pins=(), published=(), forbidden=(*asked.forbidden, *called_off))
    standing = gather.meetings((row for row in rows if row.status != Meeting.Status.CANCELLED), timetable.round)
    found = live.refill(asked, standing, tuple(by_id))
    people = Participant.objects.in_bulk({pk for each in found for pk in (each.a, each.b)})
    return [_pairing(each, people, by_id) for each in found]


def _pairing(meeting: types.Meeting, people: Mapping[int, Participant], slots: Mapping[int, Slot]) -> Pairing:
    return Pairing(people[meeting.a], people[meeting.b], slots[meeting.slot])
