"""What the cluster says of itself in public: one row, and each state that it has been in."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.models import Report

check_colour = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write the colour as six digits, for example #006c72."))
# The colours of the portal itself, until a cluster chooses its own: see static/css/tokens.css.
OWN_LIGHT, OWN_DARK = "#006c72", "#60bfc4"


class ClusterPage(models.Model):
    """Who the cluster is, in its own words and colour."""

    tagline = models.CharField(_("in one line"), max_length=120, blank=True)
    what_we_do = models.TextField(_("who we are and what we do"), max_length=4000, blank=True)
    founded = models.PositiveSmallIntegerField(
        _("founded in"), null=True, blank=True, validators=[MinValueValidator(1800), MaxValueValidator(2100)]
    )
    contact_address = models.TextField(_("address"), max_length=300, blank=True)
    contact_email = models.EmailField(_("e-mail address for visitors"), blank=True)
    imprint_url = models.URLField(_("address of the imprint"), blank=True)
    privacy_url = models.URLField(_("address of the privacy notice"), blank=True)
    colour_light = models.CharField(
        _("colour on light ground"), max_length=7, default=OWN_LIGHT, validators=[check_colour]
    )
    colour_dark = models.CharField(
        _("colour on dark ground"), max_length=7, default=OWN_DARK, validators=[check_colour]
    )
    embed_sites = ArrayField(
        models.CharField(max_length=200), verbose_name=_("sites that show our list of members"), default=list,
        blank=True,
    )  # fmt: skip
    report = models.ForeignKey(
        Report, models.SET_NULL, null=True, related_name="+", help_text="Stands on the page of results."
    )
    version = models.PositiveIntegerField(default=0, help_text="How often it was saved.")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(models.Value(1), name="one_cluster_page")]

    def __str__(self) -> str:
        return str(_("The cluster's public page"))


class PageVersion(models.Model):
    """What the page said each time it was saved. It never changes."""

    page = models.ForeignKey(ClusterPage, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    says = models.JSONField(encoder=DjangoJSONEncoder)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_state_of_a_page")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.page}, {self.number}"
