"""Preparing a consortium for a topic: who looks for partners, who was asked, and what they said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.models.applications import Application
from funding.models.calls import FundingCall
from funding.querysets import PartnerSearchQuerySet, SearchReplyQuerySet
from members.models import Organisation
from opportunities.models import Opportunity


class TopicOfCall(models.Model):
    """A scouted topic is a call of this portal, as the cluster team says: who prepares a consortium applies here."""

    topic = models.OneToOneField(Opportunity, models.CASCADE, related_name="of_call")
    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="topics")

    def __str__(self) -> str:
        return f"{self.topic}: {self.call}"


class PartnerSearch(models.Model):
    """An organisation looks for partners for a funding topic. Who is asked sees its name and its words."""

    class Status(models.TextChoices):
        OPEN = "open", _("Looking for partners")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        HERE = "here", _("Applied in this portal")
        ELSEWHERE = "elsewhere", _("Applied elsewhere")
        NONE = "none", _("No application")

    topic = models.ForeignKey(Opportunity, models.CASCADE, related_name="partner_searches")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="partner_searches")
    brings = models.TextField(_("what you bring"), max_length=600)
    seeks = models.TextField(_("whom you look for"), max_length=600)
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    application = models.OneToOneField(
        Application, models.SET_NULL, null=True, related_name="search", help_text="What it led to in this portal."
    )
    outcome = models.CharField(_("what came of it"), max_length=9, choices=Outcome, blank=True)
    outcome_words = models.CharField(_("a sentence, if you like"), max_length=400, blank=True)
    outcome_on = models.DateField(null=True)

    objects = PartnerSearchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "organisation"], name="one_search_for_a_topic"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None) | Q(status="closed", closed_at__isnull=False),
                name="search_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on=None)
                | ~Q(outcome="") & Q(outcome_on__isnull=False, status="closed"),
                name="search_outcome_on",
            ),
        ]
        indexes = [models.Index(fields=["status", "-started_at"], name="search_newest_first")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.topic}"

    def get_absolute_url(self) -> str:
        return reverse("funding:search", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class SearchReply(models.Model):
    """An organisation was asked whether it wants to be in a consortium. Interested: the searcher learns who it is."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Not answered yet")
        INTERESTED = "interested", _("Interested")
        DECLINED = "declined", _("Not for us")

    search = models.ForeignKey(PartnerSearch, models.CASCADE, related_name="replies")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="search_replies")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKED)
    words = models.CharField(_("a sentence, if you like"), max_length=400, blank=True)
    shares_contact = models.BooleanField(
        default=False, help_text="Name and address may stand in the sheet, which others than the lead read."
    )
    is_in = models.BooleanField(_("in the consortium"), default=True, help_text="As the lead has put it together.")
    role = models.CharField(_("what it would do"), max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = SearchReplyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "organisation"], name="asked_once_in_a_search"),
            models.CheckConstraint(
                condition=Q(status="asked", answered_at=None) | ~Q(status="asked") & Q(answered_at__isnull=False),
                name="search_reply_answered_at",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "status"], name="search_reply_of_organisation")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_status_display()}"
