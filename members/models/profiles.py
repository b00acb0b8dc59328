"""What an organisation does, offers and seeks, and what it needs."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.organisations import Organisation
from members.querysets import NeedsAssessmentQuerySet


def listed(text: str) -> list[str]:
    """What stands on the lines of a text, without the signs that people begin a line of a list with."""
    return [found for line in text.splitlines() if (found := line.strip(" -•"))]


class Profile(models.Model):
    """What an organisation does, offers and seeks: it drives everything that is chosen for it."""

    class OpportunityKind(models.TextChoices):
        PARTNERING = "partnering", _("Partnering requests")
        TENDER = "tender", _("Tenders")
        FUNDING = "funding", _("Funding")
        EVENT = "event", _("Events and missions")

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="profile")
    summary = models.TextField(_("what we do"), blank=True, max_length=3000)
    offers = models.TextField(_("what we offer"), blank=True, max_length=3000)
    seeks = models.TextField(_("what we look for"), blank=True, max_length=3000)
    technologies = ArrayField(models.CharField(max_length=80), verbose_name=_("technologies"), default=list, blank=True)
    nace_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("activities"), default=list, blank=True)
    markets = ArrayField(models.CharField(max_length=2), verbose_name=_("target markets"), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=10, choices=OpportunityKind),
        verbose_name=_("kinds of opportunity"),
        default=list,
        blank=True,
    )
    hours_a_month = models.PositiveSmallIntegerField(_("hours a month"), null=True, blank=True)
    cofinance_eur_a_year = models.PositiveIntegerField(_("own money a year, EUR"), null=True, blank=True)
    trl_min = models.PositiveSmallIntegerField(_("lowest technology readiness level"), null=True, blank=True)
    trl_max = models.PositiveSmallIntegerField(_("highest technology readiness level"), null=True, blank=True)
    certificates = ArrayField(models.CharField(max_length=80), verbose_name=_("certificates"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Grows with each change, so that a filter run sees it.")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(trl_min=None) | Q(trl_min__range=(1, 9)), name="profile_trl_min_between_1_and_9"
            ),
            models.CheckConstraint(
                condition=Q(trl_max=None) | Q(trl_max__range=(1, 9)), name="profile_trl_max_between_1_and_9"
            ),
            models.CheckConstraint(
                condition=Q(trl_min=None) | Q(trl_max=None) | Q(trl_min__lte=F("trl_max")), name="profile_trl_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Profile of {self.organisation}"

    @property
    def offer_lines(self) -> list[str]:
        return listed(self.offers)

    @property
    def seek_lines(self) -> list[str]:
        return listed(self.seeks)

    @property
    def steps_done(self) -> dict[str, bool]:
        """The five questions of the profile, and whether each has an answer."""
        return {
            "business": bool(self.summary),
            "exchange": bool(self.offers and self.seeks),
            "field": bool(self.nace_codes),
            "reach": bool(self.markets and self.languages),
            "capacity": bool(self.kinds and self.hours_a_month is not None),
        }

    @property
    def next_step(self) -> str | None:
        """The first of the five questions that has no answer yet."""
        return next((step for step, is_done in self.steps_done.items() if not is_done), None)

    @property
    def percent_complete(self) -> int:
        steps = self.steps_done
        return 100 * sum(steps.values()) // len(steps)


class Gap(models.TextChoices):
    """What a company lacks for working across borders (Wise 2014)."""

    SENSING = "sensing", _("Sensing")
    MOBILISING = "mobilising", _("Mobilising")
    OPERATIONALISING = "operationalising", _("Operationalising")


class NeedsAssessment(models.Model):
    """What an organisation says of its gaps in a year: ten questions, each from 1 (no help needed) to 5 (much)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="needs_assessments")
    year = models.PositiveSmallIntegerField(_("year"))
    answers = models.JSONField(default=dict, help_text="The key of a question of members.needs to 1, 2 ... 5.")
    words = models.TextField(_("what would help most"), max_length=1000, blank=True)
    filled_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_with_manager = models.BooleanField(_("filled in together with the cluster team"), default=False)
    filled_in_at = models.DateTimeField(default=timezone.now)

    objects = NeedsAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="one_needs_assessment_a_year")]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.year}"
