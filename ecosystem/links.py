"""Signed links by which a company answers about one card, without an account."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from core import mail
from ecosystem.models import ShortlistCard
from members.models import User
from members.permissions import can_answer_for

SALT = "ecosystem.card"
OPENS_FOR = timedelta(days=180)


class DeadLink(Exception):
    """It was not made by this portal, was cut off on its way, or what it was about is gone."""


class EndedLink(DeadLink):
    """It is too old, or the person does not answer for the company any more."""


def token_of(card: ShortlistCard, user: User) -> str:
    """What a link carries: which card, and who answers by it, signed and dated."""
    return signing.dumps([str(card.key), user.pk], salt=SALT)


def url_of(card: ShortlistCard, user: User) -> str:
    """The full address of the question, for mails."""
    return mail.absolute(reverse("ecosystem:answer", args=[token_of(card, user)]))


def opened(token: str) -> tuple[ShortlistCard, User]:
    """The card and the person of a link. Raises DeadLink for a forged one, EndedLink for one that opens no more."""
    try:
        key, user_id = signing.loads(token, salt=SALT, max_age=OPENS_FOR)
    except signing.SignatureExpired:
        raise EndedLink from None
    except (signing.BadSignature, ValueError, TypeError):
        raise DeadLink from None
    card = ShortlistCard.objects.for_page().filter(key=key).exclude(status="draft").first()
    if card is None:
        raise DeadLink
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not can_answer_for(user, card.organisation):
        raise EndedLink
    return card, user
