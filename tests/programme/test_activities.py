"""Planning an activity: from the plan to its end, and who hears of what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from programme.actions import activities, registrations
from programme.models import Activity, Host
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ActivityFactory, GoalFactory, RegistrationFactory
from tests.programme.ground import member, partner

pytestmark = pytest.mark.django_db


def plan(by, **facts):
    start = timezone.now() + timedelta(days=60)
    usual = {
        "name": "Water mission to Tartu", "kind": "mission", "aim": "Two pilots.", "starts_at": start,
        "ends_at": start + timedelta(days=1), "register_until": start, "time_zone": "Europe/Tallinn",
    }  # fmt: skip
    return activities.add_activity(by=by, **usual | facts)


def test_plan_begins_as_a_draft_and_is_noted(manager):
    goal = GoalFactory()

    activity = plan(manager, goal=goal)

    assert (activity.status, activity.slug, activity.goal) == ("draft", "water-mission-to-tartu", goal)
    assert AuditEvent.objects.get(action="programme.activity_added").actor_id == manager.pk


def test_address_of_a_plan_is_none_of_the_rooms_own(manager):
    assert plan(manager, name="New").slug == "new-2"


def test_name_is_taken_once(manager):
    plan(manager)

    with pytest.raises(Refused, match="There is an activity named Water mission to Tartu already"):
        plan(manager)


def test_publishing_is_done_once_and_in_time(manager):
    activity = ActivityFactory(draft=True)

    activities.publish(activity=activity, by=manager)

    activity.refresh_from_db()
    assert activity.status == "published"
    assert AuditEvent.objects.filter(action="programme.activity_published").count() == 1
    with pytest.raises(Refused, match="is no plan any more: published"):
        activities.publish(activity=activity, by=manager)
    late = ActivityFactory(draft=True, starts_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Refused, match="would have begun already"):
        activities.publish(activity=late, by=manager)


def test_cancelling_tells_everybody_on_the_list_once_in_the_managers_words(manager):
    activity = ActivityFactory()
    coming = [RegistrationFactory(activity=activity), RegistrationFactory(activity=activity, waiting=True)]
    RegistrationFactory(activity=activity, status="cancelled")

    for _ in range(2):
        activities.cancel(activity=activity, why="The ferry is <b>cancelled</b>.", by=manager)

    assert {mail.to for mail in Mail.objects.all()} == {each.email for each in coming}
    assert Mail.objects.count() == 2
    mail = Mail.objects.first()
    assert "The ferry is <b>cancelled</b>." in mail.text
    assert "The ferry is &lt;b&gt;cancelled&lt;/b&gt;." in mail.html
    assert AuditEvent.objects.filter(action="programme.activity_cancelled").count() == 1


@pytest.mark.parametrize("state", ["draft", "over"])
def test_only_what_is_published_is_cancelled(manager, state):
    with pytest.raises(Refused, match="Only a published activity"):
        activities.cancel(activity=ActivityFactory(status=state), why="X", by=manager)


def test_fewer_places_than_people_are_refused_with_the_numbers(manager):
    activity = ActivityFactory(places=10)
    RegistrationFactory.create_batch(3, activity=activity)
    RegistrationFactory(activity=activity, waiting=True)

    with pytest.raises(Refused, match="3 people take part: 2 is too few"):
        activities.change_activity(activity=activity, by=manager, places=2, name="Other")

    activity.refresh_from_db()
    assert activity.places == 10
    assert activity.registrations.registered().count() == 3
    assert activities.change_activity(activity=activity, by=manager, places=3) == ["places"]


def test_more_places_go_to_those_who_wait_in_order(manager):
    activity = ActivityFactory(places=1)
    RegistrationFactory(activity=activity)
    waiting = RegistrationFactory.create_batch(3, activity=activity, waiting=True)

    activities.change_activity(activity=activity, by=manager, places=3)
    assert list(activity.registrations.waiting()) == waiting[2:]
    assert Mail.objects.filter(subject__startswith="A place came free").count() == 2

    activities.change_activity(activity=activity, by=manager, places=None)
    assert not activity.registrations.waiting().exists()


def test_who_comes_hears_of_another_time_and_place_and_of_nothing_else(manager):
    activity = ActivityFactory()
    registration = RegistrationFactory(activity=activity, reminded_at=timezone.now())

    activities.change_activity(activity=activity, by=manager, aim="Three pilots.")
    assert not Mail.objects.exists()

    start = activity.starts_at + timedelta(days=1)
    activities.change_activity(activity=activity, by=manager, starts_at=start, venue="Turu 1, Tartu")
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (registration.email, f"Changed: {activity.name}")
    assert "Turu 1, Tartu" in mail.text
    registration.refresh_from_db()
    assert registration.reminded_at is None  # of the new day again

    assert activities.change_activity(activity=activity, by=manager, venue="Turu 1, Tartu") == []
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("state", ["over", "cancelled"])
def test_plan_of_what_was_stays_as_it_is(manager, state):
    with pytest.raises(Refused, match="is past its planning"):
        activities.change_activity(activity=ActivityFactory(status=state), by=manager, venue="X")


def test_what_has_ended_is_over_by_itself_once():
    now = timezone.now()
    ended = ActivityFactory(starts_at=now - timedelta(days=2), ends_at=now - timedelta(minutes=1))
    runs = ActivityFactory(starts_at=now - timedelta(days=2), ends_at=now + timedelta(minutes=9))

    for _ in range(2):
        activities.close_ended()

    assert dict(Activity.objects.values_list("pk", "status")) == {ended.pk: "over", runs.pk: "published"}
    assert AuditEvent.objects.get(action="programme.activity_over").object_id == ended.pk


def test_draft_is_thrown_away_and_nothing_else(manager):
    activities.remove_draft(activity=ActivityFactory(draft=True), by=manager)
    assert not Activity.objects.exists()
    assert AuditEvent.objects.filter(action="programme.activity_removed").count() == 1

    with pytest.raises(Refused, match="Cancel it"):
        activities.remove_draft(activity=ActivityFactory(), by=manager)


def test_host_is_there_once_and_goes_once(manager):
    activity, cluster = ActivityFactory(), OrganisationFactory(partner=True)

    for does in ("Lends the room", "Invites the buyers"):
        host = activities.add_host(activity=activity, organisation=cluster, does=does, by=manager)
    assert [each.does for each in Host.objects.all()] == ["Invites the buyers"]

    for _ in range(2):
        activities.remove_host(host=Host(pk=host.pk, activity=activity, organisation=cluster), by=manager)
    assert AuditEvent.objects.filter(action="programme.host_removed").count() == 1


@pytest.mark.parametrize("role", ["owner", "editor"])
def test_company_that_leads_writes_programme_and_results(home, role):
    activity = ActivityFactory()
    leads = member(role, organisation=activity.lead)

    assert activities.write_words(activity=activity, by=leads, text="09:00 Start", results="Two offers.")
    assert not activities.write_words(activity=activity, by=leads, text="09:00 Start", results="Two offers.")

    activity.refresh_from_db()
    assert (activity.text, activity.results) == ("09:00 Start", "Two offers.")
    assert AuditEvent.objects.filter(action="programme.activity_words", actor_id=leads.pk).count() == 1


def test_nobody_but_managers_plans_and_nobody_but_them_and_the_lead_writes(owner, evaluator):
    activity, draft = ActivityFactory(), ActivityFactory(draft=True)
    host = partner()
    activities_host = activity.hosts.create(organisation=host.memberships.get().organisation)
    lead, lead_viewer = (member(role, organisation=activity.lead) for role in ("owner", "viewer"))
    acts = [
        plan,
        lambda by: activities.publish(activity=draft, by=by),
        lambda by: activities.change_activity(activity=activity, by=by, places=99),
        lambda by: activities.cancel(activity=activity, why="X", by=by),
        lambda by: activities.remove_draft(activity=draft, by=by),
        lambda by: activities.add_host(activity=activity, organisation=activity.lead, does="", by=by),
        lambda by: activities.remove_host(host=activities_host, by=by),
    ]
    for by in (owner, evaluator, host, lead, lead_viewer):
        for act in acts:
            with pytest.raises(PermissionDenied):
                act(by)
    for by in (owner, evaluator, host, lead_viewer):
        with pytest.raises(PermissionDenied):
            activities.write_words(activity=activity, by=by, text="X", results="")


def test_reminder_goes_out_two_days_before_once_to_those_with_a_place():
    soon = ActivityFactory(starts_at=timezone.now() + timedelta(hours=47), text="09:00 Start")
    week_ago = timezone.now() - timedelta(days=7)
    told = RegistrationFactory(activity=soon, registered_at=week_ago)
    RegistrationFactory(activity=soon, registered_at=week_ago, waiting=True)
    RegistrationFactory(activity=soon)  # has just heard of it
    RegistrationFactory(registered_at=week_ago)  # in a month
    off = ActivityFactory(starts_at=soon.starts_at, status="cancelled")
    RegistrationFactory(activity=off, registered_at=week_ago)

    for _ in range(2):
        registrations.remind_due()

    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == (told.email, f"Soon: {soon.name}")
    assert "/programme/activities/r/" in mail.text
