"""Who may see which strategy, services and activities: decided here, once.

The cluster team sees all. Members see what is offered to them and what is their own; a partner organisation what it
hosts. An evaluator sees figures elsewhere, and nothing here.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from members.models import User


def _own(user: "User") -> list[int]:
    """The organisations other than the home cluster that a person belongs to."""
    return [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]


class StrategyQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "StrategyQuerySet":
        """Members read what is anchored, also while the next version is being consulted: it is theirs."""
        if user.is_manager:
            return self
        is_member = any(m.organisation.is_member and not m.organisation.is_home for m in user.all_memberships)
        return self.filter(anchored_number__isnull=False) if is_member else self.none()

    def anchored(self) -> "StrategyQuerySet":
        """That which holds now, the newest first."""
        return self.filter(status="anchored").order_by("-starts_on", "-pk")


class GoalQuerySet(models.QuerySet):
    def citable(self, *, and_also: int | None = None) -> "GoalQuerySet":
        """Goals that new work may serve: not given up, of a strategy that is not over. `and_also`: one that is cited."""
        serving = Q(given_up_at=None) & ~Q(strategy__status="over")
        return self.filter(serving | Q(pk=and_also)).order_by("strategy", "position", "pk")


class EndorsementQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "EndorsementQuerySet":
        """The cluster team's; who answered sees the own answer by the link."""
        return self if user.is_manager else self.none()


class ServiceQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ServiceQuerySet":
        """Members see what is offered now."""
        if user.is_manager:
            return self
        is_member = any(m.organisation.is_member for m in user.all_memberships)
        return self.filter(is_offered=True) if is_member else self.none()


class ServiceRequestQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ServiceRequestQuerySet":
        """Managers see all, members their own."""
        return self if user.is_manager else self.filter(organisation__in=_own(user))


class ActionItemQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ActionItemQuerySet":
        """Managers see all, members their own."""
        return self if user.is_manager else self.filter(organisation__in=_own(user))


class ActivityQuerySet(models.QuerySet):
    def public(self) -> "ActivityQuerySet":
        """What everybody may read."""
        return self.exclude(status="draft")

    def visible_to(self, user: "User") -> "ActivityQuerySet":
        """Managers see all; who leads or hosts sees the plan, too; everybody else what is published."""
        if user.is_manager:
            return self
        own = _own(user)
        mine = self.model.objects.filter(Q(lead__in=own) | Q(hosts__organisation__in=own))
        return self.filter(~Q(status="draft") | Q(pk__in=mine.values("pk")))

    def with_counts(self) -> "ActivityQuerySet":
        """How many take part and how many wait."""
        return self.annotate(
            taken=Count("registrations", filter=Q(registrations__status="registered"), distinct=True),
            waiting=Count("registrations", filter=Q(registrations__status="waiting"), distinct=True),
        )


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "RegistrationQuerySet":
        """Managers see all; people their own organisation's; who leads an activity sees who comes."""
        if user.is_manager:
            return self
        own = _own(user)
        return self.filter(Q(organisation__in=own) | Q(activity__lead__in=own))
