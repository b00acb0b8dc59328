"""The service catalogue in its matrix, what members ask for, and each member's action plan."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Gap, Organisation
from programme.models.aims import Aimed
from programme.querysets import ActionItemQuerySet, ServiceQuerySet, ServiceRequestQuerySet


class Function(models.TextChoices):
    """What an intermediary does for companies that innovate across borders (Wise 2014)."""

    MARKET = "market", _("Market information")
    KNOWLEDGE = "knowledge", _("Knowledge sources")
    NEW_MARKETS = "new_markets", _("New markets")
    CONTACTS = "contacts", _("New contacts and partners")
    IDENTITY = "identity", _("Common identity and visibility")
    FUNDING = "funding", _("Access to funding")


class Service(Aimed):
    """Something that the cluster does for a member who asks: it closes a gap by a function."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    gap = models.CharField(_("gap that it closes"), max_length=16, choices=Gap)
    function = models.CharField(_("function"), max_length=11, choices=Function)
    what = models.TextField(_("what you get"), max_length=2000)
    hours = models.DecimalField(
        _("hours of ours, usually"), max_digits=6, decimal_places=1, validators=[MinValueValidator(0)]
    )
    price_eur = models.DecimalField(
        _("price, EUR"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    provider = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by"),
        help_text="A partner organisation; empty: the cluster itself.",
    )  # fmt: skip
    is_offered = models.BooleanField(_("offered now"), default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ServiceQuerySet.as_manager()

    class Meta(Aimed.Meta):
        indexes = [models.Index(fields=["gap", "function"], name="service_in_the_matrix")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programme:service", args=[self.slug])


class ServiceRequest(models.Model):
    """A member asks for a service: asked, agreed, delivered, and whether it helped."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked for")
        AGREED = "agreed", _("Agreed")
        DELIVERED = "delivered", _("Delivered")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    service = models.ForeignKey(Service, models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="service_requests")
    words = models.TextField(_("what you need"), max_length=1000, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True)
    agreed_hours = models.DecimalField(
        _("hours agreed"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    due_on = models.DateField(_("by"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    delivered_hours = models.DecimalField(
        _("hours spent"), max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    answer = models.CharField(_("what was agreed, or why not"), max_length=600, blank=True)
    satisfied = models.PositiveSmallIntegerField(
        _("did it help?"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    satisfied_words = models.CharField(_("in your words"), max_length=600, blank=True)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "organisation"],
                condition=Q(status__in=["asked", "agreed"]),
                name="one_open_request_of_a_service",
            ),
            models.CheckConstraint(
                condition=~Q(status="delivered") | Q(delivered_on__isnull=False, delivered_hours__isnull=False),
                name="delivered_when_and_in_which_time",
            ),
            models.CheckConstraint(
                condition=Q(satisfied=None) | Q(satisfied__range=(1, 5)), name="satisfied_from_1_to_5"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="request_of_organisation")]

    def __str__(self) -> str:
        return f"{self.service}: {self.organisation}"


class ActionItem(models.Model):
    """One step of a member's action plan: what, who, by when."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="action_items")
    gap = models.CharField(_("gap that it closes"), max_length=16, choices=Gap)
    what = models.CharField(_("step"), max_length=200)
    who = models.CharField(_("who does it"), max_length=120, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    request = models.ForeignKey(ServiceRequest, models.SET_NULL, null=True, blank=True, related_name="action_items")
    done_on = models.DateField(_("done on"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "done_on"], name="action_items_of_organisation")]

    def __str__(self) -> str:
        return self.what
