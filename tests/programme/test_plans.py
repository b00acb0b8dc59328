"""A member's action plan: steps from the gaps, done, overdue, and made into requests."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from members import needs
from members.models import Gap, Membership
from programme.actions import plans as actions
from programme.models import ActionItem, ServiceRequest
from tests.factories.members import MembershipFactory, NeedsAssessmentFactory, OrganisationFactory
from tests.factories.programme import ActionItemFactory, ServiceFactory, ServiceRequestFactory
from tests.queries import assert_constant_queries

LIST = reverse("programme:plans")
TYPED = {"what": "Visit the fair", "gap": "sensing", "who": "Olivia", "due_on": ""}


def page_of(organisation):
    return reverse("programme:plan", args=[organisation.slug])


def url_of(name, step):
    return reverse(f"programme:{name}", args=[step.pk])


def test_member_and_manager_write_one_plan(sign_in, owner, manager, organisation):
    for user in (owner, owner, manager):
        sign_in(user).post(page_of(organisation), TYPED)
    step = ActionItem.objects.get()
    sign_in(manager).post(url_of("change_step", step), TYPED | {"who": "Maja", "due_on": "2031-05-03"})
    page = sign_in(owner).get(page_of(organisation)).content.decode()

    assert (step.created_by, step.who) == (owner, "Olivia")
    assert "Maja" in page
    assert "3 May 2031" in page
    assert [*AuditEvent.objects.order_by("pk").values_list("action", flat=True)] == [
        "programme.step_added", "programme.step_changed",
    ]  # fmt: skip


def test_done_not_done_and_removed(sign_in, owner, organisation):
    step, client = ActionItemFactory(organisation=organisation), sign_in(owner)
    for _ in range(2):
        client.post(url_of("step_done", step))
    step.refresh_from_db()
    assert step.done_on == timezone.localdate()
    client.post(url_of("step_done", step), {"open": "1"})
    step.refresh_from_db()
    assert step.done_on is None
    client.post(url_of("remove_step", step))
    actions.remove_step(step=step, by=owner)

    assert not ActionItem.objects.exists()
    names = ["step_done", "step_open_again", "step_removed"]
    assert [*AuditEvent.objects.order_by("pk").values_list("action", flat=True)] == [f"programme.{n}" for n in names]


def test_what_is_overdue_is_said_in_words(sign_in, owner, manager, organisation):
    yesterday = timezone.localdate() - timedelta(days=1)
    ActionItemFactory(organisation=organisation, due_on=yesterday)
    ActionItemFactory(organisation=organisation, due_on=timezone.localdate())
    ActionItemFactory(organisation=organisation, due_on=yesterday, done_on=yesterday)

    assert sign_in(owner).get(page_of(organisation)).content.decode().count("overdue") == 1
    assert "1 overdue" in sign_in(manager).get(LIST).content.decode()


def test_needs_without_a_step_are_named_with_the_reason(sign_in, owner, organisation):
    answers = {each.key: 1 if each.gap == Gap.OPERATIONALISING else 5 for each in needs.QUESTIONS}
    NeedsAssessmentFactory(organisation=organisation, answers=answers)
    ActionItemFactory(organisation=organisation, gap=Gap.SENSING)
    page = sign_in(owner).get(page_of(organisation)).content.decode()

    assert page.count("You said in") == 1
    assert "?gap=mobilising#add" in page
    chosen = sign_in(owner).get(page_of(organisation) + "?gap=mobilising").content.decode()
    assert '<option value="mobilising" selected>' in chosen


def test_a_step_becomes_a_request(sign_in, owner, organisation):
    step = ActionItemFactory(organisation=organisation, gap=Gap.SENSING, what="Learn who buys pumps")
    service = ServiceFactory(gap=Gap.SENSING, name="Market desk")
    page = sign_in(owner).post(url_of("ask_for_step", step), {"service": service.pk}, follow=True).content.decode()
    asked = ServiceRequest.objects.get()
    step.refresh_from_db()

    assert (asked.words, asked.organisation, asked.asked_by) == ("Learn who buys pumps", organisation, owner)
    assert step.request == asked
    assert "Market desk is asked for." in page


def test_a_step_asks_for_nothing_that_was_stopped(sign_in, owner, organisation):
    step = ActionItemFactory(organisation=organisation)
    service = ServiceFactory(is_offered=False)
    page = sign_in(owner).post(url_of("ask_for_step", step), {"service": service.pk}, follow=True).content.decode()

    assert "This service is not offered any more." in page
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("what", ""), ("what", "x" * 201), ("gap", "weather"), ("due_on", "soon"), ("due_on", "0-0-0")]
)
def test_a_step_that_does_not_fit_keeps_what_was_typed(field, value, sign_in, owner, organisation):
    page = sign_in(owner).post(page_of(organisation), TYPED | {field: value}).content.decode()

    assert "One thing needs another look" in page
    assert 'value="Olivia"' in page
    assert not ActionItem.objects.exists()


def test_a_day_that_has_passed_is_told_at_its_field_and_one_that_passed_since_stays(sign_in, owner, organisation):
    yesterday = timezone.localdate() - timedelta(days=1)
    client = sign_in(owner)
    page = client.post(page_of(organisation), TYPED | {"due_on": yesterday}).content.decode()
    assert "This day has passed." in page.partition('id="id_due_on_error"')[2].partition("</ul>")[0]
    assert not ActionItem.objects.exists()

    step = ActionItemFactory(organisation=organisation, due_on=yesterday)
    client.post(url_of("change_step", step), TYPED | {"due_on": yesterday})
    step.refresh_from_db()
    assert (step.what, step.due_on) == ("Visit the fair", yesterday)


def test_a_step_that_is_gone_says_so(owner, organisation):
    step = ActionItemFactory(organisation=organisation)
    ActionItem.objects.all().delete()

    with pytest.raises(Refused, match="out of the plan"):
        actions.set_done(step=step, done=True, by=owner)


@pytest.mark.parametrize("who", ["viewer", "outsider", "evaluator", "partner"])
def test_a_plan_is_its_members_and_managers_own(request, sign_in, who, organisation):
    step = ActionItemFactory(organisation=organisation, what="Our secret step")
    service = ServiceFactory()
    if who == "partner":
        user = MembershipFactory(organisation=OrganisationFactory(partner=True), role=Membership.Role.OWNER).user
    else:
        user = request.getfixturevalue(who)
    client = sign_in(user)
    shown = "Our secret step" in client.get(page_of(organisation)).content.decode()
    client.post(page_of(organisation), TYPED)
    for name in ("change_step", "step_done", "remove_step", "ask_for_step"):
        client.post(url_of(name, step), TYPED | {"service": service.pk})

    assert shown is (who == "viewer")
    assert [*ActionItem.objects.values_list("what", "done_on")] == [("Our secret step", None)]
    assert not ServiceRequest.objects.exists()
    with pytest.raises(PermissionDenied):
        actions.remove_step(step=step, by=user)
    with pytest.raises(PermissionDenied):
        actions.set_done(step=step, done=True, by=user)


def test_words_of_a_step_are_words(sign_in, owner, organisation):
    ActionItemFactory(organisation=organisation, what="<i>Go</i>", who="<b>Me</b>")
    page = sign_in(owner).get(page_of(organisation)).content.decode()

    assert "<i>Go" not in page
    assert "<b>Me" not in page


def test_plan_asks_as_often_for_many_steps(sign_in, owner, organisation):
    client = sign_in(owner)
    assert_constant_queries(
        lambda: client.get(page_of(organisation)),
        lambda: ActionItemFactory(organisation=organisation, request=ServiceRequestFactory()),
        at_most=14,
        shows=lambda page: page.content.decode().count("two-part"),
    )
