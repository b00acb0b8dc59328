"""What cannot all be kept, and the least that puts it right: the solver's reasons with names and times in them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from matchmaking.reading.board import Board


def templates() -> dict[str, str]:
    """The sentence of each reason, by the solver's code for it."""
    return {
        "below_few_slots": _("%(participant)s is free in %(slots)s slots only, fewer than the minimum of %(minimum)s."),
        "below": _(
            "%(participant)s has %(meetings)s of at least %(minimum)s meetings: "
            "partners, their free slots or tables are taken."
        ),
        "pin_apart": _("%(a)s and %(b)s are pinned at %(slot)s, but these two may not meet."),
        "pin_banned": _("%(a)s and %(b)s are pinned at %(slot)s, where the cluster team keeps them apart."),
        "pin_unavailable": _("%(a)s and %(b)s are pinned at %(slot)s, but %(participant)s is not free then."),
        "pin_twice": _("%(a)s and %(b)s are pinned at %(slots)s, but two meet only once."),
        "pin_double": _("%(participant)s is pinned at %(slot)s with %(others)s, but meets one at a time."),
        "pin_quota": _("%(participant)s is pinned in %(pins)s meetings, but %(quota)s is the most."),
        "pin_tables": _("%(pins)s meetings are pinned at %(slot)s, but there are %(tables)s tables."),
        "release": _("Release or move the pin of %(a)s and %(b)s at %(slot)s."),
        "raise_quota": _("Let %(participant)s have %(number)s meetings."),
        "raise_capacity": _("Set up %(number)s tables at %(slot)s."),
        "lower_minimum": _("Accept that %(participant)s has %(number)s meetings."),
        "widen": _("Ask %(participant)s to be there in %(number)s more slots."),
    }


PEOPLE, SLOTS = {"participant", "wanted", "a", "b", "others"}, {"slot"}


def in_words(board: Board) -> list[dict[str, Any]]:
    """Each conflict of the board's timetable: what collides, and what to change."""
    said = templates()
    return [
        {
            "kind": conflict["kind"],
            "reasons": [_sentence(board, said, reason) for reason in conflict["reasons"]],
            "changes": [_sentence(board, said, change) for change in conflict["changes"]],
        }
        for conflict in board.timetable.conflicts
    ]


def _sentence(board: Board, said: Mapping[str, str], reason: Mapping[str, Any]) -> str:
    clocks = {slot.pk: str(slot) for slot in board.slots}
    people = {pk: each.company for pk, each in board.people.items()}
    # A number of slots and a list of them go by the same name.
    words = {
        name: _words(value, people if name in PEOPLE else clocks if name == "slot" or isinstance(value, list) else {})
        for name, value in reason["values"].items()
    }
    return said[reason["code"]] % words


def _words(value: Any, names: Mapping[int, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_words(each, names) for each in value)
    return str(names.get(value, value))
