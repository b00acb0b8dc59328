"""Grants with their agreement, milestones, reports and payments."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funding.models.decisions import Award
from funding.querysets import GrantQuerySet, GrantReportQuerySet, PaymentQuerySet
from members.models import Organisation


class Grant(models.Model):
    """An award that was granted: the legal right of one organisation to money of one funder, and how it is used."""

    class Status(models.TextChoices):
        GRANTED = "granted", _("Granted, agreement to be signed")
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")
        ENDED = "ended", _("Ended early")

    award = models.OneToOneField(Award, models.PROTECT, related_name="grant")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants")
    title = models.CharField(
        _("project"),
        max_length=200,
        help_text="Reference and title, as they were decided on: neither changes any more.",
    )
    granted_on = models.DateField(_("day of granting"), help_text="The day of the legal right, not of a payment.")
    agreement_number = models.CharField(_("agreement number"), max_length=60, blank=True)
    signed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.GRANTED)
    ended_on = models.DateField(null=True, help_text="The day of an early end.")
    why_ended = models.CharField(max_length=400, blank=True)
    kept_eur = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="What is left of the award after an early end."
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lt=F("ends_on")), name="grant_has_a_length"
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(signed_on__isnull=False), name="running_grant_is_signed"
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False, kept_eur__gte=0)
                | ~Q(status="ended") & Q(ended_on=None, kept_eur=None),
                name="ended_grant_says_when_and_what_is_kept",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-granted_on"], name="grant_of_organisation")]

    def __str__(self) -> str:
        return f"{self.award}"

    def get_absolute_url(self) -> str:
        return reverse("funding:grant", args=[self.pk])

    @property
    def amount_eur(self) -> Decimal:
        """What it is worth now: the award, or what is left of it after an early end."""
        return self.award.amount_eur if self.kept_eur is None else self.kept_eur

    @property
    def is_open(self) -> bool:
        """Something may still be planned, reported and paid."""
        return self.status in (self.Status.GRANTED, self.Status.RUNNING)


class Milestone(models.Model):
    """Something that a grant is to reach by a day."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="milestones")
    name = models.CharField(_("milestone"), max_length=160)
    due_on = models.DateField(_("due"))
    reached_on = models.DateField(_("reached"), null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.name


class GrantReport(models.Model):
    """A report that a grant owes, what it says, and whether it was accepted."""

    class Kind(models.TextChoices):
        INTERIM = "interim", _("Interim report")
        FINAL = "final", _("Final report")

    class Status(models.TextChoices):
        DUE = "due", _("To be written")
        HANDED_IN = "handed_in", _("Handed in")
        RETURNED = "returned", _("Returned with questions")
        ACCEPTED = "accepted", _("Accepted")

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="reports")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    due_on = models.DateField(_("due"))
    status = models.CharField(max_length=9, choices=Status, default=Status.DUE)
    words = models.TextField(_("what was done, and what came of it"), max_length=10_000, blank=True)
    spent_eur = models.DecimalField(
        _("spent so far, EUR"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    file = models.FileField(_("file"), upload_to="funding/reports/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.CharField(max_length=200, blank=True)
    questions = models.TextField(_("questions"), max_length=2000, blank=True)
    settled_at = models.DateTimeField(null=True, help_text="When it was accepted.")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = GrantReportQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["grant"], condition=Q(kind="final"), name="one_final_report"),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="report_by_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} due {self.due_on}"

    def get_absolute_url(self) -> str:
        return reverse("funding:grant_report", args=[self.pk])

    @property
    def is_owed(self) -> bool:
        """To be written, or to be written anew."""
        return self.status in (self.Status.DUE, self.Status.RETURNED)


class Payment(models.Model):
    """Money that is to be paid or was paid. The sum of a grant's payments stays within its award.

    A recovery is money that is to come back after an early end.
    """

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="payments")
    name = models.CharField(_("what"), max_length=120)
    amount_eur = models.DecimalField(_("amount, EUR"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("due"))
    after = models.ForeignKey(
        GrantReport, models.SET_NULL, null=True, blank=True, related_name="payments", verbose_name=_("after")
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    bank_reference = models.CharField(_("reference of the payment"), max_length=80, blank=True)
    why_early = models.CharField(_("why it is paid before the report is accepted"), max_length=300, blank=True)
    is_recovery = models.BooleanField(default=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_eur__gt=0), name="payment_is_positive")]

    def __str__(self) -> str:
        return f"{self.name}: EUR {self.amount_eur}"
