"""Who may see which users, organisations and invitations: decided here, once."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import Lower
from django.utils import timezone

if TYPE_CHECKING:
    from members.models import User

# The five questions of a profile as the database reads them; Profile.steps_done says the same of one profile.
STEPS_ANSWERED = (
    ~Q(profile__summary=""),
    ~Q(profile__offers="") & ~Q(profile__seeks=""),
    Q(profile__nace_codes__len__gt=0),
    Q(profile__markets__len__gt=0, profile__languages__len__gt=0),
    Q(profile__kinds__len__gt=0, profile__hours_a_month__isnull=False),
)


class UserManager(BaseUserManager):
    """Users are named by their e-mail address, which is kept in lower case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Makes a user; without a password the user signs in by e-mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def managers(self) -> models.QuerySet["User"]:
        """The people of the cluster team."""
        return self.filter(is_active=True, memberships__organisation__is_home=True, memberships__role="manager")

    def get_by_natural_key(self, email: str) -> "User":
        """Finds a user whatever case the address is typed in."""
        return self.get(email=email.strip().lower())


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "OrganisationQuerySet":
        """Managers see every organisation; everybody else sees the home cluster and what they belong to."""
        if user.is_manager:
            return self
        return self.filter(Q(is_home=True) | Q(pk__in=[m.organisation_id for m in user.all_memberships]))

    def members(self) -> "OrganisationQuerySet":
        """The cluster's members: organisations that are filtered for."""
        return self.filter(is_member=True)

    def could_join(self, lead_id: int) -> "OrganisationQuerySet":
        """Who could be a partner of an organisation: members and foreign clusters in which somebody reads mail."""
        abroad = Q(kind="cluster", is_home=False)
        return self.exclude(pk=lead_id).filter(Q(is_member=True) | abroad).with_people()

    def with_people(self) -> "OrganisationQuerySet":
        """Somebody has come in: one that is only invited is not there yet."""
        return self.filter(memberships__isnull=False).distinct()

    def by_name(self) -> "OrganisationQuerySet":
        """In alphabetical order for people: Åsa stands with A, whatever the database's collation."""
        return self.order_by(Lower(Unaccent("name")), "pk")

    def for_list(self) -> "OrganisationQuerySet":
        """With the profile, how many of its five questions are answered, and how many people there are."""
        steps = sum((Case(When(step, then=Value(1)), default=Value(0)) for step in STEPS_ANSWERED), Value(0))
        return (
            self.select_related("profile").annotate(steps=steps, people=Count("memberships", distinct=True)).by_name()
        )

    def search(self, words: str) -> "OrganisationQuerySet":
        """By name, town, what they do, offer or seek; accents and case do not matter."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name__unaccent__icontains=word)
                | Q(town__unaccent__icontains=word)
                | Q(profile__summary__unaccent__icontains=word)
                | Q(profile__offers__unaccent__icontains=word)
                | Q(profile__seeks__unaccent__icontains=word)
            )
        return found


class NeedsAssessmentQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "NeedsAssessmentQuerySet":
        """Managers see all, people those of the own organisations."""
        if user.is_manager:
            return self
        own = [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]
        return self.filter(organisation__in=own)

    def with_answers_to(self, keys: Collection[str]) -> "NeedsAssessmentQuerySet":
        """Those in which every one of these questions is answered."""
        return self.filter(answers__has_keys=list(keys))


class InvitationQuerySet(models.QuerySet):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; the link may have ended."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self) -> "InvitationQuerySet":
        """Can be accepted now."""
        return self.unanswered().filter(expires_at__gt=timezone.now())

    def visible_to(self, user: "User") -> "InvitationQuerySet":
        """Managers see all; an owner sees those of the own organisation."""
        if user.is_manager:
            return self
        owned = [m.organisation_id for m in user.all_memberships if m.role == m.Role.OWNER]
        return self.filter(organisation__in=owned)

    def for_list(self) -> "InvitationQuerySet":
        """Newest first, with the organisation and who invited."""
        return self.select_related("organisation", "invited_by").order_by("-created_at", "-pk")


class JoinRequestQuerySet(models.QuerySet):
    def waiting(self) -> "JoinRequestQuerySet":
        """Not decided yet."""
        return self.filter(decided_at=None)

    def visible_to(self, user: "User") -> "JoinRequestQuerySet":
        """Managers decide; nobody else sees who asks."""
        return self if user.is_manager else self.none()

    def for_list(self) -> "JoinRequestQuerySet":
        """Those that have waited longest first."""
        return self.select_related("decided_by").order_by("created_at", "pk")


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "MembershipQuerySet":
        """Managers see all people; everybody else sees the colleagues of the own organisations."""
        if user.is_manager:
            return self
        return self.filter(organisation__in=[m.organisation_id for m in user.all_memberships])

    def for_list(self) -> "MembershipQuerySet":
        """By name, with the person."""
        return self.select_related("user").order_by(Lower(Unaccent("user__name")), "user__email")

    def who_answer(self) -> "MembershipQuerySet":
        """Active people who answer for their organisation: its owners and editors."""
        return self.filter(role__in=["owner", "editor"], user__is_active=True).select_related("user").order_by("pk")


class ConsentQuerySet(models.QuerySet):
    def holding(self, purpose: str) -> "ConsentQuerySet":
        """Given for a purpose and not taken back."""
        return self.filter(purpose=purpose, withdrawn_at=None)


class ListingQuerySet(models.QuerySet):
    def holding(self) -> "ListingQuerySet":
        """Agreed to and not taken back."""
        return self.filter(withdrawn_at=None)

    def public(self) -> "ListingQuerySet":
        """What the public directory shows: members that agree, by name, with what they wrote."""
        rows = self.holding().filter(organisation__is_member=True, organisation__is_home=False)
        return rows.select_related("organisation__profile").order_by(Lower(Unaccent("organisation__name")), "pk")

    def search(self, words: str) -> "ListingQuerySet":
        """In what everybody may read, and in nothing else: a search must not tell what is not shown."""
        found = self
        for word in words.split():
            found = found.filter(Q(organisation__name__unaccent__icontains=word) | _in_the_open(word))
        return found


def _in_the_open(word: str) -> Q:
    town = Q(fields__contains=["town"], organisation__town__unaccent__icontains=word)
    texts = (
        Q(fields__contains=[name], **{f"organisation__profile__{name}__unaccent__icontains": word})
        for name in ("summary", "offers", "seeks")
    )
    return reduce(or_, texts, town)
