"""Whom we ask what came of an interest, grant, service, activity or introduction: after 3 and 12 months, by a link.

A grant or an activity is asked about from the day of its end, a service from that of its delivery. A company that took
back its introduction is left alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from ecosystem.models import ShortlistCard
from evaluations import emails
from evaluations.models import FollowUp, Outcome, Rung
from evaluations.models.outcomes import FOLLOWED
from funding.models import Grant
from members.models import Membership, Organisation
from opportunities.models import Feedback, Opportunity
from programme.models import Activity, Registration, ServiceRequest

MONTHS = (3, 12)
ASKED_ABOUT = (Feedback.Kind.INTERESTED, Feedback.Kind.HANDED_OVER)
# What came too late is left out: after a pause of the workers nobody is asked about what is long past.
ASKED_WITHIN = timedelta(days=30)
REMINDED_AFTER = timedelta(days=10)
Batch = tuple[int, str, int, str]


def _batch(follow_up: FollowUp) -> Batch:
    """What goes out in one mail: of one kind, after the same months, to one address."""
    return follow_up.organisation_id, follow_up.email, follow_up.months, follow_up.source


def ask() -> None:
    """Asks what is due and reminds once. Twice is once."""
    asked: dict[Batch, list[FollowUp]] = defaultdict(list)
    for months in MONTHS:
        found = (
            *(_of_an_interest(interest, months) for interest in _due(months)),
            *(_of_a_grant(grant, months) for grant in _due_grants(months)),
            *(_of_a_service(request, months) for request in _due_services(months)),
            *(_of_an_activity(registration, months) for registration in _due_registrations(months)),
            *(_of_an_introduction(card, months) for card in _due_introductions(months)),
        )
        for follow_up in found:
            if follow_up is not None:
                asked[_batch(follow_up)].append(follow_up)
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


def _due_grants(months: int) -> QuerySet[Grant]:
    """Grants that ended so many months ago, and not much longer, of which nobody was asked."""
    until = timezone.localdate() - relativedelta(months=months)
    rows = Grant.objects.exclude(status=Grant.Status.GRANTED).filter(organisation__is_member=True)
    rows = rows.annotate(end=Coalesce("ended_on", "ends_on")).filter(end__gt=until - ASKED_WITHIN, end__lte=until)
    asked = FollowUp.objects.filter(grant=OuterRef("pk"), months=months)
    nothing = Outcome.objects.filter(grant=OuterRef("pk"), rung=Rung.NOTHING, months__gt=0, months__lt=months)
    due = rows.exclude(Exists(asked)).exclude(Exists(nothing))
    of = ("organisation__profile", "award__partner__application__call")
    return due.select_related(*of).order_by("organisation", "pk")


def _due_services(months: int) -> QuerySet[ServiceRequest]:
    """Services that were delivered so many months ago, and not much longer, of which nobody was asked."""
    until = timezone.localdate() - relativedelta(months=months)
    rows = ServiceRequest.objects.filter(status=ServiceRequest.Status.DELIVERED, organisation__is_member=True)
    asked = FollowUp.objects.filter(service_request=OuterRef("pk"), months=months)
    nothing = Outcome.objects.filter(service_request=OuterRef("pk"), rung=Rung.NOTHING, months__gt=0, months__lt=months)
    due = rows.filter(delivered_on__gt=until - ASKED_WITHIN, delivered_on__lte=until)
    due = due.exclude(Exists(asked)).exclude(Exists(nothing))
    return due.select_related("organisation__profile", "service").order_by("organisation", "pk")


def _due_registrations(months: int) -> QuerySet[Registration]:
    """The first of each member who took part in what ended so many months ago, and of whom nobody was asked."""
    until = timezone.now() - relativedelta(months=months)
    same = {"organisation": OuterRef("organisation"), "activity": OuterRef("activity")}
    there = Registration.objects.registered().exclude(attended=False)
    asked = FollowUp.objects.filter(**same, months=months)
    nothing = Outcome.objects.filter(**same, rung=Rung.NOTHING, months__lt=months)
    due = there.filter(
        ~Exists(there.filter(**same, pk__lt=OuterRef("pk"))),
        ~Exists(asked),
        ~Exists(nothing),
        organisation__is_member=True,
        activity__status="over",
        activity__ends_at__gt=until - ASKED_WITHIN,
        activity__ends_at__lte=until,
    )
    return due.select_related("organisation__profile", "activity").order_by("organisation", "pk")


def _due_introductions(months: int) -> QuerySet[ShortlistCard]:
    """Introductions of so many months ago, and not much longer, of which nobody was asked."""
    until = timezone.now() - relativedelta(months=months)
    rows = ShortlistCard.objects.introduced().filter(status=ShortlistCard.Status.REVEALED, organisation__is_member=True)
    asked = FollowUp.objects.filter(introduction=OuterRef("pk"), months=months)
    nothing = Outcome.objects.filter(introduction=OuterRef("pk"), rung=Rung.NOTHING, months__gt=0, months__lt=months)
    due = rows.filter(revealed_at__gt=until - ASKED_WITHIN, revealed_at__lte=until)
    due = due.exclude(Exists(asked)).exclude(Exists(nothing))
    of = ("organisation__profile", "shortlist__partnership__organisation")
    return due.select_related(*of).order_by("organisation", "pk")


def _of_an_interest(interest: Feedback, months: int) -> FollowUp | None:
    began_on = timezone.localdate(interest.at)
    first = interest.user_id
    return _question(interest.organisation, months, first, began_on, opportunity=interest.opportunity)


def _of_a_grant(grant: Grant, months: int) -> FollowUp | None:
    return _question(grant.organisation, months, None, grant.end, grant=grant)


def _of_a_service(request: ServiceRequest, months: int) -> FollowUp | None:
    return _question(request.organisation, months, request.asked_by_id, request.delivered_on, service_request=request)


def _of_an_activity(registration: Registration, months: int) -> FollowUp | None:
    activity = registration.activity
    ended_on = activity.ends_at.astimezone(activity.zone).date()
    return _question(registration.organisation, months, registration.user_id, ended_on, activity=activity)


def _of_an_introduction(card: ShortlistCard, months: int) -> FollowUp | None:
    began_on = timezone.localdate(card.revealed_at)
    return _question(card.organisation, months, card.answered_by_id, began_on, introduction=card)


@transaction.atomic
def _question(
    organisation: Organisation,
    months: int,
    first: int | None,
    began_on: date,
    **of: Opportunity | Grant | ServiceRequest | Activity | ShortlistCard,
) -> FollowUp | None:
    """The row of a question, if there is somebody to ask and nobody else has written it meanwhile."""
    email = _whom_to_ask(organisation, first=first)
    if not email:
        return None
    follow_up, is_new = FollowUp.objects.get_or_create(
        organisation=organisation, months=months, **of, defaults={"email": email, "began_on": began_on}
    )
    return follow_up if is_new else None


def _whom_to_ask(organisation: Organisation, *, first: int | None) -> str:
    """Who showed the interest, asked, agreed or took part, if still answering for it; else the first who does."""
    people = organisation.memberships.exclude(role=Membership.Role.VIEWER).filter(user__is_active=True)
    rows = list(people.order_by("pk").values_list("user_id", "user__email"))
    own = [email for pk, email in rows if pk == first]
    return next(iter([*own, *(email for _pk, email in rows)]), "").lower()


def remind() -> None:
    """Reminds each person once of what was asked ten days ago."""
    now = timezone.now()
    due = FollowUp.objects.waiting().filter(
        reminded_at=None, asked_at__lte=now - REMINDED_AFTER, asked_at__gt=now - REMINDED_AFTER - ASKED_WITHIN
    )
    same = {"organisation": OuterRef("organisation"), "opportunity": OuterRef("opportunity")}
    still_so = Exists(Feedback.objects.filter(**same, kind__in=ASKED_ABOUT)) | Q(opportunity=None)
    rows = due.to_people_still_there().filter(still_so).exclude(introduction__status=ShortlistCard.Status.WITHDRAWN)
    by_address: dict[Batch, list[FollowUp]] = defaultdict(list)
    for follow_up in rows.select_related(*FOLLOWED).order_by("pk"):
        by_address[_batch(follow_up)].append(follow_up)
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
