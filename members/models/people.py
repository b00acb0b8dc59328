"""People, their roles, and how they come in."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.organisations import Organisation
from members.querysets import ConsentQuerySet, InvitationQuerySet, JoinRequestQuerySet, MembershipQuerySet, UserManager


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
