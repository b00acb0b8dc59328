"""Portals that this one exchanges with: their keys, every packet in and out as it was, and the cards that came."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Run
from ecosystem.exchange import Part, PublicKey, public_key
from ecosystem.exchange_querysets import ForeignCardQuerySet, PacketQuerySet, PeerQuerySet, SentQuerySet
from ecosystem.models.partners import Partnership
from members.models import Organisation, SizeClass
from opportunities.models import ImportRun, Source

PARTS = [
    (Part.OPPORTUNITIES.value, _("Opportunity")),
    (Part.CARDS.value, _("Card")),
    (Part.ANSWERS.value, _("Answer")),
    (Part.WITHDRAWN.value, _("Withdrawal")),
]


class Peer(models.Model):
    """A partner's portal. Nothing is taken from it or sent to it before somebody has confirmed its key."""

    partnership = models.OneToOneField(Partnership, models.CASCADE, related_name="peer", verbose_name=_("partner"))
    address = models.CharField(_("address of the portal"), max_length=200, unique=True)
    name = models.CharField(max_length=200, help_text="What the portal calls itself.")
    inbox = models.CharField(max_length=300)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(default=timezone.now, help_text="When its introduction was read last.")
    next_sending_at = models.DateTimeField(null=True, help_text="When changes go by themselves; empty: never.")
    told_gone = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="How often it was told by itself of cards that companies took back, and has not taken it.",
    )
    told_gone_at = models.DateTimeField(null=True, help_text="When last.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PeerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_sending_at"], condition=Q(next_sending_at__isnull=False), name="peer_sends_next")
        ]

    def __str__(self) -> str:
        return str(self.partnership)

    def get_absolute_url(self) -> str:
        return reverse("exchange:peer", args=[self.pk])


class PeerKey(models.Model):
    """A key that a peer has shown. It counts once it is confirmed, and until it ends."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="keys")
    key_id = models.CharField(max_length=43)
    x = models.CharField(max_length=43, help_text="The public key, base64url.")
    seen_at = models.DateTimeField(default=timezone.now)
    is_shown = models.BooleanField(default=True, help_text="Whether the portal showed it when it was last looked at.")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True, help_text="From then on it counts no longer.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "key_id"], name="peer_key_once")]

    def __str__(self) -> str:
        return self.public.fingerprint

    @property
    def public(self) -> PublicKey:
        return public_key({"kty": "OKP", "crv": "Ed25519", "x": self.x})

    @property
    def has_ended(self) -> bool:
        return self.until is not None and self.until <= timezone.now()

    @property
    def is_trusted(self) -> bool:
        return self.confirmed_at is not None and not self.has_ended


class PacketSent(Run):
    """A packet to a peer, as it was signed, and what the peer said to it."""

    class Outcome(models.TextChoices):
        NONE = "", _("Not answered yet")
        TAKEN = "taken", _("Taken")
        REFUSED = "refused", _("Refused")
        REPLACED = "replaced", _("Replaced by a later one")

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="sent")
    packet_id = models.UUIDField(default=uuid.uuid4, unique=True)
    sequence = models.PositiveBigIntegerField()
    raw = models.BinaryField()
    holds = models.JSONField(default=list, help_text="part, id and fingerprint of each record")
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default=Outcome.NONE)
    code = models.CharField(max_length=30, blank=True)
    message = models.TextField(blank=True)
    refusals = models.JSONField(default=list, help_text="What the peer refused of it: part, position, id, message.")
    answered_at = models.DateTimeField(null=True)

    objects = SentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "sequence"], name="sequence_once_a_peer")]
        indexes = [models.Index(fields=["outcome", "status"], name="packet_sent_waiting")]

    def __str__(self) -> str:
        return f"{_('Packet')} {self.sequence}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:sent", args=[self.pk])


class RecordSent(models.Model):
    """What a peer has of ours, by the last packet that it took: only what has changed since is sent again."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="records_sent")
    part = models.CharField(max_length=13, choices=PARTS)
    external_id = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "part", "external_id"], name="record_sent_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.external_id}"


class PacketReceived(models.Model):
    """A packet that came, byte for byte. The same bytes again are the same row: it only counts how often they came."""

    class State(models.TextChoices):
        TAKEN = "taken", _("Taken")
        REFUSED = "refused", _("Refused")

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the bytes.")
    raw = models.BinaryField()
    peer = models.ForeignKey(
        Peer, models.CASCADE, null=True, related_name="received",
        help_text="Whose it is; of a refused one, whose it claims to be.",
    )  # fmt: skip
    claimed_sender = models.CharField(max_length=200, blank=True)
    packet_id = models.CharField(max_length=36, blank=True)
    sequence = models.PositiveBigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State)
    code = models.CharField(max_length=30, blank=True)
    message = models.TextField(blank=True)
    missing_from = models.PositiveBigIntegerField(null=True, help_text="The first of the packets that did not come.")
    import_run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    times = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = PacketQuerySet.as_manager()
    came_again = False  # of the row in memory alone: these bytes were taken before

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "packet_id"], condition=Q(state="taken"), name="packet_taken_once"),
            models.CheckConstraint(condition=Q(state="refused") | Q(peer__isnull=False), name="packet_taken_of_a_peer"),
        ]
        indexes = [
            models.Index(fields=["peer", "state", "-sequence"], name="packet_last_sequence"),
            models.Index(fields=["peer", "-id"], name="packet_received_newest"),
            models.Index(fields=["received_at"], condition=Q(state="refused"), name="packet_refused_since"),
        ]

    def __str__(self) -> str:
        return f"{_('Packet')} {self.sequence}" if self.sequence else str(_("Refused packet"))

    def get_absolute_url(self) -> str:
        return reverse("exchange:received", args=[self.pk])

    @property
    def is_taken(self) -> bool:
        return self.state == self.State.TAKEN


class RecordReceived(models.Model):
    """One record of a packet that was taken: whether it was taken too, and if not, why."""

    class State(models.TextChoices):
        TAKEN = "taken", _("Taken")
        REFUSED = "refused", _("Refused")

    packet = models.ForeignKey(PacketReceived, models.CASCADE, related_name="records")
    part = models.CharField(max_length=13, choices=PARTS)
    position = models.PositiveIntegerField(help_text="Its place in its list, from 1; 0 for what has none.")
    external_id = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=7, choices=State)
    message = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["packet", "part", "position"], name="record_received_once")]
        indexes = [models.Index(fields=["part", "external_id"], name="record_received_by_id")]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.external_id}"


class ForeignCard(models.Model):
    """A company of a peer's cluster, without its name until it has agreed to be known here."""

    class Answer(models.TextChoices):
        NONE = "", _("Not answered yet")
        INTERESTED = "interested", _("Interested")
        NOT_FOR_US = "not_for_us", _("Not for us")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="cards")
    external_id = models.CharField(max_length=120)
    purpose = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Organisation.Kind)
    size_class = models.CharField(max_length=6, choices=SizeClass, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=3, blank=True)
    offers = ArrayField(models.TextField(), default=list)
    seeks = ArrayField(models.TextField(), default=list)
    revealed = models.JSONField(default=dict, help_text="Name, town, website, summary, contact_name, contact_email.")
    is_withdrawn = models.BooleanField(default=False)
    answer = models.CharField(_("your answer"), max_length=10, choices=Answer, blank=True, default=Answer.NONE)
    message = models.CharField(_("a sentence to the partner"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ForeignCardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peer", "external_id"], name="foreign_card_once"),
            models.CheckConstraint(
                condition=Q(is_withdrawn=False) | Q(revealed={}), name="withdrawn_card_names_nobody"
            ),
        ]
        indexes = [models.Index(fields=["is_withdrawn", "-changed_at"], name="foreign_card_newest")]

    def __str__(self) -> str:
        return str(self.revealed.get("name") or self.purpose)

    def get_absolute_url(self) -> str:
        return reverse("exchange:card", args=[self.key])
