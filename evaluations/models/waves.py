"""Waves: who is asked, and what was answered. Identities and answers stand apart.

An `Invitee` says who was asked and whether an answer came; a `Response` holds the answer and the groups it counts in.
No column joins them. While a wave is open the link of an invitee leads to its response through a keyed hash whose key
is the wave's own; the key is thrown away when the wave closes. A response has no time and no number in a sequence.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from evaluations.instrument import Questionnaire, read
from evaluations.models.questionnaires import QuestionnaireVersion
from evaluations.querysets import InviteeQuerySet, QuoteQuerySet, ResponseQuerySet, WaveQuerySet
from evaluations.recoding import Recoding
from matchmaking.models import Round
from members.models import Organisation, SizeClass

FEWEST_IN_HOUSE, FEWEST_IN_PUBLIC = 5, 10


class Segment(models.Model):
    """The groups that a company counts in, as they were when the wave opened. Blank where nothing is known."""

    class Experience(models.TextChoices):
        FIRST_STEPS = "first_steps", _("First steps abroad")
        SOME = "some", _("Some experience abroad")
        EXPERIENCED = "experienced", _("Experienced abroad")

    size_class = models.CharField(max_length=6, choices=SizeClass, blank=True)
    country = models.CharField(max_length=2, blank=True)
    section = models.CharField(max_length=1, blank=True, help_text="The NACE section of the main activity.")
    experience = models.CharField(max_length=11, choices=Experience, blank=True)

    class Meta:
        abstract = True


class Wave(models.Model):
    """One questionnaire version, asked of one population in one span of time."""

    class Population(models.TextChoices):
        MEMBERS = "members", _("Members of the cluster")
        ROUND = "round", _("Participants of a matchmaking round")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Being set up")
        OPEN = "open", _("Open for answers")
        CLOSED = "closed", _("Closed")

    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="waves")
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    population = models.CharField(_("who is asked"), max_length=8, choices=Population, default=Population.MEMBERS)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("round"))
    sizes = ArrayField(models.CharField(max_length=6), verbose_name=_("only these sizes"), default=list, blank=True)
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("only these countries"), default=list, blank=True
    )
    sections = ArrayField(
        models.CharField(max_length=1), verbose_name=_("only these sectors"), default=list, blank=True
    )
    closes_at = models.DateTimeField(_("open until"))
    fewest_in_house = models.PositiveSmallIntegerField(
        _("fewest answers shown in-house"), default=FEWEST_IN_HOUSE, validators=[MinValueValidator(FEWEST_IN_HOUSE)]
    )
    fewest_in_public = models.PositiveSmallIntegerField(
        _("fewest answers shown in public"), default=FEWEST_IN_PUBLIC, validators=[MinValueValidator(FEWEST_IN_PUBLIC)]
    )
    note = models.CharField(_("note on the method"), max_length=600, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.PLANNED)
    frame = models.JSONField(
        default=list, help_text="The population when the wave opened: each combination of groups with its n."
    )
    recoding = models.JSONField(
        default=dict,
        help_text="Which steps and groups stand together, by audience. Fixed with the first figures.",
    )
    key = models.BinaryField(null=True, help_text="Leads from links to answers while the wave is open; then gone.")
    extensions = models.PositiveSmallIntegerField(default=0, help_text="How often the last day was moved.")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = WaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fewest_in_house__gte=FEWEST_IN_HOUSE, fewest_in_public__gte=FEWEST_IN_PUBLIC),
                name="wave_thresholds_only_upward",
            ),
            models.CheckConstraint(
                condition=Q(population="round", round__isnull=False) | Q(population="members", round=None),
                name="wave_round_where_participants_are_asked",
            ),
            models.CheckConstraint(
                condition=Q(status="open", key__isnull=False) | ~Q(status="open") & Q(key=None),
                name="wave_key_only_while_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("evaluations:wave", args=[self.slug])

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """What is asked: read once, a published version never changes."""
        return read(self.version.content)

    def recoded(self, audience: str = "house") -> Recoding:
        """How finely its figures are shown to an audience."""
        return Recoding.of(self.recoding.get(audience, {}))

    @property
    def takes_answers(self) -> bool:
        return self.status == self.Status.OPEN and timezone.now() <= self.closes_at

    @property
    def population_size(self) -> int:
        """How many companies the population had when the wave opened, asked or not."""
        return sum(cell["n"] for cell in self.frame)


class Invitee(Segment):
    """Who is asked in a wave, and whether the answer has come. Never what it says."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="invitees")
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")
    company = models.CharField(max_length=200)
    person = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=2, default="en")
    link_version = models.PositiveSmallIntegerField(default=1, help_text="Links of an older version open nothing.")
    has_answered = models.BooleanField(default=False)
    has_declined = models.BooleanField(default=False)
    is_taken_out = models.BooleanField(default=False, help_text="By the cluster team: the link opens nothing.")
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = InviteeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "email"], name="one_invitee_of_an_address"),
            models.UniqueConstraint(fields=["wave", "organisation"], name="one_invitee_of_an_organisation"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitee_email_lower_case"),
        ]
        indexes = [models.Index(fields=["wave", "has_answered"], name="invitee_by_answer")]

    def __str__(self) -> str:
        return self.company

    @property
    def asked_in(self) -> str:
        """The language in which the company is asked, one of the questionnaire's."""
        offered = self.wave.questionnaire.languages
        return self.language if self.language in offered else offered[0]


class Response(Segment):
    """One company's answers to a wave, half-way or complete, and nothing that says whose they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="responses")
    is_complete = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["wave", "is_complete"], name="response_complete")]

    def __str__(self) -> str:
        return f"Response in {self.wave_id}"


class Quote(models.Model):
    """Words that a company allowed to be printed, with its name or without, taken out of its answers at the closing.

    Nothing leads from here to the other answers: the words are deleted there.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="quotes")
    question = models.CharField(max_length=60)
    text = models.TextField()
    company = models.CharField(max_length=200, blank=True, help_text="Blank: to be printed without a name.")

    objects = QuoteQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:60]
