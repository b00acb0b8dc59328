"""Decisions are made known once for the whole call, and only when there is one on everything that was handed in."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding.models import Decision, FundingCall, Letter
from tests.factories.members import MembershipFactory
from tests.funding.decisions_ground import fund, judged, judged_call, keep, reject, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call(name="Blue pilots")


def test_everybody_gets_the_letter_of_the_decision(call, manager, owner, organisation):
    funded = judged(call, 5, 40_000, 20_000, lead=organisation, title="Sensors")
    waiting, rejected = judged(call, 4, 70_000), judged(call, 3, 30_000)
    fund(funded, manager)
    keep(waiting, 1, manager)
    reject(rejected, manager)

    assert tell(call, manager) == 3
    call.refresh_from_db()
    assert call.status == "decided"
    assert Decision.objects.told().count() == 3
    letter = Letter.objects.get(decision__application=funded)
    partner = funded.partners.get(is_lead=False)
    assert letter.to == [owner.email, "lead@lead.example", partner.email]
    assert f"{partner.name}: EUR 20,000 from Mere Fond" in letter.text
    assert "Clear benefit." in letter.text
    assert "{" not in letter.text + letter.subject
    mail = Mail.objects.get(kind="funding-decision", to=owner.email)
    assert mail.subject == f"{funded.reference}: your project is funded"
    assert letter.text in mail.text
    assert "place 1 on the reserve list" in Letter.objects.get(decision__application=waiting).text
    assert AuditEvent.objects.filter(action="funding.letter_sent").count() == 3


def test_second_press_tells_nobody_twice(call, manager):
    reject(judged(call, 3, 30_000), manager)
    tell(call, manager)
    mails = Mail.objects.count()

    assert tell(call, manager) == 0
    assert (Letter.objects.count(), Mail.objects.count()) == (1, mails)
    assert AuditEvent.objects.filter(action="funding.decisions_made_known").count() == 1


def test_call_is_not_decided_while_something_has_no_decision(call, manager):
    reject(judged(call, 3, 30_000), manager)
    open_one = judged(call, 4, 30_000)
    open_one.status = "amending"
    open_one.save()

    with pytest.raises(Refused, match=f"No decision yet on: {open_one.reference}"):
        tell(call, manager)
    call.refresh_from_db()
    assert call.status == "published"
    assert not Letter.objects.exists()


def test_who_has_withdrawn_gets_no_letter(call, manager):
    gone = judged(call, 5, 40_000)
    fund(gone, manager)
    gone.status, gone.withdrawn_at = "withdrawn", timezone.now()
    gone.save()
    reject(judged(call, 3, 30_000), manager)

    assert tell(call, manager) == 1
    assert Letter.objects.get().decision.application_id != gone.pk


def test_afterwards_nothing_is_decided_in_the_usual_way(call, manager):
    application = judged(call, 3, 30_000)
    reject(application, manager)
    tell(call, manager)

    with pytest.raises(Refused, match="only change by appeal or by the reserve list"):
        fund(application, manager)


def test_not_before_the_deadline(call, manager):
    call.deadline = timezone.now() + timedelta(days=1)
    call.save()
    with pytest.raises(Refused, match="after the deadline"):
        tell(call, manager)


@pytest.mark.parametrize("facts", [{"deadline": timezone.now() + timedelta(days=3)}, {"status": "cancelled"}])
def test_page_offers_letters_only_when_they_can_go_out(call, manager, sign_in, facts):
    FundingCall.objects.filter(pk=call.pk).update(**facts)
    page = sign_in(manager).get(reverse("funding:make_known", args=[call.slug])).content.decode()

    assert "Decisions are made known after the deadline of a call." in page
    assert "Make known and send the letters" not in page
    assert "made known already" not in page


def test_only_the_secretary(call, owner):
    with pytest.raises(PermissionDenied):
        tell(call, owner)


def test_partner_that_declined_gets_no_letter(call, manager):
    application = judged(call, 5, 40_000, 20_000)
    application.partners.filter(is_lead=False).update(status="declined")
    reject(application, manager)
    tell(call, manager)

    assert Letter.objects.get().to == ["lead@lead.example"]


def test_each_address_gets_one_mail(call, manager, organisation):
    application = judged(call, 5, 40_000, lead=organisation)
    user = MembershipFactory(organisation=organisation, role="owner").user
    application.partners.update(email=user.email.lower())
    reject(application, manager)
    tell(call, manager)

    assert Letter.objects.get().to.count(user.email.lower()) == 1
    assert Mail.objects.filter(to=user.email.lower()).count() == 1
