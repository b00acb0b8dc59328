"""Two sample companies that are one single undertaking, and the de minimis aid that one of them had before."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cluster_portal.sample.call_applications import owner_of
from funding.actions import declaring
from funding.models import Declaration
from members.actions import undertakings
from members.models import LinkedCompany, Organisation, User

TOLD_WEEKS_AGO, SETTLED_AFTER = 90, timedelta(days=3)


def load(told: dict[str, Any], *, today: date, by: User) -> None:
    """The one tells of the other and of its aid; the cluster team joins them and takes the aid over."""
    organisation = Organisation.objects.get(name=told["organisation"])
    company = Organisation.objects.get(name=told["company"])
    person, aid = owner_of(organisation), told["aid"]
    linked = undertakings.tell_linked(
        organisation=organisation,
        name=company.name,
        country=company.country,
        link=LinkedCompany.Link.VOTES,
        by=person,
    )
    undertakings.settle_link(linked=linked, is_organisation=company, by=by)
    declaring.declare(
        organisation=organisation,
        beneficiary=company.name,
        member_state=company.country,
        authority=aid["authority"],
        amount_eur=Decimal(aid["amount"]),
        granted_on=today + timedelta(weeks=aid["weeks"]),
        by=person,
    )
    declaration = declaring.hand_in(organisation=organisation, by=person)
    declaring.take_over(declaration=declaration, by=by)
    at = timezone.make_aware(datetime.combine(today - timedelta(weeks=TOLD_WEEKS_AGO), time(10, 20)))
    LinkedCompany.objects.filter(pk=linked.pk).update(told_at=at, settled_at=at + SETTLED_AFTER)
    Organisation.objects.filter(pk=organisation.pk).update(links_told_at=at)
    Declaration.objects.filter(pk=declaration.pk).update(
        began_at=at, handed_in_at=at + timedelta(minutes=25), settled_at=at + SETTLED_AFTER
    )
