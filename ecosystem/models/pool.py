"""The pool: opportunities that the cluster shares with a partner, and those that a partner brings in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models.partners import Partnership
from ecosystem.querysets import SharedOpportunityQuerySet
from opportunities.models import Opportunity


class SharedOpportunity(models.Model):
    """An opportunity between the cluster and one partner. Its address is random: it tells nothing of others."""

    class Way(models.TextChoices):
        SHARED = "shared", _("Shared with the partner")
        BROUGHT = "brought", _("Brought in by the partner")

    class Answer(models.TextChoices):
        NONE = "", _("Not answered yet")
        INTERESTED = "interested", _("Interested")
        NOT_FOR_US = "not_for_us", _("Not for us")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="pool")
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="shared_with")
    way = models.CharField(max_length=7, choices=Way, default=Way.SHARED)
    note = models.TextField(_("a sentence for the partner"), max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, help_text="When a manager took it out of the pool.")
    told_at = models.DateTimeField(null=True, help_text="When the partner heard of it by mail.")
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default=Answer.NONE)
    sentence = models.CharField(_("which of your companies, and why"), max_length=600, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True, help_text="When the cluster team brought the two together.")

    objects = SharedOpportunityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "opportunity"], name="in_a_pool_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="pool_answered_at",
            ),
            models.CheckConstraint(condition=Q(way="shared") | Q(answer=""), name="pool_answers_what_is_shared"),
        ]
        indexes = [models.Index(fields=["partnership", "way", "-at"], name="pool_newest_first")]

    def __str__(self) -> str:
        return f"{self.partnership}: {self.opportunity}"

    def get_absolute_url(self) -> str:
        return reverse("ecosystem:shared", args=[self.key])
