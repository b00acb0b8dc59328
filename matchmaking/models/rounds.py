"""A round, its programme and the partners that bring companies to it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.zones import check_time_zone
from matchmaking.querysets import RoundQuerySet
from members.models import Organisation
from programme.models import Aimed

MOST_MEETINGS = 40


class Round(Aimed):
    """Companies of several clusters meet one to one: who, when, where, and by which rules."""

    class Place(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        ONLINE = "online", _("Online")
        MIXED = "mixed", _("On site and online")

    class Mode(models.TextChoices):
        BALLOTS = "ballots", _("We schedule from ballots")
        REQUESTS = "requests", _("Participants request and accept")
        BOTH = "both", _("Requests first, then we schedule the rest")

    class Meets(models.TextChoices):
        ANYONE = "anyone", _("Anyone of another company")
        OTHER_CLUSTER = "other_cluster", _("Only companies of another cluster")
        OTHER_SIDE = "other_side", _("Only the other side")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Being set up")
        OPEN = "open", _("Open for choices")
        PUBLISHED = "published", _("Timetable published")
        OVER = "over", _("Over")
        CANCELLED = "cancelled", _("Cancelled")

    TRANSITIONS = {
        Status.PLANNED: {Status.OPEN, Status.CANCELLED},
        Status.OPEN: {Status.PLANNED, Status.PUBLISHED, Status.CANCELLED},
        Status.PUBLISHED: {Status.OVER, Status.CANCELLED},
        Status.OVER: {Status.PUBLISHED},
        Status.CANCELLED: set(),
    }

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    aim = models.CharField(_("aim"), max_length=300)
    place = models.CharField(_("where"), max_length=8, choices=Place, default=Place.ON_SITE)
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_time_zone])
    mode = models.CharField(_("how meetings come about"), max_length=8, choices=Mode, default=Mode.BALLOTS)
    meets = models.CharField(_("who may meet"), max_length=13, choices=Meets, default=Meets.OTHER_CLUSTER)
    side_a = models.CharField(_("first side"), max_length=60, blank=True)
    side_b = models.CharField(_("second side"), max_length=60, blank=True)
    quota = models.PositiveSmallIntegerField(
        _("most meetings a participant"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MEETINGS)],
    )
    minimum = models.PositiveSmallIntegerField(
        _("fewest meetings a participant"), default=2, validators=[MaxValueValidator(MOST_MEETINGS)]
    )
    most_in_a_row = models.PositiveSmallIntegerField(
        _("most meetings in a row"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    register_until = models.DateTimeField(_("sign up until"))
    choose_until = models.DateTimeField(_("choose until"))
    request_hours = models.PositiveSmallIntegerField(
        _("hours to answer a request"), default=72, validators=[MinValueValidator(1)]
    )
    requests_at_once = models.PositiveSmallIntegerField(
        _("open requests a participant"), default=8, validators=[MinValueValidator(1)]
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    timetable = models.ForeignKey(
        "Timetable", models.RESTRICT, null=True, related_name="+", help_text="The one that participants see."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    why_cancelled = models.CharField(max_length=600, blank=True, help_text="What everybody who was invited was told.")
    affinity_asked_at = models.DateTimeField(
        null=True, help_text="When a profile last changed that affinities rest on."
    )
    affinity_at = models.DateTimeField(null=True, help_text="Affinities hold all changes up to this one.")

    objects = RoundQuerySet.as_manager()

    class Meta(Aimed.Meta):
        constraints = [
            *Aimed.Meta.constraints,
            models.CheckConstraint(condition=Q(minimum__lte=F("quota")), name="round_minimum_within_quota"),
            models.CheckConstraint(
                condition=Q(register_until__lte=F("choose_until")), name="round_sign_up_before_choosing_ends"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(timetable__isnull=False), name="round_published_has_a_timetable"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:round", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def takes_ballots(self) -> bool:
        return self.mode != self.Mode.REQUESTS

    @property
    def takes_requests(self) -> bool:
        return self.mode != self.Mode.BALLOTS

    @property
    def takes_choices(self) -> bool:
        """Participants may choose, ask and answer now."""
        return self.status == self.Status.OPEN and timezone.now() <= self.choose_until

    @property
    def takes_sign_ups(self) -> bool:
        return self.status == self.Status.OPEN and timezone.now() <= self.register_until

    @property
    def is_out(self) -> bool:
        """The timetable was published: before, meetings are a draft or what two participants have agreed on."""
        return self.status in {self.Status.PUBLISHED, self.Status.OVER}

    @property
    def is_past(self) -> bool:
        """It is over or does not take place: who takes part, and when they can come, stays as it is."""
        return self.status in {self.Status.OVER, self.Status.CANCELLED}

    @property
    def affinity_is_due(self) -> bool:
        """A profile has changed since affinities were worked out."""
        asked, worked_out = self.affinity_asked_at, self.affinity_at
        return asked is not None and (worked_out is None or worked_out < asked)


class Session(models.Model):
    """A part of a round's programme: a span of meetings, cut into slots, or a break."""

    class Kind(models.TextChoices):
        MEETINGS = "meetings", _("Meetings")
        BREAK = "break", _("Break")

    round = models.ForeignKey(Round, models.CASCADE, related_name="sessions")
    kind = models.CharField(_("what"), max_length=8, choices=Kind, default=Kind.MEETINGS)
    name = models.CharField(_("name"), max_length=80)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes a meeting"), default=20, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    pause_minutes = models.PositiveSmallIntegerField(
        _("minutes between meetings"), default=5, validators=[MaxValueValidator(60)]
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="session_has_a_length")]
        indexes = [models.Index(fields=["round", "starts_at"], name="session_in_order")]

    def __str__(self) -> str:
        return self.name


class Slot(models.Model):
    """A time at which everybody can have one meeting."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="slots")
    session = models.ForeignKey(Session, models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "starts_at"], name="one_slot_at_a_time"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="slot_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at, self.round.zone):%H:%M}"

    def due_at(self, months: int) -> datetime:
        """When we ask what came of a meeting in this slot."""
        return self.ends_at + relativedelta(months=months)


class Table(models.Model):
    """Where one meeting takes place in each slot: a table in a room, or a video link."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField(_("number"))
    room = models.CharField(_("room"), max_length=80, blank=True)
    link = models.URLField(_("video link"), blank=True, max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="one_table_of_a_number")]

    def __str__(self) -> str:
        return str(_("Table %(number)s") % {"number": self.number})


class RoundPartner(models.Model):
    """A foreign cluster or an intermediary that brings its own companies to a round."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField(_("places"), default=20, validators=[MinValueValidator(1)])
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "organisation"], name="one_partner_of_a_round")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.round}"
