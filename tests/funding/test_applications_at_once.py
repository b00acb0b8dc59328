"""Several people at the same moment: numbers, the deadline, confirmations, a double click."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from core.models import AuditEvent, Mail
from funding import files
from funding.actions import answers, applications, attachments, partners, submissions
from funding.models import Application, Attachment, Cost, FundingCall, Partner, Revision, Submission
from members.models import Membership
from tests.factories.funding import CostCategoryFactory, FunderFactory, FundingCallFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.applying import ground
from tests.racing import at_once, side_by_side

pytestmark = pytest.mark.django_db(transaction=True)
A_THOUSAND = 1000


def test_numbers_have_no_gaps_and_none_is_given_twice(home):
    call = FundingCallFactory(code="RUN")
    leads = [MembershipFactory() for _ in range(6)]

    def start(each: Membership) -> Callable[[], object]:
        return lambda: [applications.start(call=call, organisation=each.organisation, by=each.user) for _ in range(2)]

    assert at_once(*(start(each) for each in leads)) == []
    assert sorted(Application.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def a_thousand_drafts() -> tuple[FundingCall, Membership]:
    """Each of them could be handed in, with one partner and one line."""
    call = FundingCallFactory(code="TEN", deadline=timezone.now() + timedelta(seconds=60))
    funder, category = FunderFactory(call=call), CostCategoryFactory(call=call)
    # An account that is switched off gets no mail: a thousand receipts are not what is raced here.
    member = MembershipFactory(organisation=OrganisationFactory(name="One of many"), user__is_active=False)
    lead = member.organisation
    Application.objects.bulk_create(
        Application(call=call, number=n, lead=lead, title=f"T{n}", summary="S") for n in range(1, A_THOUSAND + 1)
    )
    parts = Partner.objects.bulk_create(
        Partner(
            application=each, organisation=lead, is_lead=True, name=lead.name, country="SE", funder=funder,
            grant_eur=10, own_money_eur=10, status="confirmed", declared_at=timezone.now(),
        )
        for each in Application.objects.filter(call=call)
    )  # fmt: skip
    Cost.objects.bulk_create(Cost(partner=part, category=category, amount_eur=20) for part in parts)
    return call, member


@pytest.mark.slow
def test_thousand_race_a_deadline_that_is_moved_and_none_is_late(home):
    """Each time the deadline is drawn to this moment while somebody hands in: before it, or not at all."""
    call, member = a_thousand_drafts()
    waiting = iter(Application.objects.filter(call=call).select_related("call", "lead").order_by("number"))
    later = call.deadline + timedelta(hours=1)
    tried, in_time = [], 0

    def draw_to_now() -> None:
        with transaction.atomic():
            held = FundingCall.objects.select_for_update().get(pk=call.pk)
            held.deadline = timezone.now()
            held.save(update_fields=["deadline"])

    def between(_done: int) -> None:
        nonlocal in_time
        deadline = FundingCall.objects.get(pk=call.pk).deadline
        last = Submission.objects.order_by("-pk").first()
        came = Submission.objects.count() - in_time
        tried.append((came, came == 0 or last.at <= deadline))
        in_time += came
        FundingCall.objects.update(deadline=later)

    FundingCall.objects.update(deadline=later)
    side_by_side(
        A_THOUSAND, lambda: submissions.submit(application=next(waiting), by=member.user), draw_to_now, between=between
    )

    assert len(tried) == A_THOUSAND
    assert all(is_in_time for _came, is_in_time in tried)
    # Either came first some of the time: otherwise nothing was raced.
    assert {came for came, _is_in_time in tried} == {0, 1}
    assert Application.objects.filter(status="submitted").count() == in_time


def test_double_click_hands_in_once(owner, organisation):
    g = ground(organisation)

    assert at_once(*[lambda: submissions.submit(application=g.application, by=owner)] * 4) == []

    assert Submission.objects.count() == 1
    assert Mail.objects.filter(key__startswith="application-receipt:").count() == 1


def test_confirmations_race_the_lead_and_what_is_handed_in_is_confirmed(owner, organisation):
    g = ground(organisation)
    for _ in range(25):
        Submission.objects.all().delete()
        Application.objects.update(status="draft")
        Partner.objects.filter(pk=g.partner.pk).update(status="invited", declared_at=None, answered_by="")
        refused = at_once(
            lambda: partners.confirm(partner=g.partner, name="Kadri"),
            lambda: submissions.submit(application=g.application, by=owner),
            lambda: partners.confirm(partner=g.partner, name="Kadri"),
        )
        g.partner.refresh_from_db()
        submission = Submission.objects.first()
        if submission:
            assert submission.content["partners"][1]["confirmed_by"] == "Kadri"
        else:
            assert [type(each).__name__ for each in refused] == ["NotReady"]
        assert g.partner.status == "confirmed"
    assert AuditEvent.objects.filter(action="funding.part_confirmed").count() == 25


def test_two_colleagues_who_type_the_same_field_lose_nothing(owner, colleague, organisation):
    g = ground(organisation)

    def type_as(user, page):
        return lambda: [
            answers.save(
                application=g.application, field="summary", value=f"{page} {n}", based_on=0, by=user, page=page
            )
            for n in range(5)
        ]  # fmt: skip

    assert at_once(type_as(owner, "one"), type_as(colleague, "two")) == []

    kept = set(Revision.objects.filter(field="summary").values_list("value", flat=True))
    assert {"one 4", "two 4"} <= kept
    g.application.refresh_from_db()
    assert Revision.objects.taken_over().filter(field="summary").latest("pk").value == g.application.summary


def test_files_sent_at_once_stay_within_the_limit_together(owner, organisation, monkeypatch):
    g = ground(organisation)
    monkeypatch.setattr(files, "LARGEST_IN_ALL", 250)

    def attach(n: int) -> Callable[[], object]:
        file = SimpleUploadedFile(f"{n}.pdf", b"%PDF-" + bytes([65 + n]) * 95)
        return lambda: attachments.add(application=g.application, file=file, by=owner)

    refused = at_once(*(attach(n) for n in range(5)), faults=(files.Unfit,))

    assert len(refused) == 3
    assert Attachment.objects.count() == 2
