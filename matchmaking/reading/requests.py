"""A participant's requests in the order in which they want an answer, and what the cluster team sees of all."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matchmaking import cards
from matchmaking.free_slots import taken_slots
from matchmaking.models import Meeting, MeetingRequest, Participant, Round
from matchmaking.permissions import can_choose

Status = MeetingRequest.Status
SOON = timedelta(hours=24)


def own_requests(participant: Participant) -> dict[str, object]:
    """To answer, oldest expiry first; waiting; agreed; closed."""
    rows = list(MeetingRequest.objects.of(participant).for_list())
    known, taken = cards.names_known_to(participant), taken_slots(participant)
    told = [_row(row, participant, known, taken) for row in rows]
    waiting = sorted((each for each in told if each["is_waiting"]), key=lambda each: each["request"].expires_at)
    sent = [each for each in waiting if not each["is_mine"]]
    return {
        "to_answer": [each for each in waiting if each["is_mine"]],
        "sent": sent,
        "agreed": sorted((each for each in told if each["is_agreed"]), key=lambda each: each["request"].slot.starts_at),
        "closed": [each for each in told if not each["is_waiting"] and not each["is_agreed"]],
        "open_requests": sum(each["request"].sender_id == participant.pk for each in waiting),
        "most_requests": participant.round.requests_at_once,
        "most_meetings": participant.most_meetings,
        "may_choose": bool(can_choose(participant.round)) and participant.is_in,
    }


def _row(row: MeetingRequest, reader: Participant, known: set[int], taken: set[int]) -> dict[str, object]:
    other = row.receiver if row.sender_id == reader.pk else row.sender
    is_waiting = row.status == Status.WAITING and row.expires_at > timezone.now()
    has_ended = row.status == Status.WAITING and not is_waiting
    is_off = row.meeting is None or row.meeting.status == Meeting.Status.CANCELLED
    return {
        "request": row,
        "card": cards.card(other, by_name=other.shows_name or other.pk in known),
        "is_sender": row.sender_id == reader.pk,
        "is_waiting": is_waiting,
        "is_mine": row.turn_id == reader.pk,
        "is_agreed": row.status == Status.ACCEPTED and not is_off,
        "is_taken": row.slot_id in taken,
        "left": time_left(row) if is_waiting else "",
        "is_soon": is_waiting and row.expires_at - timezone.now() < SOON,
        "state": _state(row, has_ended=has_ended, is_off=is_off),
    }


def _state(row: MeetingRequest, *, has_ended: bool, is_off: bool) -> str:
    if has_ended:
        return str(Status.EXPIRED.label)
    if row.status == Status.ACCEPTED and is_off:
        return _("The meeting was cancelled")
    return row.get_status_display()


def time_left(request: MeetingRequest) -> str:
    """How long there is to answer, in words."""
    hours = int((request.expires_at - timezone.now()).total_seconds() // 3600)
    if hours < 1:
        return _("less than an hour left")
    if hours < 48:
        return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}
    return ngettext("%(n)s day left", "%(n)s days left", hours // 24) % {"n": hours // 24}


@dataclass
class Answers:
    """What one participant did with requests."""

    participant: Participant
    sent: int = 0
    received: Counter = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """How many asked it, those aside that were taken back."""
        return self.received.total() - self.received[Status.WITHDRAWN]

    @property
    def answered(self) -> int:
        """How many got a yes or a no."""
        return self.received[Status.ACCEPTED] + self.received[Status.DECLINED]

    @property
    def accepted(self) -> int:
        """How many got a yes."""
        return self.received[Status.ACCEPTED]

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self.received[Status.WAITING]

    @property
    def expired(self) -> int:
        """How many ended in silence."""
        return self.received[Status.EXPIRED]

    @property
    def accepts(self) -> int | None:
        """Percent of its answers that are a yes."""
        return round(100 * self.accepted / self.answered) if self.answered else None

    @property
    def never_answers(self) -> bool:
        """Silence ended requests, and none has an answer."""
        return self.expired > 0 and self.answered == 0


def overview(round_: Round) -> dict[str, object]:
    """Who gets many requests, who never answers, and how many are accepted."""
    rows = MeetingRequest.objects.filter(sender__round=round_).values_list("sender", "receiver", "status")
    people = Participant.objects.confirmed().filter(round=round_).for_list()
    told = {each.pk: Answers(each) for each in people}
    states: Counter = Counter()
    for sender, receiver, status in rows:
        states[status] += 1
        if sender in told:
            told[sender].sent += 1
        if receiver in told:
            told[receiver].received[status] += 1
    answered = states[Status.ACCEPTED] + states[Status.DECLINED]
    ended = answered + states[Status.EXPIRED]
    found = sorted(told.values(), key=lambda each: (not each.never_answers, -each.expired, -each.asked))
    return {
        "people": [each for each in found if each.asked or each.sent],
        "quiet": sum(not (each.asked or each.sent) for each in found),
        "figures": _figures(states, answered, ended),
    }


def _figures(states: Counter, answered: int, ended: int) -> list[dict[str, object]]:
    def share(part: int, whole: int) -> dict[str, object]:
        if not whole:
            return {"value": "–", "n": _("no answers yet")}
        return {"value": round(100 * part / whole), "unit": "%"}

    return [
        {"label": _("Requests"), "value": states.total() - states[Status.WITHDRAWN]},
        {"label": _("Wait for an answer"), "value": states[Status.WAITING]},
        {"label": _("Accepted, of those answered")} | share(states[Status.ACCEPTED], answered),
        {"label": _("Ended in silence")} | share(states[Status.EXPIRED], ended),
    ]
