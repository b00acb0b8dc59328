"""A matchmaking round from its set-up to what came of its meetings."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Run
from core.zones import is_time_zone
from matchmaking.querysets import (
    MeetingQuerySet,
    MeetingRequestQuerySet,
    PairQuerySet,
    ParticipantQuerySet,
    RoundQuerySet,
    SeatQuerySet,
    TimetableQuerySet,
)
from members.models import Organisation, SizeClass

MOST_MEETINGS = 40


def check_time_zone(name: str) -> None:
    """Refuses what is no time zone of the IANA list."""
    if not is_time_zone(name):
        raise ValidationError(_("Choose a time zone from the list, such as Europe/Tallinn."))


class Round(models.Model):
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

    class Meta:
        constraints = [
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


class Participant(models.Model):
    """One person of one company in one round, with what the company offers and seeks there."""

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        CONFIRMED = "confirmed", _("Takes part")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    TRANSITIONS = {
        Status.INVITED: {Status.CONFIRMED, Status.DECLINED, Status.WITHDRAWN},
        Status.CONFIRMED: {Status.WITHDRAWN},
        Status.DECLINED: {Status.CONFIRMED},
        Status.WITHDRAWN: {Status.CONFIRMED},
    }

    class Side(models.TextChoices):
        A = "a"
        B = "b"

    round = models.ForeignKey(Round, models.CASCADE, related_name="participants")
    cluster = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", help_text="The cluster or intermediary that brings it."
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", help_text="The member; none for a guest."
    )
    company = models.CharField(_("company"), max_length=200)
    person = models.CharField(_("your name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("mobile number"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    website = models.URLField(_("website"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_time_zone])
    size_class = models.CharField(_("size"), max_length=6, choices=SizeClass, blank=True)
    summary = models.TextField(_("what you do"), blank=True, max_length=1000)
    offers = models.TextField(_("what you offer"), blank=True, max_length=3000)
    seeks = models.TextField(_("what you look for"), blank=True, max_length=3000)
    nace_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("activities"), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list, blank=True)
    side = models.CharField(_("side"), max_length=1, choices=Side, blank=True)
    quota = models.PositiveSmallIntegerField(
        _("most meetings"), null=True, blank=True, validators=[MaxValueValidator(MOST_MEETINGS)]
    )
    away = models.ManyToManyField(Slot, related_name="+", blank=True, verbose_name=_("not available"))
    status = models.CharField(max_length=9, choices=Status, default=Status.INVITED)
    status_at = models.DateTimeField(default=timezone.now)
    is_walk_in = models.BooleanField(default=False)
    shows_name = models.BooleanField(_("show our name"), default=False)
    shows_name_at = models.DateTimeField(null=True, help_text="When the company agreed, or took it back.")
    keeps_profile = models.BooleanField(_("keep our answers for the next round"), default=False)
    keeps_profile_at = models.DateTimeField(null=True, help_text="When the company agreed, or took it back.")
    link_version = models.PositiveSmallIntegerField(default=1, help_text="Links of an older version open nothing.")
    chosen_at = models.DateTimeField(null=True, help_text="When the ballot was handed in.")
    reminded_at = models.DateTimeField(null=True)
    checked_in_at = models.DateTimeField(null=True)
    arrives_at = models.DateTimeField(null=True, help_text="Told to be late: not before this time.")
    no_show_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "email"], name="one_participant_of_an_address"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="participant_email_lower_case"),
        ]
        indexes = [
            models.Index(fields=["round", "status"], name="participant_by_status"),
            models.Index(fields=["email", "-created_at"], name="participant_by_address"),
        ]

    def __str__(self) -> str:
        return self.company

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_in(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def most_meetings(self) -> int:
        """The participant's own quota, or the round's."""
        return self.round.quota if self.quota is None else self.quota

    @property
    def has_profile(self) -> bool:
        return bool(self.offers and self.seeks)

    @property
    def offer_lines(self) -> list[str]:
        return [line.strip(" -•") for line in self.offers.splitlines() if line.strip(" -•")]

    @property
    def seek_lines(self) -> list[str]:
        return [line.strip(" -•") for line in self.seeks.splitlines() if line.strip(" -•")]


class Wish(models.Model):
    """A line of a ballot. What somebody never wants is known to the solver and to nobody else."""

    class Kind(models.TextChoices):
        MUST = "must", _("Must meet")
        NICE = "nice", _("Nice to meet")
        NEVER = "never", _("Not for us")

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="wishes")
    other = models.ForeignKey(Participant, models.CASCADE, related_name="wished_by")
    kind = models.CharField(max_length=5, choices=Kind)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "other"], name="one_wish_for_another"),
            models.CheckConstraint(condition=~Q(participant=F("other")), name="wish_is_for_another"),
        ]

    def __str__(self) -> str:
        return f"Wish {self.pk} of {self.participant_id}"


class Affinity(models.Model):
    """How well two participants fit by what one offers and the other seeks, with the reasons for each of the two."""

    a = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    b = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    score = models.FloatField(validators=[MinValueValidator(0), MaxValueValidator(1)])
    reasons_a = models.JSONField(default=list, help_text="Why b may interest a.")
    reasons_b = models.JSONField(default=list, help_text="Why a may interest b.")

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="one_affinity_of_a_pair"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="affinity_pair_in_order"),
        ]
        indexes = [models.Index(fields=["b"], name="affinity_from_b")]

    def __str__(self) -> str:
        return f"{self.a_id} and {self.b_id}: {self.score:.2f}"


class ForbiddenPair(models.Model):
    """Two who are not put together, as the cluster team decided."""

    a = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    b = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="forbidden_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="forbidden_pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} and {self.b_id}"


class MeetingRequest(models.Model):
    """One participant asks another to meet, with a sentence; silence ends it, so that nobody blocks a slot."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Ended without an answer")
        WITHDRAWN = "withdrawn", _("Taken back")

    sender = models.ForeignKey(Participant, models.CASCADE, related_name="requests_sent")
    receiver = models.ForeignKey(Participant, models.CASCADE, related_name="requests_received")
    # Another slot can be proposed back and forth: whose answer is waited for.
    turn = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+")
    sentence = models.CharField(_("why you want to meet"), max_length=400)
    answer = models.CharField(_("a sentence with your answer"), max_length=400, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    meeting = models.ForeignKey("Meeting", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MeetingRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "receiver"], condition=Q(status="waiting"), name="one_open_request_to_another"
            ),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="request_is_to_another"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(status="waiting"), name="request_waiting"),
            models.Index(fields=["receiver", "status"], name="request_received"),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} asks {self.receiver_id}"


class Timetable(Run):
    """One draft of a round's timetable: a run of the solver, then worked on by hand; one of them is published."""

    class Result(models.TextChoices):
        OPTIMAL = "optimal", _("Best possible")
        FEASIBLE = "feasible", _("Good, perhaps not the best")
        INFEASIBLE = "infeasible", _("Not possible as asked")

    round = models.ForeignKey(Round, models.CASCADE, related_name="timetables")
    number = models.PositiveSmallIntegerField()
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    seed = models.PositiveIntegerField(default=0)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True, help_text="No timetable of this round can be worth more.")
    unmet = models.JSONField(default=list)
    conflicts = models.JSONField(default=list)
    step = models.CharField(max_length=60, blank=True, help_text="What the solver is at.")
    revision = models.PositiveIntegerField(default=0, help_text="Grows with each change of its meetings.")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = TimetableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="one_timetable_of_a_number"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(status__in=["queued", "running"]), name="one_solving_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Timetable %(number)s of %(round)s") % {"number": self.number, "round": self.round})

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:timetable", args=[self.round.slug, self.number])


class Meeting(models.Model):
    """Two participants at one table in one slot. Its seats say who sits there, and hold what each said of it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        NO_SHOW = "no_show", _("Somebody did not come")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        SOLVED = "solved", _("By the timetable")
        HAND = "hand", _("By hand")
        REQUEST = "request", _("By request")
        REFILL = "refill", _("From the waiting list")

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="meetings")
    a = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    b = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, models.RESTRICT, related_name="meetings")
    table = models.ForeignKey(Table, models.RESTRICT, related_name="meetings")
    origin = models.CharField(max_length=7, choices=Origin, default=Origin.SOLVED)
    is_pinned = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    status_at = models.DateTimeField(default=timezone.now)
    why_cancelled = models.CharField(max_length=300, blank=True)
    absent = models.ForeignKey(
        Participant, models.SET_NULL, null=True, related_name="+", help_text="Whose absence freed it, or made it fail."
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="meeting_pair_in_order"),
            models.UniqueConstraint(
                fields=["timetable", "a", "b"], condition=~Q(status="cancelled"), name="a_pair_meets_once"
            ),
            models.UniqueConstraint(
                fields=["timetable", "slot", "table"], condition=~Q(status="cancelled"), name="one_meeting_at_a_table"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} and {self.b_id} in slot {self.slot_id}"


class Seat(models.Model):
    """A participant's side of a meeting. The database's last guard: nobody sits at two tables at a time."""

    class Held(models.TextChoices):
        YES = "yes", _("It took place")
        NO_SHOW = "no_show", _("They did not come")
        MOVED = "moved", _("We meet another time")

    class NextStep(models.TextChoices):
        NONE = "none", _("No next step")
        CONTACT = "contact", _("We stay in contact")
        NDA = "nda", _("Confidentiality agreement")
        PROPOSAL = "proposal", _("Offer or proposal")
        PROJECT = "project", _("Joint project")
        DEAL = "deal", _("Contract or sale")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="seats")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="seats")
    is_given_up = models.BooleanField(default=False, help_text="The meeting was cancelled; the slot is free again.")
    held = models.CharField(_("did it take place?"), max_length=7, choices=Held, blank=True)
    relevance = models.PositiveSmallIntegerField(
        _("how relevant was it?"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    next_step = models.CharField(_("what comes next?"), max_length=8, choices=NextStep, blank=True)
    words = models.CharField(_("a sentence, if you like"), max_length=400, blank=True)
    told_at = models.DateTimeField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "slot", "participant"],
                condition=Q(is_given_up=False),
                name="nobody_sits_twice_in_a_slot",
            ),
            models.UniqueConstraint(fields=["meeting", "participant"], name="one_seat_in_a_meeting"),
            models.CheckConstraint(
                condition=Q(relevance=None) | Q(relevance__range=(1, 5)), name="seat_relevance_between_1_and_5"
            ),
        ]
        indexes = [models.Index(fields=["participant", "timetable"], name="seat_of_a_participant")]

    def __str__(self) -> str:
        return f"Seat of {self.participant_id} in meeting {self.meeting_id}"


class Outcome(models.Model):
    """What came of a meeting after some months, on the ladder that evaluations read."""

    class Stage(models.TextChoices):
        NOTHING = "nothing", _("Nothing came of it")
        KNOWLEDGE = "knowledge", _("New knowledge")
        CONTACT = "contact", _("A lasting contact")
        OPPORTUNITY = "opportunity", _("An opportunity we work on")
        PROJECT = "project", _("A joint project")
        AGREEMENT = "agreement", _("An agreement")
        SALES = "sales", _("Sales")

    # What people say right after the meeting, on the same ladder.
    OF_NEXT_STEP = {
        Seat.NextStep.NONE: Stage.NOTHING,
        Seat.NextStep.CONTACT: Stage.CONTACT,
        Seat.NextStep.NDA: Stage.CONTACT,
        Seat.NextStep.PROPOSAL: Stage.OPPORTUNITY,
        Seat.NextStep.PROJECT: Stage.PROJECT,
        Seat.NextStep.DEAL: Stage.AGREEMENT,
    }
    MONTHS = (0, 3, 12)
    LATER = (3, 12)

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="outcomes")
    months = models.PositiveSmallIntegerField(help_text="After the meeting: 0, 3 or 12.")
    stage = models.CharField(_("how far have you come?"), max_length=11, choices=Stage)
    amount_eur = models.PositiveIntegerField(_("worth, in EUR"), null=True, blank=True)
    words = models.CharField(_("a sentence, if you like"), max_length=400, blank=True)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "months"], name="one_outcome_of_a_time"),
            models.CheckConstraint(condition=Q(months__in=(0, 3, 12)), name="outcome_after_0_3_or_12_months"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} after {self.months} months"


def ordered(one: Participant, other: Participant) -> tuple[Participant, Participant]:
    """A pair as meetings, affinities and forbidden pairs name it: the lower id first."""
    return (one, other) if one.pk < other.pk else (other, one)
