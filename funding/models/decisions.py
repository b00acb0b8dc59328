"""What the panel proposes and the team decides, the letters, and appeals."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.models.applications import Application, Partner
from funding.models.calls import Funder, FundingCall
from funding.querysets import AwardQuerySet, DecisionQuerySet, LetterQuerySet


class Decision(models.Model):
    """What is decided of one application, and why. It can be changed until it is made known, with a trail."""

    class Outcome(models.TextChoices):
        FUNDED = "funded", _("Funded")
        RESERVE = "reserve", _("On the reserve list")
        REJECTED = "rejected", _("Not funded")
        INELIGIBLE = "ineligible", _("Not eligible")

    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome)
    reasons = models.TextField(_("reasons, as the applicant reads them"), max_length=4000)
    reserve_place = models.PositiveSmallIntegerField(_("place on the reserve list"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(
        null=True, help_text="When the letter was sent: from then on it only changes by appeal."
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="reserve", reserve_place__isnull=False)
                | ~Q(outcome="reserve") & Q(reserve_place=None),
                name="reserve_has_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"


class Award(models.Model):
    """What one funder gives one partner by a decision. The sum of a funder's awards stays within its budget.

    One that is declined or taken back stays as a row, and frees its money.
    """

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="awards")
    partner = models.OneToOneField(Partner, models.PROTECT, related_name="award")
    funder = models.ForeignKey(Funder, models.PROTECT, related_name="awards")
    amount_eur = models.DecimalField(
        _("amount, EUR"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    given_up_at = models.DateTimeField(null=True)
    why_given_up = models.CharField(_("why"), max_length=400, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_eur__gt=0), name="award_is_positive"),
            models.CheckConstraint(
                condition=Q(given_up_at=None) | ~Q(why_given_up=""), name="award_given_up_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: EUR {self.amount_eur}"


class LetterTemplate(models.Model):
    """The call's own words of a letter, with places for names, reasons and amounts. Without one, ours are taken."""

    class Kind(models.TextChoices):
        FUNDED = "funded", _("Funded")
        RESERVE = "reserve", _("On the reserve list")
        REJECTED = "rejected", _("Not funded")
        INELIGIBLE = "ineligible", _("Not eligible")
        DISMISSED = "dismissed", _("Appeal dismissed")

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="letter_templates")
    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(_("subject"), max_length=160)
    text = models.TextField(_("text"), max_length=6000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "kind"], name="one_letter_of_a_kind")]

    def __str__(self) -> str:
        return self.subject


class Letter(models.Model):
    """A letter as it was sent, to whom it was sent."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=10, choices=LetterTemplate.Kind)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    to = ArrayField(models.EmailField(), default=list)
    sent_at = models.DateTimeField(default=timezone.now)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return self.subject


class Appeal(models.Model):
    """An applicant asks to look at a decision again."""

    class Status(models.TextChoices):
        FILED = "filed", _("To be answered")
        UPHELD = "upheld", _("Upheld: the decision was changed")
        DISMISSED = "dismissed", _("Dismissed: the decision stands")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    words = models.TextField(_("why it should be looked at again"), max_length=6000)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=9, choices=Status, default=Status.FILED)
    answer = models.TextField(_("answer"), max_length=6000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="filed", answered_at=None) | ~Q(status="filed") & Q(answered_at__isnull=False),
                name="appeal_answered_at",
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal: {self.decision}"
