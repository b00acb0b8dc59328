"""The sample cluster as it is loaded: through the same doors as real organisations and people."""

import pytest
from allauth.account.models import EmailAddress

from cluster_portal.sample import load
from members.models import User

pytestmark = pytest.mark.django_db


def test_everybody_has_a_proved_address_and_one_place():
    load.organisations()
    proved = EmailAddress.objects.filter(verified=True, primary=True).values_list("email", flat=True)
    assert sorted(proved) == sorted(User.objects.values_list("email", flat=True))
    assert not User.objects.filter(memberships=None).exists()


def test_people_of_the_demo_sign_in_with_the_password_and_set_up_a_second_step(client):
    load.organisations()
    people = [person for _, person in load.people(load.members_content()) if "demo" in person]
    assert len(people) >= 5
    client.post("/accounts/login/", {"login": people[0]["email"], "password": load.PASSWORD})
    assert "waits to be confirmed" not in client.get("/accounts/email/").content.decode()
    client.post("/accounts/reauthenticate/", {"password": load.PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "Scan this with your authenticator app" in page
