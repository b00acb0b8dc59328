"""A round's timetables, their meetings, and what came of them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.ladder import AmountClass, Attribution, Rung
from core.models import Run
from matchmaking.models.participants import Participant
from matchmaking.models.rounds import Round, Slot, Table
from matchmaking.querysets import MeetingQuerySet, SeatQuerySet, TimetableQuerySet


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

    Stage = Rung

    # What people say right after the meeting, on the same ladder.
    OF_NEXT_STEP = {
        Seat.NextStep.NONE: Rung.NOTHING,
        Seat.NextStep.CONTACT: Rung.CONTACT,
        Seat.NextStep.NDA: Rung.CONTACT,
        Seat.NextStep.PROPOSAL: Rung.OPPORTUNITY,
        Seat.NextStep.PROJECT: Rung.PROJECT,
        Seat.NextStep.DEAL: Rung.AGREEMENT,
    }
    MONTHS = (0, 3, 12)
    LATER = (3, 12)

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="outcomes")
    months = models.PositiveSmallIntegerField(help_text="After the meeting: 0, 3 or 12.")
    stage = models.CharField(_("how far have you come?"), max_length=11, choices=Rung)
    amount = models.CharField(_("worth"), max_length=10, choices=AmountClass, blank=True)
    attribution = models.CharField(_("without the cluster"), max_length=9, choices=Attribution, blank=True)
    words = models.CharField(_("a sentence, if you like"), max_length=400, blank=True)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "months"], name="one_outcome_of_a_time"),
            models.CheckConstraint(condition=Q(months__in=(0, 3, 12)), name="outcome_after_0_3_or_12_months"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} after {self.months} months"
