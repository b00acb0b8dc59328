"""What is scouted, and what each source said of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Profile
from opportunities.feeds import MADE
from opportunities.models.sources import ImportRun, Source
from opportunities.querysets import DAY_THAT_COUNTS, SEARCH_CONFIG, OpportunityQuerySet
from programme.models import Aimed


class Opportunity(Aimed):
    """A partnering request, tender, funding topic or event: a superset of what the sources say."""

    Kind = Profile.OpportunityKind

    class Status(models.TextChoices):
        INBOX = "inbox", _("In the inbox")
        PUBLISHED = "published", _("Published")
        DISMISSED = "dismissed", _("Dismissed")

    TRANSITIONS = {
        Status.INBOX: {Status.PUBLISHED, Status.DISMISSED},
        Status.PUBLISHED: {Status.INBOX, Status.DISMISSED},
        Status.DISMISSED: {Status.INBOX},
    }

    ONE_OF_A_KIND = {
        Kind.PARTNERING: _("Partnering request"),
        Kind.TENDER: _("Tender"),
        Kind.FUNDING: _("Funding"),
        Kind.EVENT: _("Event"),
    }

    class PartneringType(models.TextChoices):
        BO = "BO", _("Business offer")
        BR = "BR", _("Business request")
        TO = "TO", _("Technology offer")
        TR = "TR", _("Technology request")
        RDR = "RDR", _("Research and development request")

    source = models.ForeignKey(Source, models.PROTECT, related_name="opportunities")
    reference = models.SlugField(
        max_length=120, unique=True, help_text="Its public name, made from the source's own id."
    )
    kind = models.CharField(max_length=10, choices=Kind)
    partnering_type = models.CharField(max_length=3, choices=PartneringType, blank=True)
    title = models.CharField(max_length=1000)
    summary = models.TextField(blank=True)
    description = models.TextField(blank=True)
    organisation = models.CharField(max_length=300, blank=True, help_text="Buyer, host or publisher.")
    countries = ArrayField(models.CharField(max_length=2), default=list)
    target_countries = ArrayField(models.CharField(max_length=2), default=list)
    target_kinds = ArrayField(models.CharField(max_length=12), default=list)
    target_sizes = ArrayField(models.CharField(max_length=6), default=list)
    codes = models.JSONField(default=list, help_text="scheme, code and label of each")
    keywords = ArrayField(models.TextField(), default=list)
    deadlines = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    deadline = models.DateTimeField(null=True, help_text="The next one.")
    closes_at = models.DateTimeField(null=True, help_text="After this there is nothing left to answer.")
    opens_on = models.DateField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    published_on = models.DateField(null=True, help_text="By the source.")
    budget_min = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    budget_max = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    budget_total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    language = models.CharField(max_length=2, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    source_status = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    content_hash = models.CharField(max_length=64)

    status = models.CharField(max_length=10, choices=Status, default=Status.INBOX)
    note = models.TextField(_("note to members"), blank=True, max_length=600)
    note_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    note_at = models.DateTimeField(null=True)
    for_partners = models.CharField(
        _("for partners"), max_length=300, blank=True,
        help_text="Whom we look for, in the team's own words. With them it is open to partners, and public.",
    )  # fmt: skip
    effort_hours = models.PositiveSmallIntegerField(_("hours it takes"), null=True, blank=True)
    curated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    curated_at = models.DateTimeField(null=True)
    fits = models.PositiveIntegerField(null=True, help_text="How many members it is worth the time of.")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("summary", "organisation", weight="B", config=SEARCH_CONFIG)
        # PostgreSQL indexes a megabyte of words at most; the first 100,000 characters say what a text is about.
        + SearchVector(Left("description", 100_000), weight="C", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = OpportunityQuerySet.as_manager()

    class Meta(Aimed.Meta):
        indexes = [
            GinIndex(fields=["search"], name="opportunity_search"),
            models.Index("status", DAY_THAT_COUNTS.asc(nulls_last=True), "id", name="opportunity_by_day"),
            models.Index(fields=["status", "-created_at", "id"], name="opportunity_by_arrival"),
            models.Index("status", F("fits").desc(nulls_last=True), "deadline", "id", name="opportunity_by_fits"),
            models.Index(fields=["status", "closes_at"], name="opportunity_closing"),
        ]
        constraints = [
            *Aimed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(budget_min=None) | Q(budget_max=None) | Q(budget_min__lte=F("budget_max")),
                name="opportunity_budget_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("opportunities:detail", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.closes_at is None or self.closes_at >= timezone.now()

    @property
    def kind_label(self) -> str:
        """A partnering request says which of the five types it is."""
        return str(self.get_partnering_type_display() or self.ONE_OF_A_KIND[self.Kind(self.kind)])


class SourceRecord(models.Model):
    """What one source said of one opportunity, word for word: two sources may speak of the same one."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="records")
    format = models.CharField(max_length=12, choices=Source.Format)
    external_id = models.CharField(max_length=300)
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="records")
    import_run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    raw = models.TextField()
    content_hash = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "format", "external_id"], name="one_record_of_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.external_id} in {self.source}"

    @property
    def own_id(self) -> str:
        """The id that the source gave, if it gave one."""
        return "" if self.external_id.startswith(MADE) else self.external_id
