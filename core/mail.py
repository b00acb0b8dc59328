"""Mail: the row first, sent by its id after the commit, with a link that stops its kind."""

import logging
from datetime import timedelta
from functools import reduce
from operator import or_
from smtplib import SMTPDataError, SMTPRecipientsRefused

from celery import current_app
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core.actions import record
from core.holdings import has_left
from core.models import Mail, MailStop
from core.speaking import language_of_mail

logger = logging.getLogger(__name__)
STOP_SALT = "core.mail.stop"
# Half a minute, then four times as long each time: the last attempt is made after a day and a half.
FIRST_WAIT = timedelta(seconds=30)
MAX_ATTEMPTS = 7
STUCK_AFTER = timedelta(minutes=15)  # no task lives so long
# The one mail that must not be kept: it tells an address that nothing is kept of it.
FAREWELL = "farewell"
ABOUT_THIS_MAIL = (SMTPRecipientsRefused, SMTPDataError)


def absolute(path: str) -> str:
    """The full address of a path of the portal, for mails."""
    return settings.SITE_URL.rstrip("/") + path


def stop_url(address: str, kind: str) -> str:
    """A signed link that stops one kind of mail for one address, without signing in."""
    token = signing.dumps([address, kind], salt=STOP_SALT)
    return absolute(reverse("mail_stop", args=[token], query=language_of_mail()))


def read_stop_token(token: str) -> tuple[str, str]:
    """The address and kind of a stop link; raises signing.BadSignature for a forged one. It does not expire."""
    address, kind = signing.loads(token, salt=STOP_SALT)
    return address, kind


def queue(*, to: str, kind: str, key: str, template: str, context: dict[str, object]) -> Mail | None:
    """Renders `emails/<template>.{subject.txt,txt,html}`, keeps the row and sends it after the commit.

    Returns None when a mail of this key exists already, so that a second click mails nobody twice, and when the person
    was erased: that address leads nowhere.
    """
    address = to.strip().lower()
    if has_left(address):
        return None
    context = {"stop_url": stop_url(address, kind), "site_url": settings.SITE_URL, **context}
    subject = " ".join(render_to_string(f"emails/{template}.subject.txt", context).split())[:250]
    context["subject"] = subject
    text, html = (render_to_string(f"emails/{template}.{part}", context) for part in ("txt", "html"))
    stopped = MailStop.objects.filter(address=address, kind=kind).exists()
    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to": address,
            "kind": kind,
            "subject": subject,
            "text": text,
            "html": html,
            "status": Mail.Status.STOPPED if stopped else Mail.Status.QUEUED,
        },
    )
    if not is_new:
        return None
    if not stopped:
        _send_after_commit(mail)
    return mail


def send(mail_id: int) -> bool:
    """Sends one queued mail. False when it was not this mail but the mail server that failed.

    The claim is committed before the server is spoken to: a crash in between leaves a row in "being sent" for an
    operator to look at, rather than a mail that goes out twice.
    """
    waiting = Mail.objects.filter(pk=mail_id, status=Mail.Status.QUEUED)
    if not waiting.update(status=Mail.Status.SENDING, claimed_at=timezone.now()):
        return True
    mail = Mail.objects.get(pk=mail_id)
    mail.attempts += 1
    fault = None
    try:
        _message(mail).send()
    except OSError as error:  # what smtplib raises is one, too
        fault, mail.error = error, f"{type(error).__name__}: {error}"
        is_last = _is_final(error) or mail.attempts == MAX_ATTEMPTS
        mail.status = Mail.Status.FAILED if is_last else Mail.Status.QUEUED
        logger.warning("Mail %s could not be sent: %s", mail.pk, mail.error)
    else:
        mail.status, mail.sent_at, mail.error = Mail.Status.SENT, timezone.now(), ""
    # Not save(): the row is gone when its reader was erased meanwhile.
    told = {name: getattr(mail, name) for name in ("status", "attempts", "error", "sent_at")}
    Mail.objects.filter(pk=mail.pk).update(**told)
    if mail.kind == FAREWELL and mail.status != Mail.Status.QUEUED:
        mail.delete()
    return fault is None or isinstance(fault, ABOUT_THIS_MAIL)


def _message(mail: Mail) -> EmailMultiAlternatives:
    # RFC 8058: mail programs show a button of their own that posts to the link.
    headers = {
        "List-Unsubscribe": f"<{stop_url(mail.to, mail.kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers)
    message.attach_alternative(mail.html, "text/html")
    return message


def _is_final(error: OSError) -> bool:
    """Whether the server has said for good that it takes no such mail, or knows no such address (RFC 5321: 5xx)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def due() -> QuerySet[Mail]:
    """Mails that wait although their message must have come: it was lost, or the server failed and it is time again."""
    now = timezone.now()
    times = (Q(attempts=n, created_at__lt=now - FIRST_WAIT * 4**n) for n in range(MAX_ATTEMPTS))
    return Mail.objects.filter(reduce(or_, times), status=Mail.Status.QUEUED).order_by("pk")


def send_queued() -> None:
    """Sends every mail that is due, until the mail server fails."""
    for mail_id in due().values_list("pk", flat=True):
        if not send(mail_id):
            return


def stuck() -> QuerySet[Mail]:
    """Mails whose worker died while it sent them: nobody knows whether they went out."""
    return Mail.objects.filter(status=Mail.Status.SENDING, claimed_at__lt=timezone.now() - STUCK_AFTER).order_by("pk")


def undecided() -> QuerySet[Mail]:
    """Mails that hang or failed: an operator sends them again or gives them up."""
    return stuck() | Mail.objects.filter(status=Mail.Status.FAILED).order_by("pk")


@transaction.atomic
def send_again(mail_id: int) -> bool:
    """Queues a mail that hangs or failed once more. False if it does neither."""
    return _decide(mail_id, "core.mail_sent_again", status=Mail.Status.QUEUED, attempts=0)


@transaction.atomic
def give_up(mail_id: int) -> bool:
    """Leaves a mail that hangs as it is. False if it does not hang."""
    return _decide(mail_id, "core.mail_given_up", status=Mail.Status.FAILED, error="Given up by an operator.")


def _decide(mail_id: int, action: str, **changes: object) -> bool:
    found = undecided().filter(pk=mail_id).first()
    if found is None:
        return False
    Mail.objects.filter(pk=mail_id).update(**changes)
    record(action, by=None, on=found)
    if changes["status"] == Mail.Status.QUEUED:
        _send_after_commit(found)
    return True


def _send_after_commit(mail: Mail) -> None:
    # Robust: the row is there, so a broker that is away for a moment only delays it.
    transaction.on_commit(lambda: current_app.send_task("core.send_mail", [mail.pk]), robust=True)


def stop(*, address: str, kind: str) -> None:
    """Notes that an address wants no more of a kind; what still waits is not sent."""
    MailStop.objects.get_or_create(address=address, kind=kind)
    Mail.objects.filter(to=address, kind=kind, status=Mail.Status.QUEUED).update(status=Mail.Status.STOPPED)
