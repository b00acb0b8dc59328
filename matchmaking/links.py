"""Signed links that open one participant's pages without an account, and nothing else."""

from datetime import timedelta

from django.core import signing
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from core import mail
from matchmaking.models import Participant, Round

SALT = "matchmaking.participant"
BOARD_SALT = "matchmaking.board"
# The last question comes twelve months after the meetings.
OPENS_FOR_AFTER_THE_ROUND = timedelta(days=430)


class DeadLink(Exception):
    """The link opens nothing; the message says why and what to do."""


class ForgedLink(DeadLink):
    """It was not made by this portal, or was cut off on its way."""


class ReplacedLink(DeadLink):
    """A newer one was sent."""

    def __init__(self, participant: Participant) -> None:
        """Names whose link it was: a new one may be sent to that address."""
        super().__init__("A newer link was sent.")
        self.participant = participant


class SwitchedOffLink(DeadLink):
    """The participant was taken out of the round; no newer one was sent."""


class EndedLink(DeadLink):
    """Its round was too long ago."""


def token_of(participant: Participant) -> str:
    """What a link carries: who it is for and its version, signed. It is the same each time."""
    return signing.Signer(salt=SALT).sign_object([participant.pk, participant.link_version])


def url_of(participant: Participant, name: str = "own", **query: str) -> str:
    """The full address of one of the participant's pages, for mails."""
    return mail.absolute(reverse(f"matchmaking:{name}", args=[token_of(participant)], query=query or None))


def participant_of(token: str) -> Participant:
    """Whose pages a link opens, with round and cluster. Raises DeadLink for a forged, replaced or ended one."""
    try:
        pk, version = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise ForgedLink("This link is not complete.") from None
    rows = Participant.objects.select_related("round__timetable", "cluster", "organisation")
    participant = rows.annotate(last_slot=Max("round__slots__ends_at")).filter(pk=pk).first()
    if participant is None:
        raise ForgedLink("This participant is not known any more.")
    if participant.link_version != version and participant.status == Participant.Status.WITHDRAWN:
        raise SwitchedOffLink("This participant is out of the round.")
    if participant.link_version != version:
        raise ReplacedLink(participant)
    if participant.last_slot and participant.last_slot + OPENS_FOR_AFTER_THE_ROUND < timezone.now():
        raise EndedLink("This round was too long ago.")
    return participant


def board_token(round_: Round) -> str:
    """What the link to a round's public board carries."""
    return signing.dumps(round_.pk, salt=BOARD_SALT)


def round_of_board(token: str) -> Round:
    """Whose board a link opens. Raises DeadLink for a forged one, and when the timetable is not out."""
    try:
        pk = signing.loads(token, salt=BOARD_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise ForgedLink("This link is not complete.") from None
    round_ = Round.objects.filter(pk=pk, status=Round.Status.PUBLISHED).select_related("timetable").first()
    if round_ is None:
        raise EndedLink("This round has no board now.")
    return round_
