"""Roles and leaving."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.actions import Refused
from core.models import AuditEvent
from members.actions import people as actions
from members.models import Membership, User
from tests.factories.members import MembershipFactory, UserFactory


def membership_of(user) -> Membership:
    return Membership.objects.get(user=user)


def test_owner_makes_a_colleague_owner(sign_in, owner, colleague, organisation):
    url = reverse("members:change_role", args=[membership_of(colleague).pk])

    response = sign_in(owner).post(url, {"role": "owner"})

    assert response["Location"] == organisation.get_absolute_url()
    assert membership_of(colleague).role == "owner"
    assert AuditEvent.objects.get(action="members.role_changed").details == {"old": "editor", "new": "owner"}


def test_change_role_twice_is_once(owner, colleague):
    for _ in range(2):
        actions.change_role(membership=membership_of(colleague), role="viewer", by=owner)

    assert AuditEvent.objects.filter(action="members.role_changed").count() == 1


@pytest.mark.parametrize("role", ["manager", "evaluator", "emperor", ""])
def test_role_that_is_not_there_is_refused(role, sign_in, owner, colleague):
    page = sign_in(owner).post(
        reverse("members:change_role", args=[membership_of(colleague).pk]), {"role": role}, follow=True
    )

    assert "This role does not exist in this organisation." in page.content.decode()
    assert membership_of(colleague).role == "editor"


def test_change_role_past_the_form_is_refused_too(owner, colleague):
    with pytest.raises(Refused):
        actions.change_role(membership=membership_of(colleague), role="manager", by=owner)


@pytest.mark.parametrize("act", [partial(actions.change_role, role="viewer"), actions.remove_person])
def test_last_owner_stays(act, owner, colleague):
    with pytest.raises(Refused, match="Olivia Owner is the only owner"):
        act(membership=membership_of(owner), by=owner)

    assert membership_of(owner).role == "owner"


def test_last_manager_stays(sign_in, manager, evaluator):
    page = sign_in(manager).post(reverse("members:remove_person", args=[membership_of(manager).pk]), follow=True)

    assert "Maja Manager is the only cluster manager." in page.content.decode()


def test_one_of_two_owners_may_leave(owner, organisation):
    other = MembershipFactory(organisation=organisation)

    actions.remove_person(membership=membership_of(owner), by=owner)

    assert list(organisation.memberships.all()) == [other]
    assert User.objects.filter(pk=owner.pk).exists()


def test_remove_twice_is_once(owner, colleague):
    membership = membership_of(colleague)
    for _ in range(2):
        actions.remove_person(membership=Membership(pk=membership.pk, organisation=membership.organisation), by=owner)

    assert AuditEvent.objects.filter(action="members.person_removed").count() == 1


@pytest.mark.parametrize("who", ["colleague", "viewer", "outsider", "evaluator"])
def test_people_are_changed_by_owners_and_managers_only(who, viewer, owner, request):
    by = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        actions.remove_person(membership=membership_of(owner), by=by)
    with pytest.raises(PermissionDenied):
        actions.change_role(membership=membership_of(owner), role="viewer", by=by)


def test_removed_person_sees_nothing_any_more(sign_in, owner, colleague, organisation):
    client = sign_in(colleague)
    assert client.get(organisation.get_absolute_url()).status_code == 200

    actions.remove_person(membership=membership_of(colleague), by=owner)

    assert client.get(organisation.get_absolute_url()).status_code == 404


def test_add_person_finds_whoever_is_there(organisation):
    known = UserFactory(email="li@lyse.example", name="Li", password="secret-secret")

    user = actions.add_person(email="LI@lyse.example", name="Lo", organisation=organisation, role="editor", by=None)
    again = actions.add_person(email="li@lyse.example", name="Lo", organisation=organisation, role="owner", by=None)

    assert user == again == known
    assert user.name == "Li"
    assert membership_of(user).role == "editor"
    assert user.emailaddress_set.get().primary
    assert AuditEvent.objects.filter(action="members.person_joined").count() == 1


def test_user_without_a_name_is_called_by_the_address(db):
    assert UserFactory(name="", email="li@lyse.example").get_full_name() == "li@lyse.example"
