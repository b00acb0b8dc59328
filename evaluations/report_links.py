"""Signed links that open one report to somebody without an account, until they end or are taken back."""

from django.core import signing
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from core import mail
from evaluations.models import Report, ReportLink
from evaluations.models.publications import Audience

SALT = "evaluations.report"


class DeadLink(Exception):
    """The link opens nothing."""


class ForgedLink(DeadLink):
    """It was not made by this portal, or was cut off on its way."""


class ClosedLink(DeadLink):
    """It has ended, or was taken back."""

    def __init__(self, link: ReportLink) -> None:
        """Names the link: its day, and whether it was taken back, are told."""
        super().__init__("This link has ended.")
        self.link = link


def token_of(link: ReportLink) -> str:
    """What the link carries: its key, signed, so that a look into the database alone opens no report."""
    return signing.Signer(salt=SALT).sign(link.key)


def url_of(link: ReportLink) -> str:
    """The full address, to be sent to whoever is to read it."""
    return mail.absolute(reverse("evaluations:shared_report", args=[token_of(link)]))


def link_of(token: str) -> ReportLink:
    """The link with its report. Raises DeadLink for a forged, ended or withdrawn one.

    What is not for the public is behind no link, even if a row says otherwise.
    """
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        raise ForgedLink("This link is not complete.") from None
    shared = ReportLink.objects.filter(report__audience=Audience.PUBLIC, report__status=Report.Status.DONE)
    link = shared.select_related("report").filter(key=key).first()
    if link is None:
        raise ForgedLink("This report is not known any more.")
    if link.withdrawn_at or link.expires_at <= timezone.now():
        raise ClosedLink(link)
    return link


def count(link: ReportLink) -> None:
    """Notes that somebody opened it; not who."""
    ReportLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)
