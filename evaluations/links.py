"""Signed links without an account: to one company's questionnaire, and to one question of what came of an interest."""

import hmac
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from core import mail
from evaluations.models import FollowUp, Invitee, Wave
from evaluations.models.outcomes import FOLLOWED
from evaluations.population import language_of

SALT = "evaluations.invitee"
FOLLOW_UP_SALT = "evaluations.follow_up"
FOLLOW_UP_OPENS_FOR = timedelta(days=60)


class DeadLink(Exception):
    """The link opens nothing; the message says why. `language` is that of the person it was for, if that is known."""

    def __init__(self, message: str, *, language: str = "") -> None:
        super().__init__(message)
        self.language = language


class ForgedLink(DeadLink):
    """It was not made by this portal, or was cut off on its way."""


class ReplacedLink(DeadLink):
    """A newer one was sent."""

    def __init__(self, invitee: Invitee) -> None:
        """Names whose link it was: a new one may be sent to that address."""
        super().__init__("A newer link was sent.", language=invitee.asked_in)
        self.invitee = invitee


class SwitchedOffLink(DeadLink):
    """The cluster team has taken the company out of the wave."""


class EndedLink(DeadLink):
    """The question was asked too long ago."""


def token_of(invitee: Invitee) -> str:
    """What a link carries: who it is for and its version, signed. It is the same each time."""
    return signing.Signer(salt=SALT).sign_object([invitee.pk, invitee.link_version])


def url_of(invitee: Invitee, name: str = "answer") -> str:
    """The full address of one of the invitee's pages, for mails."""
    return mail.absolute(reverse(f"evaluations:{name}", args=[token_of(invitee)]))


def invitee_of(token: str) -> Invitee:
    """Whose questionnaire a link opens, with its wave. Raises DeadLink for a forged, replaced or switched-off one.

    Whether the wave still takes answers is another question: see Wave.takes_answers.
    """
    try:
        pk, version = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise ForgedLink("This link is not complete.") from None
    invitee = Invitee.objects.select_related("wave__version__questionnaire").filter(pk=pk).first()
    if invitee is None:
        raise ForgedLink("This invitation is not known any more.")
    if invitee.is_taken_out:
        raise SwitchedOffLink("This company is not asked any more.", language=invitee.asked_in)
    if invitee.link_version != version:
        raise ReplacedLink(invitee)
    return invitee


def response_id(wave: Wave, invitee: Invitee) -> UUID:
    """Where the answers of an invitee stand while the wave is open. Without the wave's key nobody can tell."""
    digest = hmac.digest(bytes(wave.key), str(invitee.pk).encode(), sha256)
    return UUID(bytes=digest[:16])


def follow_up_token(follow_up: FollowUp) -> str:
    """What a link carries: one question, signed. It is the same each time."""
    return signing.Signer(salt=FOLLOW_UP_SALT).sign_object(follow_up.pk)


def follow_up_url(follow_up: FollowUp) -> str:
    """The full address of the question, for mails."""
    return mail.absolute(reverse("evaluations:follow_up", args=[follow_up_token(follow_up)]))


def follow_up_of(token: str) -> FollowUp:
    """Which question a link opens. Raises DeadLink for a forged one, and when it was asked too long ago."""
    try:
        pk = signing.Signer(salt=FOLLOW_UP_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise ForgedLink("This link is not complete.") from None
    found = FollowUp.objects.select_related(*FOLLOWED).filter(pk=pk).first()
    if found is None:
        raise ForgedLink("This question is not known any more.")
    if not FollowUp.objects.filter(pk=found.pk).to_people_still_there().exists():
        raise SwitchedOffLink("The person who was asked does not belong to the organisation any more.")
    if not is_follow_up_open(found):
        raise EndedLink("This question was asked too long ago.", language=language_of(found.organisation))
    return found


def is_follow_up_open(follow_up: FollowUp) -> bool:
    """Whether it can still be answered, or the answer changed."""
    return timezone.now() < follow_up.asked_at + FOLLOW_UP_OPENS_FOR
