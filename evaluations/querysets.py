"""Who may see what of the evaluations: decided here, once.

Managers run questionnaires and waves. Managers and evaluators read protected figures. Nobody reads a response.
"""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from members.models import User


def _own_organisations(user: "User") -> list[int]:
    return [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]


class _ManagersOnly(models.QuerySet):
    def visible_to(self, user: "User") -> "_ManagersOnly":
        """The cluster team's own."""
        return self if user.is_manager else self.none()


class _Readers(models.QuerySet):
    def visible_to(self, user: "User") -> "_Readers":
        """Managers and evaluators: it holds protected figures only."""
        return self if user.is_manager or user.is_evaluator else self.none()


class QuestionnaireQuerySet(_Readers):
    """What is asked is no secret."""


class QuestionnaireVersionQuerySet(_Readers):
    def visible_to(self, user: "User") -> "QuestionnaireVersionQuerySet":
        """Drafts are the managers' own."""
        found = super().visible_to(user)
        return found if user.is_manager else found.filter(status="published")


class WaveQuerySet(_Readers):
    def visible_to(self, user: "User") -> "WaveQuerySet":
        """Evaluators see waves that have begun."""
        found = super().visible_to(user)
        return found if user.is_manager else found.exclude(status="planned")

    def with_results(self) -> "WaveQuerySet":
        """Closed, the newest first: figures are shown when no answer can come any more."""
        return self.filter(status="closed").order_by("-closed_at", "-pk")


class InviteeQuerySet(_ManagersOnly):
    """Identities: never for evaluators."""


class ResponseQuerySet(models.QuerySet):
    """Answers are read by the preparation of figures and by the link that gives them; by no person's page."""

    def complete(self) -> "ResponseQuerySet":
        """Handed in."""
        return self.filter(is_complete=True)


class OutcomeQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "OutcomeQuerySet":
        """Managers see what their members told; members their own. What surveys told is in protected tables only."""
        if user.is_manager:
            return self.exclude(source="survey")
        return self.filter(organisation__in=_own_organisations(user))


class FollowUpQuerySet(models.QuerySet):
    """Who was asked what came of an interest."""

    def visible_to(self, user: "User") -> "FollowUpQuerySet":
        """People of a member see what their own organisation was asked."""
        return self if user.is_manager else self.filter(organisation__in=_own_organisations(user))

    def waiting(self) -> "FollowUpQuerySet":
        """Asked and not answered."""
        return self.filter(answered_at=None)


class PublicationQuerySet(_Readers):
    """Protected tables."""


class QueryQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "QueryQuerySet":
        """Managers see all that was asked, evaluators their own."""
        if user.is_manager:
            return self
        return self.filter(by=user) if user.is_evaluator else self.none()


class ReportQuerySet(_Readers):
    """Reports hold protected figures only."""
