"""Who takes part in a round, and what they choose."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.zones import check_time_zone
from matchmaking.models.rounds import MOST_MEETINGS, Round, Slot
from matchmaking.querysets import MeetingRequestQuerySet, PairQuerySet, ParticipantQuerySet
from members.models import Organisation, SizeClass, listed


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
            models.UniqueConstraint(fields=["round", "email", "cluster"], name="one_participant_of_an_address"),
            # Two clusters may invite the same person, who takes part for one of them.
            models.UniqueConstraint(
                fields=["round", "email"], condition=Q(status="confirmed"), name="an_address_takes_part_once"
            ),
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
        return listed(self.offers)

    @property
    def seek_lines(self) -> list[str]:
        return listed(self.seeks)


def ordered(one: Participant, other: Participant) -> tuple[Participant, Participant]:
    """A pair as meetings, affinities and forbidden pairs name it: the lower id first."""
    return (one, other) if one.pk < other.pk else (other, one)


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
