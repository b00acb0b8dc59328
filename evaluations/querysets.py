"""Who may see what of the evaluations: decided here, once.

Managers run questionnaires and waves. Managers and evaluators read protected figures. Nobody reads a response.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, Lower
from django.utils import timezone

from core.models import Mail, MailStop
from members.models import Consent

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

    def past_their_last_day(self) -> "WaveQuerySet":
        """Still open, though their time is over."""
        return self.filter(status="open", closes_at__lt=timezone.now())

    def for_list(self) -> "WaveQuerySet":
        """With what was asked, how many were asked and how many have answered; the newest first."""
        asked, answered = Count("invitees"), Count("invitees", filter=Q(invitees__has_answered=True))
        rows = self.select_related("version__questionnaire", "round").defer("version__content", "frame")
        return rows.annotate(asked=asked, answered=answered).order_by(F("opened_at").desc(nulls_first=True), "-pk")


# Nobody is written to twice within so many days, and nobody is reminded more often.
BETWEEN_MAILS = timedelta(days=3)
MOST_REMINDERS = 2


def _mail(kind: str, number: str) -> models.QuerySet:
    """The mail of this kind to an invitee: its key names the kind, the invitee and a number."""
    named = (Value(f"{kind}:"), Cast(OuterRef("pk"), CharField()), Value(":"), Cast(OuterRef(number), CharField()))
    return Mail.objects.filter(key=Concat(*named))


def _invitation() -> models.QuerySet:
    return _mail("survey", "link_version")


def _agrees() -> Exists:
    return Exists(Consent.objects.holding("surveys").filter(address=OuterRef("email")))


class InviteeQuerySet(_ManagersOnly):
    """Identities: never for evaluators."""

    def waited_for(self) -> "InviteeQuerySet":
        """Who can still answer, has not, and has not said no."""
        waiting = {"has_answered": False, "has_declined": False, "is_taken_out": False}
        return self.filter(wave__status="open", wave__closes_at__gt=timezone.now(), **waiting)

    def agreeing(self) -> "InviteeQuerySet":
        """Whose consent holds still."""
        return self.filter(_agrees())

    def to_invite(self) -> "InviteeQuerySet":
        """Whose link was not sent yet: also a new link of somebody who has answered, or its absence would tell."""
        return self.agreeing().filter(~Exists(_invitation()), wave__status="open", is_taken_out=False)

    def remindable(self) -> "InviteeQuerySet":
        """Who would get a reminder now: silent, not written to for three days, and not reminded twice already."""
        since = timezone.now() - BETWEEN_MAILS
        quiet = Q(reminded_at=None) | Q(reminded_at__lt=since)
        stopped = MailStop.objects.filter(address=OuterRef("email"), kind="survey-reminder")
        told = Exists(_invitation().filter(created_at__lt=since))
        return self.waited_for().agreeing().filter(quiet, told, ~Exists(stopped), reminders__lt=MOST_REMINDERS)

    def to_remind(self) -> "InviteeQuerySet":
        """Whose reminder was asked for and is not written yet."""
        since = timezone.now() - BETWEEN_MAILS
        asked = self.waited_for().agreeing().filter(reminders__gt=0, reminded_at__gt=since)
        return asked.filter(~Exists(_mail("survey-reminder", "reminders")))

    def to_tell_of_more_time(self) -> "InviteeQuerySet":
        """Who has the link already and does not know yet that there is more time."""
        told = Exists(_mail("survey-more-time", "wave__extensions"))
        return self.waited_for().agreeing().filter(Exists(_invitation()), ~told, wave__extensions__gt=0)

    def with_mail(self) -> "InviteeQuerySet":
        """With how far the mail with the link has come, and whether the consent holds.

        Not with the reminders: who gets one has not answered.
        """
        return self.annotate(mail_status=Subquery(_invitation().values("status")[:1]), agrees=_agrees())

    def search(self, words: str) -> "InviteeQuerySet":
        """By company, person or address; accents and case do not matter."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(company__unaccent__icontains=word) | Q(person__unaccent__icontains=word) | Q(email__icontains=word)
            )
        return found

    def by_name(self) -> "InviteeQuerySet":
        """In alphabetical order for people."""
        return self.order_by(Lower(Unaccent("company")), "pk")


class ResponseQuerySet(models.QuerySet):
    """Answers are read by the preparation of figures and by the link that gives them; by no person's page."""

    def complete(self) -> "ResponseQuerySet":
        """Handed in."""
        return self.filter(is_complete=True)


class QuoteQuerySet(_ManagersOnly):
    """Managers choose which of them a report prints; others read them there."""


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

    def to_people_still_there(self) -> "FollowUpQuerySet":
        """Those whose addressee still answers for the organisation."""
        from members.models import Membership  # noqa: PLC0415 - the models import their querysets

        there = Membership.objects.filter(
            organisation=OuterRef("organisation"), user__email__iexact=OuterRef("email"), user__is_active=True
        )
        return self.filter(Exists(there.exclude(role=Membership.Role.VIEWER)))


class PublicationQuerySet(_Readers):
    """Protected tables."""


class QueryQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "QueryQuerySet":
        """Managers see all that was asked, evaluators their own."""
        if user.is_manager:
            return self
        return self.filter(by=user) if user.is_evaluator else self.none()

    def for_list(self) -> "QueryQuerySet":
        """The newest first, each with its survey."""
        return self.select_related("wave").order_by("-at", "-pk")


class ReportQuerySet(_Readers):
    """Reports hold protected figures only."""

    def for_everybody(self) -> "ReportQuerySet":
        """Yearly reports that were made for the public and are done: what may stand where no link is needed."""
        return self.filter(audience="public", status="done", kind="yearly")

    def for_list(self) -> "ReportQuerySet":
        """The newest first, each with its survey and how many of its links open it now."""
        opens = Q(links__withdrawn_at=None, links__expires_at__gt=timezone.now())
        with_links = self.annotate(open_links=Count("links", filter=opens))
        return with_links.select_related("wave").defer("content").order_by("-pk")
