"""A participant leaves the round, or cannot come to one of its meetings: what was planned is freed at once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused
from matchmaking import affinity, emails
from matchmaking.actions import meetings, requests
from matchmaking.actions.trail import by_participant
from matchmaking.models import Meeting, Participant, Round


@transaction.atomic
def withdraw(*, participant: Participant, sentence: str = "") -> None:
    """Takes the participant out of the round; those whom it was to meet or to answer hear. Twice is once."""
    current = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    current.round = Round.objects.select_related("timetable").get(pk=current.round_id)
    if current.status == Participant.Status.WITHDRAWN:
        return
    if not current.is_in or current.round.is_past:
        raise Refused(_("There is nothing to withdraw from."))
    Participant.objects.filter(pk=current.pk).update(status=Participant.Status.WITHDRAWN, status_at=timezone.now())
    by_participant("matchmaking.withdrawn", current, sentence=sentence)
    give_everything_up(participant=current, why=_why(current, sentence))


@transaction.atomic
def give_everything_up(*, participant: Participant, why: str) -> None:
    """Ends the requests and meetings of somebody who is out of the round; those concerned hear. Needs the timetable."""
    requests.close_all(participant=participant)
    if participant.round.timetable:
        found = meetings.cancel_all(participant=participant, timetable=participant.round.timetable, why=why, by=None)
        for meeting in found:
            _tell_before_publishing(meeting, participant, why)
    affinity.ask_for(participant.round)


@transaction.atomic
def cannot_come(*, participant: Participant, meeting: Meeting, sentence: str = "") -> None:
    """Cancels one of the participant's meetings; the other one hears. Twice is once."""
    if participant.pk not in {meeting.a_id, meeting.b_id}:
        raise Refused(_("This is not one of your meetings."))
    if Meeting.objects.get(pk=meeting.pk).status == Meeting.Status.CANCELLED:
        return
    why = _why(participant, sentence)
    cancelled = meetings.cancel(meeting=meeting, why=why, by=None)
    by_participant("matchmaking.cannot_come", participant, on=cancelled, sentence=sentence)
    _tell_before_publishing(cancelled, participant, why)


def _why(participant: Participant, sentence: str) -> str:
    said = _("%(company)s cannot come.") % {"company": participant.company}
    return f"{said} {sentence}".strip()


def _tell_before_publishing(meeting: Meeting, participant: Participant, why: str) -> None:
    """A published timetable tells of its changes itself; before that only agreed meetings are known to the two."""
    if participant.round.status == Round.Status.OPEN:
        other = meeting.b if meeting.a_id == participant.pk else meeting.a
        other.round = participant.round
        emails.send_meeting_called_off(meeting=meeting, to=other, why=why)
