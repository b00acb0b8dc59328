"""On the day: who is there, what it adds up to, who comes late, and who gets a free place at the door."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from programme.actions import attendance, registrations
from tests.client import htmx
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ActivityFactory, GoalFactory, RegistrationFactory
from tests.programme.ground import member

pytestmark = pytest.mark.django_db


def url(name, activity, *more):
    return reverse(f"programme:{name}", args=[activity.slug, *more])


def under_way(**facts):
    return ActivityFactory(starts_at=timezone.now() - timedelta(hours=1), **facts)


def line_of(page, registration) -> str:
    return page.partition(f'id="r{registration.pk}"')[2].partition("</li>")[0]


def test_a_tap_brings_the_sums_with_the_line(sign_in, manager):
    registration = RegistrationFactory(activity=under_way(cost_eur=400))
    client, save = sign_in(manager), url("activity_support", registration.activity, registration.pk)

    tapped = client.post(
        url("activity_attended", registration.activity, registration.pk), {"attended": "yes"},
        headers=htmx(f"r{registration.pk}"),
    ).content.decode()  # fmt: skip
    paid = client.post(save, {"amount": "150"}, headers=htmx(f"r{registration.pk}")).content.decode()

    for answer, said in ((tapped, "1 of 1 who take part"), (paid, "EUR 150")):
        sums = answer.partition('id="costs" hx-swap-oob="true"')[2]
        assert said in sums
        assert "<html" not in answer


@pytest.mark.parametrize("how", ["with a script", "without"])
def test_support_that_is_refused_stands_in_its_line_with_what_was_typed(sign_in, manager, how):
    activity = under_way(cost_eur=400)
    registration, other = RegistrationFactory.create_batch(2, activity=activity)
    headers = htmx(f"r{registration.pk}") if how == "with a script" else {}

    for amount, said in (("4000,5 <b>", "as a number of euros"), ("401", "cost is EUR 400: the support is not more")):
        page = sign_in(manager).post(
            url("activity_support", activity, registration.pk), {"amount": amount}, headers=headers
        )
        page = page.content.decode()
        line = line_of(page, registration)
        assert said in line
        assert "open" in line.partition('<details class="later"')[2].partition(">")[0]
        assert f'value="{amount.replace("<", "&lt;").replace(">", "&gt;")}"' in line
        if how == "without":
            assert said not in line_of(page, other)
            assert amount.partition(" ")[0] not in line_of(page, other)


def test_list_of_what_costs_nothing_speaks_of_no_money(sign_in, manager):
    activity = under_way()
    RegistrationFactory(activity=activity)

    page = sign_in(manager).get(url("activity_people", activity)).content.decode()

    assert "0 of 1 who take part" in page
    assert "Support paid" not in page


def test_who_waits_gets_the_place_of_who_is_not_there(sign_in, home):
    activity = under_way(places=1)
    absent, waiting = RegistrationFactory(activity=activity), RegistrationFactory(activity=activity, waiting=True)
    client, tap = sign_in(member(organisation=activity.lead)), url("activity_let_in", activity, waiting.pk)
    assert "Give a free place" in line_of(client.get(url("activity_people", activity)).content.decode(), waiting)

    page = client.post(tap).content.decode()
    assert "All places are taken. Mark who is not there: then a place is free." in line_of(page, waiting)

    client.post(url("activity_attended", activity, absent.pk), {"attended": "no"})
    for _ in range(2):
        page = client.post(tap, follow=True).content.decode()

    waiting.refresh_from_db()
    assert (waiting.status, waiting.attended) == ("registered", True)
    assert "Was there" in line_of(page, waiting)
    assert AuditEvent.objects.filter(action="programme.let_in", object_id=waiting.pk).count() == 1
    assert not Mail.objects.exists()


@pytest.mark.parametrize("facts", [{"starts_at": timezone.now() + timedelta(hours=9)}, {"status": "cancelled"}])
def test_nobody_is_let_in_before_it_begins_or_where_it_does_not_take_place(sign_in, manager, facts):
    activity = under_way() if "status" in facts else ActivityFactory(**facts)
    waiting = RegistrationFactory(activity=activity, waiting=True)
    type(activity).objects.filter(pk=activity.pk).update(**facts)
    activity.refresh_from_db()

    assert "Give a free place" not in sign_in(manager).get(url("activity_people", activity)).content.decode()
    with pytest.raises(Refused, match="does not wait for a place now"):
        registrations.let_in(registration=waiting, by=manager)


def test_nobody_but_team_and_lead_lets_somebody_in(owner, evaluator):
    waiting = RegistrationFactory(activity=under_way(), waiting=True)
    for by in (owner, evaluator, member("viewer", organisation=waiting.activity.lead)):
        with pytest.raises(PermissionDenied):
            registrations.let_in(registration=waiting, by=by)


def test_where_it_does_not_take_place_nobody_is_counted(sign_in, manager):
    registration = RegistrationFactory(activity=under_way(status="cancelled", cost_eur=400))

    page = sign_in(manager).get(url("activity_people", registration.activity)).content.decode()

    assert "It does not take place." in page
    assert 'name="attended"' not in page
    assert "Were there" not in page
    with pytest.raises(Refused, match="does not take place"):
        attendance.mark(registration=registration, attended=True, by=manager)


def test_team_signs_up_who_comes_late_until_the_end_and_nobody_else_does(sign_in, manager, owner):
    activity, company = under_way(), owner.memberships.get().organisation
    bring, data = url("activity_bring", activity), {"organisation": company.pk, "people": "Anna, anna@late.example"}

    for page in (activity.get_absolute_url(), url("activity_people", activity)):
        assert bring in sign_in(manager).get(page).content.decode()
    assert bring not in sign_in(owner).get(activity.get_absolute_url()).content.decode()
    assert "Sign-up was open until" in sign_in(owner).post(bring, data).content.decode()
    sign_in(manager).post(bring, data)

    assert [each.email for each in activity.registrations.all()] == ["anna@late.example"]
    type(activity).objects.filter(pk=activity.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    data["people"] = "Bo, bo@late.example"
    assert "Sign-up was open until" in sign_in(manager).post(bring, data).content.decode()


def test_team_chooses_for_which_company_and_a_member_has_one(sign_in, manager, owner):
    activity = ActivityFactory()
    OrganisationFactory.create_batch(2)
    client, bring = sign_in(manager), url("activity_bring", activity)
    assert "Choose one</option>" in client.get(bring).content.decode()

    page = client.post(bring, {"organisation": "", "people": "Anna, anna@berg.example"}).content.decode()

    assert 'id="id_organisation_error"' in page
    assert "Anna, anna@berg.example</textarea>" in page
    assert not activity.registrations.exists()
    assert "Choose one</option>" not in sign_in(owner).get(bring).content.decode()


def test_full_and_closed_does_not_say_that_one_can_wait(client):
    activity = ActivityFactory(places=1, register_until=timezone.now() - timedelta(hours=1))
    RegistrationFactory(activity=activity)

    page = client.get(activity.get_absolute_url()).content.decode()

    assert "All places are taken (1)." in page
    assert "Who signs up now" not in page


def test_goal_leads_the_team_to_its_page_and_nobody_else(sign_in, manager, owner):
    activity = ActivityFactory(goal=GoalFactory(name="Wind"))
    to_goal = f'href="{reverse("programme:goal", args=[activity.goal_id])}"'

    assert to_goal in sign_in(manager).get(activity.get_absolute_url()).content.decode()
    assert to_goal not in sign_in(owner).get(activity.get_absolute_url()).content.decode()
