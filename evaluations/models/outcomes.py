"""What came of what the cluster did: one ladder, many sources."""

from functools import reduce
from operator import or_

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ladder import AmountClass, Attribution, Rung
from ecosystem.models import ShortlistCard
from evaluations.models.waves import Segment, Wave
from evaluations.querysets import FollowUpQuerySet, OutcomeQuerySet
from funding.models import Grant
from matchmaking.models import Round
from members.models import Organisation, SizeClass
from opportunities.models import Opportunity
from programme.models import Activity, ServiceRequest


class Outcome(Segment):
    """How far one thing had come for one company, so many months after it began.

    What surveys tell has no organisation: it is known by its groups alone.
    """

    class Source(models.TextChoices):
        INTEREST = "interest", _("Interest in an opportunity")
        MEETING = "meeting", _("Meeting in a round")
        SURVEY = "survey", _("Answer in a survey")
        GRANT = "grant", _("Grant")
        SERVICE = "service", _("Service")
        ACTIVITY = "activity", _("Activity")
        INTRODUCTION = "intro", _("Introduction to a partner")

    MONTHS = (0, 3, 12)

    source = models.CharField(max_length=8, choices=Source)
    source_key = models.CharField(max_length=80, help_text="What it is of, in the words of its source: 'seat:12'.")
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    opportunity = models.ForeignKey(Opportunity, models.SET_NULL, null=True, related_name="+")
    round = models.ForeignKey(Round, models.SET_NULL, null=True, related_name="+")
    grant = models.ForeignKey(Grant, models.SET_NULL, null=True, related_name="+")
    service_request = models.ForeignKey(ServiceRequest, models.SET_NULL, null=True, related_name="+")
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, related_name="+")
    introduction = models.ForeignKey(ShortlistCard, models.SET_NULL, null=True, related_name="+")
    wave = models.ForeignKey(Wave, models.CASCADE, null=True, related_name="+")
    months = models.PositiveSmallIntegerField(default=0)
    rung = models.CharField(max_length=11, choices=Rung)
    amount = models.CharField(_("worth"), max_length=10, choices=AmountClass, blank=True)
    attribution = models.CharField(_("without the cluster"), max_length=9, choices=Attribution, blank=True)
    words = models.CharField(_("a sentence, if you like"), max_length=400, blank=True)
    began_on = models.DateField(null=True, help_text="The day of the interest or meeting.")
    told_on = models.DateField(null=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key", "months"], name="one_outcome_of_a_source"),
            models.CheckConstraint(condition=Q(months__in=(0, 3, 12)), name="outcome_at_0_3_or_12_months"),
            models.CheckConstraint(
                condition=~Q(source="survey") | Q(organisation=None, told_on=None), name="survey_outcome_is_anonymous"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-told_on"], name="outcome_of_organisation"),
            models.Index(fields=["source", "rung"], name="outcome_by_source"),
            models.Index(fields=["-told_on", "-id"], name="outcome_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_rung_display()}, {self.get_source_display()}"

    @property
    def of(self) -> object:
        """The thing that it came of, as lists name it; None where that is gone or told by nobody in particular."""
        named = (self.grant and self.grant.title) or (self.service_request and self.service_request.service.name)
        introduced = self.introduction and self.introduction.introduced_to
        return introduced or self.opportunity or self.round or self.activity or named


class QuarterFrame(models.Model):
    """What the member companies of one quarter told and did, without names: each combination with its n.

    It is fixed when the quarter's tables are made, so that every table of a quarter is of the same companies. Only
    disclosure control reads it.
    """

    quarter = models.CharField(max_length=7, unique=True)
    cells = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.quarter


class GoalFrame(models.Model):
    """Hours, money and indicators by goal as they stood when a quarter was over: what reports tell, whenever made."""

    cut_off = models.DateField(unique=True)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Goals on {self.cut_off}"


# What the title of a follow-up, and the language of its mail, are read from.
FOLLOWED = (
    *("organisation__profile", "opportunity", "activity", "grant__award__partner__application__call"),
    *("service_request__service", "introduction__shortlist__partnership__organisation"),
)


# What a question is of: one of them.
ASKED_OF = ("opportunity", "grant", "service_request", "activity", "introduction")


def _of_one(names: tuple[str, ...]) -> Q:
    """One of these is there, and no other."""
    only = ({f"{each}__isnull": each != one for each in names} for one in names)
    return reduce(or_, (Q(**told) for told in only))


class FollowUp(models.Model):
    """We ask an organisation, by signed link, what came of one thing of its: an interest, a grant, an introduction."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, null=True, related_name="+")
    grant = models.ForeignKey(Grant, models.CASCADE, null=True, related_name="+")
    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, null=True, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="+")
    introduction = models.ForeignKey(ShortlistCard, models.CASCADE, null=True, related_name="+")
    months = models.PositiveSmallIntegerField()
    email = models.EmailField()
    began_on = models.DateField(
        help_text="The day of the interest, service or introduction, or of the end of the grant or activity."
    )
    asked_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "opportunity", "months"], name="asked_once"),
            models.UniqueConstraint(fields=["grant", "months"], name="asked_once_of_a_grant"),
            models.UniqueConstraint(fields=["service_request", "months"], name="asked_once_of_a_service"),
            models.UniqueConstraint(fields=["organisation", "activity", "months"], name="asked_once_of_an_activity"),
            models.UniqueConstraint(fields=["introduction", "months"], name="asked_once_of_an_introduction"),
            models.CheckConstraint(condition=_of_one(ASKED_OF), name="asked_of_one_thing"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="follow_up_email_lower_case"),
            models.CheckConstraint(condition=Q(months__in=(3, 12)), name="asked_after_3_or_12_months"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.title} after {self.months} months"

    @property
    def title(self) -> str:
        """What it asks about."""
        if self.service_request:
            return self.service_request.service.name
        if self.activity:
            return self.activity.name
        if self.introduction:
            return self.introduction.introduced_to
        return self.opportunity.title if self.opportunity else self.grant.title

    @property
    def introduced_for(self) -> int | None:
        """The opportunity that an introduction was for, if it was for one."""
        return self.introduction.shortlist.opportunity_id if self.introduction else None

    @property
    def source(self) -> str:
        """What its answer is an outcome of."""
        if self.service_request_id:
            return Outcome.Source.SERVICE
        if self.activity_id:
            return Outcome.Source.ACTIVITY
        if self.introduction_id:
            return Outcome.Source.INTRODUCTION
        return Outcome.Source.INTEREST if self.opportunity_id else Outcome.Source.GRANT

    @property
    def source_key(self) -> str:
        """Under which key its answers are on record."""
        if self.activity_id:
            return f"activity:{self.organisation_id}:{self.activity_id}"
        if self.introduction_id:
            return f"intro:{self.introduction_id}"
        if self.opportunity_id:
            return f"interest:{self.organisation_id}:{self.opportunity_id}"
        return f"grant:{self.grant_id}" if self.grant_id else f"service:{self.service_request_id}"


class Journey(models.Model):
    """How far an opportunity has come with a member: the day of each step, gathered from the rooms below.

    What a member opened without being shown it counts as shown on that day, with no rank and no reason: it was found.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="+")
    size_class = models.CharField(max_length=6, choices=SizeClass, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, help_text="Where it stood in the feed when first shown.")
    reason = models.CharField(max_length=40, blank=True, help_text="The code of the first reason then.")
    shown_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True, help_text="Not for us, and no interest since.")
    interested_at = models.DateTimeField(null=True)
    met_on = models.DateField(null=True, help_text="When a lasting contact, or more, was told of.")
    project_on = models.DateField(null=True)
    contract_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "opportunity"], name="one_journey_of_a_pair"),
        ]
        indexes = [models.Index(fields=["shown_at"], name="journey_by_day")]

    def __str__(self) -> str:
        return f"{self.organisation_id} x {self.opportunity_id}"
