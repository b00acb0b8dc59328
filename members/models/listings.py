"""What a member lets everybody read of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.organisations import Organisation
from members.querysets import ListingQuerySet


class Listing(models.Model):
    """A member agrees to stand in the public directory, with what it chose. Taken back, the row stays as proof."""

    class Field(models.TextChoices):
        TOWN = "town", _("Town")
        WEBSITE = "website", _("Website")
        SUMMARY = "summary", _("What we do")
        OFFERS = "offers", _("What we offer")
        SEEKS = "seeks", _("What we look for")
        ACTIVITIES = "activities", _("Activities (NACE)")
        TECHNOLOGIES = "technologies", _("Technologies")
        CERTIFICATES = "certificates", _("Certificates")
        MARKETS = "markets", _("Target markets")
        SIZE = "size", _("Size class")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="listings")
    fields = ArrayField(
        models.CharField(max_length=12, choices=Field), verbose_name=_("what everybody may read"), default=list
    )
    wording = models.PositiveSmallIntegerField(help_text="Which words were agreed to: see members.consents.")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(withdrawn_at=None), name="one_listing_that_holds"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
