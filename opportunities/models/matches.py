"""Whom it fits: what the filter makes of opportunities and members."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import Run
from members.models import Organisation
from opportunities.models.opportunities import Opportunity
from opportunities.querysets import MatchQuerySet


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
