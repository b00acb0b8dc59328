"""What was computed, shown and sent: each figure that leaves the room is a row, so that differences can be guarded."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Run
from evaluations.models.waves import Wave
from evaluations.querysets import PublicationQuerySet, QueryQuerySet, ReportQuerySet


class Preparation(Run):
    """Works out the tables of a wave, or of the outcomes on record, and protects them."""

    wave = models.ForeignKey(Wave, models.CASCADE, null=True, related_name="preparations")
    cut_off = models.DateField(null=True, help_text="What was told up to this day counts. None for a wave.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wave"],
                condition=Q(status__in=["queued", "running"]),
                nulls_distinct=False,
                name="one_preparation_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Preparation of {self.wave or self.cut_off}"


class Audience(models.TextChoices):
    """Who reads: the thresholds differ."""

    HOUSE = "house", _("In-house")
    PUBLIC = "public", _("In public")


class Publication(models.Model):
    """One table as it may be shown to one audience. Once there it never changes; later ones are protected beside it."""

    wave = models.ForeignKey(Wave, models.CASCADE, null=True, related_name="publications")
    audience = models.CharField(max_length=6, choices=Audience)
    subject = models.CharField(max_length=120, help_text="The question's key, 'response', 'outcomes' or 'funnel'.")
    dimensions = models.JSONField(default=list, help_text="What it is broken down by, in alphabetical order.")
    filters = models.JSONField(default=dict)
    cut_off = models.DateField(null=True)
    table = models.JSONField(encoder=DjangoJSONEncoder, help_text="The protected cells, as they may be shown.")
    figures = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder, help_text="Shares, intervals, weights and tests of the shown cells."
    )
    preparation = models.ForeignKey(Preparation, models.SET_NULL, null=True, related_name="publications")
    made_at = models.DateTimeField(default=timezone.now)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "audience", "subject", "dimensions", "filters", "cut_off"],
                nulls_distinct=False,
                name="one_publication_of_a_table",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} by {', '.join(self.dimensions) or 'nothing'}"


class Query(Run):
    """What somebody asked the tables for, and whether it was answered."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    wave = models.ForeignKey(Wave, models.CASCADE, null=True, related_name="queries")
    subject = models.CharField(max_length=120)
    dimensions = models.JSONField(default=list)
    filters = models.JSONField(default=dict)
    publication = models.ForeignKey(Publication, models.SET_NULL, null=True, related_name="queries")
    at = models.DateTimeField(default=timezone.now)

    objects = QueryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="query_newest")]

    def __str__(self) -> str:
        return f"{self.by_label}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("evaluations:table", args=[self.pk])

    @property
    def quarter(self) -> str:
        """The quarter whose outcomes it asks for; "" where it asks for a survey."""
        return "" if self.wave_id else self.subject.partition(":")[2]

    @property
    def asked_of(self) -> str:
        """The survey, or the quarter."""
        return str(self.wave or self.quarter)


class BenchmarkImport(models.Model):
    """A file of benchmarks that somebody brought."""

    file_name = models.CharField(max_length=255)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.file_name


class Benchmark(models.Model):
    """A published figure that somebody brought, with its year, base and source. Others come with the portal."""

    question = models.CharField(max_length=60, help_text="The facet that it belongs to: barriers, results ...")
    option = models.CharField(max_length=60)
    group = models.CharField(max_length=60, blank=True, help_text="Of which firms, where it is not all of them.")
    label = models.CharField(max_length=200)
    value = models.FloatField(help_text="A share, from 0 to 1.")
    n = models.PositiveIntegerField(null=True)
    base = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    brought_by = models.ForeignKey(BenchmarkImport, models.CASCADE, related_name="benchmarks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "option", "group", "year", "source"], name="one_benchmark_of_a_source"
            ),
            models.CheckConstraint(condition=Q(value__range=(0, 1)), name="benchmark_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.year}"


class RefusedBenchmark(models.Model):
    """A line of a file of benchmarks that could not be used: kept as it came, with the reason."""

    brought_by = models.ForeignKey(BenchmarkImport, models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    raw = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}"


class Report(Run):
    """A report as it was on the day of its cut-off: what it says is kept, so that it can be made again."""

    class Kind(models.TextChoices):
        YEARLY = "yearly", _("Yearly report for funders")
        BOARD = "board", _("One page for the board")

    kind = models.CharField(max_length=6, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"))
    audience = models.CharField(max_length=6, choices=Audience, default=Audience.PUBLIC)
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="reports")
    cut_off = models.DateField(help_text="What was told up to this day counts.")
    quotes = models.JSONField(default=list, help_text="Which quotes of the wave it prints.")
    content = models.JSONField(default=dict, encoder=DjangoJSONEncoder, help_text="Everything that the report says.")
    versions = models.JSONField(default=dict, help_text="Of the portal, the method and the questionnaire.")
    pdf = models.FileField(upload_to="reports/%Y/", blank=True)

    objects = ReportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluations:report", args=[self.pk])


class ReportLink(models.Model):
    """Opens one report to whoever holds the link, until it ends or is taken back."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="links")
    label = models.CharField(_("for whom"), max_length=120)
    key = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("until"))
    withdrawn_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.label}: {self.report}"
