"""Money that is not bound any more is not granted, and money that was granted is not taken away beside its grant."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from funding import aid as ledger
from funding.actions import announcing, appeals, granting, grants, reserve
from funding.models import Aid, Application, Award, Decision, Grant, Letter, Partner
from funding.reading import grants as reading
from tests.funding.decisions_ground import asked_in_full, fund, judged, judged_call, tell
from tests.funding.grants_ground import award_for, decided_call, today

pytestmark = pytest.mark.django_db


def given_up(award: Award, manager) -> None:
    reserve.give_up(award=award, why="It found other money.", by=manager)


def withdrawn(award: Award, _manager) -> None:
    Application.objects.filter(decision__awards=award).update(status="withdrawn", withdrawn_at=timezone.now())


@pytest.mark.parametrize("ended", [given_up, withdrawn])
def test_award_that_binds_no_money_any_more_is_not_granted(manager, organisation, sign_in, ended):
    call = decided_call()
    stands, ends = award_for(organisation, 1_000, call=call), award_for(None, 2_000, call=call)
    Partner.objects.filter(pk=ends.partner_id).update(organisation=organisation)
    ended(ends, manager)

    with pytest.raises(Refused, match="does not stand any more"):
        granting.grant(award=ends, by=manager)
    assert [each.award for each in reading.to_grant(call)] == [stands]
    assert ledger.warnings_of(stands, today()) == []
    money = {each.pk: (each.awarded, each.left) for each in reading.by_funder(call)}
    assert money[ends.funder_id] == (0, ends.funder.budget_eur)
    granted, refused = granting.grant_all(call=call, by=manager)
    assert ([each.award for each in granted], refused) == ([stands], [])
    assert Aid.objects.count() == 1
    assert sign_in(manager).get(reverse("funding:grant_award", args=[ends.pk])).status_code == 404


@pytest.fixture
def granted(manager, organisation, owner) -> Decision:
    """Two partners are funded, the lead with less than it asks; the lead's money is granted, and the lead appeals."""
    call = judged_call()
    application = judged(call, 5, 40_000, 20_000, lead=organisation)
    lead = application.partners.get(is_lead=True)
    decision = fund(application, manager, amounts=asked_in_full(application) | {lead.pk: Decimal(30_000)})
    tell(call, manager)
    granting.grant(award=decision.awards.get(partner=lead), by=manager)
    appeals.file(decision=decision, words="We asked for more.", by=owner)
    return Decision.objects.get()


def uphold(decision: Decision, manager, outcome: str = "funded", **amounts: int) -> None:
    parts = {"lead": decision.application.partners.get(is_lead=True).pk}
    parts["other"] = decision.application.partners.get(is_lead=False).pk
    chosen = {parts[name]: Decimal(amount) for name, amount in amounts.items()}
    appeals.uphold(appeal=decision.appeal, answer="You are right.", outcome=outcome, amounts=chosen, by=manager)


@pytest.mark.parametrize("said", [{"lead": 40_000, "other": 20_000}, {"other": 20_000}, {"outcome": "rejected"}])
def test_upheld_appeal_does_not_change_what_is_granted(granted, manager, said):
    with pytest.raises(Refused, match="is granted EUR 30,000 already"):
        uphold(granted, manager, **said)

    granted.refresh_from_db()
    assert (granted.outcome, granted.appeal.status, Grant.objects.get().amount_eur) == ("funded", "filed", 30_000)
    assert Letter.objects.count() == 1


def test_upheld_appeal_changes_what_is_not_granted_yet(granted, manager):
    before = Grant.objects.get().award
    uphold(granted, manager, lead=30_000, other=15_000)

    assert Grant.objects.get().award == before
    assert sorted(granted.awards.values_list("amount_eur", flat=True)) == [15_000, 30_000]


def test_award_that_was_given_up_stays_as_a_row_after_an_appeal(granted, manager):
    gone = granted.awards.get(partner__is_lead=False)
    given_up(gone, manager)
    uphold(granted, manager, lead=30_000)

    gone.refresh_from_db()
    assert gone.why_given_up == "It found other money."


def test_rest_of_an_ended_grant_stays_planned(manager, organisation):
    grant = granting.grant(award=award_for(organisation, 20_000), by=manager)
    grants.end_early(grant=grant, on=today(), why="The partner left.", kept_eur=Decimal(5_000), by=manager)

    with pytest.raises(Refused, match="This stays"):
        grants.remove_payment(payment=grant.payments.get(), by=manager)
    assert grant.payments.get().amount_eur == 5_000


def test_letter_with_a_long_subject_goes_out(manager):
    call = judged_call()
    announcing.save_template(call=call, kind="funded", subject="{reasons} {title}", text="{reasons}", by=manager)
    fund(judged(call, 5, 10_000), manager, reasons="Clear benefit. " * 200)

    assert tell(call, manager) == 1
    assert Letter.objects.get().subject.startswith("Clear benefit.")
