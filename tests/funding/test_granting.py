"""Awards become grants on the day of granting, within the room of the single undertaking."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from core.actions import Refused
from core.models import AuditEvent
from funding import aid as ledger
from funding.actions import granting
from funding.models import Aid, Award, Decision, FundingCall, Grant
from members.actions import undertakings
from members.models import Organisation, Undertaking
from tests.factories.funding import AidFactory, PartnerFactory
from tests.factories.members import OrganisationFactory
from tests.funding.grants_ground import award_for, decided_call, on_the_ledger, one_undertaking, today

pytestmark = pytest.mark.django_db


def test_award_is_granted_once_and_stands_on_the_ledger(manager, organisation):
    award = award_for(organisation, 20_000, name="Region Fund")
    first, second = (granting.grant(award=award, by=manager) for _ in range(2))

    assert first == second
    assert (first.organisation, first.granted_on, first.amount_eur) == (organisation, today(), 20_000)
    entry = Aid.objects.get()
    assert (entry.source, entry.grant, entry.authority, entry.member_state) == ("grant", first, "Region Fund", "SE")
    assert AuditEvent.objects.filter(action="funding.granted", organisation_id=organisation.pk).count() == 1
    assert Organisation.objects.get(pk=organisation.pk).undertaking is not None, "it was made at first use"


def test_other_money_than_de_minimis_does_not_stand_on_the_ledger(manager, organisation):
    AidFactory(organisation=organisation, amount_eur=300_000)
    assert granting.grant(award=award_for(organisation, is_de_minimis=False), by=manager)
    assert not Aid.objects.filter(source="grant").exists()


def test_grant_beyond_the_ceiling_says_how_much_room_there_is_and_from_when_there_is_more(manager):
    one, other = one_undertaking(manager, "Klarflod", "Klarflod Drift")
    AidFactory(organisation=other, amount_eur=250_000, granted_on=today() - timedelta(days=30))
    award = award_for(one, 60_000)

    with pytest.raises(Refused) as refusal:
        granting.grant(award=award, by=manager)

    again = today() - timedelta(days=30) + relativedelta(years=3)
    assert "Klarflod: EUR 60,000 is more than the de minimis room. In Sweden EUR 50,000 are left" in str(refusal.value)
    assert f"There is enough room from {ledger.in_words(again)}." in str(refusal.value)
    assert not Grant.objects.exists()
    assert ledger.warnings_of(award, today()) == [str(refusal.value)]
    assert ledger.warnings_of(award, again) == []


def test_exactly_the_room_is_granted_and_each_state_counts_for_itself(manager, organisation):
    AidFactory(organisation=organisation, amount_eur=250_000)
    AidFactory(organisation=organisation, amount_eur=300_000, member_state="FI")
    assert granting.grant(award=award_for(organisation, 50_000), by=manager)
    with pytest.raises(Refused, match="EUR 0 are left"):
        granting.grant(award=award_for(organisation, 1), by=manager)


def test_two_funders_of_one_state_share_the_room(manager, organisation):
    first, second = (award_for(organisation, 200_000, name=name) for name in ("North Fund", "South Fund"))
    assert "EUR 200,000 wait to be granted to the same undertaking" in ledger.warnings_of(first, today())[0]
    granting.grant(award=first, by=manager)
    with pytest.raises(Refused, match="EUR 100,000 are left"):
        granting.grant(award=second, by=manager)
    assert on_the_ledger(organisation) == 200_000


def test_earlier_day_counts_what_was_granted_after_it(manager, organisation):
    call = decided_call(decided_at=FundingCall._meta.get_field("created_at").default() - timedelta(days=40))
    AidFactory(organisation=organisation, amount_eur=290_000, granted_on=today() - timedelta(days=2))
    with pytest.raises(Refused, match="EUR 10,000 are left"):
        granting.grant(award=award_for(organisation, 20_000, call=call), on=today() - timedelta(days=30), by=manager)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda award: {"on": today() + timedelta(days=1)}, "is in the future"),
        (lambda award: {"on": today() - timedelta(days=1)}, "before the day of the decision"),
        (lambda award: Decision.objects.update(outcome="rejected") and {}, "once the decisions are made known"),
        (lambda award: FundingCall.objects.update(status="published") and {}, "once the decisions are made known"),
        (lambda award: Award.objects.all().delete() and {}, "was taken back"),
    ],
)
def test_what_does_not_fit_is_refused(manager, organisation, spoil, words):
    award = award_for(organisation)
    with pytest.raises(Refused, match=words):
        granting.grant(award=award, by=manager, **spoil(award))
    assert not Grant.objects.exists()
    assert not Aid.objects.exists()


def test_nothing_is_granted_as_de_minimis_once_the_regulation_has_ended(manager, organisation, time_machine):
    award = award_for(organisation)
    time_machine.move_to(date(2031, 1, 2))
    with pytest.raises(Refused, match="ended on 31 December 2030"):
        granting.grant(award=award, by=manager)


def test_only_managers_grant(owner, outsider, evaluator, organisation):
    award = award_for(organisation)
    for user in (owner, outsider, evaluator):
        with pytest.raises(PermissionDenied):
            granting.grant(award=award, by=user)
        with pytest.raises(PermissionDenied):
            granting.grant_all(call=award.decision.application.call, by=user)
    assert not Grant.objects.exists()


def test_whole_call_is_granted_and_what_is_refused_is_said(manager, organisation):
    call = decided_call()
    fine, nobody = award_for(organisation, call=call), award_for(None, call=call)
    granted, refused = granting.grant_all(call=call, by=manager)

    assert [each.award for each in granted] == [fine]
    assert refused == [(nobody, "Unknown to us: say first which organisation it is.")]


# --- which organisation a partner is ----------------------------------------------------------------------------------


def test_partner_that_nobody_knows_becomes_an_organisation_without_people(manager):
    award = award_for(None)
    granting.add_as_organisation(part=award.partner, by=manager)
    made = granting.grant(award=award, by=manager).organisation

    assert (made.name, made.is_member, made.country) == ("Unknown to us", False, "EE")
    assert not made.memberships.exists()


def test_organisation_of_a_granted_part_stays(manager, organisation):
    award = award_for(organisation)
    granting.grant(award=award, by=manager)
    with pytest.raises(Refused, match="stays as it is"):
        granting.name_organisation(part=award.partner, organisation=OrganisationFactory(), by=manager)


def test_one_organisation_has_one_part(manager, organisation):
    award = award_for(organisation)
    other = PartnerFactory(application=award.partner.application)
    with pytest.raises(Refused, match="has another part"):
        granting.name_organisation(part=other, organisation=organisation, by=manager)
    home = Organisation.objects.get(is_home=True)
    with pytest.raises(Refused, match="cluster organisation itself"):
        granting.name_organisation(part=other, organisation=home, by=manager)


# --- the ledger itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoil", [lambda rows: rows.update(amount_eur=1), lambda rows: rows.delete(),
                                   lambda rows: rows.update(organisation=OrganisationFactory())])  # fmt: skip
def test_database_itself_refuses_to_change_the_ledger(spoil):
    AidFactory()
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        spoil(Aid.objects.all())


def test_who_entered_it_may_be_forgotten(manager):
    AidFactory(entered_by=manager)
    Aid.objects.update(entered_by=None)
    assert Aid.objects.get().entered_by is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Aid.objects.update(entered_by=manager)


def test_aid_follows_a_company_that_leaves_the_undertaking(manager):
    one, other = one_undertaking(manager, "Klarflod", "Klarflod Drift")
    AidFactory(organisation=other, amount_eur=120_000)
    assert ledger.room_of(one, "SE", today()).left == 180_000
    undertakings.separate(organisation=other, by=manager)
    one.refresh_from_db()
    assert ledger.room_of(one, "SE", today()).left == 300_000
    assert Undertaking.objects.count() == 1
