"""Signed links that ask, without an account, whether one service helped."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from core import mail
from programme.models import ServiceRequest

SALT = "programme.helped"
OPENS_FOR = timedelta(days=180)


class DeadLink(Exception):
    """The link opens nothing; the message says why."""


class EndedLink(DeadLink):
    """The service was delivered too long ago."""


def token_of(request: ServiceRequest) -> str:
    """What a link carries: the request, signed. It is the same each time."""
    return signing.Signer(salt=SALT).sign_object(request.pk)


def url_of(request: ServiceRequest) -> str:
    """The full address of the question, for mails."""
    return mail.absolute(reverse("programme:helped", args=[token_of(request)]))


def request_of(token: str) -> ServiceRequest:
    """Which request a link is about. Raises DeadLink for a forged one, and when it was delivered too long ago."""
    try:
        pk = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise DeadLink("This link is not complete.") from None
    rows = ServiceRequest.objects.filter(status=ServiceRequest.Status.DELIVERED)
    found = rows.select_related("service", "organisation").filter(pk=pk).first()
    if found is None:
        raise DeadLink("This request is not known any more.")
    if found.delivered_on + OPENS_FOR < timezone.localdate():
        raise EndedLink("It was delivered too long ago.")
    return found
