"""Who may see which users, organisations and invitations: decided here, once."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

if TYPE_CHECKING:
    from members.models import User


class UserManager(BaseUserManager):
    """Users are named by their e-mail address, which is kept in lower case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Makes a user; without a password the user signs in by e-mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        """Finds a user whatever case the address is typed in."""
        return self.get(email=email.strip().lower())


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "OrganisationQuerySet":
        """Managers see every organisation; everybody else sees the home cluster and what they belong to."""
        if user.is_manager:
            return self
        return self.filter(Q(is_home=True) | Q(memberships__user=user)).distinct()

    def members(self) -> "OrganisationQuerySet":
        """The cluster's members: organisations that are filtered for."""
        return self.filter(is_member=True)

    def by_name(self) -> "OrganisationQuerySet":
        """In alphabetical order for people: Åsa stands with A, whatever the database's collation."""
        return self.order_by(Lower(Unaccent("name")), "pk")

    def for_list(self) -> "OrganisationQuerySet":
        return self.select_related("profile").prefetch_related("memberships__user").by_name()

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


class InvitationQuerySet(models.QuerySet):
    def open(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def visible_to(self, user: "User") -> "InvitationQuerySet":
        """Managers see all; an owner sees those of the own organisation."""
        if user.is_manager:
            return self
        return self.filter(organisation__memberships__user=user, organisation__memberships__role="owner")


class JoinRequestQuerySet(models.QuerySet):
    def waiting(self) -> "JoinRequestQuerySet":
        return self.filter(decided_at=None)

    def visible_to(self, user: "User") -> "JoinRequestQuerySet":
        return self if user.is_manager else self.none()
