"""Signed links that open one partner's part of an application without an account, and nothing else."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from core import mail
from funding.models import FundingCall, Partner

SALT = "funding.partner"
# A partner looks its part up until the decisions are made and appealed.
OPENS_FOR_AFTER_THE_DEADLINE = timedelta(days=365)


class DeadLink(Exception):
    """The link opens nothing; the message says why."""


class ForgedLink(DeadLink):
    """It was not made by this portal, or was cut off on its way."""


class ReplacedLink(DeadLink):
    """A newer one was sent."""

    def __init__(self, partner: Partner) -> None:
        """Names whose link it was: a new one may be sent to that address."""
        super().__init__("A newer link was sent.")
        self.partner = partner


class StoppedLink(DeadLink):
    """The lead has switched it off, or the partner is out of the consortium; no newer one was sent."""


class EndedLink(DeadLink):
    """Its call was cancelled, or was too long ago."""


def token_of(partner: Partner) -> str:
    """What a link carries: whose part it opens and its version, signed. It is the same each time."""
    return signing.Signer(salt=SALT).sign_object([partner.pk, partner.link_version])


def url_of(partner: Partner, name: str = "partner_part") -> str:
    """The full address of one of the partner's pages, for mails."""
    return mail.absolute(reverse(f"funding:{name}", args=[token_of(partner)]))


def partner_of(token: str) -> Partner:
    """Whose part a link opens, with application and call. Raises DeadLink for a forged, replaced or ended one."""
    try:
        pk, version = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise ForgedLink("This link is not complete.") from None
    rows = Partner.objects.select_related("application__call", "application__lead", "funder", "organisation")
    partner = rows.filter(pk=pk, is_lead=False).first()
    if partner is None:
        raise StoppedLink("This partner is out of the consortium.")
    if partner.link_version != version:
        is_out = partner.status in {Partner.Status.DRAFT, Partner.Status.DECLINED}
        raise StoppedLink("It was switched off.") if is_out else ReplacedLink(partner)
    if partner.status == Partner.Status.DRAFT:
        raise StoppedLink("It was not sent.")
    call = partner.application.call
    is_old = call.deadline + OPENS_FOR_AFTER_THE_DEADLINE < timezone.now()
    if is_old or call.status == FundingCall.Status.CANCELLED:
        raise EndedLink("The call is over.")
    return partner
