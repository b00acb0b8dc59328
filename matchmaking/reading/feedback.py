"""What a participant's pages of feedback show: each meeting, and what there is to tell of it now."""

from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from matchmaking import cards
from matchmaking.models import Meeting, Outcome, Participant, Seat


def other_of(seat: Seat) -> Participant:
    """Who sits opposite."""
    meeting = seat.meeting
    return meeting.b if meeting.a_id == seat.participant_id else meeting.a


def overview(participant: Participant) -> dict[str, object]:
    """The participant's meetings in order of time, and how many wait for a word."""
    rows = Seat.objects.of_published(participant).prefetch_related(
        Prefetch("outcomes", Outcome.objects.filter(months__in=Outcome.LATER), to_attr="later")
    )
    meetings = [_row(seat) for seat in rows]
    waiting = sum(row["is_open"] for row in meetings)
    return {"meetings": meetings, "waiting": waiting, "told": sum(row["said"] != "" for row in meetings)}


def _row(seat: Seat) -> dict[str, object]:
    has_begun = seat.slot.starts_at <= timezone.now()
    return {
        "seat": seat,
        "card": cards.card(other_of(seat), by_name=True),
        "said": said(seat),
        "is_open": has_begun and not seat.held,
        "has_begun": has_begun,
        "outcomes": outcomes_to_tell(seat),
    }


def said(seat: Seat) -> str:
    """What this side has said, in a line."""
    if not seat.held:
        return ""
    parts = [seat.get_held_display()]
    if seat.relevance:
        parts.append(_("relevance %(n)s of 5") % {"n": seat.relevance})
    if seat.next_step:
        parts.append(seat.get_next_step_display())
    return ", ".join(str(part) for part in parts)


def outcomes_to_tell(seat: Seat) -> list[dict[str, object]]:
    """What can be told after 3 and 12 months, as far as it is time. Needs `later`, the outcomes told."""
    told = {outcome.months: outcome for outcome in seat.later}
    return [{"months": months, "told": told.get(months)} for months in months_due(seat, told)]


def months_due(seat: Seat, told: Iterable[int]) -> list[int]:
    """After how many months we ask about this meeting, now."""
    if seat.meeting.status != Meeting.Status.HELD or seat.next_step == Seat.NextStep.NONE:
        return []
    now = timezone.now()
    return [months for months in Outcome.LATER if months in told or seat.slot.due_at(months) <= now]
