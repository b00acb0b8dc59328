"""What came of an interest? Asked after 3 and 12 months, by a link that opens this one question and nothing else."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.models import AuditEvent, Mail, MailStop
from evaluations import follow_ups, links
from evaluations.models import FollowUp, Outcome
from members.models import Membership, Profile
from opportunities.models import Feedback
from tests.factories.evaluations import FollowUpFactory, OutcomeFactory
from tests.factories.members import MembershipFactory
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def interest(owner, organisation) -> Feedback:
    """The owner showed it three months ago, and an hour."""
    Profile.objects.filter(organisation=organisation).update(languages=["en"])
    at = timezone.now() - relativedelta(months=3) - timedelta(hours=1)
    found = OpportunityFactory(published=True, title="Pumps for <Tartu>")
    return FeedbackFactory(organisation=organisation, opportunity=found, user=owner, at=at)


@pytest.fixture
def asked(interest, owner) -> FollowUp:
    """The question after three months, sent."""
    follow_ups.ask()
    return FollowUp.objects.get()


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.filter(kind="follow-up").order_by("pk").values_list("to", "subject"))


def url(follow_up: FollowUp) -> str:
    return reverse("evaluations:follow_up", args=[links.follow_up_token(follow_up)])


def page_of(response) -> html.HtmlElement:
    return html.document_fromstring(response.content)


# --- whom we ask, and when --------------------------------------------------------------------------------------------


def test_interest_is_asked_about_once_after_three_months(interest, owner, organisation):
    for _ in range(2):
        follow_ups.ask()
    follow_up = FollowUp.objects.get()
    assert (follow_up.organisation, follow_up.opportunity, follow_up.months) == (organisation, interest.opportunity, 3)
    assert (follow_up.email, follow_up.began_on) == (owner.email, timezone.localdate(interest.at))
    assert mails() == [(owner.email, "What came of it after 3 months? Pumps for <Tartu>")]
    mail = Mail.objects.get()
    assert links.follow_up_url(follow_up) in mail.text
    assert "Pumps for &lt;Tartu&gt;" in mail.html
    assert "Stop these mails" in mail.text


@pytest.mark.parametrize("early", [timedelta(hours=2), timedelta(days=-31)])
def test_question_is_asked_neither_early_nor_long_after(interest, early):
    Feedback.objects.update(at=interest.at + early)
    follow_ups.ask()
    assert not FollowUp.objects.exists()
    assert not mails()


def test_question_comes_again_after_twelve_months_unless_nothing_came_of_it(interest, organisation):
    other = FeedbackFactory(organisation=organisation, user=interest.user)
    Feedback.objects.update(at=timezone.now() - relativedelta(months=12) - timedelta(hours=1))
    same = {"organisation": organisation, "opportunity": other.opportunity, "months": 3}
    OutcomeFactory(**same, rung="nothing")
    OutcomeFactory(**same | {"opportunity": interest.opportunity}, rung="contact")
    follow_ups.ask()
    assert list(FollowUp.objects.values_list("opportunity", "months")) == [(interest.opportunity_id, 12)]


def test_several_interests_of_a_person_come_in_one_mail_each_with_its_link(interest, owner, organisation):
    FeedbackFactory(organisation=organisation, user=owner, at=interest.at)
    follow_ups.ask()
    assert len(mails()) == 1
    text = Mail.objects.get().text
    assert all(links.follow_up_url(each) in text for each in FollowUp.objects.all())
    assert FollowUp.objects.count() == 2


@pytest.mark.parametrize("kind", ["opened", "saved", "not_for_us"])
def test_other_answers_are_not_asked_about(interest, kind):
    Feedback.objects.update(kind=kind)
    follow_ups.ask()
    assert not FollowUp.objects.exists()


def test_what_was_handed_over_is_asked_about_unless_the_member_said_no(interest, owner, organisation, manager):
    Feedback.objects.update(kind="handed_over", user=manager)
    refused = FeedbackFactory(organisation=organisation, user=manager, handed_over=True, at=interest.at)
    FeedbackFactory(organisation=organisation, opportunity=refused.opportunity, not_for_us=True)
    wanted = FeedbackFactory(organisation=organisation, user=manager, handed_over=True, at=interest.at)
    FeedbackFactory(organisation=organisation, opportunity=wanted.opportunity)
    follow_ups.ask()
    assert FollowUp.objects.get().opportunity == interest.opportunity, "the third is asked by its own interest, later"
    assert FollowUp.objects.get().email == owner.email, "the member's own people, never the manager"


def test_who_left_or_only_reads_is_not_asked_but_a_colleague(interest, owner, organisation, viewer):
    owner.is_active = False
    owner.save()
    follow_ups.ask()
    assert not FollowUp.objects.exists(), "a viewer does not answer for the organisation"
    colleague = MembershipFactory(organisation=organisation, role=Membership.Role.EDITOR).user
    follow_ups.ask()
    assert FollowUp.objects.get().email == colleague.email


def test_member_that_left_is_not_asked(interest, organisation):
    organisation.is_member = False
    organisation.save()
    follow_ups.ask()
    assert not FollowUp.objects.exists()


def test_address_that_wants_no_such_mail_gets_none(interest, owner):
    MailStop.objects.create(address=owner.email, kind="follow-up")
    follow_ups.ask()
    assert Mail.objects.get().status == Mail.Status.STOPPED


def test_reminder_comes_once_after_ten_days(asked, owner, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=9))
    follow_ups.remind()
    assert len(mails()) == 1
    time_machine.move_to(timezone.now() + timedelta(days=1, hours=1))
    for _ in range(2):
        follow_ups.remind()
    assert mails()[1:] == [(owner.email, "Once more: what came of it? Pumps for <Tartu>")]


@pytest.mark.parametrize("reason", ["answered", "left", "taken back"])
def test_reminder_does_not_come_where_there_is_nothing_to_ask(asked, owner, time_machine, reason):
    if reason == "answered":
        FollowUp.objects.update(answered_at=timezone.now())
    elif reason == "left":
        owner.memberships.all().delete()
    else:
        Feedback.objects.all().delete()
    time_machine.move_to(timezone.now() + timedelta(days=11))
    follow_ups.remind()
    assert len(mails()) == 1


# --- the link ---------------------------------------------------------------------------------------------------------


def test_answer_by_link_is_kept_without_signing_in(client, asked, organisation, interest):
    page = page_of(client.get(url(asked)))
    assert "Pumps for <Tartu>" in page.xpath("string(//main)")
    said = {"stage": "sales", "amount": "under_50k", "attribution": "later", "words": " First order "}
    response = client.post(url(asked), said, follow=True)
    assert "Saved. Thank you." in response.content.decode()
    outcome = Outcome.objects.get()
    assert (outcome.source, outcome.months, outcome.rung, outcome.amount) == ("interest", 3, "sales", "under_50k")
    assert (outcome.attribution, outcome.words) == ("later", "First order")
    assert (outcome.organisation, outcome.opportunity) == (organisation, interest.opportunity)
    assert (outcome.began_on, outcome.told_on) == (timezone.localdate(interest.at), timezone.localdate())
    assert outcome.country == organisation.country
    event = AuditEvent.objects.get(action="evaluations.outcome_told")
    assert (event.organisation_id, event.actor_id) == (organisation.pk, None)
    assert "sales" not in str(event.details), "the trail does not hold answers"
    assert FollowUp.objects.get().answered_at


def test_second_answer_changes_the_first_and_the_same_again_nothing(client, asked):
    for stage in ("contact", "agreement", "agreement"):
        client.post(url(asked), {"stage": stage, "amount": "under_10k"})
    assert Outcome.objects.get().rung == "agreement"
    assert AuditEvent.objects.filter(action="evaluations.outcome_told").count() == 2
    page = page_of(client.get(url(asked)))
    assert page.xpath("//input[@name='stage'][@checked]/@value") == ["agreement"]
    assert "You told us on" in page.xpath("string(//main)")


@pytest.mark.parametrize(("stage", "kept"), [("contact", ("", "later")), ("nothing", ("", ""))])
def test_worth_and_attribution_only_where_they_have_a_place(client, asked, stage, kept):
    client.post(url(asked), {"stage": stage, "amount": "over_1m", "attribution": "later"})
    outcome = Outcome.objects.get()
    assert (outcome.amount, outcome.attribution) == kept


@pytest.mark.parametrize("said", [{}, {"stage": "gold"}, {"stage": "sales", "amount": "1000"},
                                  {"stage": "sales", "attribution": "us"}])  # fmt: skip
def test_answer_that_is_not_understood_keeps_what_was_typed(client, asked, said):
    response = client.post(url(asked), said | {"words": "Keep <me>"})
    page = page_of(response)
    assert page.xpath("string(//textarea)").strip() == "Keep <me>"
    assert page.xpath("//*[@role='alert']")
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("forge", [
    lambda f: links.follow_up_token(f)[:-1], lambda _f: "nonsense",
    lambda f: signing.Signer(salt=links.SALT).sign_object(f.pk),
    lambda _f: signing.Signer(salt=links.FOLLOW_UP_SALT).sign_object(999_999),
])  # fmt: skip
def test_forged_link_opens_nothing(client, asked, forge):
    address = reverse("evaluations:follow_up", args=[forge(asked)])
    for response in (client.get(address), client.post(address, {"stage": "sales"})):
        assert response.status_code == 404
        assert "This link opens nothing" in response.content.decode()
        assert "Tartu" not in response.content.decode()
    assert not Outcome.objects.exists()


def test_link_ends_after_two_months_and_says_where_to_go_on(client, asked, time_machine):
    time_machine.move_to(timezone.now() + links.FOLLOW_UP_OPENS_FOR)
    for response in (client.get(url(asked)), client.post(url(asked), {"stage": "sales"})):
        assert response.status_code == 410
        assert page_of(response).xpath("//main//a/@href") == [reverse("evaluations:own")]
    assert not Outcome.objects.exists()


def test_link_of_somebody_who_left_opens_nothing(client, asked, owner):
    owner.memberships.all().delete()
    response = client.post(url(asked), {"stage": "sales"})
    assert response.status_code == 410
    assert "Tartu" not in response.content.decode()
    assert not Outcome.objects.exists()


def test_page_of_a_link_is_not_kept_by_anybody_on_the_way(client, asked):
    assert "no-store" in client.get(url(asked))["Cache-Control"]


# --- the member's own page --------------------------------------------------------------------------------------------


def test_own_page_lists_what_waits_and_what_is_on_record(sign_in, owner, organisation, outsider, asked):
    OutcomeFactory(organisation=organisation, rung="project", opportunity__title="Test bed in Lisbon")
    OutcomeFactory(organisation=outsider.own_membership.organisation, opportunity__title="Theirs alone")
    FollowUpFactory(organisation=outsider.own_membership.organisation, opportunity__title="Their question")
    client = sign_in(owner)
    text = page_of(client.get(reverse("evaluations:own"))).xpath("string(//main)")
    assert "Pumps for <Tartu>" in text
    assert "Test bed in Lisbon" in text
    assert "A joint project" in text
    assert "Theirs alone" not in text
    assert "Their question" not in text


def test_own_outcome_is_told_and_corrected_signed_in(sign_in, owner, asked):
    client, address = sign_in(owner), reverse("evaluations:own_outcome", args=[asked.pk])
    assert client.get(address).status_code == 200
    for stage in ("contact", "project"):
        assert client.post(address, {"stage": stage})["Location"] == reverse("evaluations:own")
    assert Outcome.objects.get().rung == "project"
    assert set(AuditEvent.objects.filter(action="evaluations.outcome_told").values_list("actor_id", flat=True)) == {
        owner.pk
    }


def test_own_outcome_stays_as_it_is_after_fourteen_months(sign_in, owner, asked, time_machine):
    client = sign_in(owner)
    client.post(reverse("evaluations:own_outcome", args=[asked.pk]), {"stage": "contact"})
    FollowUp.objects.update(began_on=timezone.localdate() - relativedelta(months=14, days=1))
    response = client.post(reverse("evaluations:own_outcome", args=[asked.pk]), {"stage": "sales"}, follow=True)
    assert "What you told us then stays." in response.content.decode()
    assert Outcome.objects.get().rung == "contact"
    assert not page_of(response).xpath("//main//td//a")


def test_viewer_reads_and_cannot_tell(sign_in, viewer, asked):
    client = sign_in(viewer)
    page = page_of(client.get(reverse("evaluations:own")))
    assert "Only owners and editors" in page.xpath("string(//main)")
    assert not page.xpath("//main//li//a")
    assert client.post(reverse("evaluations:own_outcome", args=[asked.pk]), {"stage": "sales"}).status_code == 403
    assert not Outcome.objects.exists()


def test_other_organisation_manager_and_evaluator_cannot_tell_for_a_member(
    sign_in, outsider, manager, evaluator, asked
):
    address = reverse("evaluations:own_outcome", args=[asked.pk])
    for user, status in ((outsider, 404), (manager, 403), (evaluator, 403)):
        client = sign_in(user)
        assert client.get(address).status_code == status
        assert client.post(address, {"stage": "sales"}).status_code == status
    assert not Outcome.objects.exists()
