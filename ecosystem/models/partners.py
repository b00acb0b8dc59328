"""Partner organisations: what they offer, what was agreed with them, and who to write to there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.querysets import AgreementQuerySet, PartnershipQuerySet
from members.models import Organisation


class Partnership(models.Model):
    """What the cluster has with one partner organisation: a foreign cluster, an EEN office, an office abroad."""

    class Offer(models.TextChoices):
        LANDING = "landing", _("Soft landing")
        KNOWLEDGE = "knowledge", _("Market knowledge")
        TEST_BEDS = "test_beds", _("Test beds")
        BUYERS = "buyers", _("Contacts to buyers")
        FUNDING = "funding", _("Advice on funding")
        VISITS = "visits", _("Hosting visits")
        PROJECTS = "projects", _("Joint projects")

    class Status(models.TextChoices):
        EXPLORING = "exploring", _("Getting to know each other")
        ACTIVE = "active", _("Working together")
        RESTING = "resting", _("Resting")

    class PoolMail(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        WEEKLY = "weekly", _("once a week")

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="partnership")
    offers = ArrayField(
        models.CharField(max_length=9, choices=Offer), verbose_name=_("what they offer"), default=list, blank=True
    )
    words = models.TextField(_("in their words"), max_length=2000, blank=True)
    markets = ArrayField(models.CharField(max_length=2), verbose_name=_("markets"), default=list, blank=True)
    sectors = ArrayField(models.CharField(max_length=5), verbose_name=_("sectors"), default=list, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.EXPLORING)
    pool_mail = models.CharField(_("news of the pool"), max_length=7, choices=PoolMail, default=PoolMail.WEEKLY)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PartnershipQuerySet.as_manager()

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("ecosystem:partner", args=[self.organisation.slug])


class Agreement(models.Model):
    """Something that was signed with a partner, and until when it holds."""

    class Kind(models.TextChoices):
        MEMORANDUM = "memorandum", _("Memorandum of understanding")
        COOPERATION = "cooperation", _("Cooperation agreement")
        PROJECT = "project", _("Project agreement")

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="agreements")
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    signed_on = models.DateField(_("signed on"))
    valid_until = models.DateField(_("holds until"), null=True, blank=True)
    text = models.TextField(_("what was agreed"), max_length=4000, blank=True)
    url = models.URLField(_("where the document is kept"), max_length=500, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("signed_on")),
                name="agreement_ends_after_it_begins",
            ),
            models.UniqueConstraint(Lower("title"), "partnership", "signed_on", name="agreement_once"),
        ]
        indexes = [models.Index(fields=["valid_until"], name="agreement_by_its_end")]

    def __str__(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class PartnerContact(models.Model):
    """Somebody at a partner organisation to write to, with or without an account here."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "email"], name="contact_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="contact_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name
