"""Organisations, their size, and which of them are one single undertaking."""

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.sizes import SIZE_CEILINGS, SizeCeiling
from members.querysets import OrganisationQuerySet


class SizeClass(models.TextChoices):
    MICRO = "micro", _("Micro")
    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")


def _within(ceiling: SizeCeiling) -> Q:
    money = Q(turnover_eur__lte=ceiling.turnover_eur) | Q(balance_eur__lte=ceiling.balance_eur)
    unknown = Q(turnover_eur=None, balance_eur=None)
    return Q(headcount__lt=ceiling.headcount) & (money | unknown)


class Undertaking(models.Model):
    """Companies that control one another are a single undertaking: Commission Regulation (EU) 2023/2831, article 2."""

    name = models.CharField(_("name"), max_length=200)

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A company, a research or public body, a cluster organisation or an intermediary."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        RESEARCH = "research", _("Research or education")
        PUBLIC = "public", _("Public body")
        CLUSTER = "cluster", _("Cluster organisation")
        INTERMEDIARY = "intermediary", _("Intermediary")

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    is_home = models.BooleanField(default=False, help_text="The cluster organisation that runs this portal.")
    is_member = models.BooleanField(_("member of the cluster"), default=True)
    undertaking = models.ForeignKey(
        "Undertaking", models.SET_NULL, null=True, blank=True, related_name="organisations",
        help_text="The single undertaking that it belongs to; without one it stands alone.",
    )  # fmt: skip
    links_told_at = models.DateTimeField(null=True, help_text="When it last said which companies it is linked to.")
    town = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    nuts = models.CharField(_("region"), max_length=5, blank=True)
    website = models.URLField(_("website"), blank=True)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    headcount = models.PositiveIntegerField(_("people employed"), null=True, blank=True)
    turnover_eur = models.BigIntegerField(_("turnover a year, EUR"), null=True, blank=True)
    balance_eur = models.BigIntegerField(_("balance sheet total, EUR"), null=True, blank=True)
    size_class = models.GeneratedField(
        expression=Case(
            When(headcount=None, then=Value("")),
            *(When(_within(ceiling), then=Value(ceiling.size_class)) for ceiling in SIZE_CEILINGS),
            default=Value(SizeClass.LARGE.value),
        ),
        output_field=models.CharField(max_length=6, choices=SizeClass),
        db_persist=True,
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_home"], condition=Q(is_home=True), name="one_home_cluster"),
            models.CheckConstraint(condition=Q(is_home=False) | Q(kind="cluster"), name="home_is_a_cluster"),
            models.CheckConstraint(
                condition=Q(turnover_eur=None) | Q(turnover_eur__gte=0), name="organisation_turnover_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(balance_eur=None) | Q(balance_eur__gte=0), name="organisation_balance_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["is_member", "kind"], name="organisation_member_kind")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:detail", args=[self.slug])

    def get_size_class_display(self) -> str:
        """The size class in words; Django makes this method for no generated field."""
        return str(SizeClass(self.size_class).label) if self.size_class else ""

    @property
    def is_sme(self) -> bool:
        return self.kind == self.Kind.COMPANY and self.size_class != SizeClass.LARGE

    @property
    def kind_label(self) -> str:
        """The kind as the field says it: a company is an SME or a large company by its figures."""
        if self.kind == self.Kind.COMPANY and self.size_class:
            return str(_("SME") if self.is_sme else _("Large company"))
        return str(self.get_kind_display())


class LinkedCompany(models.Model):
    """A company that an organisation says controls it, or is controlled by it: both are of one single undertaking."""

    class Link(models.TextChoices):
        VOTES = "votes", _("One holds most of the votes in the other")
        BOARD = "board", _("One may appoint or remove most of the other's board")
        INFLUENCE = "influence", _("A contract or the articles give one a dominant influence over the other")
        AGREEMENT = "agreement", _("An agreement with other owners gives one most of the votes in the other")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="linked_companies")
    name = models.CharField(_("company"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    link = models.CharField(_("how they are linked"), max_length=9, choices=Link)
    is_organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Which of the portal's organisations it is, as the cluster team says.",
    )  # fmt: skip
    told_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, help_text="When the cluster team said which one it is, or that none.")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), "organisation", name="linked_company_once"),
        ]

    def __str__(self) -> str:
        return self.name
