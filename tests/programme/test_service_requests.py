"""A request of a service: asked with one tap, agreed or declined, delivered, and whether it helped."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from members.models import Membership
from programme import service_links
from programme.actions import requests as actions
from programme.models import ServiceRequest
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.factories.programme import ServiceFactory, ServiceRequestFactory
from tests.queries import assert_constant_queries

LIST = reverse("programme:service_requests")


def page_of(asked, name="service_request"):
    return reverse(f"programme:{name}", args=[asked.pk])


def acts():
    return [*AuditEvent.objects.filter(action__startswith="programme.").order_by("pk").values_list("action", flat=True)]


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def test_from_the_tap_to_whether_it_helped(sign_in, client, manager, owner, organisation):
    service = ServiceFactory(name="Door opener")
    url = reverse("programme:ask_for_service", args=[service.slug])
    for _ in range(2):
        sign_in(owner).post(url, {"words": "Who buys pumps in Gdańsk?"})
    asked = ServiceRequest.objects.get()
    run = sign_in(manager)
    run.post(page_of(asked, "agree_service"), {"agreed_hours": "6", "due_on": today(20), "answer": "Two calls"})
    run.post(page_of(asked, "deliver_service"), {"done-delivered_on": today(), "done-delivered_hours": "7.5"})
    asked.refresh_from_db()
    mails = {mail.subject: mail for mail in Mail.objects.order_by("pk")}

    assert (asked.status, asked.agreed_hours, asked.delivered_hours) == ("delivered", 6, Decimal("7.5"))
    assert [mail.to for mail in mails.values()] == [manager.email, owner.email, owner.email]
    assert "Two calls" in mails["Agreed: Door opener"].text
    link = reverse("programme:helped", args=[service_links.token_of(asked)])
    assert link in mails["Did it help? Door opener"].text
    for _ in range(2):
        page = client.post(link, {"satisfied": "5", "satisfied_words": "Yes, two leads"}, follow=True).content.decode()
    asked.refresh_from_db()
    assert (asked.satisfied, asked.satisfied_words) == (5, "Yes, two leads")
    assert "You have told us already." in page
    assert acts() == [f"programme.service_{name}" for name in ("asked", "agreed", "delivered", "judged")]


def test_said_anew_it_is_changed_in_the_portal_too(sign_in, owner, organisation):
    asked = ServiceRequestFactory(organisation=organisation, delivered=True, satisfied=2)
    page = sign_in(owner).post(page_of(asked, "say_helped"), {"satisfied": "4"}, follow=True).content.decode()

    assert ServiceRequest.objects.get().satisfied == 4
    assert "4 of 5" in page


@pytest.mark.parametrize("value", ["0", "6", "-3", "very", ""])
def test_whether_it_helped_is_from_1_to_5(value, client, home):
    asked = ServiceRequestFactory(delivered=True)
    link = reverse("programme:helped", args=[service_links.token_of(asked)])
    page = client.post(link, {"satisfied": value, "satisfied_words": "Typed words"}).content.decode()

    assert "Choose a number from 1 to 5." in page if value else "One thing needs another look" in page
    assert "Typed words" in page
    assert ServiceRequest.objects.get().satisfied is None


def test_forged_and_ended_links_open_nothing(client, home):
    asked = ServiceRequestFactory(delivered=True)
    token = service_links.token_of(asked)
    old = ServiceRequestFactory(delivered=True, delivered_on=today(-181))
    waiting = ServiceRequestFactory()
    for link in (token[:-1] + ("a" if token[-1] != "a" else "b"), "nonsense", service_links.token_of(waiting)):
        page = client.post(reverse("programme:helped", args=[link]), {"satisfied": "1"})
        assert "We do not know this link." in page.content.decode()
    page = client.post(reverse("programme:helped", args=[service_links.token_of(old)]), {"satisfied": "1"})

    assert "more than half a year ago" in page.content.decode()
    assert not ServiceRequest.objects.exclude(satisfied=None).exists()


def test_a_service_that_was_stopped_takes_no_request_and_keeps_the_sentence(sign_in, owner, organisation):
    service = ServiceFactory(is_offered=False)
    url = reverse("programme:ask_for_service", args=[service.slug])
    page = sign_in(owner).post(url, {"words": "Who buys pumps?"}).content.decode()

    assert "is not offered any more." in page
    assert "Who buys pumps?" in page
    assert not ServiceRequest.objects.exists()


def test_after_an_answer_it_can_be_asked_for_again(owner, organisation):
    first = ServiceRequestFactory(organisation=organisation, status="declined")
    second = actions.ask(service=first.service, organisation=organisation, words="Now?", by=owner)

    assert second.pk != first.pk


@pytest.mark.parametrize(
    ("name", "typed", "reason"),
    [
        ("agree_service", {"agreed_hours": "-1"}, "0"),
        ("agree_service", {"agreed_hours": "1001"}, "1000"),
        ("agree_service", {"agreed_hours": "NaN"}, "number"),
        ("agree_service", {"agreed_hours": "4", "due_on": today(-1)}, "Choose a day that has not passed."),
        ("deliver_service", {"done-delivered_hours": "4", "done-delivered_on": today(1)}, "between the request"),
        ("deliver_service", {"done-delivered_hours": "4", "done-delivered_on": today(-9)}, "between the request"),
        ("deliver_service", {"done-delivered_on": today(), "done-delivered_hours": "99999"}, "1000"),
        ("decline_service", {"no-answer": "  "}, "We need this."),
    ],
)
def test_what_does_not_fit_says_what_to_do_and_changes_nothing(name, typed, reason, sign_in, manager):
    asked = ServiceRequestFactory(agreed=True, agreed_hours=3)
    page = sign_in(manager).post(page_of(asked, name), typed | {"answer": "Typed words"}).content.decode()

    summary = page[page.index('role="alert"') :][:600]
    assert reason in summary
    assert page.count('role="alert"') == 1
    assert reason in page.partition(f'id="id_{next(reversed(typed))}_error"')[2].partition("</ul>")[0]
    assert "Typed words" in page or name != "agree_service"
    asked.refresh_from_db()
    assert (asked.status, asked.agreed_hours) == ("agreed", 3)
    assert not Mail.objects.exists()


@pytest.mark.parametrize("hours", [Decimal(-1), Decimal(1001)])
def test_actions_refuse_absurd_hours_themselves(hours, manager):
    asked = ServiceRequestFactory(agreed=True)
    with pytest.raises(Refused, match="hours from 0 to 1,000"):
        actions.agree(request=asked, agreed_hours=hours, due_on=None, answer="", by=manager)
    with pytest.raises(Refused, match="hours from 0 to 1,000"):
        actions.deliver(request=asked, delivered_on=today(), delivered_hours=hours, by=manager)


def test_a_tab_that_was_open_longer_learns_that_it_was_withdrawn(sign_in, manager, owner, organisation):
    asked = ServiceRequestFactory(organisation=organisation)
    for _ in range(2):
        sign_in(owner).post(page_of(asked, "withdraw_service"))
    page = sign_in(manager).post(page_of(asked, "agree_service"), {"agreed_hours": "3"}).content.decode()

    assert "This request has moved on: it is withdrawn now." in page
    assert ServiceRequest.objects.get().status == "withdrawn"
    assert acts() == ["programme.service_withdrawn"]
    assert "Agree and tell them" not in page


def test_a_stale_tab_does_not_decline_what_somebody_else_agreed_to(sign_in, manager):
    asked, run = ServiceRequestFactory(), sign_in(manager)
    seen = run.get(page_of(asked)).context["seen"]
    actions.agree(request=asked, agreed_hours=Decimal(4), due_on=None, answer="Three calls", by=manager)

    stale = {"seen": seen, "no-answer": "No time."}
    page = run.post(page_of(asked, "decline_service"), stale).content.decode()

    assert "Somebody else has answered meanwhile. Nothing was changed: read what stands here now." in page
    assert "Three calls" in page
    assert "No time." in page
    asked.refresh_from_db()
    assert asked.status == "agreed"
    run.post(page_of(asked, "decline_service"), {"seen": run.get(page_of(asked)).context["seen"], "no-answer": "No."})
    asked.refresh_from_db()
    assert asked.status == "declined"  # whoever has read it may


def test_delivered_twice_is_told_once(manager, owner, organisation):
    asked = ServiceRequestFactory(organisation=organisation, agreed=True)
    actions.deliver(request=asked, delivered_on=today(), delivered_hours=Decimal(2), by=manager)
    with pytest.raises(Refused, match="it is delivered now"):
        actions.deliver(request=asked, delivered_on=today(), delivered_hours=Decimal(9), by=manager)

    assert ServiceRequest.objects.get().delivered_hours == 2
    assert Mail.objects.count() == 1


def test_the_team_does_not_judge_its_own_work(sign_in, manager, owner, organisation):
    asked = ServiceRequestFactory(organisation=organisation, delivered=True)
    client = sign_in(manager)
    page = client.get(page_of(asked)).content.decode()
    client.post(page_of(asked, "say_helped"), {"satisfied": "5"})

    assert "The member has not said yet" in page
    assert 'name="satisfied"' not in page
    assert 'name="satisfied"' in sign_in(owner).get(page_of(asked)).content.decode()
    asked.refresh_from_db()
    assert asked.satisfied is None
    with pytest.raises(PermissionDenied):
        actions.say_whether_it_helped(request=asked, satisfied=5, satisfied_words="", by=manager)


def test_an_answer_begins_with_the_hours_that_it_usually_takes(sign_in, manager):
    asked = ServiceRequestFactory(service__hours=Decimal("6.5"))
    client = sign_in(manager)
    assert 'value="6.5"' in client.get(page_of(asked)).content.decode()

    actions.agree(request=asked, agreed_hours=Decimal(3), due_on=None, answer="", by=manager)
    page = client.get(page_of(asked)).content.decode()
    assert 'name="agreed_hours" value="3.0"' in page


def test_declined_with_words(sign_in, manager, owner, organisation):
    asked = ServiceRequestFactory(organisation=organisation, asked_by=owner)
    sign_in(manager).post(page_of(asked, "decline_service"), {"no-answer": "Ask the <b>EEN</b> desk."})

    assert Mail.objects.get().to == owner.email
    assert "&lt;b&gt;EEN&lt;/b&gt;" in Mail.objects.get().html
    assert "Ask the &lt;b&gt;EEN" in sign_in(owner).get(page_of(asked)).content.decode()


@pytest.mark.parametrize("who", ["viewer", "outsider", "evaluator", "partner"])
def test_nobody_else_asks_reads_or_judges(request, sign_in, who, owner, organisation):
    asked = ServiceRequestFactory(organisation=organisation, delivered=True, words="Our secret plan")
    partner = MembershipFactory(organisation=OrganisationFactory(partner=True), role=Membership.Role.OWNER).user
    user = partner if who == "partner" else request.getfixturevalue(who)
    client = sign_in(user)
    seen = client.get(page_of(asked)).content.decode()
    for name in ("agree_service", "decline_service", "deliver_service", "withdraw_service", "say_helped"):
        client.post(page_of(asked, name), {"satisfied": "1", "agreed_hours": "1", "no-answer": "x"})

    assert ("Our secret plan" in seen) is (who == "viewer")
    asked.refresh_from_db()
    assert (asked.status, asked.satisfied) == ("delivered", None)
    with pytest.raises(PermissionDenied):
        actions.ask(service=asked.service, organisation=organisation, words="", by=user)
    for act, values in (
        (actions.agree, {"agreed_hours": Decimal(1), "due_on": None, "answer": ""}),
        (actions.decline, {"answer": "No"}),
        (actions.deliver, {"delivered_on": today(), "delivered_hours": Decimal(1)}),
        (actions.withdraw, {}),
        (actions.say_whether_it_helped, {"satisfied": 1, "satisfied_words": ""}),
    ):
        with pytest.raises(PermissionDenied):
            act(request=asked, by=user, **values)


def test_managers_find_what_waits_with_its_age_and_what_is_late(sign_in, manager, owner, organisation):
    ServiceRequestFactory(asked_at=timezone.now() - timedelta(days=12))
    ServiceRequestFactory(agreed=True, due_on=today(-1))
    done = ServiceRequestFactory(delivered=True)
    page = " ".join(sign_in(manager).get(LIST).content.decode().split())

    assert "12 days ago" in page
    assert page.count("overdue") == 1
    assert done.organisation.name not in page
    assert done.organisation.name in sign_in(manager).get(LIST + "?state=all").content.decode()
    assert "You have asked for nothing yet" in sign_in(owner).get(LIST).content.decode()


def test_list_asks_as_often_for_many(sign_in, manager):
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(LIST),
        ServiceRequestFactory,
        at_most=12,
        shows=lambda page: page.content.decode().count("two-part"),
    )
