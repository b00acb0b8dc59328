"""Where opportunities come from, and what each reading of a file brought."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Run
from opportunities.querysets import ImportRunQuerySet, SourceQuerySet


class Source(models.Model):
    """Where opportunities come from: a file that somebody uploads, or an address that the portal reads."""

    class Format(models.TextChoices):
        AUTO = "auto", _("Find out by itself")
        SEDIA = "sedia", _("EU Funding & Tenders, search page")
        TOPICS = "topics", _("EU Funding & Tenders, topic lines")
        TED_SEARCH = "ted-search", _("TED, search page")
        EFORMS = "eforms", _("TED, eForms notice")
        TED_STANDARD = "ted-standard", _("TED, standard form")
        EEN_POD_V6 = "een-pod-v6", _("Enterprise Europe Network, POD v6")
        EEN_POD = "een-pod", _("Enterprise Europe Network, POD")
        RSS = "rss", _("RSS or Atom")
        ICAL = "ical", _("Calendar (iCal)")
        CSV = "csv", _("Table (CSV or XLSX)")
        EXCHANGE = "exchange", _("Exchange with a partner's portal")

    class Schedule(models.TextChoices):
        HOURLY = "hourly", _("every hour")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    format = models.CharField(_("format"), max_length=12, choices=Format, default=Format.AUTO)
    url = models.URLField(_("address"), blank=True, max_length=1000)
    schedule = models.CharField(_("read it"), max_length=6, choices=Schedule, default=Schedule.DAILY)
    may_be_public = models.BooleanField(
        _("its terms allow us to name its items in public"), default=False,
        help_text=_("Title, kind, country, deadline and the link, never its text. Leave it open if you are not sure."),
    )  # fmt: skip
    mapping = models.JSONField(default=dict, blank=True, help_text="Which column of a table means what.")
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    next_fetch_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SourceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("opportunities:source", args=[self.slug])


class ImportRun(Run):
    """One reading of one file: what was new, changed, known and refused. The file is kept."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="imports")
    format = models.CharField(max_length=12, choices=Source.Format)
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=255)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["source", "-id"], name="import_by_source")]

    def __str__(self) -> str:
        return f"Import of {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("opportunities:import", args=[self.pk])

    @property
    def brought_nothing(self) -> bool:
        """Whether it came to its end with everything refused."""
        return (
            self.status == self.Status.DONE
            and bool(self.refused)
            and not (self.created or self.updated or self.unchanged)
        )


class RefusedRecord(models.Model):
    """A record that could not be read: kept as it came, with the reason, until it is read or set aside."""

    import_run = models.ForeignKey(ImportRun, models.CASCADE, related_name="refusals")
    position = models.CharField(max_length=120)
    reason = models.TextField()
    raw = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["import_run", "position"], name="refusal_position")]

    def __str__(self) -> str:
        return f"{self.position}: {self.reason}"
