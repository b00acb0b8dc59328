"""A manager erases somebody who asks by telephone or letter, with or without an account."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.actions import Refused
from core.models import AuditEvent, Mail
from members.actions import erasing
from members.models import Consent, Erasure, User
from tests.factories.members import ConsentFactory, InvitationFactory
from tests.members.leaving import everything_in_the_database

PERSON = reverse("members:erase_person")


def test_manager_erases_who_asks_by_other_means(sign_in, manager, owner, colleague):
    url = f"{PERSON}?address={colleague.email}"
    client = sign_in(manager)
    assert "Carl Colleague has an account here." in client.get(url).content.decode()

    reason = f"By telephone on 3 May, {colleague.email}"
    page = client.post(url, {"confirmed": colleague.email, "reason": reason}, follow=True).content.decode()

    assert "The person is erased." in page
    assert not User.objects.get(pk=colleague.pk).is_active
    event = AuditEvent.objects.get(action="members.person_erased")
    assert (event.actor_id, event.details) == (manager.pk, {"reason": "By telephone on 3 May, A person who left"})
    assert Mail.objects.get(kind="farewell").to == colleague.email


def test_manager_says_why_and_for_whom(sign_in, manager, owner, colleague):
    page = sign_in(manager).post(f"{PERSON}?address={colleague.email}", {"confirmed": "x@y.example"}).content.decode()

    assert "This is another address." in page
    assert 'id="id_reason_error"' in page
    assert User.objects.get(pk=colleague.pk).is_active


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator"])
def test_nobody_else_erases_others(who, request, sign_in, colleague):
    user = request.getfixturevalue(who)

    for method in ("get", "post"):
        response = getattr(sign_in(user), method)(f"{PERSON}?address={colleague.email}")
        assert response.status_code == 403
        assert colleague.email not in response.content.decode()
    with pytest.raises(PermissionDenied):
        erasing.erase_person(address=colleague.email, reason="x", by=user)
    assert User.objects.get(pk=colleague.pk).is_active


def test_address_without_an_account_is_erased_too(manager, organisation):
    InvitationFactory(organisation=organisation, email="anna@new.example", name="Anna Ny")

    erasing.erase_person(address="Anna@New.example ", reason="By letter", by=manager)

    Mail.objects.filter(kind="farewell").delete()
    held = everything_in_the_database()
    assert "anna@new.example" not in held
    assert "Anna Ny" not in held


def test_address_of_which_nothing_is_held(sign_in, manager):
    page = sign_in(manager).get(f"{PERSON}?address=who@else.example").content.decode()
    assert "Nothing is held on who@else.example." in page

    with pytest.raises(Refused, match="Nothing is held"):
        erasing.erase_person(address="who@else.example", reason="x", by=manager)
    assert not Erasure.objects.exists()


def test_owner_with_colleagues_gives_the_role_away_first(manager, owner, colleague):
    with pytest.raises(Refused, match="is the only owner"):
        erasing.erase_person(address=owner.email, reason="By letter", by=manager)


def test_owner_who_is_alone_is_erased_by_a_manager(manager, owner, organisation):
    erasing.erase_person(address=owner.email, reason="By letter", by=manager)

    assert not organisation.memberships.exists()


def test_manager_does_not_erase_the_own_account_this_way(manager, home):
    with pytest.raises(Refused, match="Erase your account in your settings"):
        erasing.erase_person(address=manager.email, reason="x", by=manager)


def test_address_that_is_not_confirmed_is_nobodys(sign_in, colleague, owner):
    """Who types somebody else's address into the own account must not read or erase what is held on it."""
    EmailAddress.objects.create(user=colleague, email=owner.email, verified=False, primary=False)
    ConsentFactory(address=owner.email)

    assert owner.email not in json.dumps(sign_in(colleague).get(reverse("members:download_my_data")).json()["held"][-1])
    erasing.erase_own_account(by=colleague)

    assert Consent.objects.get().address == owner.email
    assert User.objects.get(pk=owner.pk).is_active
