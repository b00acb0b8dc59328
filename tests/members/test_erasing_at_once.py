"""Erasing with real connections: the same person twice, two owners, and everything or nothing."""

from functools import partial

import pytest

from core import holdings
from core.models import AuditEvent, Mail
from members.actions import erasing, people
from members.models import Erasure, Membership, User
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_person_at_once_is_once(colleague, owner):
    refused = at_once(*[partial(erasing.erase_own_account, by=colleague)] * 3)

    assert refused == []
    assert Erasure.objects.count() == 1
    assert Mail.objects.filter(kind="farewell").count() == 1
    assert AuditEvent.objects.filter(action="members.person_erased").count() == 1


def test_manager_and_person_at_once_is_once(colleague, owner, manager):
    address = colleague.email
    by_hand = partial(erasing.erase_person, address=address, reason="By letter", by=manager)

    at_once(partial(erasing.erase_own_account, by=colleague), by_hand)

    assert Erasure.objects.count() == 1
    assert Mail.objects.get(kind="farewell").to == address
    assert not User.objects.get(pk=colleague.pk).is_active


def test_two_owners_do_not_leave_the_company_alone(colleague, owner, organisation):
    Membership.objects.filter(user=colleague).update(role="owner")

    refused = at_once(*(partial(erasing.erase_own_account, by=each) for each in (owner, colleague)))

    assert len(refused) == 1
    assert organisation.memberships.filter(role="owner").count() == 1


def test_owner_is_not_erased_while_the_other_gives_the_role_away(colleague, owner, organisation):
    membership = Membership.objects.get(user=colleague)
    Membership.objects.filter(pk=membership.pk).update(role="owner")
    membership.refresh_from_db()

    at_once(
        partial(erasing.erase_own_account, by=owner),
        partial(people.change_role, membership=membership, role="viewer", by=colleague),
    )

    assert organisation.memberships.filter(role="owner").count() == 1


def test_fault_half_way_leaves_everything_as_it_was(colleague, owner, monkeypatch):
    def fails(*_arguments: object) -> None:
        raise RuntimeError

    # The last that is forgotten: all the others have been by then.
    last = [each for each in holdings.all_holdings() if each.is_of_people][-1]
    forget = holdings.Holding.forget
    monkeypatch.setattr(
        holdings.Holding, "forget", lambda self, *given: fails() if self is last else forget(self, *given)
    )

    with pytest.raises(RuntimeError):
        erasing.erase_own_account(by=colleague)

    assert User.objects.get(pk=colleague.pk).name == "Carl Colleague"
    assert Membership.objects.filter(user=colleague).exists()
    assert not Erasure.objects.exists()
    assert not AuditEvent.objects.filter(action="members.person_left").exists()
