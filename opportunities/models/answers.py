"""What was put before a member, and what its people said."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Organisation
from opportunities.models.opportunities import Opportunity
from opportunities.querysets import FeedbackQuerySet


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
        DIGEST = "digest", _("Weekly digest")

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
