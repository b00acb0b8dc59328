"""Grants with milestones, reports and payments, and the ledger of de minimis aid."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.models.decisions import Award
from funding.querysets import AidQuerySet, GrantQuerySet
from members.models import Organisation, Undertaking


class Grant(models.Model):
    """An award that was granted: the legal right of one organisation to money of one funder, and how it is used."""

    class Status(models.TextChoices):
        GRANTED = "granted", _("Granted, agreement to be signed")
        RUNNING = "running", _("Running")
        COMPLETED = "completed", _("Completed")
        ENDED = "ended", _("Ended early")

    award = models.OneToOneField(Award, models.PROTECT, related_name="grant")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants")
    granted_on = models.DateField(_("day of granting"), help_text="The day of the legal right, not of a payment.")
    agreement_number = models.CharField(_("agreement number"), max_length=60, blank=True)
    signed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.GRANTED)
    why_ended = models.CharField(max_length=400, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lt=F("ends_on")), name="grant_has_a_length"
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(signed_on__isnull=False), name="running_grant_is_signed"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-granted_on"], name="grant_of_organisation")]

    def __str__(self) -> str:
        return f"{self.award}"


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

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["status", "due_on"], name="report_by_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} due {self.due_on}"


class Payment(models.Model):
    """Money that is to be paid or was paid. The sum of a grant's payments stays within its award."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="payments")
    name = models.CharField(_("what"), max_length=120)
    amount_eur = models.DecimalField(_("amount, EUR"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("due"))
    after = models.ForeignKey(
        GrantReport, models.SET_NULL, null=True, blank=True, related_name="payments", verbose_name=_("after")
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    bank_reference = models.CharField(_("reference of the payment"), max_length=80, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_eur__gt=0), name="payment_is_positive")]

    def __str__(self) -> str:
        return f"{self.name}: EUR {self.amount_eur}"


class Aid(models.Model):
    """An entry of the de minimis ledger. It is never changed or removed: a mistake is reversed by another entry."""

    class Source(models.TextChoices):
        GRANT = "grant", _("Granted here")
        DECLARED = "declared", _("Declared by the undertaking")
        REGISTER = "register", _("From the central register")

    undertaking = models.ForeignKey(Undertaking, models.PROTECT, related_name="aid")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", help_text="Which of its companies."
    )
    beneficiary = models.CharField(_("beneficiary"), max_length=200)
    member_state = models.CharField(_("Member State"), max_length=2)
    authority = models.CharField(_("granting authority"), max_length=200)
    amount_eur = models.DecimalField(_("gross grant equivalent, EUR"), max_digits=12, decimal_places=2)
    granted_on = models.DateField(_("day of granting"))
    instrument = models.CharField(_("aid instrument"), max_length=80, default="Grant")
    nace = models.CharField(_("sector, NACE"), max_length=5, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    grant = models.OneToOneField(Grant, models.PROTECT, null=True, blank=True, related_name="aid")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField(_("why it is reversed"), max_length=300, blank=True)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = AidQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount_eur__gt=0)
                | Q(reverses__isnull=False, amount_eur__lt=0) & ~Q(reason=""),
                name="aid_is_positive_or_reverses",
            ),
            models.CheckConstraint(condition=~Q(source="grant") | Q(grant__isnull=False) | Q(reverses__isnull=False),
                                   name="aid_granted_here_names_its_grant"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["undertaking", "member_state", "granted_on"], name="aid_of_undertaking"),
        ]

    def __str__(self) -> str:
        return f"{self.beneficiary}: EUR {self.amount_eur}, {self.granted_on}"
