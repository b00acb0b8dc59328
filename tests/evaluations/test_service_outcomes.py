"""Services on the ladder of outcomes: what members said at once, and what they tell after 3 and 12 months."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone

from core.models import Mail
from evaluations import follow_ups, links, outcomes
from evaluations.models import FollowUp, Outcome
from programme.models import ServiceRequest
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ServiceFactory, ServiceRequestFactory

pytestmark = pytest.mark.django_db


def delivered(organisation, **ago) -> ServiceRequest:
    """A service that was delivered so long ago."""
    facts = {"delivered_on": timezone.localdate() - relativedelta(**ago)}
    service = ServiceFactory(name=f"Doors & <Talks> {ServiceRequest.objects.count()}")
    return ServiceRequestFactory(organisation=organisation, service=service, delivered=True, **facts)


def judged(organisation, n, **facts) -> ServiceRequest:
    today = timezone.localdate()
    return ServiceRequestFactory(organisation=organisation, delivered=True, satisfied=n, satisfied_on=today, **facts)


def test_what_members_said_at_once_is_gathered_and_follows_what_they_change(organisation):
    helped, not_at_all = judged(organisation, 5, satisfied_words="Two leads"), judged(organisation, 1)
    judged(organisation, 3)
    judged(OrganisationFactory(is_member=False), 5)
    assert [outcomes.gather_services() for _ in range(2)] == [2, 0]
    found = {each.service_request: each for each in Outcome.objects.all()}
    assert {request: each.rung for request, each in found.items()} == {helped: "knowledge", not_at_all: "nothing"}
    assert (found[helped].source, found[helped].months, found[helped].words) == ("service", 0, "Two leads")

    ServiceRequest.objects.filter(pk=helped.pk).update(satisfied=2)
    assert outcomes.gather_services() == 1
    assert Outcome.objects.get().service_request == not_at_all


def test_member_is_asked_once_after_three_months_and_answers_by_the_link(client, owner, organisation):
    asked_of = delivered(organisation, months=3)
    delivered(organisation, months=2)
    delivered(organisation, months=5)
    ServiceRequestFactory(organisation=organisation, agreed=True)
    for _ in range(2):
        follow_ups.ask()
    asked = FollowUp.objects.get()
    assert (asked.service_request, asked.months, asked.email) == (asked_of, 3, owner.email)
    mail = Mail.objects.get(kind="follow-up")
    assert asked_of.service.name in mail.subject
    assert "Ni fick den här tjänsten för 3 månader sedan." in mail.text  # the company is in Sweden
    assert "intresse" not in mail.text
    assert "<Talks>" not in mail.html

    address = reverse("evaluations:follow_up", args=[links.follow_up_token(asked)])
    assert "Doors &amp; &lt;Talks&gt;" in client.get(address).content.decode()
    client.post(address, {"stage": "contact"})
    outcomes.gather_services()
    outcome = Outcome.objects.get()
    assert (outcome.source, outcome.source_key, outcome.months) == ("service", f"service:{asked_of.pk}", 3)
    assert (outcome.service_request, outcome.rung, outcome.organisation) == (asked_of, "contact", organisation)


def test_who_said_nothing_came_of_it_is_not_asked_again(owner, organisation):
    request = delivered(organisation, months=12)
    told = {"source": "service", "source_key": f"service:{request.pk}", "service_request": request}
    Outcome.objects.create(**told, months=3, rung="nothing")
    follow_ups.ask()
    assert not FollowUp.objects.exists()


def test_who_said_on_the_day_that_it_did_not_help_is_asked_all_the_same(owner, organisation):
    request = delivered(organisation, months=3)
    told = {"source": "service", "source_key": f"service:{request.pk}", "service_request": request}
    Outcome.objects.create(**told, months=0, rung="nothing")
    follow_ups.ask()
    assert FollowUp.objects.get().service_request == request


def test_question_is_reminded_of_once(owner, organisation):
    delivered(organisation, months=12)
    follow_ups.ask()
    FollowUp.objects.update(asked_at=timezone.now() - follow_ups.REMINDED_AFTER - timedelta(minutes=1))
    for _ in range(2):
        follow_ups.remind()
    assert Mail.objects.filter(kind="follow-up").count() == 2
    assert "har fått den här tjänsten" in Mail.objects.latest("pk").text


def test_lists_name_the_service(sign_in, owner, manager, organisation):
    request = judged(organisation, 5)
    outcomes.gather_services()
    assert request.service.name in sign_in(owner).get(reverse("evaluations:own")).content.decode()
    assert request.service.name in sign_in(manager).get(reverse("evaluations:outcome_list")).content.decode()
