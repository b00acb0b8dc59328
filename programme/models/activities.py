"""Missions, workshops, fairs and joint projects: who leads, who hosts, who comes, and what came of it."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.zones import check_time_zone
from members.models import Organisation
from programme.models.aims import Aimed
from programme.querysets import ActivityQuerySet, RegistrationQuerySet


class WayAbroad(models.TextChoices):
    """How a cluster goes abroad; the best results combine several (BSR Stars evaluations)."""

    EXPORT = "export", _("Export and globalisation")
    RESEARCH = "research", _("Research collaboration")
    PLATFORM = "platform", _("Transnational platform")


class Activity(Aimed):
    """Something that companies do abroad together. It is led by a member company and hosted by partners, or shows that
    it is not."""

    class Kind(models.TextChoices):
        MISSION = "mission", _("Mission")
        WORKSHOP = "workshop", _("Workshop")
        FAIR = "fair", _("Fair")
        PROJECT = "project", _("Joint project")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being planned")
        PUBLISHED = "published", _("Published")
        OVER = "over", _("Over")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(_("name"), max_length=160, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    aim = models.CharField(_("aim in one sentence"), max_length=300)
    ways_abroad = ArrayField(
        models.CharField(max_length=8, choices=WayAbroad),
        verbose_name=_("models of internationalisation"),
        default=list,
        blank=True,
    )
    text = models.TextField(_("programme and what to know"), max_length=8000, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_time_zone])
    venue = models.CharField(_("where"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    register_until = models.DateTimeField(_("sign up until"))
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True, validators=[MinValueValidator(1)])
    cost_eur = models.DecimalField(
        _("cost for a participant, EUR"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    support_eur = models.DecimalField(
        _("of which the cluster pays, EUR"), max_digits=10, decimal_places=2, default=0,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    lead = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="led_activities",
        verbose_name=_("led by"),
    )  # fmt: skip
    hours = models.DecimalField(
        _("hours of ours"), max_digits=7, decimal_places=1, default=0, validators=[MinValueValidator(0)]
    )
    money_eur = models.DecimalField(
        _("money of ours, EUR"), max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    results = models.TextField(_("what came of it"), max_length=4000, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    why_cancelled = models.CharField(max_length=600, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, help_text="When the plan changed for the last time.")
    revision = models.PositiveSmallIntegerField(default=0, help_text="How often it changed: calendars ask.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ActivityQuerySet.as_manager()

    class Meta(Aimed.Meta):
        constraints = [
            *Aimed.Meta.constraints,
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="activity_has_a_length"),
            models.CheckConstraint(
                condition=Q(register_until__lte=F("ends_at")), name="activity_sign_up_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(support_eur__lte=F("cost_eur")), name="activity_support_within_its_cost"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="activity_by_day"),
            models.Index(fields=["status", "ends_at"], name="activity_by_its_end"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programme:activity", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def takes_registrations(self) -> bool:
        return self.status == self.Status.PUBLISHED and timezone.now() <= self.register_until

    @property
    def takes_latecomers(self) -> bool:
        """Whether the cluster team still signs people up, after the last day for everybody else, too."""
        return self.status == self.Status.PUBLISHED and timezone.now() < self.ends_at

    @property
    def counts_who_is_there(self) -> bool:
        return self.has_begun and self.status in (self.Status.PUBLISHED, self.Status.OVER)

    @property
    def paid_eur(self) -> Decimal:
        """What a participant pays when the cluster's part is taken off."""
        return self.cost_eur - self.support_eur


class Host(models.Model):
    """A partner organisation that hosts or helps with an activity: a foreign cluster, an EEN office ..."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="hosts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="hosted_activities")
    does = models.CharField(_("what it does"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "organisation"], name="host_once")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.activity}"


class Registration(models.Model):
    """Somebody of an organisation comes to an activity, or waits for a place."""

    class Status(models.TextChoices):
        REGISTERED = "registered", _("Takes part")
        WAITING = "waiting", _("On the waiting list")
        CANCELLED = "cancelled", _("Cancelled")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="registrations")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="registrations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    person = models.CharField(_("person"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    status = models.CharField(max_length=10, choices=Status)
    registered_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True)
    attended = models.BooleanField(_("was there"), null=True)
    support_eur = models.DecimalField(
        _("support paid, EUR"), max_digits=10, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "email"], condition=~Q(status="cancelled"), name="registered_once"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="registration_email_lower_case"),
        ]
        indexes = [models.Index(fields=["activity", "status", "registered_at"], name="registrations_in_order")]

    def __str__(self) -> str:
        return f"{self.person}: {self.activity}"
