"""What is decided of an application: within what was asked and every budget, with reasons, by the secretary alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from funding.actions import decisions
from funding.models import Award, Decision, Partner
from tests.factories.funding import ApplicationFactory, FundingCallFactory, SubmissionFactory
from tests.funding.decisions_ground import asked_in_full, fund, judged, judged_call, keep, reject

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call()


def test_funded_project_has_an_award_for_each_partner(call, manager):
    application = judged(call, 5, 40_000, 20_000)
    decision = fund(application, manager)

    awards = decision.awards.order_by("partner__position", "pk")
    assert [(each.funder.name, each.amount_eur) for each in awards] == [("Havsfonden", 40_000), ("Mere Fond", 20_000)]
    event = AuditEvent.objects.get(action="funding.decided")
    assert event.details["before"] is None
    assert event.details["after"]["outcome"] == "funded"
    assert event.details["after"]["awards"][0].endswith("EUR 40,000, Havsfonden")


def test_amount_may_be_cut_but_not_above_what_is_asked(call, manager):
    application = judged(call, 5, 40_000)
    (pk,) = asked_in_full(application)

    with pytest.raises(Refused, match=r"asks for EUR 40,000\. It cannot get more\."):
        fund(application, manager, amounts={pk: Decimal("40000.01")})
    with pytest.raises(Refused, match="cannot be below zero"):
        fund(application, manager, amounts={pk: Decimal(-1)})
    with pytest.raises(Refused, match="how much at least one partner gets"):
        fund(application, manager, amounts={pk: Decimal(0)})
    assert fund(application, manager, amounts={pk: Decimal("39999.99")}).awards.get().amount_eur == Decimal("39999.99")


def test_partner_of_another_application_gets_nothing(call, manager):
    one, other = judged(call, 5, 40_000), judged(call, 5, 30_000)

    with pytest.raises(Refused, match="Only partners who ask for money"):
        fund(one, manager, amounts=asked_in_full(other))


def test_budget_holds_to_the_cent(call, manager):
    fund(judged(call, 5, 60_000), manager)
    second = judged(call, 5, Decimal("40000.01"))

    with pytest.raises(Refused, match=r"Havsfonden has EUR 100,000\. With this, EUR 0\.01 too much"):
        fund(second, manager)
    assert not Decision.objects.filter(application=second).exists()
    assert fund(second, manager, amounts={second.partners.get().pk: 40_000}).outcome == "funded"


def test_joint_project_is_refused_when_one_funder_cannot_pay(call, manager):
    with pytest.raises(Refused, match="Mere Fond has EUR 50,000"):
        fund(judged(call, 5, 10_000, 50_001), manager)
    assert Award.objects.count() == 0


def test_new_decision_takes_the_place_of_the_old_one_and_frees_its_money(call, manager):
    first, second = judged(call, 5, 90_000), judged(call, 4, 20_000)
    fund(first, manager)
    keep(first, 1, manager)

    assert fund(second, manager).awards.count() == 1
    assert Award.objects.count() == 1
    event = AuditEvent.objects.filter(action="funding.decided", details__application=first.reference).latest("pk")
    assert (event.details["before"]["outcome"], event.details["after"]["outcome"]) == ("funded", "reserve")
    assert event.details["before"]["reasons"] == "Clear benefit."


def test_withdrawn_application_is_not_decided_and_binds_no_money(call, manager):
    gone, second = judged(call, 5, 90_000), judged(call, 5, 20_000)
    fund(gone, manager)
    gone.status, gone.withdrawn_at = "withdrawn", timezone.now()
    gone.save()

    assert fund(second, manager).outcome == "funded"
    with pytest.raises(Refused, match="was withdrawn meanwhile"):
        reject(gone, manager)


def test_stale_page_does_not_write_over_a_newer_decision(call, manager):
    application = judged(call, 5, 40_000)
    reject(application, manager, seen="")

    with pytest.raises(Refused, match="Somebody else has decided"):
        fund(application, manager, seen="")
    seen = decisions.state_of(Decision.objects.get())
    assert fund(application, manager, seen=seen).outcome == "funded"


def test_place_on_the_reserve_list_is_given_once(call, manager):
    one, other = judged(call, 5, 40_000), judged(call, 4, 40_000)
    keep(one, 1, manager)

    with pytest.raises(Refused, match=f"Place 1 on the reserve list is taken by {one.reference}"):
        keep(other, 1, manager)
    for place in (0, None, -1):
        with pytest.raises(Refused, match="Give the place"):
            keep(other, place, manager)
    assert keep(one, 1, manager).reserve_place == 1
    assert keep(other, 2, manager).reserve_place == 2


def test_below_a_threshold_nothing_is_funded(call, manager):
    with pytest.raises(Refused, match="misses a threshold"):
        fund(judged(call, 2, 40_000), manager)


def test_before_the_reviews_are_in_the_record_keeps_why(call, manager):
    application = judged(call, 5, 40_000)
    application.assignments.update(status="open")

    with pytest.raises(Refused, match="Only 0 of 1 reviews are in"):
        reject(application, manager)
    reject(application, manager, why_early="The only reviewer fell ill.")
    assert AuditEvent.objects.get(action="funding.decided").details["why_early"] == "The only reviewer fell ill."


def test_ineligible_needs_no_review(call, manager):
    application = judged(call, 5, 40_000)
    application.assignments.all().delete()

    assert reject(application, manager, outcome="ineligible").outcome == "ineligible"


def test_reasons_are_needed(call, manager):
    with pytest.raises(Refused, match="Give the reasons"):
        reject(judged(call, 5, 40_000), manager, reasons="  ")


def test_nothing_is_decided_before_the_deadline_or_of_a_draft(call, manager):
    early = ApplicationFactory(call=FundingCallFactory(), submitted=True)
    with pytest.raises(Refused, match="after the deadline"):
        reject(early, manager, why_early="No.")
    with pytest.raises(Refused, match="was not handed in"):
        reject(ApplicationFactory(call=call), manager)


def test_while_an_application_was_being_amended_what_was_handed_in_counts(call, manager):
    """The deadline passed while somebody typed a larger amount."""
    application = judged(call, 5, 40_000)
    part = application.partners.get()
    content = {"partners": [{"id": part.pk, "funder": {"id": part.funder_id}, "grant": "30000.00"}]}
    application.submissions.all().delete()
    SubmissionFactory(application=application, content=content)
    application.status = "amending"
    application.save()

    with pytest.raises(Refused, match="asks for EUR 30,000"):
        fund(application, manager, amounts={part.pk: 40_000})
    assert fund(application, manager, amounts={part.pk: 30_000}).awards.get().amount_eur == 30_000


def test_partner_who_declined_gets_nothing(call, manager):
    application = judged(call, 5, 40_000, 20_000)
    amounts = asked_in_full(application)
    application.partners.filter(is_lead=False).update(status=Partner.Status.DECLINED)

    with pytest.raises(Refused, match="Only partners who ask for money"):
        fund(application, manager, amounts=amounts)


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator"])
def test_only_the_secretary_decides(call, request, who):
    with pytest.raises(PermissionDenied):
        reject(judged(call, 5, 40_000), request.getfixturevalue(who))
    assert not Decision.objects.exists()


def test_decision_carries_the_moment_that_is_given(call, manager):
    at = timezone.now() - timedelta(days=3)

    assert reject(judged(call, 5, 40_000), manager, at=at).decided_at == at
