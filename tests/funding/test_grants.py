"""A grant from its agreement to its last payment: what fits, what is refused, and what is written down."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding.actions import aid, granting, grants
from funding.models import Aid, Grant, GrantReport, Milestone, Payment
from tests.factories.funding import GrantFactory
from tests.funding.grants_ground import award_for, on_the_ledger, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(manager, organisation) -> Grant:
    return granting.grant(award=award_for(organisation, 20_000), by=manager)


@pytest.fixture
def running(grant, manager) -> Grant:
    return grants.agree(grant=grant, by=manager, **agreement())


def agreement(**changed):
    times = {"signed_on": today(), "starts_on": today(), "ends_on": today() + timedelta(days=300)}
    return {"agreement_number": "A-7"} | times | changed


def planned(grant, manager, **facts):
    facts = {"name": "First", "amount_eur": Decimal(10_000), "due_on": today()} | facts
    return grants.plan_payment(grant=grant, by=manager, **facts)


def report_of(grant, manager, kind="final", **said):
    report = grants.plan_report(grant=grant, kind=kind, due_on=today() + timedelta(days=20), by=manager)
    if said:
        GrantReport.objects.filter(pk=report.pk).update(**said)
        report.refresh_from_db()
    return report


def accepted(grant, manager, owner, kind="final"):
    report = report_of(grant, manager, kind, words="Done.", spent_eur=15_000)
    grants.hand_in_report(report=report, by=owner)
    grants.accept_report(report=report, by=manager)
    report.refresh_from_db()
    return report


# --- the agreement ----------------------------------------------------------------------------------------------------


def test_grant_runs_once_its_agreement_is_signed_and_its_time_is_known(grant, manager):
    grants.agree(grant=grant, by=manager, **agreement(signed_on=None))
    assert grant.status == "granted"
    grants.agree(grant=grant, by=manager, **agreement())
    assert (grant.status, grant.agreement_number) == ("running", "A-7")
    kept = AuditEvent.objects.filter(action="funding.agreement_kept").order_by("pk")
    assert [each.details["fields"] for each in kept][-1] == ["signed_on", "status"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"signed_on": today() + timedelta(days=1)}, "signing is in the future"),
        ({"signed_on": today() - timedelta(days=1)}, "before the day of granting"),
        ({"ends_on": today()}, "not after the start"),
    ],
)
def test_agreement_that_does_not_fit(grant, manager, changed, words):
    with pytest.raises(Refused, match=words):
        grants.agree(grant=grant, by=manager, **agreement(**changed))
    assert Grant.objects.get().agreement_number == ""


def test_running_grant_keeps_its_times(running, manager):
    with pytest.raises(Refused, match="The grant is running"):
        grants.agree(grant=running, by=manager, **agreement(ends_on=None))


def test_milestones_are_reached_or_removed(running, manager):
    first, second = (
        grants.add_milestone(grant=running, name=name, due_on=today() + timedelta(days=9), by=manager) for name in "ab"
    )
    with pytest.raises(Refused, match="in the future"):
        grants.reach_milestone(milestone=first, on=today() + timedelta(days=1), by=manager)
    grants.reach_milestone(milestone=first, on=today(), by=manager)
    with pytest.raises(Refused, match="was reached"):
        grants.remove_milestone(milestone=first, by=manager)
    for _ in range(2):
        grants.remove_milestone(milestone=second, by=manager)
    assert [each.name for each in Milestone.objects.all()] == ["a"]


# --- reports ----------------------------------------------------------------------------------------------------------


def test_report_goes_to_and_fro_until_it_is_accepted(running, manager, owner):
    report = report_of(running, manager, "interim")
    grants.write_report(report=report, words="Half done.", spent_eur=Decimal(9_000), by=owner)
    grants.hand_in_report(report=report, by=owner)
    with pytest.raises(Refused, match="handed in already"):
        grants.hand_in_report(report=report, by=owner)
    grants.return_report(report=report, questions="Which fairs?", due_on=today() + timedelta(days=9), by=manager)
    grants.write_report(report=report, words="Half done, in Tartu.", spent_eur=Decimal(9_500), by=owner)
    grants.hand_in_report(report=report, by=owner)
    grants.accept_report(report=report, by=manager)
    report.refresh_from_db()

    assert (report.status, report.spent_eur, report.settled_by) == ("accepted", 9_500, manager)
    assert report.handed_in_by == str(owner)
    subjects = list(Mail.objects.order_by("pk").values_list("to", "subject"))
    assert [to for to, _ in subjects] == [manager.email, owner.email, manager.email, owner.email]
    assert "Which fairs?" in Mail.objects.filter(to=owner.email).earliest("pk").text
    with pytest.raises(Refused, match="does not wait"):
        grants.accept_report(report=report, by=manager)


@pytest.mark.parametrize("spent", [Decimal(-1), Decimal(400_001)])
def test_absurd_amount_is_not_kept(running, manager, owner, spent):
    report = report_of(running, manager)
    with pytest.raises(Refused, match="Look at the amount again: the grant is EUR 20,000"):
        grants.write_report(report=report, words="Done.", spent_eur=spent, by=owner)
    report.refresh_from_db()
    assert report.words == ""


def test_empty_report_is_not_handed_in_and_there_is_one_final_one(running, manager, owner):
    report = report_of(running, manager)
    with pytest.raises(Refused, match="Write what was done"):
        grants.hand_in_report(report=report, by=owner)
    with pytest.raises(Refused, match="a final report already"):
        report_of(running, manager)


def test_report_is_written_by_the_beneficiary_alone(running, manager, owner, viewer, outsider, evaluator):
    report = report_of(running, manager, words="Done.", spent_eur=1)
    for user in (manager, viewer, outsider, evaluator):
        with pytest.raises(PermissionDenied):
            grants.write_report(report=report, words="Ours.", spent_eur=Decimal(1), by=user)
        with pytest.raises(PermissionDenied):
            grants.hand_in_report(report=report, by=user)
    grants.hand_in_report(report=report, by=owner)
    for act, said in ((grants.accept_report, {}), (grants.return_report, {"questions": "?", "due_on": today()})):
        with pytest.raises(PermissionDenied):
            act(report=report, by=owner, **said)


def test_manager_writes_for_a_beneficiary_that_has_nobody_here(manager):
    report = report_of(GrantFactory(), manager)
    grants.write_report(report=report, words="They sent it on paper.", spent_eur=Decimal(1), by=manager)
    assert grants.hand_in_report(report=report, by=manager).status == "handed_in"


def test_report_that_somebody_has_begun_is_not_removed(running, manager):
    report = report_of(running, manager, words="So far")
    with pytest.raises(Refused, match="written in this report"):
        grants.remove_report(report=report, by=manager)


# --- payments ---------------------------------------------------------------------------------------------------------


def test_payments_stay_within_the_award(running, manager):
    planned(running, manager, amount_eur=Decimal("19999.50"))
    with pytest.raises(Refused, match=r"The award is EUR 20,000, and EUR 0\.50 of it are not planned yet"):
        planned(running, manager, amount_eur=Decimal("0.51"))
    with pytest.raises(Refused, match="above 0"):
        planned(running, manager, amount_eur=Decimal(-5))
    assert Payment.objects.count() == 1


def test_last_payment_waits_for_the_final_report_or_a_reason(running, manager, owner):
    first, last = planned(running, manager), planned(running, manager, name="Last")
    for _ in range(2):
        grants.pay(payment=first, on=today(), by=manager)
    with pytest.raises(Refused, match="no final report is accepted yet"):
        grants.pay(payment=last, on=today(), by=manager)
    accepted(running, manager, owner)
    grants.pay(payment=last, on=today(), by=manager)
    assert Grant.objects.get().status == "completed"
    assert AuditEvent.objects.filter(action="funding.paid").count() == 2


def test_reason_lets_a_payment_go_before_its_report(running, manager):
    report = report_of(running, manager, "interim")
    payment = planned(running, manager, after=report)
    with pytest.raises(Refused, match="not accepted yet"):
        grants.pay(payment=payment, on=today(), by=manager)
    grants.pay(payment=payment, on=today(), why_early="The fund's year ends.", by=manager)
    assert Payment.objects.get().why_early == "The fund's year ends."


def test_payment_on_an_impossible_day_or_of_a_strange_report(running, manager):
    payment = planned(running, manager)
    for on, words in ((today() + timedelta(days=1), "future"), (today() - timedelta(days=1), "before the day")):
        with pytest.raises(Refused, match=words):
            grants.pay(payment=payment, on=on, by=manager)
    strange = report_of(GrantFactory(), manager)
    with pytest.raises(Refused, match="another grant"):
        planned(running, manager, amount_eur=Decimal(1), after=strange)


# --- an early end -----------------------------------------------------------------------------------------------------


def test_early_end_asks_money_back_and_corrects_the_ledger(running, manager, organisation):
    grants.pay(payment=planned(running, manager, amount_eur=Decimal(12_000)), on=today(), by=manager)
    planned(running, manager, name="Second", amount_eur=Decimal(8_000))
    grants.end_early(grant=running, on=today(), why="The partner left.", kept_eur=Decimal(5_000), by=manager)

    assert (running.status, running.amount_eur) == ("ended", 5_000)
    back = Payment.objects.get(paid_on=None)
    assert (back.is_recovery, back.amount_eur) == (True, 7_000)
    assert on_the_ledger(organisation) == 5_000
    assert [each.amount_eur for each in Aid.objects.order_by("pk")] == [20_000, -20_000, 5_000]
    assert set(Aid.objects.values_list("granted_on", flat=True)) == {running.granted_on}
    with pytest.raises(Refused, match="has ended"):
        planned(running, manager)
    grants.pay(payment=back, on=today(), by=manager)


@pytest.mark.parametrize(
    ("said", "words"),
    [({"why": " "}, "Say why"), ({"kept_eur": Decimal(20_001)}, "between 0 and the award"),
     ({"on": today() + timedelta(days=1)}, "between the day of granting and today")],
)  # fmt: skip
def test_early_end_that_does_not_fit(running, manager, said, words):
    said = {"on": today(), "why": "It ended.", "kept_eur": Decimal(0)} | said
    with pytest.raises(Refused, match=words):
        grants.end_early(grant=running, by=manager, **said)
    assert Grant.objects.get().status == "running"


def test_entry_of_a_grant_is_not_reversed_by_hand(grant, manager):
    with pytest.raises(Refused, match="End the grant early"):
        aid.reverse(aid=Aid.objects.get(), reason="A slip.", by=manager)
