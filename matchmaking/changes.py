"""What differs in people's agendas between two states of the published timetable."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from matchmaking.models import Meeting, Participant, Slot, Table


class At(NamedTuple):
    """When and where."""

    slot: Slot
    table: Table


class Change(NamedTuple):
    """One meeting of one participant: new without `before`, cancelled without `after`, moved with both."""

    other: Participant
    before: At | None
    after: At | None
    why: str = ""

    @property
    def starts_at(self) -> object:
        return (self.after or self.before).slot.starts_at


Changes = dict[Participant, list[Change]]


def at(meeting: Meeting) -> At:
    """Where a meeting stands now."""
    return At(meeting.slot, meeting.table)


def of_both(meeting: Meeting, *, before: At | None, after: At | None, why: str = "") -> Changes:
    """The same change as each of the two sees it."""
    return {
        meeting.a: [Change(meeting.b, before, after, why)],
        meeting.b: [Change(meeting.a, before, after, why)],
    }


def together(parts: Iterable[Changes]) -> Changes:
    """Several changes by participant, in order of time: each reads of all of them at once."""
    found: Changes = defaultdict(list)
    for part in parts:
        for participant, changes in part.items():
            found[participant] += changes
    return {participant: sorted(changes, key=lambda change: change.starts_at) for participant, changes in found.items()}


def between(old: Iterable[Meeting], new: Iterable[Meeting]) -> Changes:
    """What one timetable's standing meetings make of another's: pairs that come, go or stand elsewhere."""
    before = {(meeting.a_id, meeting.b_id): meeting for meeting in old}
    after = {(meeting.a_id, meeting.b_id): meeting for meeting in new}
    parts = []
    for pair in before.keys() | after.keys():
        was, is_ = before.get(pair), after.get(pair)
        places = {"before": was and at(was), "after": is_ and at(is_)}
        if places["before"] != places["after"]:
            parts.append(of_both(is_ or was, **places))
    return together(parts)
