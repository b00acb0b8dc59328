"""Reviewers, who reviews what, conflicts of interest, scores and the discussion."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funding.models.applications import Application
from funding.models.calls import Criterion, Funder, FundingCall
from funding.querysets import AssignmentQuerySet, ReviewerQuerySet


class Reviewer(models.Model):
    """Somebody who reviews for a call, or sits on its panel, until that ends."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    expertise = ArrayField(models.CharField(max_length=80), verbose_name=_("expertise"), default=list, blank=True)
    most_applications = models.PositiveSmallIntegerField(
        _("applications at most"), default=10, validators=[MinValueValidator(0)]
    )
    is_on_panel = models.BooleanField(_("sits on the panel"), default=False)
    funder = models.ForeignKey(
        Funder, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("speaks for")
    )
    added_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True)
    interests = ArrayField(
        models.CharField(max_length=200), default=list, help_text="Organisations of the call that it is bound to."
    )
    interests_words = models.TextField(_("what binds you"), max_length=2000, blank=True)
    declared_at = models.DateTimeField(
        null=True, help_text="When it said which organisations of the call it is bound to: panels and blind calls ask."
    )

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="reviewer_once_in_a_call")]

    def __str__(self) -> str:
        return str(self.user)


class Assignment(models.Model):
    """One reviewer and one application. Nothing of the application is shown before a conflict of interest is denied."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed, not sent yet")
        ASKED = "asked", _("Conflict of interest not declared yet")
        CONFLICT = "conflict", _("Conflict of interest")
        OPEN = "open", _("To be reviewed")
        DONE = "done", _("Reviewed")
        WITHDRAWN = "withdrawn", _("Taken back")

    # What is, or is to become, a review.
    COUNTED = frozenset({Status.PROPOSED, Status.ASKED, Status.OPEN, Status.DONE})

    key = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="Its address: neither the application nor the order can be read off."
    )
    reviewer = models.ForeignKey(Reviewer, models.CASCADE, related_name="assignments")
    application = models.ForeignKey(Application, models.CASCADE, related_name="assignments")
    status = models.CharField(max_length=9, choices=Status, default=Status.ASKED)
    fits_by = ArrayField(
        models.CharField(max_length=80), default=list, help_text="Which of the reviewer's expertise it meets."
    )
    assigned_at = models.DateTimeField(default=timezone.now)
    declared_at = models.DateTimeField(null=True)
    conflict = models.CharField(max_length=600, blank=True, help_text="What it is, as declared or as detected.")
    conflict_is_detected = models.BooleanField(default=False)
    overruled = models.CharField(max_length=600, blank=True, help_text="Why the team lets a detected conflict pass.")
    words = models.TextField(_("in sum"), max_length=4000, blank=True)
    done_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "application"], name="assigned_once"),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "done"]) | Q(declared_at__isnull=False),
                name="declared_before_reviewing",
            ),
            models.CheckConstraint(condition=~Q(status="done") | Q(done_at__isnull=False), name="handed_in_at"),
        ]
        indexes = [models.Index(fields=["application", "status"], name="assignment_of_application")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.application}"


class Score(models.Model):
    """What a reviewer gives for one criterion, and why."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(_("score"), null=True)
    words = models.TextField(_("why"), max_length=2000, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "criterion"], name="one_score_of_a_criterion")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class Remark(models.Model):
    """A contribution to the discussion of an application, among those who have reviewed it, the panel and the team."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="remarks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    words = models.TextField(_("remark"), max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.words[:60]


class ModeratedScore(models.Model):
    """The score of a criterion on which the reviewers agreed, or which the panel set, and why."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="moderated_scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.DecimalField(_("score"), max_digits=4, decimal_places=2)
    words = models.TextField(_("why"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion"], name="one_moderated_score_of_a_criterion"),
            models.CheckConstraint(condition=Q(value__gte=0), name="moderated_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
