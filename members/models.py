"""People, their organisations, what each organisation does and looks for, and how people come in."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.sizes import SIZE_CEILINGS, SizeCeiling
from members.querysets import (
    ConsentQuerySet,
    InvitationQuerySet,
    JoinRequestQuerySet,
    MembershipQuerySet,
    OrganisationQuerySet,
    UserManager,
)


class User(AbstractBaseUser):
    """A person. Signs in by e-mail; may do what the memberships say."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def all_memberships(self) -> list["Membership"]:
        """The person's memberships with their organisations, read once a request."""
        return list(self.memberships.select_related("organisation").order_by("pk"))

    def get_full_name(self) -> str:
        """Django's name for how a person is addressed."""
        return str(self)

    def _home_role(self, role: str) -> bool:
        return self.is_active and any(m.organisation.is_home and m.role == role for m in self.all_memberships)

    @property
    def is_manager(self) -> bool:
        """Works at the cluster organisation and runs the portal."""
        return self._home_role(Membership.Role.MANAGER)

    @property
    def is_evaluator(self) -> bool:
        """Sees protected figures, and nothing of anyone's identity."""
        return self._home_role(Membership.Role.EVALUATOR)

    @property
    def is_reviewer(self) -> bool:
        """Judges applications for funding that are assigned to this person."""
        return self._home_role(Membership.Role.REVIEWER)

    @property
    def is_confined(self) -> bool:
        """Evaluators and reviewers of no organisation of their own: figures, or what is assigned, and nobody's page."""
        return (self.is_evaluator or self.is_reviewer) and not self.is_manager and self.own_membership is None

    @property
    def own_membership(self) -> "Membership | None":
        """The membership of the organisation whose feed and profile this person works with."""
        return next((m for m in self.all_memberships if not m.organisation.is_home), None)


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

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), "organisation", name="linked_company_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organisation. Managers, evaluators and reviewers are roles at the home cluster."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        EDITOR = "editor", _("Editor")
        VIEWER = "viewer", _("Viewer")
        MANAGER = "manager", _("Cluster manager")
        EVALUATOR = "evaluator", _("Evaluator")
        REVIEWER = "reviewer", _("Reviewer")

    HOME_ROLES = (Role.MANAGER, Role.EVALUATOR, Role.REVIEWER)
    MEMBER_ROLES = (Role.OWNER, Role.EDITOR, Role.VIEWER)

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created_at = models.DateTimeField(default=timezone.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_role_in_an_organisation")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.organisation}"


def listed(text: str) -> list[str]:
    """What stands on the lines of a text, without the signs that people begin a line of a list with."""
    return [found for line in text.splitlines() if (found := line.strip(" -•"))]


class Profile(models.Model):
    """What an organisation does, offers and seeks: it drives everything that is chosen for it."""

    class OpportunityKind(models.TextChoices):
        PARTNERING = "partnering", _("Partnering requests")
        TENDER = "tender", _("Tenders")
        FUNDING = "funding", _("Funding")
        EVENT = "event", _("Events and missions")

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="profile")
    summary = models.TextField(_("what we do"), blank=True, max_length=3000)
    offers = models.TextField(_("what we offer"), blank=True, max_length=3000)
    seeks = models.TextField(_("what we look for"), blank=True, max_length=3000)
    technologies = ArrayField(models.CharField(max_length=80), verbose_name=_("technologies"), default=list, blank=True)
    nace_codes = ArrayField(models.CharField(max_length=5), verbose_name=_("activities"), default=list, blank=True)
    markets = ArrayField(models.CharField(max_length=2), verbose_name=_("target markets"), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=10, choices=OpportunityKind),
        verbose_name=_("kinds of opportunity"),
        default=list,
        blank=True,
    )
    hours_a_month = models.PositiveSmallIntegerField(_("hours a month"), null=True, blank=True)
    cofinance_eur_a_year = models.PositiveIntegerField(_("own money a year, EUR"), null=True, blank=True)
    trl_min = models.PositiveSmallIntegerField(_("lowest technology readiness level"), null=True, blank=True)
    trl_max = models.PositiveSmallIntegerField(_("highest technology readiness level"), null=True, blank=True)
    certificates = ArrayField(models.CharField(max_length=80), verbose_name=_("certificates"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Grows with each change, so that a filter run sees it.")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(trl_min=None) | Q(trl_min__range=(1, 9)), name="profile_trl_min_between_1_and_9"
            ),
            models.CheckConstraint(
                condition=Q(trl_max=None) | Q(trl_max__range=(1, 9)), name="profile_trl_max_between_1_and_9"
            ),
            models.CheckConstraint(
                condition=Q(trl_min=None) | Q(trl_max=None) | Q(trl_min__lte=F("trl_max")), name="profile_trl_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Profile of {self.organisation}"

    @property
    def offer_lines(self) -> list[str]:
        return listed(self.offers)

    @property
    def seek_lines(self) -> list[str]:
        return listed(self.seeks)

    @property
    def steps_done(self) -> dict[str, bool]:
        """The five questions of the profile, and whether each has an answer."""
        return {
            "business": bool(self.summary),
            "exchange": bool(self.offers and self.seeks),
            "field": bool(self.nace_codes),
            "reach": bool(self.markets and self.languages),
            "capacity": bool(self.kinds and self.hours_a_month is not None),
        }

    @property
    def next_step(self) -> str | None:
        """The first of the five questions that has no answer yet."""
        return next((step for step, is_done in self.steps_done.items() if not is_done), None)

    @property
    def percent_complete(self) -> int:
        steps = self.steps_done
        return 100 * sum(steps.values()) // len(steps)


class Invitation(models.Model):
    """A letter to one address: accepting it makes the user and the membership. The link carries its secret key."""

    key = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


class JoinRequest(models.Model):
    """Somebody asks to join. A manager approves, which sends an invitation, or declines."""

    name = models.CharField(_("your name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    organisation_name = models.CharField(_("your organisation"), max_length=200)
    website = models.URLField(_("website"), blank=True)
    message = models.TextField(_("what you do, in a few words"), blank=True, max_length=2000)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    approved = models.BooleanField(null=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=Q(decided_at=None), name="one_waiting_request_an_address"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, approved=None) | Q(decided_at__isnull=False, approved__isnull=False),
                name="join_request_decided_at_and_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation_name}"


class Consent(models.Model):
    """What somebody agreed to, by which words, when and where. Taken back, the row stays: it proves what held when."""

    class Purpose(models.TextChoices):
        SURVEYS = "surveys", _("Being asked in surveys")

    class How(models.TextChoices):
        SETTINGS = "settings", _("In the settings")
        INVITATION = "invitation", _("With an invitation to the portal")
        ROUND = "round", _("On the pages of a matchmaking round")
        LINK = "link", _("By the link in a mail")

    address = models.EmailField()
    purpose = models.CharField(max_length=10, choices=Purpose)
    wording = models.PositiveSmallIntegerField(help_text="Which words were agreed to: see members.consents.")
    given_at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=10, choices=How)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.CharField(max_length=10, choices=How, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "purpose"], condition=Q(withdrawn_at=None), name="one_consent_that_holds"
            ),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="consent_address_lower_case"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_how="") | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_how=""),
                name="consent_withdrawn_at_and_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.purpose}"
