"""Mail: the row first, sent by its id after the commit, with a link that stops its kind."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from celery import current_app
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core.models import Mail, MailStop

logger = logging.getLogger(__name__)
STOP_SALT = "core.mail.stop"
MAX_ATTEMPTS = 5


def absolute(path: str) -> str:
    """The full address of a path of the portal, for mails."""
    return settings.SITE_URL.rstrip("/") + path


def stop_url(address: str, kind: str) -> str:
    """A signed link that stops one kind of mail for one address, without signing in."""
    return absolute(reverse("mail_stop", args=[signing.dumps([address, kind], salt=STOP_SALT)]))


def read_stop_token(token: str) -> tuple[str, str]:
    """The address and kind of a stop link; raises signing.BadSignature for a forged one. It does not expire."""
    address, kind = signing.loads(token, salt=STOP_SALT)
    return address, kind


def queue(*, to: str, kind: str, key: str, template: str, context: dict[str, object]) -> Mail | None:
    """Renders `emails/<template>.{subject.txt,txt,html}`, keeps the row and sends it after the commit.

    Returns None when a mail of this key exists already, so that a second click mails nobody twice.
    """
    address = to.strip().lower()
    context = {"stop_url": stop_url(address, kind), "site_url": settings.SITE_URL, **context}
    texts = {part: render_to_string(f"emails/{template}.{part}", context) for part in ("subject.txt", "txt", "html")}
    stopped = MailStop.objects.filter(address=address, kind=kind).exists()
    mail, is_new = Mail.objects.get_or_create(
        key=key,
        defaults={
            "to": address,
            "kind": kind,
            "subject": " ".join(texts["subject.txt"].split())[:250],
            "text": texts["txt"],
            "html": texts["html"],
            "status": Mail.Status.STOPPED if stopped else Mail.Status.QUEUED,
        },
    )
    if not is_new:
        return None
    if not stopped:
        transaction.on_commit(lambda: current_app.send_task("core.send_mail", [mail.pk]))
    return mail


def send(mail_id: int) -> None:
    """Sends one queued mail. The claim is committed before the server is spoken to: a crash in between leaves a row
    in "being sent" for an operator to look at, rather than a mail that goes out twice."""
    claimed = Mail.objects.filter(pk=mail_id, status=Mail.Status.QUEUED).update(status=Mail.Status.SENDING)
    if not claimed:
        return
    mail = Mail.objects.get(pk=mail_id)
    message = EmailMultiAlternatives(
        mail.subject, mail.text, to=[mail.to], headers={"List-Unsubscribe": f"<{stop_url(mail.to, mail.kind)}>"}
    )
    message.attach_alternative(mail.html, "text/html")
    mail.attempts += 1
    try:
        message.send()
    except (SMTPException, OSError) as error:
        mail.status = Mail.Status.QUEUED if mail.attempts < MAX_ATTEMPTS else Mail.Status.FAILED
        mail.error = f"{type(error).__name__}: {error}"
        logger.warning("Mail %s could not be sent: %s", mail.pk, mail.error)
    else:
        mail.status, mail.sent_at, mail.error = Mail.Status.SENT, timezone.now(), ""
    mail.save(update_fields=["status", "attempts", "error", "sent_at"])


def send_queued() -> None:
    """Sends every mail that has waited for more than half a minute: its message was lost, or the server was away."""
    waiting = Mail.objects.filter(status=Mail.Status.QUEUED, created_at__lt=timezone.now() - timedelta(seconds=30))
    for mail_id in waiting.order_by("pk").values_list("pk", flat=True):
        send(mail_id)


def stop(*, address: str, kind: str) -> None:
    """Notes that an address wants no more of a kind; what still waits is not sent."""
    MailStop.objects.get_or_create(address=address, kind=kind)
    Mail.objects.filter(to=address, kind=kind, status=Mail.Status.QUEUED).update(status=Mail.Status.STOPPED)
