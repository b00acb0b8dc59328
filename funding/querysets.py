"""Who may see which calls, applications, reviews and grants: decided here, once.

The cluster team is the secretary of every call and sees all of it. An applicant sees what its organisations take part
in; a reviewer what is assigned, through the assignment alone; everybody else the published calls.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from members.models import User


def _own(user: "User") -> list[int]:
    """The organisations other than the home cluster that a person belongs to."""
    return [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]


class FundingCallQuerySet(models.QuerySet):
    def public(self) -> "FundingCallQuerySet":
        """What everybody may read, signed in or not."""
        return self.exclude(status="draft")

    def visible_to(self, user: "User") -> "FundingCallQuerySet":
        """Managers see drafts, too."""
        return self if user.is_manager else self.public()

    def open(self) -> "FundingCallQuerySet":
        """Takes applications now."""
        now = timezone.now()
        return self.filter(status="published", opens_at__lte=now, deadline__gte=now)


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ApplicationQuerySet":
        """Managers see what was handed in; people see what their organisations lead or take part in."""
        handed_in = Q(submissions__isnull=False)
        if user.is_manager:
            return self.filter(pk__in=self.model.objects.filter(handed_in).values("pk")) | self._of(user)
        return self._of(user)

    def _of(self, user: "User") -> "ApplicationQuerySet":
        own = _own(user)
        partner = self.model.objects.filter(partners__organisation__in=own).exclude(partners__status="declined")
        return self.filter(Q(lead__in=own) | Q(pk__in=partner.values("pk")))

    def handed_in(self) -> "ApplicationQuerySet":
        """With a submission that counts: those being amended count as they were handed in, withdrawn ones do not."""
        return self.filter(status__in=["submitted", "amending"])


class PartnerQuerySet(models.QuerySet):
    def taking_part(self) -> "PartnerQuerySet":
        """Who did not decline."""
        return self.exclude(status="declined")


class AttachmentQuerySet(models.QuerySet):
    def kept(self) -> "AttachmentQuerySet":
        """Not removed by the applicant."""
        return self.filter(removed_at=None)


class ReviewerQuerySet(models.QuerySet):
    def active(self) -> "ReviewerQuerySet":
        """Has not left, and the account still has the role."""
        return self.filter(
            left_at=None,
            user__is_active=True,
            user__memberships__organisation__is_home=True,
            user__memberships__role__in=["reviewer", "manager"],
        ).distinct()


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "AssignmentQuerySet":
        """Managers see all; a reviewer the own ones, as long as the role lasts."""
        if user.is_manager:
            return self
        if not user.is_reviewer:
            return self.none()
        return self.of(user)

    def of(self, user: "User") -> "AssignmentQuerySet":
        """Those that a person reviews, as long as the role lasts."""
        if not (user.is_reviewer or user.is_manager):
            return self.none()
        return self.filter(reviewer__user=user, reviewer__left_at=None).exclude(status__in=["proposed", "withdrawn"])

    def unfinished(self) -> "AssignmentQuerySet":
        """Sent, and no review yet."""
        return self.filter(status__in=["asked", "open"])


class GrantQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "GrantQuerySet":
        """Managers see all; people those of their organisations."""
        return self if user.is_manager else self.filter(organisation__in=_own(user))


class AidQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "AidQuerySet":
        """Managers keep the ledger; people see the entries of their own organisations."""
        return self if user.is_manager else self.filter(organisation__in=_own(user))
