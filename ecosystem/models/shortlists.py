"""Shared shortlists: members that a partner may be introduced to. Nobody is named before the company has agreed."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models.partners import Partnership
from ecosystem.querysets import ShortlistCardQuerySet, ShortlistQuerySet
from members.models import Organisation, SizeClass, listed
from opportunities.models import Opportunity
from programme.models import Activity


class Shortlist(models.Model):
    """Whom a partner looks for: for a mission, for an opportunity, or as a plain question."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="shortlists")
    title = models.CharField(_("title"), max_length=160)
    seeks = models.TextField(_("who is sought"), max_length=2000)
    until = models.DateField(_("companies answer until"))
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("activity")
    )
    opportunity = models.ForeignKey(
        Opportunity, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("opportunity")
    )
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    shown_at = models.DateTimeField(null=True, help_text="When the partner first got cards to see; before, nothing.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ShortlistQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(activity=None) | Q(opportunity=None), name="shortlist_for_one_thing"),
        ]
        indexes = [models.Index(fields=["status", "-created_at"], name="shortlist_newest_first")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ecosystem:shortlist", args=[self.key])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def takes_answers(self) -> bool:
        """Whether a company that is asked can still answer."""
        return self.is_open and self.until >= timezone.localdate()


class ShortlistCard(models.Model):
    """A member on a shortlist. The partner sees what stands here, and more only when it was agreed to and revealed.

    What the card shows is written down when the company is asked: a later change of its profile does not show through.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Not asked yet")
        ASKED = "asked", _("Asked")
        DECLINED = "declined", _("Declined")
        CONSENTED = "consented", _("Agreed")
        SHOWN = "shown", _("Shown without a name")
        NOT_INTERESTED = "not_interested", _("Partner is not interested")
        INTERESTED = "interested", _("Partner is interested")
        REVEALED = "revealed", _("Introduced")
        WITHDRAWN = "withdrawn", _("Withdrawn by the company")

    # What the company has said yes to and not taken back.
    AGREED = (Status.CONSENTED, Status.SHOWN, Status.NOT_INTERESTED, Status.INTERESTED, Status.REVEALED)

    class Field(models.TextChoices):
        NAME = "name", _("Name and town")
        WEBSITE = "website", _("Website")
        SUMMARY = "summary", _("What we do, from our profile")
        CONTACT = "contact", _("Contact person with e-mail address")

    class Outcome(models.TextChoices):
        NONE = "", _("Not known yet")
        CONTACT = "contact", _("In contact")
        MEETING = "meeting", _("They have met")
        AGREEMENT = "agreement", _("They have agreed on something")
        NOTHING = "nothing", _("Nothing came of it")

    class How(models.TextChoices):
        PORTAL = "portal", _("In the portal")
        LINK = "link", _("By the link in a mail")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shortlist = models.ForeignKey(Shortlist, models.CASCADE, related_name="cards")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="shortlist_cards")
    status = models.CharField(max_length=14, choices=Status, default=Status.DRAFT)
    kind = models.CharField(max_length=12, choices=Organisation.Kind)
    size_class = models.CharField(max_length=6, choices=SizeClass, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(_("region"), max_length=3, blank=True, help_text="NUTS-1 at the closest, or none.")
    offers = models.TextField(_("what the company offers"), max_length=1000, blank=True)
    seeks = models.TextField(_("what the company looks for"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    fields = ArrayField(models.CharField(max_length=8, choices=Field), default=list, help_text="What may be revealed.")
    contact = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    wording = models.PositiveSmallIntegerField(null=True, help_text="Which words were agreed to: ecosystem.wordings.")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_how = models.CharField(max_length=6, choices=How, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("what came of it"), max_length=9, choices=Outcome, blank=True, default=Outcome.NONE)
    outcome_note = models.CharField(_("in a sentence"), max_length=600, blank=True)
    outcome_at = models.DateTimeField(null=True)

    objects = ShortlistCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shortlist", "organisation"], name="on_a_shortlist_once"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "asked", "declined"])
                | Q(status="withdrawn")
                | Q(wording__isnull=False, answered_at__isnull=False, fields__contains=["name"]),
                name="card_agreed_says_to_what",
            ),
            models.CheckConstraint(
                condition=~Q(status="revealed") | Q(revealed_at__isnull=False), name="card_revealed_at"
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | ~Q(status="withdrawn") & Q(withdrawn_at=None),
                name="card_withdrawn_at",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "status"], name="card_of_organisation"),
            models.Index(fields=["status", "revealed_at"], name="card_by_revealed"),
        ]

    def __str__(self) -> str:
        return str(self.shortlist)

    def get_absolute_url(self) -> str:
        return reverse("ecosystem:card", args=[self.key])

    @property
    def introduced_to(self) -> str:
        """To whom, and for what: how lists name an introduction."""
        return f"{self.shortlist.partnership}: {self.shortlist}"

    @property
    def offer_lines(self) -> list[str]:
        return listed(self.offers)

    @property
    def seek_lines(self) -> list[str]:
        return listed(self.seeks)
