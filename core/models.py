"""What every room leans on: the audit trail, run rows, mail rows and who wants no more of a kind of mail."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One change, written in the change's own transaction. It holds no foreign keys: it outlives what it tells of.

    The database lets nobody change it, but for taking out the name of a person who is erased: see core.pseudonyms.
    """

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(max_length=300)
    organisation_id = models.BigIntegerField(null=True, help_text="Whose data was seen or changed.")
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [
            BrinIndex(fields=["at"], name="audit_at"),
            models.Index(fields=["organisation_id", "-at"], name="audit_organisation"),
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["actor_id", "-at"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label}: {self.action} {self.object_label}"


class RunStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped")


class Run(models.Model):
    """A piece of long work. The row is the truth, a Celery message only a hint: see core.runs."""

    Status = RunStatus

    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cursor = models.JSONField(default=dict, help_text="Where to go on after an interruption.")
    claim_token = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True)
    stop_asked = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.status in {RunStatus.DONE, RunStatus.FAILED, RunStatus.CANCELLED}

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else (100 if self.status == RunStatus.DONE else 0)


class MailStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Not wanted")


class Mail(models.Model):
    """A message to one address: the row first, sent by its id after the commit."""

    Status = MailStatus

    kind = models.CharField(max_length=40, help_text="What the reader can stop: invitation, hand-over ...")
    key = models.CharField(
        max_length=200, unique=True, help_text="One message for one reason: recipient, reason, object."
    )
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    status = models.CharField(max_length=10, choices=MailStatus, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, help_text="When it was last handed to the mail server.")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(status=MailStatus.QUEUED), name="mail_queued"),
            models.Index(fields=["to", "-created_at"], name="mail_to"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} -> {self.to}"


class MailStop(models.Model):
    """An address that wants no more mail of a kind."""

    address = models.EmailField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "kind"], name="mail_stop_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.kind}"
