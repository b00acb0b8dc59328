"""The last place, the waiting list and the same person, with two real connections, hundreds of times."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from core.models import Mail
from programme.actions import activities, registrations
from programme.models import Registration
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ActivityFactory, RegistrationFactory
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TRIES = 200


@pytest.fixture
def company(home):
    return OrganisationFactory(name="Ålgräs Robotics")


def sign_up(activity, company, email, by):
    return lambda: registrations.register(activity=activity, organisation=company, person="X", email=email, by=by)


def counted(activity) -> Counter:
    return Counter(activity.registrations.values_list("status", flat=True))


def test_last_place_is_given_once(company, manager):
    for number in range(TRIES):
        activity = ActivityFactory(places=1, lead=company)
        two = (sign_up(activity, company, f"{name}{number}@x.example", manager) for name in "ab")

        assert at_once(*two) == []
        assert counted(activity) == {"registered": 1, "waiting": 1}


def test_same_person_is_signed_up_once(company, manager):
    for number in range(TRIES):
        activity = ActivityFactory(places=2, lead=company)
        one = sign_up(activity, company, f"a{number}@x.example", manager)

        assert at_once(one, one) == []
        assert counted(activity) == {"registered": 1}
    assert Mail.objects.count() == TRIES


def test_place_that_comes_free_goes_to_one_of_the_list_and_never_past_it(company, manager):
    for number in range(TRIES):
        activity = ActivityFactory(places=1, lead=company)
        first = RegistrationFactory(activity=activity, organisation=company)
        waiting = RegistrationFactory(activity=activity, organisation=company, waiting=True)
        new = sign_up(activity, company, f"n{number}@x.example", manager)

        assert at_once(lambda first=first: registrations.unregister(registration=first, by=None), new) == []
        assert counted(activity) == {"cancelled": 1, "registered": 1, "waiting": 1}
        waiting.refresh_from_db()
        assert waiting.status == "registered"


def test_two_places_that_come_free_go_to_the_two_who_have_waited_longest(company, manager):
    for _ in range(TRIES // 2):
        activity = ActivityFactory(places=2, lead=company)
        there = [RegistrationFactory(activity=activity, organisation=company) for _ in range(2)]
        began = timezone.now()
        queue = [
            RegistrationFactory(
                activity=activity, organisation=company, waiting=True, registered_at=began + timedelta(seconds=n)
            )
            for n in range(3)
        ]
        leave = [lambda each=each: registrations.unregister(registration=each, by=None) for each in there]

        assert at_once(*leave) == []
        given = activity.registrations.registered().order_by("registered_at")
        assert list(given) == queue[:2]


def test_one_who_cancels_twice_at_the_same_moment_gives_one_place(company, manager):
    for _ in range(TRIES // 2):
        activity = ActivityFactory(places=1, lead=company)
        first = RegistrationFactory(activity=activity, organisation=company)
        for _ in range(2):
            RegistrationFactory(activity=activity, organisation=company, waiting=True)
        leave = partial(registrations.unregister, registration=first, by=None)

        assert at_once(leave, leave) == []
        assert counted(activity) == {"cancelled": 1, "registered": 1, "waiting": 1}


def test_places_are_not_lowered_below_somebody_who_signs_up_meanwhile(company, manager):
    for number in range(TRIES // 2):
        activity = ActivityFactory(places=2, lead=company)
        RegistrationFactory(activity=activity, organisation=company)
        lower = partial(activities.change_activity, activity=activity, by=manager, places=1)

        refused = at_once(lower, sign_up(activity, company, f"b{number}@x.example", manager))
        activity.refresh_from_db()
        assert activity.registrations.registered().count() <= activity.places
        assert (activity.places, len(refused)) in ((1, 0), (2, 1))


def test_nobody_is_left_on_a_list_that_is_being_cancelled(company, manager):
    for number in range(TRIES // 4):
        activity = ActivityFactory(places=5, lead=company)
        call_off = partial(activities.cancel, activity=activity, why="Ice.", by=manager)

        at_once(call_off, sign_up(activity, company, f"c{number}@x.example", manager))
        for registration in Registration.objects.filter(activity=activity):
            assert Mail.objects.filter(key=f"activity-cancelled:{registration.pk}").exists()
