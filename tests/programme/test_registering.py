"""Signing up: one tap, the waiting list in order, twice is once, and taking it back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from programme.actions import registrations
from programme.models import Registration
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ActivityFactory, RegistrationFactory
from tests.programme.ground import member, partner, signed_up

pytestmark = pytest.mark.django_db


def states(activity):
    return list(activity.registrations.order_by("pk").values_list("person", "status"))


def test_signing_up_takes_a_place_is_noted_and_told_with_day_calendar_and_link(owner):
    activity = ActivityFactory(venue="Kaivopuisto 1, Helsinki", places=1)

    registration = signed_up(activity, owner)

    assert (registration.status, registration.user, registration.person) == ("registered", owner, "Olivia Owner")
    event = AuditEvent.objects.get(action="programme.registered")
    assert (event.actor_id, event.organisation_id) == (owner.pk, registration.organisation_id)
    mail = Mail.objects.get(kind="activity-registration")
    assert mail.to == owner.email
    assert mail.subject == f"You take part: {activity.name}"
    for part in (mail.text, mail.html):
        assert "Kaivopuisto 1, Helsinki" in part
        assert "Helsinki (UTC+0" in part
        assert f"/programme/activities/{activity.slug}/activity.ics?save=" in part
        assert "/programme/activities/r/" in part


def test_signing_up_twice_is_once(owner):
    activity = ActivityFactory(places=1)

    first, second = signed_up(activity, owner), signed_up(activity, owner)

    assert first == second
    assert Registration.objects.count() == AuditEvent.objects.filter(action="programme.registered").count() == 1
    assert Mail.objects.count() == 1


def test_who_comes_later_waits_and_gets_free_places_in_order(owner, manager):
    activity = ActivityFactory(places=1)
    first, *others = [signed_up(activity, user) for user in (owner, member(), member())]
    assert [each.status for each in others] == ["waiting", "waiting"]

    registrations.unregister(registration=first, by=owner)

    assert [status for _, status in states(activity)] == ["cancelled", "registered", "waiting"]
    mail = Mail.objects.get(subject__startswith="A place came free")
    assert mail.to == others[0].email
    assert AuditEvent.objects.get(action="programme.place_given").actor_label == "The portal"

    registrations.unregister(registration=others[0], by=manager)
    assert [status for _, status in states(activity)] == ["cancelled", "cancelled", "registered"]


def test_cancelling_twice_is_once_and_gives_one_place(owner):
    activity = ActivityFactory(places=1)
    first = signed_up(activity, owner)
    for _ in range(2):
        signed_up(activity, member())

    for _ in range(2):
        registrations.unregister(registration=first, by=None)

    assert activity.registrations.registered().count() == 1
    assert AuditEvent.objects.filter(action="programme.unregistered").count() == 1


def test_who_leaves_the_waiting_list_frees_no_place(owner):
    activity = ActivityFactory(places=1)
    _first, second, third = [signed_up(activity, user) for user in (owner, member(), member())]

    registrations.unregister(registration=second, by=None)

    third.refresh_from_db()
    assert third.status == "waiting"


def test_who_has_cancelled_may_sign_up_again_at_the_end(owner):
    activity = ActivityFactory(places=1)
    first = signed_up(activity, owner)
    signed_up(activity, member())
    registrations.unregister(registration=first, by=owner)

    again = signed_up(activity, owner)

    assert again.pk != first.pk
    assert again.status == "waiting"


def test_without_a_limit_nobody_waits(owner):
    activity = ActivityFactory(places=None)

    assert {signed_up(activity, user).status for user in (owner, member(), member())} == {"registered"}


def test_after_the_last_day_a_sentence_says_until_when_it_was(owner):
    until = timezone.now() - timedelta(minutes=1)
    activity = ActivityFactory(register_until=until)

    with pytest.raises(
        Refused, match=r"Sign-up was open until .*, Helsinki \(UTC\+0.:00\)\. Write to the cluster team"
    ):
        signed_up(activity, owner)
    assert not Registration.objects.exists()


@pytest.mark.parametrize("state", ["draft", "cancelled", "over"])
def test_only_what_is_published_takes_people(owner, state):
    with pytest.raises(Refused, match="Nobody can sign up"):
        signed_up(ActivityFactory(status=state), owner)


def test_nobody_cancels_once_it_has_begun(owner):
    activity = ActivityFactory(starts_at=timezone.now() - timedelta(hours=1))
    registration = RegistrationFactory(activity=activity, organisation=owner.memberships.get().organisation)

    with pytest.raises(Refused, match="has begun"):
        registrations.unregister(registration=registration, by=owner)


def test_address_is_on_the_list_once_whatever_the_organisation(owner, manager):
    activity = ActivityFactory()
    signed_up(activity, owner)

    with pytest.raises(Refused, match="is on the list of this activity already"):
        registrations.register(
            activity=activity, organisation=OrganisationFactory(), person="X", email=owner.email.upper(), by=manager
        )


def bring(activity, by, organisation, email="anna@company.example"):
    return registrations.register(activity=activity, organisation=organisation, person="Anna", email=email, by=by)


def test_owners_editors_and_managers_bring_others_and_viewers_themselves(owner, colleague, viewer, manager):
    activity, company = ActivityFactory(), owner.memberships.get().organisation

    for number, by in enumerate((owner, colleague, manager)):
        assert bring(activity, by, company, f"anna{number}@company.example").status == "registered"
    assert signed_up(activity, viewer).user == viewer
    assert bring(activity, owner, company, colleague.email).user == colleague


@pytest.mark.parametrize("who", ["viewer", "outsider", "evaluator"])
def test_others_do_not_sign_somebody_up_for_a_company(request, owner, who):
    activity, by = ActivityFactory(), request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        bring(activity, by, owner.memberships.get().organisation)
    assert not Registration.objects.exists()


def test_partners_do_not_sign_up_by_themselves(home):
    with pytest.raises(PermissionDenied, match="Members of the cluster sign up here"):
        signed_up(ActivityFactory(), partner())


def test_who_may_cancel_for_somebody(owner, viewer, outsider, colleague, manager):
    activity, company = ActivityFactory(), owner.memberships.get().organisation
    own = signed_up(activity, viewer)
    other = bring(activity, owner, company)

    for by, registration in ((outsider, own), (viewer, other)):
        with pytest.raises(PermissionDenied):
            registrations.unregister(registration=registration, by=by)

    registrations.unregister(registration=own, by=viewer)
    registrations.unregister(registration=other, by=colleague)
    assert activity.registrations.coming().count() == 0
    told = Mail.objects.get(kind="activity-news")  # only whom somebody else has cancelled for
    assert (told.to, told.subject) == ("anna@company.example", f"You no longer take part in {activity.name}")


def test_several_are_signed_up_or_none(owner):
    activity, company = ActivityFactory(), owner.memberships.get().organisation
    taken = signed_up(activity, member())
    people = [("Anna", "anna@company.example"), ("Bo", taken.email)]

    with pytest.raises(Refused):
        registrations.register_all(activity=activity, organisation=company, people=people, by=owner)

    assert states(activity) == [(taken.person, "registered")]
