"""Who may see which rounds, participants and meetings: decided here, once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Extract, Lower
from django.utils import timezone

from core.models import Mail, MailStop

if TYPE_CHECKING:
    from matchmaking.models import Participant, Round
    from members.models import User


def _own(user: "User") -> list[int]:
    """The organisations other than the home cluster that a person belongs to."""
    return [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "RoundQuerySet":
        """Managers see every round. A partner sees those it brings companies to, a member those it is invited to."""
        if user.is_manager:
            return self
        own = _own(user)
        everyone = self.model.objects
        brings = everyone.filter(partners__organisation__in=own).values("pk")
        invited = everyone.filter(participants__organisation__in=own).values("pk")
        return self.exclude(status="planned").filter(Q(pk__in=brings) | Q(pk__in=invited))

    def affinity_due(self) -> "RoundQuerySet":
        """A profile has changed since affinities were worked out."""
        return self.filter(affinity_asked_at__isnull=False).exclude(affinity_at__gte=F("affinity_asked_at"))

    def for_list(self) -> "RoundQuerySet":
        """With the span of the slots and how many take part; what comes next first."""
        return self.annotate(
            starts_at=Min("slots__starts_at"),
            ends_at=Max("slots__ends_at"),
            confirmed=Count("participants", filter=Q(participants__status="confirmed"), distinct=True),
            invited=Count("participants", distinct=True),
        ).order_by(F("starts_at").desc(nulls_first=True), "-pk")


# Somebody is reminded once a day at most, and not on the day of the invitation.
BETWEEN_REMINDERS = timedelta(days=1)


def _mail(kind: str, *parts: models.Expression) -> models.QuerySet:
    """The mail of this kind to a participant: its key names the kind, the participant and what else tells it apart."""
    named = [part for each in (OuterRef("pk"), *parts) for part in (Value(":"), Cast(each, CharField()))]
    return Mail.objects.filter(key=Concat(Value(kind), *named))


def _invitation() -> models.QuerySet:
    return _mail("round-invitation", OuterRef("link_version"))


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ParticipantQuerySet":
        """Managers see all; a partner sees the companies that it brings, a member its own people."""
        if user.is_manager:
            return self
        own = _own(user)
        return self.filter(Q(cluster__in=own) | Q(organisation__in=own))

    def confirmed(self) -> "ParticipantQuerySet":
        """Who takes part."""
        return self.filter(status="confirmed")

    def who_may_meet(self, participant: "Participant") -> "ParticipantQuerySet":
        """The others of the round that the rules let this participant meet."""
        round_ = participant.round
        others = self.confirmed().filter(round=round_).exclude(pk=participant.pk).exclude(company=participant.company)
        if participant.organisation_id:
            others = others.exclude(organisation=participant.organisation_id)
        if round_.meets == round_.Meets.OTHER_CLUSTER:
            others = others.exclude(cluster=participant.cluster_id)
        if round_.meets == round_.Meets.OTHER_SIDE:
            others = others.exclude(side=participant.side) if participant.side else others
        return others

    def only_presence(self) -> "ParticipantQuerySet":
        """No more than says who is here."""
        return self.only("checked_in_at", "arrives_at", "no_show_at")

    def unanswered(self) -> "ParticipantQuerySet":
        """Invited, and neither in nor out yet."""
        return self.filter(status="invited")

    def without_choices(self) -> "ParticipantQuerySet":
        """Who takes part and has not handed in a ballot."""
        return self.filter(status="confirmed", chosen_at=None)

    def remindable(self) -> "ParticipantQuerySet":
        """Who has not heard from us, nor answered us, within a day, and has not stopped such mails."""
        since = timezone.now() - BETWEEN_REMINDERS
        quiet = Q(reminded_at=None) | Q(reminded_at__lt=since)
        stopped = MailStop.objects.filter(address=OuterRef("email"), kind="round-reminder")
        told = _invitation().filter(created_at__gt=since)
        return self.filter(quiet, ~Exists(stopped), ~Exists(told), status_at__lt=since)

    def to_invite(self) -> "ParticipantQuerySet":
        """Invited to an open round, and not told yet."""
        return self.unanswered().filter(~Exists(_invitation()), round__status="open")

    def to_remind(self) -> "ParticipantQuerySet":
        """Whose reminder was asked for and is not written yet, unless they have answered in between."""
        at = Cast(Extract(OuterRef("reminded_at"), "epoch"), BigIntegerField())
        waiting = Q(status="invited") | Q(status="confirmed", chosen_at=None)
        since = timezone.now() - BETWEEN_REMINDERS
        return self.filter(waiting, ~Exists(_mail("round-reminder", at)), round__status="open", reminded_at__gt=since)

    def to_tell_of_cancelled(self) -> "ParticipantQuerySet":
        """Who was invited to a round that does not take place, has not declined, and was not told yet."""
        told = Exists(_mail("round-cancelled"))
        return self.filter(Exists(_invitation()), ~told, round__status="cancelled", status__in=["invited", "confirmed"])

    def with_span(self) -> "ParticipantQuerySet":
        """With the begin of the round's first slot and the end of its last."""
        return self.annotate(starts_at=Min("round__slots__starts_at"), ends_at=Max("round__slots__ends_at"))

    def with_mail(self) -> "ParticipantQuerySet":
        """With how far the mail with the link has come: queued, sent, failed, stopped; none before the round opens."""
        return self.annotate(mail_status=Subquery(_invitation().values("status")[:1]))

    def search(self, words: str) -> "ParticipantQuerySet":
        """By company, person or address; accents and case do not matter."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(company__unaccent__icontains=word) | Q(person__unaccent__icontains=word) | Q(email__icontains=word)
            )
        return found

    def by_name(self) -> "ParticipantQuerySet":
        """In alphabetical order for people."""
        return self.order_by(Lower(Unaccent("company")), "pk")

    def for_list(self) -> "ParticipantQuerySet":
        """With the cluster, by name."""
        return self.select_related("cluster", "organisation").by_name()


class MeetingRequestQuerySet(models.QuerySet):
    def waiting(self) -> "MeetingRequestQuerySet":
        """Not answered yet, and not ended by silence."""
        return self.filter(status="waiting", expires_at__gt=timezone.now())

    def run_out(self, at: datetime | None = None) -> "MeetingRequestQuerySet":
        """Silence has ended them, though nobody has noted it yet."""
        return self.filter(status="waiting", expires_at__lte=at or timezone.now())

    def held_by(self, people: Iterable["Participant"]) -> "MeetingRequestQuerySet":
        """Waiting ones whose slot one of these people has proposed: nobody proposes the same time twice."""
        people = list(people)
        proposed = Q(sender__in=people) & ~Q(turn=F("sender")) | Q(receiver__in=people) & Q(turn=F("sender"))
        return self.waiting().filter(proposed)

    def half_passed(self) -> "MeetingRequestQuerySet":
        """Waiting ones of which half of the time to answer has passed."""
        now, span = Value(timezone.now()), DurationField()
        passed = ExpressionWrapper(now - Coalesce("answered_at", "created_at"), output_field=span)
        left = ExpressionWrapper(F("expires_at") - now, output_field=span)
        return self.waiting().annotate(passed=passed, left=left).filter(passed__gte=F("left"))

    def of(self, participant: "Participant") -> "MeetingRequestQuerySet":
        """Sent or received by a participant."""
        return self.filter(Q(sender=participant) | Q(receiver=participant))

    def for_list(self) -> "MeetingRequestQuerySet":
        """With both sides and the slot, newest first."""
        return self.select_related("sender__cluster", "receiver__cluster", "slot", "meeting").order_by(
            "-created_at", "-pk"
        )


class PairQuerySet(models.QuerySet):
    def of(self, participant: "Participant") -> "PairQuerySet":
        """Pairs that a participant is one of."""
        return self.filter(Q(a=participant) | Q(b=participant))


class TimetableQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "TimetableQuerySet":
        """Drafts are the managers' own."""
        return self if user.is_manager else self.none()

    def of(self, round_: "Round") -> "TimetableQuerySet":
        """A round's timetables, the newest first."""
        return self.filter(round=round_).order_by("-number")


class MeetingQuerySet(models.QuerySet):
    def standing(self) -> "MeetingQuerySet":
        """Not cancelled."""
        return self.exclude(status="cancelled")

    def of(self, participant: "Participant") -> "MeetingQuerySet":
        """A participant's meetings in the timetable that participants see."""
        seen = participant.round.timetable_id
        return self.filter(Q(a=participant) | Q(b=participant), timetable=seen, timetable__isnull=False)

    def to_come(self) -> "MeetingQuerySet":
        """Still to be held."""
        return self.filter(status="planned", slot__ends_at__gt=timezone.now())

    def for_grid(self) -> "MeetingQuerySet":
        """With both sides, the slot and the table, in order of time and table."""
        return self.select_related("a", "b", "slot", "table").order_by("slot__starts_at", "table__number")


class SeatQuerySet(models.QuerySet):
    def standing(self) -> "SeatQuerySet":
        """Of meetings that are not cancelled."""
        return self.filter(is_given_up=False)

    def of_published(self, participant: "Participant") -> "SeatQuerySet":
        """A participant's seats of the timetable that participants see, in order of time."""
        rows = self.standing().filter(participant=participant, timetable=participant.round.timetable_id)
        return rows.for_list()

    def for_list(self) -> "SeatQuerySet":
        """With the participant, the meeting, both its sides and when and where it is."""
        meeting = ("slot", "meeting__slot", "meeting__table", "meeting__a__cluster", "meeting__b__cluster")
        return self.select_related("participant", *meeting).order_by("slot__starts_at", "pk")

    def kept(self) -> "SeatQuerySet":
        """Of meetings that were held, unless this side said that nothing follows: worth asking what came of it."""
        return self.standing().filter(meeting__status="held").exclude(next_step="none")
