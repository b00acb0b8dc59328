"""Every page and every act of an activity, by everybody who might try."""

import pytest
from django.urls import reverse

from programme.models import Activity, Registration
from tests.client import CheckingClient
from tests.factories.programme import ActivityFactory, RegistrationFactory
from tests.programme.ground import everybody

pytestmark = pytest.mark.django_db
EVERYBODY = {
    "manager", "evaluator", "owner", "colleague", "viewer", "outsider", "lead owner", "lead editor", "lead viewer",
    "host", "other partner", "reviewer", "without an organisation", "stranger",
}  # fmt: skip
TEAM, LEAD = {"manager"}, {"manager", "lead owner", "lead editor"}
BRING = {"manager", "owner", "colleague", "outsider", "lead owner", "lead editor"}
PAGES = {
    "activity": EVERYBODY,
    "activity_ics": EVERYBODY,
    "activity_edit": TEAM,
    "activity_cancel": TEAM,
    "activity_remove": TEAM,
    "activity_hosts": TEAM,
    "activity_export": TEAM,
    "activity_people": LEAD,
    "activity_words": LEAD,
    "activity_bring": BRING,
}


@pytest.fixture
def activity(home) -> Activity:
    return ActivityFactory(cost_eur=100)


@pytest.fixture
def clients(request, activity, sign_in) -> dict[str, CheckingClient]:
    people = everybody(request, activity)
    return {name: sign_in(user) if user else CheckingClient() for name, user in people.items()}


def test_pages_open_to_those_that_they_are_for(clients, activity):
    assert clients.keys() == EVERYBODY
    for name, allowed in PAGES.items():
        url = reverse(f"programme:{name}", args=[activity.slug])
        answers = {who: client.get(url) for who, client in clients.items()}
        assert {who for who, answer in answers.items() if answer.status_code == 200} == allowed, name
        led = {who for who, answer in answers.items() if answer.status_code == 302}
        assert led <= {"stranger"}, name


def test_posts_of_others_change_nothing(clients, activity):
    registration = RegistrationFactory(activity=activity)
    host = activity.hosts.get()
    posts = [
        ("activity_publish", [], {}, TEAM),
        ("activity_cancel", [], {"why": "X"}, TEAM),
        ("activity_remove", [], {}, TEAM),
        ("activity_host_remove", [host.pk], {}, TEAM),
        ("activity_support", [registration.pk], {"amount": "5"}, TEAM),
        ("activity_unregister", [registration.pk], {}, TEAM),
        ("activity_attended", [registration.pk], {"attended": "yes"}, LEAD),
        ("activity_let_in", [registration.pk], {}, LEAD),
        ("activity_words", [], {"text": "X", "results": ""}, LEAD),
    ]
    for name, more, data, allowed in posts:
        url = reverse(f"programme:{name}", args=[activity.slug, *more])
        for who, client in clients.items():
            if who not in allowed:
                answer = client.post(url, data)
                is_led = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
                assert answer.status_code in (403, 404) or (who == "stranger" and is_led), (name, who)
    activity.refresh_from_db()
    registration.refresh_from_db()
    assert (activity.status, activity.text, activity.hosts.count()) == ("published", "", 1)
    assert (registration.status, registration.attended, registration.support_eur) == ("registered", None, None)


def test_one_tap_is_for_people_of_members(clients, activity):
    for client in clients.values():
        client.post(reverse("programme:activity_register", args=[activity.slug]))

    assert Registration.objects.count() == 7  # owner, colleague, viewer, outsider, and three of the lead company
