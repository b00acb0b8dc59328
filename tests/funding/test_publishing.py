"""A call goes public when nothing is missing; then words, later days and its end are all that can change."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding.actions import call_parts
from funding.actions import publishing as actions
from funding.models import FundingCall
from tests.factories.funding import ApplicationFactory, FundingCallFactory
from tests.factories.members import MembershipFactory
from tests.funding.call_ground import page, ready

pytestmark = pytest.mark.django_db


def test_a_call_that_is_ready_is_published_once(sign_in, manager, client):
    call = ready()
    assert client.get(call.get_absolute_url()).status_code == 404
    person = sign_in(manager)
    assert "Ready to publish" in person.get(page("overview", call.slug)).content.decode()

    person.post(page("publish", call.slug))
    again = person.post(page("publish", call.slug), follow=True).content.decode()

    assert "The call is published already." in again
    call.refresh_from_db()
    assert (call.status, call.published_at is not None) == ("published", True)
    assert AuditEvent.objects.filter(action="funding.call_published", actor_id=manager.pk).count() == 1
    assert call.aim in client.get(call.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        (lambda call: _set(call, text=" "), "Write what the call is about."),
        (lambda call: _set(call, opens_at=_in(-9), deadline=_in(-1)), "Move the deadline: it has passed."),
        (lambda call: _set(call, review_until=None), "Say until when reviews are done."),
        (lambda call: _set(call, review_until=call.deadline), "Let the reviews end after the deadline."),
        (lambda call: _set(call, granting_on=timezone.localdate()), "Let the day of granting come after the reviews."),
        (lambda call: call.funders.all().delete(), "Add a funder."),
        (lambda call: call.funders.update(name="First funder"), "Give “First funder” its real name."),
        (lambda call: call.funders.update(budget_eur=0), "Give Havsfonden a budget."),
        (lambda call: call.cost_categories.all().delete(), "Name the cost categories."),
        (lambda call: call.questions.all().delete(), "Ask a question."),
        (lambda call: call.questions.update(kind="choice", options=["One"]), "two options or more."),
        (lambda call: call.criteria.all().delete(), "Add a criterion that counts for all funders."),
        (lambda call: call.criteria.update(weight=0), "Add a criterion that counts for all funders."),
        (lambda call: call.criteria.update(anchors={"0": "None."}), "the lowest and the highest score of “Benefit”"),
        (lambda call: call.criteria.update(most=4), "the lowest and the highest score of “Benefit”"),
    ],
)
def test_a_call_that_lacks_something_is_not_published(sign_in, manager, lacks, sentence):
    call = ready()
    lacks(call)
    person = sign_in(manager)

    shown = person.get(page("overview", call.slug)).content.decode()
    told = person.post(page("publish", call.slug), follow=True).content.decode()

    assert sentence in shown
    assert "Ready to publish" not in shown
    assert sentence in told
    call.refresh_from_db()
    assert (call.status, call.published_at) == ("draft", None)


def _set(call, **facts):
    FundingCall.objects.filter(pk=call.pk).update(**facts)


def _in(days):
    return timezone.now() + timedelta(days=days)


def _published(**facts) -> FundingCall:
    call = ready(**facts)
    _set(call, status="published", published_at=timezone.now())
    call.refresh_from_db()
    return call


def test_words_are_corrected_and_the_page_says_so(sign_in, manager, client):
    call = _published(aim="Pilots of cumpanies.")
    typed = {"aim": "Pilots of <b>companies</b>.", "text": call.text, "contact_email": call.contact_email}

    sign_in(manager).post(page("correct", call.slug), typed | {"why": "A letter was wrong."})

    shown = client.get(call.get_absolute_url()).content.decode()
    assert "Pilots of &lt;b&gt;companies&lt;/b&gt;." in shown
    assert "changed on" in shown
    assert "A letter was wrong." in shown
    assert "Pilots of cumpanies." in shown
    assert AuditEvent.objects.get(action="funding.call_corrected").details["fields"] == ["aim"]
    assert actions.correct(call=call, by=manager, why="Again", aim="Pilots of <b>companies</b>.") == []
    assert call.corrections.count() == 1


def test_a_correction_touches_no_rule(manager):
    call = _published()

    assert actions.correct(call=call, by=manager, why="x", least_organisations=9, is_blind=True) == []
    call.refresh_from_db()
    assert (call.least_organisations, call.is_blind) == (1, False)


def _typed(call, **moved):
    def at(name):
        moment = getattr(call, name) + moved.get(name, timedelta(0))
        return moment.astimezone(call.zone).strftime("%Y-%m-%dT%H:%M:%S.%f")

    day = call.granting_on + moved.get("granting_on", timedelta(0))
    typed = {"deadline": at("deadline"), "review_until": at("review_until"), "granting_on": day.isoformat()}
    return typed | {"why": "Many asked for more time."}


def test_a_later_deadline_is_told_to_everybody_with_an_application(
    sign_in, manager, owner, colleague, viewer, outsider
):
    call = _published()
    ApplicationFactory(call=call, lead=owner.own_membership.organisation)
    ApplicationFactory(
        call=call, lead=outsider.own_membership.organisation, status="withdrawn", withdrawn_at=timezone.now()
    )
    typed = _typed(call, deadline=timedelta(days=7))

    for _ in range(2):
        answer = sign_in(manager).post(page("prolong", call.slug), typed)

    assert "This is the deadline that stands." in answer.content.decode()
    before = call.deadline
    call.refresh_from_db()
    assert call.deadline - before == timedelta(days=7)
    mails = Mail.objects.filter(kind="funding-call")
    assert sorted(each.to for each in mails) == sorted([owner.email, colleague.email])
    assert "Many asked for more time." in mails[0].text
    assert "Stockholm (UTC" in mails[0].text
    assert call.corrections.get().of == "deadline"


@pytest.mark.parametrize(
    ("moved", "sentence"),
    [
        ({"deadline": timedelta(days=-1)}, "People rely on the day that was published."),
        ({"granting_on": timedelta(days=-1)}, "People rely on the day that was published."),
        ({"deadline": timedelta(days=25)}, "Reviews would end before the deadline. Move both."),
        ({"review_until": timedelta(days=80)}, "The day of granting would come before the end of the reviews."),
        ({}, "This is the deadline that stands."),
    ],
)
def test_days_move_to_later_ones_in_order(sign_in, manager, moved, sentence):
    call = _published()
    before = (call.deadline, call.review_until, call.granting_on)

    answer = sign_in(manager).post(page("prolong", call.slug), _typed(call, **moved)).content.decode()

    assert sentence in answer
    assert "Many asked for more time." in answer
    call.refresh_from_db()
    assert (call.deadline, call.review_until, call.granting_on) == before
    assert not call.corrections.exists()


def test_a_deadline_that_has_passed_stays(manager):
    call = _published(opens_at=_in(-30), deadline=_in(-1))

    with pytest.raises(Refused, match="The deadline has passed"):
        actions.prolong(call=call, by=manager, why="x", deadline=_in(3))
    assert actions.prolong(call=call, by=manager, why="x", review_until=_in(31)) == ["review_until"]


def test_who_cancels_a_call_hears_whom_it_concerns(sign_in, manager):
    call, client = _published(), sign_in(manager)
    assert "Nobody has begun an application." in client.get(page("cancel", call.slug)).content.decode()
    ApplicationFactory(call=call)
    assert (
        "1 application is there; its people get your sentence."
        in client.get(page("cancel", call.slug)).content.decode()
    )


def test_a_call_is_cancelled_once_with_a_reason(sign_in, manager, owner, client):
    call = _published()
    ApplicationFactory(call=call, lead=owner.own_membership.organisation)
    person = sign_in(manager)
    assert "We need this." in person.post(page("cancel", call.slug), {"why": " "}).content.decode()

    for _ in range(2):
        answer = person.post(page("cancel", call.slug), {"why": "The <money> is gone."}, follow=True)

    assert "Only a published call can be cancelled. It is: cancelled." in answer.content.decode()
    assert "The &lt;money&gt; is gone." in client.get(call.get_absolute_url()).content.decode()
    assert [each.to for each in Mail.objects.filter(kind="funding-call")] == [owner.email]
    assert AuditEvent.objects.filter(action="funding.call_cancelled").count() == 1


@pytest.mark.parametrize("who", ["owner", "viewer", "evaluator", "reviewer"])
def test_nobody_else_publishes_or_changes(sign_in, who, request):
    call = _published()
    draft = ready()
    if who == "reviewer":
        user = MembershipFactory(organisation=request.getfixturevalue("home"), role="reviewer").user
    else:
        user = request.getfixturevalue(who)
    person = sign_in(user)

    for name in ("correct", "prolong", "cancel"):
        assert person.get(page(name, call.slug)).status_code == 403
        assert person.post(page(name, call.slug), {"why": "Mine"}).status_code == 403
    assert person.post(page("publish", draft.slug)).status_code == 403
    for act in (
        lambda: actions.publish(call=draft, by=user),
        lambda: actions.correct(call=call, by=user, why="x", aim="Mine"),
        lambda: actions.prolong(call=call, by=user, why="x", deadline=_in(90)),
        lambda: actions.cancel(call=call, by=user, why="x"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert {draft.status, call.status} == {"draft", "published"}
    assert not FundingCall.objects.get(pk=call.pk).corrections.exists()


def test_a_draft_and_a_decided_call_are_not_corrected(manager):
    for call, words in ((ready(), "not published yet"), (FundingCallFactory(decided=True), "It stays as it is")):
        for act in (
            lambda call=call: actions.correct(call=call, by=manager, why="x", aim="Other"),
            lambda call=call: actions.prolong(call=call, by=manager, why="x", granting_on=_in(300).date()),
        ):
            with pytest.raises(Refused, match=words):
                act()


def test_budgets_stand_after_publishing(manager):
    """A rule that applicants rely on is fixed."""
    call = _published()
    with pytest.raises(Refused, match="Applicants rely on"):
        call_parts.save_funder(call=call, funder=call.funders.get(), by=manager, budget_eur=Decimal(1))
    for part in (call.funders.get(), call.questions.get(), call.criteria.get()):
        for act, how in ((call_parts.remove, {}), (call_parts.move, {"step": 1})):
            with pytest.raises(Refused, match="Applicants rely on"):
                act(part=part, by=manager, **how)
    assert call.funders.get().budget_eur == 200_000
