"""Requests to meet: asked with a sentence and a time, answered, moved to another time, taken back, ended by silence.

A request waits for the answer of one of the two, whose turn it is. The time that the other has proposed is held for it
until then. What is told to participants names nobody: whether they may know a name is decided where it is shown.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused
from matchmaking import emails
from matchmaking.actions import meetings
from matchmaking.actions.trail import by_participant
from matchmaking.free_slots import free_for_both
from matchmaking.models import Meeting, MeetingRequest, Participant, Round, Seat, Slot, Timetable, ordered
from matchmaking.permissions import can_choose
from matchmaking.reading.others import others_of

Status = MeetingRequest.Status


@transaction.atomic
def ask(*, participant: Participant, other: Participant, slot: Slot, sentence: str) -> MeetingRequest:
    """Asks somebody to meet at a time that both have free."""
    sender = _who_may_ask(participant)
    receiver = others_of(sender).filter(pk=other.pk).first()
    if receiver is None:
        raise Refused(_("This company is not among those you can meet."))
    receiver.round = sender.round
    _insist_on_no_other_request(sender, receiver)
    _insist_on_places_left(sender, receiver)
    _insist_on_a_free_slot(sender, receiver, slot)
    request = MeetingRequest.objects.create(
        sender=sender, receiver=receiver, turn=receiver, slot=slot, sentence=sentence, expires_at=_expiry(sender.round)
    )
    by_participant("matchmaking.request_sent", sender, on=request)
    emails.send_request_received(request=request)
    return request


@transaction.atomic
def answer(*, request: MeetingRequest, participant: Participant, accepted: bool, sentence: str = "") -> MeetingRequest:
    """Accepts, which makes the meeting, or declines. The same answer twice is once."""
    current = _locked(request)
    wanted = Status.ACCEPTED if accepted else Status.DECLINED
    if current.status == wanted and current.turn_id == participant.pk:
        return current
    _insist_on_a_turn(current, participant)
    if accepted:
        current.meeting = _meeting(current)
    current.status, current.answer, current.answered_at = wanted, sentence, timezone.now()
    current.save(update_fields=["status", "answer", "answered_at", "meeting"])
    by_participant(f"matchmaking.request_{wanted}", participant, on=current)
    emails.send_request_answered(request=current, to=_proposer(current))
    return current


@transaction.atomic
def propose_other_slot(
    *, request: MeetingRequest, participant: Participant, slot: Slot, sentence: str = ""
) -> MeetingRequest:
    """Proposes another time instead of an answer: now the other one's answer is waited for, as long as at first."""
    current = _locked(request)
    _insist_on_a_turn(current, participant)
    other = _proposer(current)
    _insist_on_a_free_slot(participant, other, slot, beside=current)
    current.slot, current.turn, current.answer = slot, other, sentence
    current.answered_at, current.reminded_at = timezone.now(), None
    current.expires_at = _expiry(current.sender.round)
    current.save(update_fields=["slot", "turn", "answer", "answered_at", "reminded_at", "expires_at"])
    by_participant("matchmaking.request_moved", participant, on=current)
    emails.send_request_received(request=current)
    return current


@transaction.atomic
def take_back(*, request: MeetingRequest, participant: Participant) -> MeetingRequest:
    """The one who waits for an answer takes the proposal back. Twice is once."""
    current = _locked(request)
    if current.status == Status.WITHDRAWN:
        return current
    if current.status != Status.WAITING:
        raise Refused(over(current))
    if participant.pk != _proposer(current).pk:
        raise Refused(_("It is your turn to answer. Accept, decline or propose another time."))
    _close(current, Status.WITHDRAWN)
    by_participant("matchmaking.request_withdrawn", participant, on=current)
    return current


def close_all(*, participant: Participant) -> None:
    """Ends every waiting request of somebody who leaves; those who wait for an answer of it hear."""
    for request in MeetingRequest.objects.of(participant).filter(status=Status.WAITING).order_by("pk"):
        current = _locked(request)
        if current.status != Status.WAITING:
            continue
        is_asked = current.turn_id == participant.pk
        _close(current, Status.DECLINED if is_asked else Status.WITHDRAWN)
        by_participant(f"matchmaking.request_{current.status}", participant, on=current)
        if is_asked:
            emails.send_request_answered(request=current, to=_proposer(current))


def expire_due() -> int:
    """Ends what nobody has answered in time and tells who waited; returns how many. Two workers do each once."""
    return sum(_expire(pk) for pk in MeetingRequest.objects.run_out().values_list("pk", flat=True))


@transaction.atomic
def _expire(pk: int) -> bool:
    if not MeetingRequest.objects.run_out().filter(pk=pk).update(status=Status.EXPIRED):
        return False
    current = _locked(MeetingRequest(pk=pk))
    by_participant("matchmaking.request_expired", current.turn, on=current)
    emails.send_request_expired(request=current, to=_proposer(current))
    return True


def remind_due() -> int:
    """Reminds those whose answer is waited for, once, when half of the time has passed; returns how many."""
    rows = MeetingRequest.objects.half_passed().filter(reminded_at=None, sender__round__status=Round.Status.OPEN)
    return sum(_remind(pk) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int) -> bool:
    unreminded = MeetingRequest.objects.waiting().filter(pk=pk, reminded_at=None)
    if not unreminded.update(reminded_at=timezone.now()):
        return False
    emails.send_request_reminder(request=_locked(MeetingRequest(pk=pk)))
    return True


def over(request: MeetingRequest) -> str:
    """Why nothing can be answered any more."""
    return {
        Status.ACCEPTED: _("This request is accepted already."),
        Status.DECLINED: _("This request is declined already."),
        Status.EXPIRED: _("This request ended without an answer."),
        Status.WITHDRAWN: _("This request was taken back."),
    }[Status(request.status)]


# What must hold


def _who_may_ask(participant: Participant) -> Participant:
    """The participant's row, held until the end: two requests at once do not pass the limit."""
    current = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    current.round = Round.objects.get(pk=current.round_id)
    if not current.is_in or not current.round.takes_requests:
        raise Refused(_("This round takes no requests from you."))
    _insist_on_time_to_choose(current.round)
    return current


def _insist_on_time_to_choose(round_: Round) -> None:
    if not (verdict := can_choose(round_)):
        raise Refused(str(verdict.reason))


def _insist_on_no_other_request(sender: Participant, receiver: Participant) -> None:
    sent = MeetingRequest.objects.filter(sender=sender, status=Status.WAITING)
    for ended in MeetingRequest.objects.run_out().filter(sender=sender, receiver=receiver):
        _expire(ended.pk)
    if sent.filter(receiver=receiver).exists():
        raise Refused(_("You have asked them already. Wait for their answer."))
    if MeetingRequest.objects.waiting().filter(sender=receiver, receiver=sender).exists():
        raise Refused(_("They have asked you already. Answer their request."))
    a, b = ordered(sender, receiver)
    if Meeting.objects.standing().filter(timetable=sender.round.timetable_id, a=a, b=b).exists():
        raise Refused(_("You have a meeting with them already."))
    most = sender.round.requests_at_once
    if sent.filter(expires_at__gt=timezone.now()).count() >= most:
        raise Refused(_("You have %(n)s open requests, which is the most. Take one back first.") % {"n": most})


def _insist_on_places_left(one: Participant, other: Participant) -> None:
    if _places_taken(one) >= one.most_meetings:
        raise Refused(_("Your meetings and open requests fill your day. Take a request back first."))
    if _meetings(other) >= other.most_meetings:
        raise Refused(_("Their day is full. Ask somebody else."))


def _meetings(participant: Participant) -> int:
    return Seat.objects.standing().filter(timetable=participant.round.timetable_id, participant=participant).count()


def _places_taken(participant: Participant) -> int:
    return _meetings(participant) + MeetingRequest.objects.held_by([participant]).count()


def _insist_on_a_free_slot(
    one: Participant, other: Participant, slot: Slot, beside: MeetingRequest | None = None
) -> None:
    if slot not in free_for_both(one, other, beside=beside):
        raise Refused(_("This time is not free any more. Choose another one."))


def _locked(request: MeetingRequest) -> MeetingRequest:
    """The request's row, held until the end, with both sides and the round as they are then."""
    current = MeetingRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    round_ = Round.objects.get(participants=current.sender_id)
    people = Participant.objects.select_related("cluster").in_bulk([current.sender_id, current.receiver_id])
    for each in people.values():
        each.round = round_
    current.sender, current.receiver = people[current.sender_id], people[current.receiver_id]
    current.turn = people[current.turn_id]
    return current


def _insist_on_a_turn(request: MeetingRequest, participant: Participant) -> None:
    if request.status != Status.WAITING:
        raise Refused(over(request))
    if request.turn_id != participant.pk:
        raise Refused(_("It is the other's turn to answer."))
    if request.expires_at <= timezone.now():
        raise Refused(_("This request ended without an answer."))
    _insist_on_time_to_choose(request.sender.round)


def _proposer(request: MeetingRequest) -> Participant:
    """Who waits for the answer."""
    return request.receiver if request.turn_id == request.sender_id else request.sender


def _expiry(round_: Round) -> datetime:
    return min(timezone.now() + timedelta(hours=round_.request_hours), round_.choose_until)


def _close(request: MeetingRequest, status: str) -> None:
    request.status, request.answered_at = status, timezone.now()
    request.save(update_fields=["status", "answered_at"])


# What follows from a yes


def _meeting(request: MeetingRequest) -> Meeting:
    for each in (request.sender, request.receiver):
        if _meetings(each) >= each.most_meetings:
            is_own = each.pk == request.turn_id
            raise Refused(
                _("Your day is full.") if is_own else _("Their day is full by now. Decline, so that they know.")
            )
    try:
        return meetings.add(
            timetable=live_timetable(request.sender.round),
            one=request.sender,
            other=request.receiver,
            slot=request.slot,
            origin=Meeting.Origin.REQUEST,
            by=None,
        )
    except Refused:
        # Its own words are for managers: they name who has another meeting.
        raise Refused(_("This time is not free any more. Propose another one.")) from None


def live_timetable(round_: Round) -> Timetable:
    """The timetable that accepted requests go into; the first of a round is made when it is first needed."""
    # Without a join: after a wait for the lock, a joined row would be the one from before.
    current = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    if current.timetable_id is None:
        number = (current.timetables.aggregate(last=Max("number"))["last"] or 0) + 1
        current.timetable = Timetable.objects.create(
            round=current, number=number, status=Timetable.Status.DONE, result=Timetable.Result.FEASIBLE,
            finished_at=timezone.now(),
        )  # fmt: skip
        current.save(update_fields=["timetable"])
    round_.timetable = current.timetable
    return current.timetable
