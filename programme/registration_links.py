"""Signed links that show one registration and cancel it, without an account."""

from django.core import signing
from django.urls import reverse

from core import mail
from core.holdings import has_left
from programme.models import Registration

SALT = "programme.registration"


class ForgedLink(Exception):
    """It was not made by this portal, was cut off on its way, or what it was about is gone."""


def token_of(registration: Registration) -> str:
    """What a link carries: whose registration, signed. It is the same each time."""
    return signing.Signer(salt=SALT).sign_object([registration.pk])


def url_of(registration: Registration) -> str:
    """The full address, for mails."""
    return mail.absolute(reverse("programme:registration", args=[token_of(registration)]))


def registration_of(token: str) -> Registration:
    """What a link opens, with activity and organisation. Raises ForgedLink."""
    try:
        (pk,) = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise ForgedLink from None
    found = Registration.objects.select_related("activity", "organisation").filter(pk=pk).first()
    if found is None or has_left(found.email):
        raise ForgedLink
    return found
