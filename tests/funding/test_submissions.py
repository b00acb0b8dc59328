"""Handing in: what blocks it, what is told and agreed to, what is kept, the receipt, and the mails."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding import reminding
from funding.actions import submissions as actions
from funding.actions.locks import TooLate
from funding.models import Application, FundingCall, Partner, Submission
from tests.factories.funding import ApplicationFactory, FundingCallFactory, PartnerFactory
from tests.factories.members import MembershipFactory
from tests.funding.applying import Ground, ground


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def blocked(g: Ground, owner) -> list[str]:
    with pytest.raises(actions.NotReady) as refusal:
        actions.submit(application=g.application, by=owner)
    assert not Submission.objects.exists()
    return [point.text for point in refusal.value.points]


def test_handed_in_application_is_kept_word_for_word_with_a_hash_that_proves_it(g, owner):
    submission = actions.submit(application=g.application, by=owner)

    submission.refresh_from_db()
    content = submission.content
    assert actions.sha256_of(content) == submission.sha256
    assert actions.sha256_of(content | {"title": "Clear water."}) != submission.sha256
    assert (content["reference"], content["title"], content["submission"]) == ("ATW-001", "Clear water", 1)
    assert content["answers"][0]["value"] == "A filter for small lakes."
    assert [(each["name"], each["total"], each["grant"]) for each in content["partners"]] == [
        ("Ålgräs Robotics", "20000.00", "10000.00"), ("Emajõe Filters", "20000.00", "10000.00"),
    ]  # fmt: skip
    assert content["at"] == submission.at.isoformat()
    assert {check["verdict"] for check in submission.checks} == {"pass"}
    event = AuditEvent.objects.get(action="funding.application_submitted")
    assert (event.actor_label, event.details["sha256"]) == ("Olivia Owner", submission.sha256)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda g: g.application.answers.all().delete(), "“What is the idea?”: not answered yet."),
        (lambda g: g.application.answers.update(value="w " * 12), "12 words, 10 at most: 2 words too many."),
        (lambda g: Application.objects.update(title=" "), "The title is missing."),
        (lambda g: Partner.objects.filter(pk=g.partner.pk).update(status="invited"), "has not confirmed its part yet"),
        (lambda g: Partner.objects.filter(pk=g.partner.pk).update(status="draft"), "is not invited yet."),
        (lambda g: Partner.objects.filter(pk=g.own.pk).update(declared_at=None), "The declarations of your"),
        (lambda g: Partner.objects.filter(pk=g.own.pk).update(own_money_eur=9_999), "differ from that by EUR 1"),
        (lambda g: Partner.objects.filter(pk=g.own.pk).update(grant_eur=None), "The budget is not complete"),
        (lambda g: FundingCall.objects.update(least_countries=3), "the call asks for 3 countries or more"),
        (lambda g: g.partner.costs.all().delete(), "Emajõe Filters: The budget is not complete"),
        (lambda g: FundingCall.objects.update(longest_months=12), "Say how many months the project takes."),
    ],
)  # fmt: skip
def test_what_is_missing_or_fails_blocks_and_is_named(g, owner, sign_in, change, says):
    change(g)

    assert any(says in text for text in blocked(g, owner))
    page = sign_in(owner).post(reverse("funding:check", args=["ATW-001"]), follow=True).content.decode()
    assert says in page
    assert "It is not handed in: something is missing still." in page


def test_open_question_is_handed_in_with_open_eyes_only(g, owner, sign_in):
    type(g.estonian).objects.filter(pk=g.estonian.pk).update(sizes=["micro", "small"])
    client, address = sign_in(owner), reverse("funding:check", args=["ATW-001"])
    page = client.get(address)
    seen = page.context["seen"]
    assert "Its size is not known yet." in page.content.decode()

    client.post(address, {"seen": seen})
    client.post(address, {"seen": "of something else", "agree": "1"})
    assert not Submission.objects.exists()
    client.post(address, {"seen": seen, "agree": "1"})

    assert "size is not known" in Submission.objects.get().content["handed_in_with_open_questions"][0]


def test_declined_partner_does_not_stand_in_the_way_and_is_not_handed_in(g, owner):
    PartnerFactory(application=g.application, name="Gone", declined=True)

    content = actions.submit(application=g.application, by=owner).content

    assert "Gone" not in [each["name"] for each in content["partners"]]


def test_second_click_hands_in_once_and_mails_once(g, owner, colleague, sign_in):
    client = sign_in(owner)
    for _ in range(2):
        page = client.post(reverse("funding:check", args=["ATW-001"]), follow=True).content.decode()

    submission = Submission.objects.get()
    assert submission.sha256 in page
    mails = Mail.objects.filter(key__startswith="application-receipt:")
    assert {mail.to for mail in mails} == {owner.email, colleague.email}
    assert submission.sha256 in mails[0].text


@pytest.mark.parametrize(("seconds", "in_time"), [(0, True), (1, False), (-1, True)])
def test_very_second_of_the_deadline_is_in_time_and_the_next_is_not(g, owner, seconds, in_time):
    deadline = timezone.now().replace(microsecond=0) + timedelta(days=1)
    FundingCall.objects.update(deadline=deadline)

    with time_machine.travel(deadline + timedelta(seconds=seconds), tick=False):
        if in_time:
            assert actions.submit(application=g.application, by=owner).at == deadline + timedelta(seconds=seconds)
        else:
            with pytest.raises(TooLate, match=r"The deadline was .*Stockholm \(UTC\+"):
                actions.submit(application=g.application, by=owner)


@pytest.mark.parametrize("who", ["viewer", "outsider", "manager", "evaluator"])
def test_only_owners_and_editors_of_the_lead_hand_in(request, g, who):
    with pytest.raises(PermissionDenied):
        actions.submit(application=g.application, by=request.getfixturevalue(who))
    assert not Submission.objects.exists()


def test_withdrawn_application_is_not_handed_in(g, owner):
    Application.objects.update(status="withdrawn", withdrawn_at=timezone.now())
    with pytest.raises(Refused, match="was withdrawn"):
        actions.submit(application=g.application, by=owner)


def test_receipt_offers_to_amend_only_until_the_deadline(g, owner, sign_in):
    actions.submit(application=g.application, by=owner)
    address, lead = reverse("funding:receipt", args=["ATW-001"]), sign_in(owner)
    before = lead.get(address).content.decode()

    FundingCall.objects.update(opens_at=timezone.now() - timedelta(days=9), deadline=timezone.now() - timedelta(days=1))
    after = lead.get(address).content.decode()

    assert ("You can amend it until" in before, "The deadline was" in before) == (True, False)
    assert ("You can amend it until" in after, "The deadline was" in after) == (False, True)


def test_receipt_on_paper_has_number_moment_with_zone_and_hash(g, owner, sign_in):
    type(g.application).objects.update(title="*Clear* #water $x$ <b>")
    submission = actions.submit(application=g.application, by=owner)

    answer = sign_in(owner).get(reverse("funding:receipt_pdf", args=["ATW-001"]))

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace("\n", "")
    assert answer["Content-Disposition"] == 'attachment; filename="ATW-001-1.pdf"'
    assert submission.sha256 in text.replace(" ", "")
    assert "ATW-001" in text
    assert "*Clear* #water $x$ <b>" in text
    assert "Stockholm (UTC+" in text


def test_manager_reads_what_was_handed_in_and_no_draft(g, owner, manager, sign_in):
    client = sign_in(manager)
    assert client.get(reverse("funding:application", args=["ATW-001"])).status_code == 404
    actions.submit(application=g.application, by=owner)
    Application.objects.update(status="amending", title="SECRET DRAFT")

    page = client.get(reverse("funding:application", args=["ATW-001"]), follow=True).content.decode()

    assert "Clean it together." in page
    assert "SECRET DRAFT" not in page
    for name in ("project", "budget", "partners", "check", "receipt"):
        assert client.get(reverse(f"funding:{name}", args=["ATW-001"])).status_code == 404


def test_drafts_are_reminded_seven_days_and_one_day_before_once_each(g, owner):
    ApplicationFactory(call=g.call, number=2, submitted=True)
    ApplicationFactory(call=FundingCallFactory(deadline=timezone.now() + timedelta(days=9)), number=1)
    for left in (timedelta(days=8), timedelta(days=6, hours=23), timedelta(days=6), timedelta(hours=20)):
        with time_machine.travel(g.call.deadline - left, tick=False):
            reminding.remind_due()
            reminding.remind_due()

    mails = Mail.objects.filter(key__startswith="application-reminder:", to=owner.email).order_by("pk")
    assert [mail.subject for mail in mails] == ["7 days left: Across the water", "1 day left: Across the water"]


def test_draft_is_told_that_it_missed_the_deadline_once(g, owner):
    viewer = MembershipFactory(organisation=g.application.lead, role="viewer").user
    with time_machine.travel(g.call.deadline + timedelta(minutes=5), tick=False):
        reminding.tell_missed()
        reminding.tell_missed()

    mail = Mail.objects.get(key__startswith="application-missed:")
    assert (mail.to, "was not handed in and does not take part" in mail.text) == (owner.email, True)
    assert viewer.email != mail.to


def test_canonical_json_is_what_anybody_can_write_again(g, owner):
    submission = actions.submit(application=g.application, by=owner)
    again = json.loads(json.dumps(submission.content))

    assert actions.sha256_of(again) == submission.sha256
