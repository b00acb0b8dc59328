"""The strategy: goals with what they take and how they are measured, and who stands behind it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Organisation
from programme.querysets import EndorsementQuerySet, GoalQuerySet, StrategyQuerySet


class Strategy(models.Model):
    """Where the cluster wants to go in a span of years. Anchored: key companies and stakeholders stand behind it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CONSULTED = "consulted", _("Being consulted")
        ANCHORED = "anchored", _("Anchored")
        OVER = "over", _("Over")

    TRANSITIONS = {
        Status.DRAFT: {Status.CONSULTED},
        Status.CONSULTED: {Status.CONSULTED, Status.ANCHORED},
        Status.ANCHORED: {Status.CONSULTED, Status.OVER},
        Status.OVER: set(),
    }

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    vision = models.TextField(_("vision, in plain words"), max_length=2000)
    skills = models.TextField(_("skills needed, one a line"), max_length=2000, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    number = models.PositiveSmallIntegerField(default=0, help_text="The newest version that was put to stakeholders.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    anchored_at = models.DateTimeField(null=True)
    anchored_number = models.PositiveSmallIntegerField(null=True, help_text="The version that members read.")
    why_anchored = models.CharField(
        max_length=600, blank=True, help_text="Why it was anchored without a key company, or against an objection."
    )

    objects = StrategyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lt=F("ends_on")), name="strategy_has_a_length"),
            models.CheckConstraint(
                condition=Q(anchored_at=None, anchored_number=None)
                | Q(anchored_at__isnull=False, anchored_number__isnull=False),
                name="strategy_anchored_in_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["anchored", "over"]) | Q(anchored_number__isnull=False),
                name="strategy_anchored_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programme:strategy", args=[self.slug])


class StrategyVersion(models.Model):
    """What the strategy said at a time: written each time it was put to the stakeholders. It never changes."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    why = models.CharField(_("what is new"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="one_strategy_of_a_version")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.strategy}, version {self.number}"


class Goal(models.Model):
    """What the strategy wants to reach, in which markets and sectors, and the hours and money set aside for it."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("goal"), max_length=160)
    why = models.TextField(_("why"), max_length=1000, blank=True)
    markets = ArrayField(models.CharField(max_length=2), verbose_name=_("target markets"), default=list, blank=True)
    sectors = ArrayField(models.CharField(max_length=5), verbose_name=_("sectors"), default=list, blank=True)
    hours = models.PositiveIntegerField(_("hours set aside"), default=0)
    money_eur = models.DecimalField(
        _("money set aside, EUR"), max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    given_up_at = models.DateTimeField(null=True)
    why_given_up = models.CharField(max_length=400, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("name"), "strategy", name="one_goal_of_a_name"),
            models.CheckConstraint(condition=Q(money_eur__gte=0), name="goal_money_not_negative"),
            models.CheckConstraint(
                condition=Q(given_up_at=None, why_given_up="") | Q(given_up_at__isnull=False) & ~Q(why_given_up=""),
                name="goal_given_up_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class KPI(models.Model):
    """How one sees whether a goal is reached: a number, from where, to where, by when and from which source."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="kpis")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("indicator"), max_length=160)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    baseline = models.DecimalField(_("at the start"), max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("by"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["goal", "name"], name="one_kpi_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Reading(models.Model):
    """What an indicator stood at on a day."""

    kpi = models.ForeignKey(KPI, models.CASCADE, related_name="readings")
    on = models.DateField(_("on"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    words = models.CharField(_("a note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint(fields=["kpi", "on"], name="one_reading_a_day")]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.value} on {self.on}"


class Endorsement(models.Model):
    """A key company or a stakeholder is asked, by signed link, whether it stands behind the strategy."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("Not answered yet")
        ENDORSED = "endorsed", _("Stands behind it")
        OBJECTED = "objected", _("Objects")

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="endorsements")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("organisation or body"), max_length=200)
    person = models.CharField(_("person"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    is_key_company = models.BooleanField(_("key company"), default=False)
    number = models.PositiveSmallIntegerField(help_text="The version that it is asked about.")
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.ASKED)
    words = models.TextField(_("in your words"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(null=True, help_text="When the link went out; empty while it is a draft.")
    answered_at = models.DateTimeField(null=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["strategy", "email", "number"], name="asked_once_about_a_version"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="endorsement_email_lower_case"),
            models.CheckConstraint(
                condition=Q(answer="asked", answered_at=None) | ~Q(answer="asked") & Q(answered_at__isnull=False),
                name="endorsement_answered_at",
            ),
            models.CheckConstraint(condition=~Q(answer="objected") | ~Q(words=""), name="objection_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_answer_display()}"
