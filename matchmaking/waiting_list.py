"""Whom to put together in slots that have come free: who is there and would like to meet, as far as tables go."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from matchmaking import gather
from matchmaking.models import Meeting, Participant, Slot, Timetable
from matchmaking.timetable import Ban, refill, types


class Pairing(NamedTuple):
    """Two who are to meet, and when."""

    one: Participant
    other: Participant
    slot: Slot


def fill(timetable: Timetable, slots: Collection[Slot]) -> list[Pairing]:
    """New meetings in these slots, in order of time; no other meeting is touched.

    A pair whose meeting was called off on purpose is not put together again.
    """
    by_id = {slot.pk: slot for slot in slots}
    if not by_id:
        return []
    rows = list(timetable.meetings.select_related("table"))
    standing = [row for row in rows if row.status != Meeting.Status.CANCELLED]
    met = [row for row in rows if row.status != Meeting.Status.CANCELLED or row.absent_id is None]
    asked = _restricted(gather.problem(timetable), standing, by_id)
    known = {each.id for each in asked.participants}
    apart = tuple(Ban(row.a_id, row.b_id) for row in met if {row.a_id, row.b_id} <= known)
    held = gather.meetings((row for row in standing if {row.a_id, row.b_id} <= known), timetable.round)
    found = refill(replace(asked, forbidden=(*asked.forbidden, *apart)), held)
    people = Participant.objects.in_bulk({pk for each in found for pk in (each.a, each.b)})
    return [_pairing(each, people, by_id) for each in found]


def _restricted(asked: types.Round, standing: Sequence[Meeting], slots: Collection[int]) -> types.Round:
    """The same round, in which everybody is free in these slots at most; a meeting that stands counts as possible."""
    sits = defaultdict(set)
    for row in standing:
        sits[row.a_id].add(row.slot_id)
        sits[row.b_id].add(row.slot_id)
    people = (
        replace(each, available=tuple(slot for slot in asked.slots if _may_sit(each, slot, sits[each.id], slots)))
        for each in asked.participants
    )
    return replace(asked, participants=tuple(people), pins=(), published=())


def _may_sit(person: types.Participant, slot: types.Key, sits: set[int], slots: Collection[int]) -> bool:
    return slot in sits or (slot in slots and slot in person.available)


def _pairing(meeting: types.Meeting, people: Mapping[int, Participant], slots: Mapping[int, Slot]) -> Pairing:
    return Pairing(people[meeting.a], people[meeting.b], slots[meeting.slot])
