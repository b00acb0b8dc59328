"""Two connections grant to companies of one undertaking at the same moment: the ceiling holds."""

import pytest
from django.db.models import Sum
from django.utils import timezone

from funding.actions import granting
from funding.models import Aid, Application, Award, Decision, Grant, Partner
from members.actions import undertakings
from members.models import Organisation, Profile, Undertaking
from tests.factories.funding import FunderFactory
from tests.factories.members import OrganisationFactory
from tests.funding.grants_ground import award_for, decided_call, on_the_ledger, today
from tests.racing import at_once, side_by_side

pytestmark = pytest.mark.django_db(transaction=True)

TRIES = 1000
HAD, AMOUNT = 250_000, 40_000  # there is room for one more grant, and not for two


def pairs_of_awards() -> list[tuple[Award, Award]]:
    """A thousand undertakings of two companies, each company with an award by a funder of its own."""
    call = decided_call()
    funders = [FunderFactory(call=call, is_de_minimis=True, budget_eur=90_000_000) for _ in range(2)]
    groups = Undertaking.objects.bulk_create(Undertaking() for _ in range(TRIES))
    companies = Organisation.objects.bulk_create(
        Organisation(name=f"Company {n}", slug=f"company-{n}", kind="company", country="SE", undertaking=groups[n // 2])
        for n in range(2 * TRIES)
    )
    Profile.objects.bulk_create(Profile(organisation=each) for each in companies)
    facts = {"member_state": "SE", "authority": "Regional fund", "source": "declared", "granted_on": today()}
    Aid.objects.bulk_create(
        Aid(organisation=each, beneficiary=each.name, amount_eur=HAD, **facts) for each in companies[::2]
    )
    facts = {"call": call, "lead": companies[0], "status": "submitted"}
    applications = Application.objects.bulk_create(Application(number=n + 1, **facts) for n in range(2 * TRIES))
    decisions = Decision.objects.bulk_create(
        Decision(application=each, outcome="funded", decided_at=timezone.now()) for each in applications
    )
    parts = Partner.objects.bulk_create(
        Partner(application=application, organisation=each, name=each.name, country="SE")
        for application, each in zip(applications, companies, strict=True)
    )
    awards = Award.objects.bulk_create(
        Award(decision=decisions[n], partner=parts[n], funder=funders[n % 2], amount_eur=AMOUNT)
        for n in range(2 * TRIES)
    )
    return list(zip(awards[::2], awards[1::2], strict=True))


@pytest.mark.slow
def test_two_connections_never_break_the_ceiling_between_them(manager):
    """A thousand times the last room of an undertaking is granted to two of its companies at the same moment."""
    pairs = pairs_of_awards()
    ones, others = iter([one for one, _other in pairs]), iter([other for _one, other in pairs])
    tried: list[int] = []

    side_by_side(
        TRIES,
        lambda: granting.grant(award=next(ones), by=manager),
        lambda: granting.grant(award=next(others), by=manager),
        between=tried.append,
    )

    assert tried == [1] * TRIES
    granted = set(Grant.objects.values_list("award", flat=True))
    assert len(granted) == TRIES
    # Each connection came first some of the time: otherwise nothing was raced.
    assert 0 < len(granted & {one.pk for one, _other in pairs}) < TRIES
    undertakings_of = Aid.objects.values("organisation__undertaking").annotate(sum=Sum("amount_eur"))
    assert {each["sum"] for each in undertakings_of} == {HAD + AMOUNT}


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
