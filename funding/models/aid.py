"""The ledger of de minimis aid, what undertakings declare for it, and files of the central register."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.models.grants import Grant
from funding.querysets import AidQuerySet, DeclarationQuerySet
from members.models import Organisation

INSTRUMENT = "Grant"


class RegisterImport(models.Model):
    """A file of the central register that the cluster team brought."""

    file_name = models.CharField(max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.file_name


class RefusedAid(models.Model):
    """A line of such a file that could not be used: kept as it came, with the reason."""

    brought_by = models.ForeignKey(RegisterImport, models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    raw = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


class Declaration(models.Model):
    """What an organisation declares of the de minimis aid of its single undertaking, from outside this portal."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being written")
        HANDED_IN = "handed_in", _("Handed in")
        TAKEN_OVER = "taken_over", _("On the ledger")
        RETURNED = "returned", _("Returned with a question")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aid_declarations")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    began_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.CharField(max_length=200, blank=True)
    question = models.CharField(_("question"), max_length=600, blank=True)
    settled_at = models.DateTimeField(null=True, help_text="When it was taken over.")

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=~Q(status="taken_over"), name="one_open_declaration"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(handed_in_at__isnull=False), name="declaration_handed_in_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.began_at:%Y-%m-%d}"

    @property
    def is_being_written(self) -> bool:
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)


class DeclaredAid(models.Model):
    """One grant of de minimis aid in a declaration."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="rows")
    beneficiary = models.CharField(_("which company got it"), max_length=200)
    member_state = models.CharField(_("Member State that granted it"), max_length=2)
    authority = models.CharField(_("who granted it"), max_length=200)
    amount_eur = models.DecimalField(_("amount, EUR"), max_digits=12, decimal_places=2)
    granted_on = models.DateField(_("day of granting"))
    instrument = models.CharField(_("kind of aid"), max_length=80, default=INSTRUMENT)

    class Meta:
        ordering = ["granted_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_eur__gt=0), name="declared_aid_is_positive")]

    def __str__(self) -> str:
        return f"{self.beneficiary}: EUR {self.amount_eur}, {self.granted_on}"


class Aid(models.Model):
    """An entry of the de minimis ledger. It is never changed or removed: a mistake is reversed by another entry.

    It stands with the organisation that was granted it, or through which it counts; what an undertaking was granted
    are the entries of all its organisations. So aid follows a company that joins an undertaking or leaves it.
    """

    class Source(models.TextChoices):
        GRANT = "grant", _("Granted here")
        DECLARED = "declared", _("Declared by the undertaking")
        REGISTER = "register", _("From the central register")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="aid", help_text="Through which of the portal's companies it counts."
    )
    beneficiary = models.CharField(_("beneficiary"), max_length=200)
    beneficiary_number = models.CharField(_("registration number"), max_length=40, blank=True)
    member_state = models.CharField(_("Member State"), max_length=2)
    authority = models.CharField(_("granting authority"), max_length=200)
    amount_eur = models.DecimalField(_("gross grant equivalent, EUR"), max_digits=12, decimal_places=2)
    granted_on = models.DateField(_("day of granting"))
    instrument = models.CharField(_("aid instrument"), max_length=80, default=INSTRUMENT)
    nace = models.CharField(_("sector, NACE"), max_length=5, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, blank=True, related_name="aid")
    brought_by = models.ForeignKey(RegisterImport, models.PROTECT, null=True, blank=True, related_name="aid")
    declaration = models.ForeignKey(Declaration, models.PROTECT, null=True, blank=True, related_name="aid")
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
            models.CheckConstraint(
                condition=~Q(source="grant") | Q(grant__isnull=False), name="aid_granted_here_names_its_grant"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "member_state", "granted_on"], name="aid_of_organisation"),
            models.Index(fields=["-granted_on", "-id"], name="aid_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.beneficiary}: EUR {self.amount_eur}, {self.granted_on}"

    @property
    def is_reversed(self) -> bool:
        """Another entry takes it back."""
        return hasattr(self, "reversed_by")
