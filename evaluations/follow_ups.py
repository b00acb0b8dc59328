"""Whom we ask what came of an interest, and when: after 3 and 12 months, by a link that opens this one question."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evaluations import emails
from evaluations.models import FollowUp, Outcome, Rung
from members.models import Membership
from opportunities.models import Feedback

MONTHS = (3, 12)
ASKED_ABOUT = (Feedback.Kind.INTERESTED, Feedback.Kind.HANDED_OVER)
# What came too late is left out: after a pause of the workers nobody is asked about what is long past.
ASKED_WITHIN = timedelta(days=30)
REMINDED_AFTER = timedelta(days=10)


def source_key(organisation_id: int, opportunity_id: int) -> str:
    """Under which key the outcomes of an interest are on record."""
    return f"interest:{organisation_id}:{opportunity_id}"


def ask() -> None:
    """Asks what is due and reminds once. Twice is once."""
    asked: dict[tuple[int, str, int], list[FollowUp]] = defaultdict(list)
    for months in MONTHS:
        for interest in _due(months):
            if (follow_up := _follow_up(interest, months)) is not None:
                asked[follow_up.organisation_id, follow_up.email, months].append(follow_up)
    for each in asked.values():
        emails.send_follow_up(follow_ups=each)
    remind()


def _due(months: int) -> QuerySet[Feedback]:
    """Interests of so many months ago, and not much longer, of which nobody was asked."""
    until = timezone.now() - relativedelta(months=months)
    same = {"organisation": OuterRef("organisation"), "opportunity": OuterRef("opportunity")}
    refused = Feedback.objects.filter(**same, kind=Feedback.Kind.NOT_FOR_US)
    twin = Feedback.objects.filter(**same, kind=Feedback.Kind.INTERESTED)
    handed = Q(kind=Feedback.Kind.HANDED_OVER) & ~Exists(refused) & ~Exists(twin)
    rows = Feedback.objects.filter(Q(kind=Feedback.Kind.INTERESTED) | handed, organisation__is_member=True)
    asked = FollowUp.objects.filter(**same, months=months)
    ended = Outcome.objects.filter(**same, source=Outcome.Source.INTEREST, rung=Rung.NOTHING, months__lt=months)
    due = rows.filter(at__gt=until - ASKED_WITHIN, at__lte=until).exclude(Exists(asked)).exclude(Exists(ended))
    return due.select_related("organisation__profile", "opportunity").order_by("organisation", "at", "pk")


@transaction.atomic
def _follow_up(interest: Feedback, months: int) -> FollowUp | None:
    """The row of a question, if there is somebody to ask and nobody else has written it meanwhile."""
    email = _whom_to_ask(interest)
    if not email:
        return None
    follow_up, is_new = FollowUp.objects.get_or_create(
        organisation=interest.organisation,
        opportunity=interest.opportunity,
        months=months,
        defaults={"email": email, "began_on": timezone.localdate(interest.at)},
    )
    return follow_up if is_new else None


def _whom_to_ask(interest: Feedback) -> str:
    """Who showed the interest, if that person still answers for the organisation; else its first who does."""
    people = interest.organisation.memberships.exclude(role=Membership.Role.VIEWER).filter(user__is_active=True)
    rows = list(people.order_by("pk").values_list("user_id", "user__email"))
    own = [email for pk, email in rows if pk == interest.user_id]
    return next(iter([*own, *(email for _pk, email in rows)]), "").lower()


def remind() -> None:
    """Reminds each person once of what was asked ten days ago."""
    now = timezone.now()
    due = FollowUp.objects.waiting().filter(
        reminded_at=None, asked_at__lte=now - REMINDED_AFTER, asked_at__gt=now - REMINDED_AFTER - ASKED_WITHIN
    )
    same = {"organisation": OuterRef("organisation"), "opportunity": OuterRef("opportunity")}
    rows = due.to_people_still_there().filter(Exists(Feedback.objects.filter(**same, kind__in=ASKED_ABOUT)))
    by_address: dict[tuple[int, str, int], list[FollowUp]] = defaultdict(list)
    for follow_up in rows.select_related("organisation__profile", "opportunity").order_by("pk"):
        by_address[follow_up.organisation_id, follow_up.email, follow_up.months].append(follow_up)
    for each in by_address.values():
        _remind(each)


@transaction.atomic
def _remind(follow_ups: Iterable[FollowUp]) -> None:
    ours = [each for each in follow_ups if _claim(each)]
    if ours:
        emails.send_follow_up_reminder(follow_ups=ours)


def _claim(follow_up: FollowUp) -> bool:
    """Whether nobody else reminds of it at the same time."""
    mine = FollowUp.objects.waiting().filter(pk=follow_up.pk, reminded_at=None)
    return bool(mine.update(reminded_at=timezone.now()))
