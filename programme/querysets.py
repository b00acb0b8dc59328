"""Who may see which strategy, services and activities: decided here, once.

The cluster team sees all. Members see what is offered to them and what is their own; a partner organisation what it
hosts. An evaluator sees figures elsewhere, and nothing here.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

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

    def holding(self, day: date) -> "StrategyQuerySet":
        """Anchored, and begun by that day, the newest first: the next one does not hold before its years."""
        return self.filter(status="anchored", starts_on__lte=day).order_by("-starts_on", "-pk")


class GoalQuerySet(models.QuerySet):
    def citable(self, *, and_also: int | None = None) -> "GoalQuerySet":
        """What new work may serve: not given up, of a strategy that is not over. `and_also`: one that is cited."""
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

    def coming(self) -> "ActivityQuerySet":
        """What has not ended yet, the next first."""
        return self.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk")

    def past(self) -> "ActivityQuerySet":
        """What has ended, the latest first."""
        return self.filter(ends_at__lt=timezone.now()).order_by("-starts_at", "-pk")

    def in_feed(self) -> "ActivityQuerySet":
        """What calendars subscribe to: a year back, and all that comes."""
        return self.filter(starts_at__gte=timezone.now() - timedelta(days=365)).order_by("starts_at", "pk")

    def ended(self) -> "ActivityQuerySet":
        """Published ones that have ended and are not marked as over yet."""
        return self.filter(status="published", ends_at__lt=timezone.now())

    def for_visitors(self) -> "ActivityQuerySet":
        """What everybody may read, with whether the company that leads has agreed to be named to everybody."""
        agreed = apps.get_model("members", "Listing").objects.public().filter(organisation=OuterRef("lead"))
        return self.public().annotate(lead_is_public=Exists(agreed))

    def with_counts(self) -> "ActivityQuerySet":
        """How many take part and how many wait."""
        return self.annotate(taken=_registrations("registered"), waiting=_registrations("waiting"))

    def for_file(self) -> "ActivityQuerySet":
        """As for a page, with how many were there and what they were paid, and the goal."""
        rows = self.for_page().select_related("goal")
        return rows.annotate(came=_registrations("registered", attended=True), paid=_paid())

    def for_page(self) -> "ActivityQuerySet":
        """With who leads, who hosts, and the counts."""
        return self.select_related("lead").prefetch_related("hosts__organisation").with_counts()


def _registrations(status: str, **more: object) -> Coalesce:
    """How many registrations of a state the activity of the outer query has: read for the rows of a page alone."""
    counted = _of_activity().filter(status=status, **more).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


def _paid() -> Subquery:
    """What the cluster paid to whoever is on the list."""
    return Subquery(_of_activity().annotate(paid=Sum("support_eur")).values("paid"))


def _of_activity() -> models.QuerySet:
    rows = apps.get_model("programme", "Registration").objects.filter(activity=OuterRef("pk"))
    return rows.order_by().values("activity")


class RegistrationQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "RegistrationQuerySet":
        """Managers see all; people their own organisation's."""
        return self if user.is_manager else self.filter(organisation__in=_own(user))

    def coming(self) -> "RegistrationQuerySet":
        """Who takes part or waits."""
        return self.exclude(status="cancelled")

    def registered(self) -> "RegistrationQuerySet":
        """Who has a place."""
        return self.filter(status="registered")

    def expected(self) -> "RegistrationQuerySet":
        """Who has a place and is not known to stay away."""
        return self.registered().exclude(attended=False)

    def waiting(self) -> "RegistrationQuerySet":
        """Who waits for a place, who came first in front."""
        return self.filter(status="waiting").order_by("registered_at", "pk")

    def to_remind(self, before: datetime) -> "RegistrationQuerySet":
        """Who takes part in something that begins until then, and has not heard of it for a day."""
        now = timezone.now()
        soon = {"activity__starts_at__lte": before, "activity__starts_at__gt": now}
        rows = self.registered().filter(activity__status="published", reminded_at=None, **soon)
        rows = rows.filter(registered_at__lt=now - timedelta(days=1))
        return rows.select_related("activity").order_by("pk")
