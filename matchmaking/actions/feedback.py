"""What participants say after a meeting: right away, and what came of it after 3 and 12 months."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused
from core.ladder import fitting
from matchmaking.actions.trail import by_participant
from matchmaking.models import Meeting, Outcome, Round, Seat


@transaction.atomic
def tell(*, seat: Seat, held: str, relevance: int | None = None, next_step: str = "", words: str = "") -> bool:
    """One side says how its meeting went; it may say so anew. Returns whether anything changed.

    Who holds the signed link speaks: there is no account to note as the one who did it.
    """
    meeting = _locked(seat)
    if meeting.slot.starts_at > timezone.now():
        raise Refused(_("This meeting has not begun yet. Tell us afterwards."))
    current = Seat.objects.get(pk=seat.pk)
    said = {"held": held, "relevance": relevance, "next_step": next_step, "words": words.strip()}
    if held != Seat.Held.YES:
        said |= {"relevance": None, "next_step": ""}
    changed = [name for name, value in said.items() if getattr(current, name) != value]
    if not changed:
        return False
    before = current.held
    Seat.objects.filter(pk=current.pk).update(told_at=timezone.now(), **said)
    _note_first_outcome(current, said["next_step"])
    _follow(meeting, before=before, now=held)
    by_participant("matchmaking.feedback_told", seat.participant, on=current, fields=changed)
    return True


def _locked(seat: Seat) -> Meeting:
    """The meeting's row, held until the end: both sides may speak at once."""
    meeting = Meeting.objects.select_for_update(of=["self"]).select_related("slot__round").get(pk=seat.meeting_id)
    is_off = meeting.slot.round.status == Round.Status.CANCELLED
    if is_off or meeting.status == Meeting.Status.CANCELLED:
        raise Refused(_("This meeting was cancelled. There is nothing to tell."))
    return meeting


def _note_first_outcome(seat: Seat, next_step: str) -> None:
    """The next step, on the ladder that evaluations read."""
    now = Outcome.objects.filter(seat=seat, months=0)
    if not next_step:
        now.delete()
        return
    told = {"stage": Outcome.OF_NEXT_STEP[Seat.NextStep(next_step)], "told_at": timezone.now()}
    Outcome.objects.update_or_create(seat=seat, months=0, defaults=told)


def _follow(meeting: Meeting, *, before: str, now: str) -> None:
    """What both sides have said decides how the meeting stands; who says that it was held is believed."""
    said = set(meeting.seats.values_list("held", flat=True))
    if Seat.Held.YES in said:
        status = Meeting.Status.HELD
    elif Seat.Held.NO_SHOW in said:
        status = Meeting.Status.NO_SHOW
    elif before in {Seat.Held.YES, Seat.Held.NO_SHOW} and before != now:
        status = Meeting.Status.PLANNED
    else:
        return
    if status != meeting.status:
        Meeting.objects.filter(pk=meeting.pk).update(status=status, status_at=timezone.now())


@transaction.atomic
def tell_outcome(
    *, seat: Seat, months: int, stage: str, amount: str = "", attribution: str = "", words: str = ""
) -> bool:
    """One side says how far it has come since the meeting. Returns whether anything changed."""
    meeting = _locked(seat)
    if months not in Outcome.LATER:
        raise Refused(_("We ask after 3 and after 12 months."))
    if meeting.slot.due_at(months) > timezone.now():
        raise Refused(_("It is too early for this question. We write to you when it is time."))
    told = {"stage": stage, "words": words.strip()} | fitting(rung=stage, amount=amount, attribution=attribution)
    current = Outcome.objects.filter(seat=seat, months=months).first()
    if current and all(getattr(current, name) == value for name, value in told.items()):
        return False
    outcome, _is_new = Outcome.objects.update_or_create(
        seat=seat, months=months, defaults=told | {"told_at": timezone.now()}
    )
    by_participant("matchmaking.outcome_told", seat.participant, on=outcome, months=months)
    return True
