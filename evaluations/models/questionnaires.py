"""Questionnaires and their versions. What is asked stands in `content`, as evaluations.instrument reads it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.querysets import QuestionnaireQuerySet, QuestionnaireVersionQuerySet


class Questionnaire(models.Model):
    """A family of versions: waves of one family can be compared."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    purpose = models.CharField(_("what it is for"), max_length=300, blank=True)
    template = models.CharField(max_length=2, blank=True, help_text="The shipped template it began as: T1 to T6.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = QuestionnaireQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evaluations:questionnaire", args=[self.slug])


class QuestionnaireVersion(models.Model):
    """What is asked. A draft can be edited; a published version never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="one_version_of_a_number"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(status="draft"), name="one_draft_of_a_questionnaire"
            ),
        ]

    def __str__(self) -> str:
        return str(
            _("%(questionnaire)s, version %(number)s") % {"questionnaire": self.questionnaire, "number": self.number}
        )
