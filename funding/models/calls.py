"""A call for proposals: who pays by which rules, what is asked, and by which criteria it is judged."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.zones import check_time_zone
from funding.querysets import FundingCallQuerySet
from members.models import Organisation, SizeClass
from programme.models import Aimed


class FundingCall(Aimed):
    """One call with one or several funders. Its phase follows from its status and the server's clock."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being written")
        PUBLISHED = "published", _("Published")
        DECIDED = "decided", _("Decided")
        OVER = "over", _("Over")
        CANCELLED = "cancelled", _("Cancelled")

    class Phase(models.TextChoices):
        DRAFT = "draft", _("Being written")
        ANNOUNCED = "announced", _("Announced")
        OPEN = "open", _("Open")
        REVIEW = "review", _("In review")
        DECIDED = "decided", _("Decided")
        OVER = "over", _("Over")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(_("name"), max_length=160, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    code = models.CharField(
        _("short name"), max_length=12, unique=True, help_text=_("Applications are numbered by it.")
    )
    aim = models.CharField(_("aim in one sentence"), max_length=300)
    text = models.TextField(_("text of the call"), max_length=20_000, blank=True)
    contact_email = models.EmailField(_("address for questions"))
    opens_at = models.DateTimeField(_("opens"))
    deadline = models.DateTimeField(_("deadline"))
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_time_zone])
    granting_on = models.DateField(_("planned day of granting"))
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=21, validators=[MaxValueValidator(365)])
    is_blind = models.BooleanField(_("reviewers do not see who applies"), default=False)
    reviews_each = models.PositiveSmallIntegerField(
        _("reviews of each application"), default=2, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    review_until = models.DateTimeField(_("reviews until"), null=True, blank=True)
    least_organisations = models.PositiveSmallIntegerField(_("organisations at least"), default=1)
    most_organisations = models.PositiveSmallIntegerField(_("organisations at most"), null=True, blank=True)
    least_countries = models.PositiveSmallIntegerField(_("countries at least"), default=1)
    least_smes = models.PositiveSmallIntegerField(_("SMEs at least"), default=0)
    lead_kinds = ArrayField(
        models.CharField(max_length=12, choices=Organisation.Kind),
        verbose_name=_("who may lead"),
        default=list,
        blank=True,
    )
    one_consortium_only = models.BooleanField(_("each organisation in one consortium only"), default=False)
    shortest_months = models.PositiveSmallIntegerField(_("months at least"), null=True, blank=True)
    longest_months = models.PositiveSmallIntegerField(_("months at most"), null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True, help_text="When the decisions were made known.")
    why_cancelled = models.CharField(max_length=600, blank=True)

    objects = FundingCallQuerySet.as_manager()

    class Meta(Aimed.Meta):
        constraints = [
            *Aimed.Meta.constraints,
            models.CheckConstraint(condition=Q(opens_at__lt=F("deadline")), name="call_opens_before_its_deadline"),
            models.CheckConstraint(
                condition=~Q(status__in=["decided", "over"]) | Q(decided_at__isnull=False), name="call_decided_at"
            ),
        ]
        indexes = [models.Index(fields=["status", "deadline"], name="call_by_deadline")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("funding:call", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def phase(self) -> "FundingCall.Phase":
        """Where the call stands now, by the server's clock. The very moment of the deadline is in time."""
        if self.status != self.Status.PUBLISHED:
            return self.Phase(self.status)
        now = timezone.now()
        if now < self.opens_at:
            return self.Phase.ANNOUNCED
        return self.Phase.OPEN if now <= self.deadline else self.Phase.REVIEW

    @property
    def takes_applications(self) -> bool:
        return self.phase == self.Phase.OPEN


class ActivityType(models.Model):
    """Something that projects of a call may do; each funder pays for some of them."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="activity_types")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("activity"), max_length=120)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "name"], name="one_activity_type_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Funder(models.Model):
    """Who pays for the partners of one country, or of some of its regions, by its own rules. Empty lists allow all."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="funders")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=160)
    member_state = models.CharField(_("country"), max_length=2)
    regions = ArrayField(models.CharField(max_length=5), verbose_name=_("regions"), default=list, blank=True)
    budget_eur = models.DecimalField(
        _("budget, EUR"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    kinds = ArrayField(
        models.CharField(max_length=12, choices=Organisation.Kind),
        verbose_name=_("kinds of organisation"),
        default=list,
        blank=True,
    )
    sizes = ArrayField(
        models.CharField(max_length=6, choices=SizeClass), verbose_name=_("sizes"), default=list, blank=True
    )
    activity_types = models.ManyToManyField(
        ActivityType, verbose_name=_("activities that it pays for"), related_name="funders", blank=True
    )
    smallest_grant_eur = models.DecimalField(
        _("smallest grant, EUR"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    largest_grant_eur = models.DecimalField(
        _("largest grant, EUR"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    rate = models.DecimalField(
        _("share of the costs that it pays"), max_digits=5, decimal_places=4, default=1,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )  # fmt: skip
    rates = models.JSONField(
        _("other shares by size"), default=dict, blank=True, help_text="Size class to a share from 0 to 1, as text."
    )
    is_de_minimis = models.BooleanField(_("its grants are de minimis aid"), default=False)
    most_previous_grants = models.PositiveSmallIntegerField(_("earlier grants at most"), null=True, blank=True)
    previous_grants_years = models.PositiveSmallIntegerField(_("in how many years"), null=True, blank=True)
    criteria = models.TextField(_("own criteria, in words"), max_length=4000, blank=True)
    contact_email = models.EmailField(_("address for questions"), blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "name"], name="one_funder_of_a_name"),
            models.CheckConstraint(condition=Q(budget_eur__gte=0), name="funder_budget_not_negative"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="funder_rate_is_a_share"),
            models.CheckConstraint(
                condition=Q(smallest_grant_eur=None)
                | Q(largest_grant_eur=None)
                | Q(smallest_grant_eur__lte=F("largest_grant_eur")),
                name="funder_grants_in_order",
            ),
            models.CheckConstraint(
                condition=Q(most_previous_grants=None, previous_grants_years=None)
                | Q(most_previous_grants__isnull=False, previous_grants_years__isnull=False),
                name="funder_previous_grants_and_years",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CostCategory(models.Model):
    """A row of every partner's budget table."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="cost_categories")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("category"), max_length=120)
    help = models.CharField(_("what belongs here"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "name"], name="one_cost_category_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """What the form of a call asks: of the consortium once, or of each partner."""

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("Short text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        AMOUNT = "amount", _("Amount in EUR")
        DATE = "date", _("Date")
        CHOICE = "choice", _("One of several")
        CHOICES = "choices", _("Several of several")
        YES_NO = "yes_no", _("Yes or no")
        LINK = "link", _("Web address")
        FILE = "file", _("File")

    class AskedOf(models.TextChoices):
        CONSORTIUM = "consortium", _("The consortium")
        PARTNER = "partner", _("Each partner")

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.LONG_TEXT)
    asked_of = models.CharField(_("asked of"), max_length=10, choices=AskedOf, default=AskedOf.CONSORTIUM)
    funder = models.ForeignKey(
        Funder, models.CASCADE, null=True, blank=True, related_name="questions", verbose_name=_("only where it pays"),
        help_text="Asked of the partners whose funder it is.",
    )  # fmt: skip
    text = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("help"), max_length=600, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=True)
    most_words = models.PositiveSmallIntegerField(_("words at most"), null=True, blank=True)
    options = ArrayField(
        models.CharField(max_length=160), verbose_name=_("options, one a line"), default=list, blank=True
    )
    tells_who = models.BooleanField(
        _("the answer tells who applies"), default=False, help_text=_("Hidden from reviewers of a blind call.")
    )
    is_read_blind = models.BooleanField(
        _("reviewers of a blind call read a copy"), default=False,
        help_text=_("A PDF without its properties. Applicants are asked to leave names out. Other files stay hidden."),
    )  # fmt: skip

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(funder=None) | Q(asked_of="partner"), name="question_of_a_funder_asks_partners"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Criterion(models.Model):
    """What reviewers judge, from 0 to `most`, with words for what a score means."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="criteria")
    funder = models.ForeignKey(
        Funder, models.CASCADE, null=True, blank=True, related_name="own_criteria", verbose_name=_("only of"),
        help_text="A funder's own criterion counts where that funder pays.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("criterion"), max_length=120)
    asks = models.CharField(_("what is looked at"), max_length=600)
    most = models.PositiveSmallIntegerField(
        _("highest score"), default=5, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    weight = models.DecimalField(
        _("weight"), max_digits=5, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    threshold = models.DecimalField(
        _("needed at least"), max_digits=4, decimal_places=2, null=True, blank=True,
        help_text=_("An application below it is not funded."),
    )  # fmt: skip
    anchors = models.JSONField(
        _("what the scores mean"), default=dict, help_text="A score, as text, to a sentence: '0', '3', '5'."
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "name"], name="one_criterion_of_a_name"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="criterion_weight_not_negative"),
            models.CheckConstraint(
                condition=Q(threshold=None) | Q(threshold__gte=0, threshold__lte=F("most")),
                name="criterion_threshold_within_scores",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CallDocument(models.Model):
    """A file that belongs to the published call: the full text, a template."""

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="documents")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=160)
    file = models.FileField(_("file"), upload_to="funding/calls/")
    content_type = models.CharField(max_length=120, help_text="As its content says, not its name.")
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """What was changed of a published call: words, a later day, one more document. Shown on its page."""

    class Of(models.TextChoices):
        AIM = "aim", _("Aim")
        TEXT = "text", _("Text of the call")
        CONTACT = "contact_email", _("Address for questions")
        DEADLINE = "deadline", _("Deadline")
        REVIEWS = "review_until", _("Reviews until")
        GRANTING = "granting_on", _("Planned day of granting")
        DOCUMENT = "document", _("Document added")
        CANCELLED = "cancelled", _("Cancelled")

    call = models.ForeignKey(FundingCall, models.CASCADE, related_name="corrections")
    of = models.CharField(max_length=13, choices=Of)
    before = models.TextField(blank=True, help_text="As it stood, in words.")
    after = models.TextField(help_text="As it stands from then on, in words.")
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_of_display()}, {self.at:%Y-%m-%d}"
