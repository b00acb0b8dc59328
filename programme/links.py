"""Signed links that let one stakeholder read one version of a strategy and answer, without an account."""

from django.core import signing
from django.urls import reverse

from core import mail
from core.holdings import has_left
from programme.models import Endorsement, Strategy

SALT = "programme.endorsement"


class DeadLink(Exception):
    """The link opens nothing; the message says why."""


class ForgedLink(DeadLink):
    """It was not made by this portal, was cut off on its way, or its reader is not asked any more."""


class EndedLink(DeadLink):
    """The strategy is over: there is nothing left to agree to."""


def token_of(endorsement: Endorsement) -> str:
    """What a link carries: who is asked about which version, signed. It is the same each time."""
    return signing.Signer(salt=SALT).sign_object(endorsement.pk)


def url_of(endorsement: Endorsement) -> str:
    """The full address, for mails."""
    return mail.absolute(reverse("programme:endorse", args=[token_of(endorsement)]))


def endorsement_of(token: str) -> Endorsement:
    """Who reads which version of what. Raises DeadLink for a forged link and for one of a strategy that is over."""
    try:
        pk = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise ForgedLink("This link is not complete.") from None
    rows = Endorsement.objects.select_related("strategy").exclude(asked_at=None)
    endorsement = rows.filter(pk=pk).first()
    if endorsement is None or has_left(endorsement.email):
        raise ForgedLink("Nobody is asked by this link any more.")
    if endorsement.strategy.status == Strategy.Status.OVER:
        raise EndedLink("This strategy is over.")
    return endorsement
