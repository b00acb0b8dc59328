"""What is scouted, where from, whom it fits and what they said."""

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

from core.models import Run
from members.models import Organisation, Profile
from opportunities.feeds import MADE
from opportunities.querysets import (
    DAY_THAT_COUNTS,
    SEARCH_CONFIG,
    FeedbackQuerySet,
    ImportRunQuerySet,
    MatchQuerySet,
    OpportunityQuerySet,
    SourceQuerySet,
)


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

    class Schedule(models.TextChoices):
        HOURLY = "hourly", _("every hour")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    format = models.CharField(_("format"), max_length=12, choices=Format, default=Format.AUTO)
    url = models.URLField(_("address"), blank=True, max_length=1000)
    schedule = models.CharField(_("read it"), max_length=6, choices=Schedule, default=Schedule.DAILY)
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


class Opportunity(models.Model):
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

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="opportunity_search"),
            models.Index("status", DAY_THAT_COUNTS.asc(nulls_last=True), "id", name="opportunity_by_day"),
            models.Index(fields=["status", "-created_at", "id"], name="opportunity_by_arrival"),
            models.Index("status", F("fits").desc(nulls_last=True), "deadline", "id", name="opportunity_by_fits"),
            models.Index(fields=["status", "closes_at"], name="opportunity_closing"),
        ]
        constraints = [
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


class Feedback(models.Model):
    """What a member's people did with an opportunity. It moves the member's next ranking."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        SAVED = "saved", _("Saved")
        INTERESTED = "interested", _("Interested")
        NOT_FOR_US = "not_for_us", _("Not for us")
        HANDED_OVER = "handed_over", _("Handed over")

    # Which of several answers of a member counts.
    LAST_WORD = (Kind.NOT_FOR_US, Kind.INTERESTED, Kind.SAVED)

    class Reason(models.TextChoices):
        TOPIC = "topic", _("Not our topic")
        PLACE = "place", _("Wrong place")
        TIMING = "timing", _("Wrong time")
        SIZE = "size", _("Too big or too small")
        OTHER = "other", _("Another reason")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="feedback")
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="feedback")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind)
    reason = models.CharField(max_length=6, choices=Reason, blank=True)
    sentence = models.TextField(_("a sentence for the cluster team"), blank=True, max_length=600)
    rank_shown = models.PositiveSmallIntegerField(null=True, help_text="Where in the feed it stood when answered.")
    reasons_shown = ArrayField(
        models.CharField(max_length=40), default=list, help_text="Codes of the reasons that it had when answered."
    )
    at = models.DateTimeField(default=timezone.now)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "opportunity", "kind"], name="one_answer_of_a_kind"),
            models.UniqueConstraint(
                fields=["organisation", "opportunity"],
                condition=Q(kind__in=["interested", "not_for_us"]),
                name="interested_or_not",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-at"], name="feedback_by_kind")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}: {self.opportunity}"


class Showing(models.Model):
    """That a member's own people had an opportunity before them: by which way, how high up, and with which reasons.

    It is a trace of the organisation, not of a person, and no other organisation sees it. What is under the fold of the
    feed has a channel of its own: it becomes a showing in the feed on the day that it moves up.
    """

    class Channel(models.TextChoices):
        FEED = "feed", _("Feed")
        FOLDED = "folded", _("Feed, under the fold")
        HAND_OVER = "hand_over", _("Mail that hands it over")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="showings")
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="showings")
    channel = models.CharField(max_length=9, choices=Channel)
    first_at = models.DateTimeField(default=timezone.now)
    first_rank = models.PositiveSmallIntegerField(help_text="Counted from 1.")
    first_reasons = ArrayField(models.CharField(max_length=40), default=list, help_text="Their codes, best first.")
    last_at = models.DateTimeField(default=timezone.now)
    last_rank = models.PositiveSmallIntegerField()
    last_reasons = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "opportunity", "channel"], name="one_showing_by_one_way"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_channel_display()}: {self.opportunity}"


class ScoreModel(models.Model):
    """The frozen statistics of one epoch of the filter. Within an epoch a pair's score depends on the pair alone."""

    sha256 = models.CharField(max_length=64, unique=True)
    engine = models.CharField(max_length=40, help_text="The version of the engine that reads it.")
    payload = models.BinaryField()
    documents = models.PositiveIntegerField(help_text="How many opportunities it was fitted on.")
    is_current = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="one_current_model")
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class OpportunityVector(models.Model):
    """An opportunity as the filter's engine reads it, in one epoch."""

    opportunity = models.OneToOneField(Opportunity, models.CASCADE, primary_key=True, related_name="vector")
    model = models.ForeignKey(ScoreModel, models.CASCADE)
    content_hash = models.CharField(max_length=64)
    payload = models.BinaryField()
    listed = models.CharField(
        max_length=160, blank=True, help_text="The state in which the members' lists have it; empty when they have not."
    )

    def __str__(self) -> str:
        return f"Vector of opportunity {self.opportunity_id}"


class FilterRun(Run):
    """One run of the filter, over all members or over what has changed since the last."""

    model = models.ForeignKey(ScoreModel, models.CASCADE, related_name="+")
    as_of = models.DateField(help_text="The day that deadlines are counted from.")
    is_full = models.BooleanField(default=False)
    # Each changed opportunity's id with the state that this run has seen; "" when it is no longer to be listed.
    opportunities = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(status__in=["queued", "running"]), name="one_filter_run_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Filter run {self.pk}"


class FilterShard(Run):
    """A part of a filter run: some members, done by one worker."""

    run = models.ForeignKey(FilterRun, models.CASCADE, related_name="shards")
    organisation_ids = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"Part {self.pk} of {self.run}"


class MatchList(models.Model):
    """A member's list as one run has made it, with what that run knew of the member."""

    run = models.ForeignKey(FilterRun, models.CASCADE, related_name="lists")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="match_lists")
    signature = models.CharField(max_length=64, help_text="Of the profile and the answers that it was made from.")
    floor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "organisation"], name="one_list_a_run")]

    def __str__(self) -> str:
        return f"List of {self.organisation_id} in {self.run_id}"


class MatchState(models.Model):
    """Which run's list a member sees: it moves only when that run is complete."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="match_state")
    run = models.ForeignKey(FilterRun, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.organisation_id} sees run {self.run_id}"


class Match(models.Model):
    """An opportunity that is worth a member's time, with its score and the reasons."""

    run = models.ForeignKey(FilterRun, models.CASCADE, related_name="matches")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="matches")
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="matches")
    key = models.BigIntegerField(help_text="The score, and then the lower id: one total order.")
    reasons = models.JSONField(default=list)

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "organisation", "opportunity"], name="one_match_of_a_run")
        ]
        indexes = [models.Index(fields=["organisation", "run", "-key"], name="match_best_first")]

    def __str__(self) -> str:
        return f"{self.organisation_id} x {self.opportunity_id}"
