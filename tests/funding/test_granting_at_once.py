"""Two connections grant to companies of one undertaking at the same moment: the ceiling holds."""

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from core.actions import Refused
from funding.actions import granting
from funding.eligibility.de_minimis import CEILING
from funding.models import Application, Award, Decision, Grant, Partner
from members.actions import undertakings
from members.models import Organisation, User
from tests.factories.funding import FunderFactory
from tests.factories.members import OrganisationFactory
from tests.funding.grants_ground import award_for, decided_call, on_the_ledger, one_undertaking
from tests.matchmaking.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 500
AMOUNT = 700


def awards_for(companies: list[Organisation]) -> dict[int, list[Award]]:
    """For each company 500 awards, by two funders of one Member State."""
    call = decided_call()
    funders = [FunderFactory(call=call, is_de_minimis=True, budget_eur=1_000_000) for _ in companies]
    facts = {"call": call, "lead": companies[0], "status": "submitted"}
    applications = Application.objects.bulk_create(Application(number=n, **facts) for n in range(1, EACH + 1))
    decisions = Decision.objects.bulk_create(
        Decision(application=each, outcome="funded", decided_at=timezone.now()) for each in applications
    )
    found = {}
    for company, funder in zip(companies, funders, strict=True):
        parts = Partner.objects.bulk_create(
            Partner(application=each, organisation=company, name=company.name, country="SE") for each in applications
        )
        pairs = zip(decisions, parts, strict=True)
        found[company.pk] = Award.objects.bulk_create(
            Award(decision=decision, partner=part, funder=funder, amount_eur=AMOUNT) for decision, part in pairs
        )
    return found


def grant_each(awards: list[Award], by: User, barrier: Barrier, refused: list[Award]) -> None:
    barrier.wait()
    for award in awards:
        try:
            granting.grant(award=award, by=by)
        except Refused:
            refused.append(award)
    connection.close()


def test_a_thousand_tries_of_two_connections_never_break_the_ceiling(manager):
    companies = one_undertaking(manager, "Klarflod", "Klarflod Drift")
    awards, barrier, refused = awards_for(companies), Barrier(2), []
    threads = [Thread(target=grant_each, args=[each, manager, barrier, refused]) for each in awards.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    fits = int(CEILING // AMOUNT)
    assert on_the_ledger(*companies) == Decimal(AMOUNT * fits)
    assert (Grant.objects.count(), len(refused)) == (fits, 2 * EACH - fits)
    assert {each.organisation_id for each in Grant.objects.all()} == {each.pk for each in companies}


def test_two_grants_to_a_company_that_has_no_undertaking_yet(manager):
    company = OrganisationFactory()
    first, second = award_for(company, 200_000), award_for(company, 200_000)
    refused = at_once(*(lambda each=each: granting.grant(award=each, by=manager) for each in (first, second)))

    assert len(refused) == 1
    assert on_the_ledger(company) == 200_000


def test_one_award_is_granted_once(manager):
    award = award_for(OrganisationFactory(), 200_000)
    assert at_once(*[lambda: granting.grant(award=award, by=manager)] * 3) == []
    assert Grant.objects.count() == 1


def test_companies_that_are_joined_while_one_is_granted_to_are_one_undertaking(manager):
    """Either the grant comes first, or the join, and then the room is that of both."""
    one, other, third = OrganisationFactory(), OrganisationFactory(), OrganisationFactory()
    acts = [
        lambda: undertakings.join(organisations=[one, other], by=manager),
        lambda: undertakings.join(organisations=[other, third], by=manager),
        lambda: granting.grant(award=award_for(other, 200_000), by=manager),
    ]
    assert at_once(*acts) == []
    assert len(set(Organisation.objects.filter(is_home=False).exclude(undertaking=None).filter(
        pk__in=[one.pk, other.pk, third.pk]).values_list("undertaking", flat=True))) == 1  # fmt: skip
