"""The live board: who meets whom now and next, table by table. It hangs on a wall: no more than company names."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking.cards import without_name
from matchmaking.models import Meeting, Participant, Round, Slot


def board(round_: Round) -> dict[str, object]:
    """The slot that runs and the next one, each with its tables."""
    now = timezone.now()
    slots = list(round_.slots.filter(ends_at__gt=now).order_by("starts_at")[:2])
    shown = [slot for slot in slots if slot.starts_at <= now][:1]
    shown += [slot for slot in slots if slot.starts_at > now][:1]
    meetings = Meeting.objects.standing().filter(timetable=round_.timetable_id, slot__in=shown)
    rows = list(meetings.select_related("a__cluster", "b__cluster", "table").order_by("table__number"))
    return {
        "round": round_,
        "at": now,
        "parts": [_part(slot, [row for row in rows if row.slot_id == slot.pk], now) for slot in shown],
        "is_over": not shown,
        "break_until": shown[0].starts_at if shown and shown[0].starts_at > now else None,
    }


def _part(slot: Slot, meetings: list[Meeting], now: datetime) -> dict[str, object]:
    is_now = slot.starts_at <= now
    return {"slot": slot, "is_now": is_now, "tables": [_table(meeting, slot) for meeting in meetings]}


def _table(meeting: Meeting, slot: Slot) -> dict[str, object]:
    state, label = _state(meeting, slot)
    names = [_name(meeting.a), _name(meeting.b)]
    return {"table": meeting.table, "names": names, "state": state, "label": label}


def _name(participant: Participant) -> str:
    """Companies that did not agree to be named stand there without their name."""
    return participant.company if participant.shows_name else without_name(participant)


def _state(meeting: Meeting, slot: Slot) -> tuple[str, str]:
    """Sign and word: everybody sees whether the table waits for somebody."""
    if meeting.status == Meeting.Status.NO_SHOW:
        return "stop", _("Not held")
    if meeting.status == Meeting.Status.HELD:
        return "good", _("Held")
    here = sum(_is_here(each, slot) for each in (meeting.a, meeting.b))
    return {2: ("good", _("Both are here")), 1: ("look", _("One is here")), 0: ("quiet", _("Expected"))}[here]


def _is_here(participant: Participant, slot: Slot) -> bool:
    return bool(participant.checked_in_at) and participant.checked_in_at <= slot.ends_at
