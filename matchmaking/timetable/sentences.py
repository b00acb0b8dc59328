"""Reasons in English words; a caller with another language fills templates of its own with the same values."""

from collections.abc import Mapping, Sequence

from matchmaking.timetable.types import Key, Reason

TEMPLATES: Mapping[str, str] = {
    # why a wish is unmet
    "same_side": "{participant} and {wanted} are of the same side.",
    "no_common_slot": "{participant} and {wanted} are never free in the same slot.",
    "wanted_full": "{wanted} has all the meetings that its quota of {quota} allows.",
    "own_full": "{participant} has all the meetings that its quota of {quota} allows.",
    "busy": "Wherever both are free, {participant} or {wanted} has another meeting.",
    "tables_full": "Wherever both have time, all tables are taken.",
    "not_chosen": "It did not fit into the best timetable that was found.",
    # why someone stays below the minimum
    "below_few_slots": "{participant} is free in {slots} slots only, fewer than its minimum of {minimum}.",
    "below": "{participant} has {meetings} of {minimum} meetings: what its partners had to give is taken.",
    # pins that cannot be kept
    "pin_apart": "{a} and {b} are pinned in {slot}, but these two may not meet.",
    "pin_banned": "{a} and {b} are pinned in {slot}, where the organiser keeps them apart.",
    "pin_unavailable": "{a} and {b} are pinned in {slot}, but {participant} is not free then.",
    "pin_twice": "{a} and {b} are pinned in {slots}, but two meet only once.",
    "pin_double": "{participant} is pinned in {slot} with {others}, but meets one at a time.",
    "pin_quota": "{participant} is pinned in {pins} meetings, but its quota is {quota}.",
    "pin_tables": "{pins} meetings are pinned in {slot}, but it has {tables} tables.",
    # what to change
    "release": "Release or move the pin of {a} and {b} in {slot}.",
    "raise_quota": "Raise the quota of {participant} to {number}.",
    "raise_capacity": "Raise the capacity of {slot} to {number}.",
    "lower_minimum": "Lower the minimum of {participant} to {number}.",
    "more_tables": "Add tables for {number} more meetings.",
    "widen": "Let {participant} be free in {number} more slots.",
}


def sentence(reason: Reason) -> str:
    """The reason in English."""
    return TEMPLATES[reason.code].format(**{name: _words(value) for name, value in reason.values.items()})


def _words(value: Key | Sequence[Key]) -> str:
    if isinstance(value, str | int):
        return str(value)
    names = [str(each) for each in value]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
