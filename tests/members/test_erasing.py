"""A person leaves for good: who may, what goes, what stays, and what becomes of the audit trail."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core import mail
from core.actions import Refused, record
from core.models import AuditEvent, Mail, MailStop
from members.actions import erasing, invitations, people
from members.models import Consent, Erasure, Invitation, JoinRequest, Membership, User
from tests.factories.members import ConsentFactory, InvitationFactory, JoinRequestFactory, MembershipFactory
from tests.members.leaving import everything_in_the_database

ERASE = reverse("members:erase_account")


def test_person_erases_the_own_account(sign_in, owner, colleague, organisation, mailoutbox):
    address, client = colleague.email, sign_in(colleague)

    page = client.get(ERASE).content.decode()
    assert "This is deleted" in page
    assert "This stays, and why" in page
    response = client.post(ERASE, {"confirmed": address.upper()}, follow=True)

    assert "Your account is erased." in response.content.decode()
    left = User.objects.get(pk=colleague.pk)
    assert (left.name, left.is_active, left.has_usable_password()) == ("A person who left", False, False)
    assert left.email.endswith("@left.invalid")
    assert not Membership.objects.filter(user=left).exists()
    farewell = Mail.objects.get()
    assert (farewell.to, farewell.kind, farewell.subject) == (address, "farewell", "Your data is erased")


def test_nothing_names_the_person_afterwards(sign_in, owner, manager, colleague, organisation):
    """Neither name nor address is left in any table, but in the mail that tells of it until that is sent."""
    EmailAddress.objects.create(user=colleague, email=colleague.email, verified=True, primary=True)
    TOTP.activate(colleague, "A" * 32)
    ConsentFactory(address=colleague.email)
    JoinRequestFactory(email=colleague.email, name=colleague.name)
    MailStop.objects.create(address=colleague.email, kind="invitation")
    mail.queue(to=colleague.email, kind="x", key="x", template="join_declined", context={})
    invitations.invite(
        email=colleague.email, name=colleague.name, organisation=owner_elsewhere(), role="viewer", by=manager
    )
    people.change_role(membership=Membership.objects.get(user=colleague), role="viewer", by=owner)
    record(
        "members.tried", by=manager, on=organisation, organisation_id=organisation.pk, who=[{"name": colleague.name}]
    )
    assert everything_in_the_database().count(colleague.name) >= 5

    erasing.erase_own_account(by=colleague)
    Mail.objects.filter(kind="farewell").delete()

    held = everything_in_the_database()
    assert colleague.name not in held
    assert colleague.email not in held
    assert Consent.objects.get().withdrawn_at
    assert Invitation.objects.get().withdrawn_at
    assert not JoinRequest.objects.exists()
    assert not Authenticator.objects.exists()


def owner_elsewhere():
    return MembershipFactory().organisation


def test_sessions_end_on_every_device(sign_in, colleague, owner):
    phone, laptop = sign_in(colleague), sign_in(colleague)
    for client in (phone, laptop):
        client.get(reverse("members:settings"))
        UserSession.objects.get_or_create(
            session_key=client.session.session_key, defaults={"user": colleague, "ip": "127.0.0.1", "user_agent": "x"}
        )
    keys = [client.session.session_key for client in (phone, laptop)]

    laptop.post(ERASE, {"confirmed": colleague.email})

    assert not Session.objects.filter(session_key__in=keys).exists()
    assert not UserSession.objects.exists()
    for client in (phone, laptop):
        assert client.get(reverse("members:settings"))["Location"].startswith(reverse("account_login"))


def test_session_that_is_not_listed_ends_too(sign_in, colleague, owner):
    forgotten = sign_in(colleague)
    assert forgotten.get(reverse("members:settings")).status_code == 200

    erasing.erase_own_account(by=colleague)

    assert forgotten.get(reverse("members:settings"))["Location"].startswith(reverse("account_login"))


def test_erased_person_cannot_sign_in_again(client, colleague, owner, mailoutbox):
    address = colleague.email
    erasing.erase_own_account(by=colleague)
    after = len(mailoutbox)

    client.post(reverse("account_request_login_code"), {"email": address})
    client.post(reverse("account_reset_password"), {"email": address})

    assert "Your sign-in code" not in [each.subject for each in mailoutbox[after:]]
    assert "_auth_user_id" not in client.session


def test_link_of_an_invitation_is_dead(client, colleague, owner, manager):
    invitation = InvitationFactory(email=colleague.email)

    erasing.erase_own_account(by=colleague)

    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=invitation, name="Carl")


def test_another_address_is_refused_and_nothing_goes(sign_in, colleague, owner):
    page = sign_in(colleague).post(ERASE, {"confirmed": owner.email}).content.decode()

    assert f"This is another address. Type {colleague.email}." in page
    assert User.objects.get(pk=colleague.pk).is_active
    assert not Erasure.objects.exists()


def test_who_has_a_password_shows_it_first(sign_in, colleague, owner):
    colleague.set_password("a long secret of Carl")
    colleague.save()

    response = sign_in(colleague).get(ERASE)

    assert response["Location"] == reverse("account_reauthenticate", query={"next": ERASE})
    assert (
        sign_in(colleague)
        .post(ERASE, {"confirmed": colleague.email})["Location"]
        .startswith(reverse("account_reauthenticate"))
    )
    assert User.objects.get(pk=colleague.pk).is_active


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_the_only_one_in_charge_is_told_what_to_do(who, request, sign_in):
    user = request.getfixturevalue(who)

    page = sign_in(user).post(ERASE, {"confirmed": user.email}).content.decode()

    assert f"{user} is the only" in page
    assert "Give somebody else this role first." in page
    assert f'value="{user.email}"' in page
    assert User.objects.get(pk=user.pk).is_active
    assert Membership.objects.filter(user=user).count() == 1


def test_twice_is_once(colleague, owner):
    erasing.erase_own_account(by=colleague)
    assert erasing.erase_own_account(by=colleague) is None

    assert Erasure.objects.count() == 1
    assert AuditEvent.objects.filter(action="members.person_erased").count() == 1


def test_farewell_is_kept_no_longer_than_it_takes(colleague, owner, mailoutbox):
    address = colleague.email
    erasing.erase_own_account(by=colleague)
    waiting = Mail.objects.get()
    assert "stop" not in waiting.text.lower()

    assert mail.send(waiting.pk)

    assert [each.to for each in mailoutbox] == [[address]]
    assert "You can no longer sign in" in mailoutbox[0].body
    assert not Mail.objects.exists()


def test_nobody_writes_to_a_person_who_left(db):
    assert mail.queue(to="person-3-7@left.invalid", kind="x", key="y", template="join_declined", context={}) is None
    assert not Mail.objects.exists()


# The audit trail


def test_trail_tells_the_same_without_the_name(owner, colleague, manager, organisation):
    people.rename(user=colleague, name="Carl Colleague Ek", by=colleague)
    before = list(AuditEvent.objects.order_by("pk").values("pk", "at", "action", "actor_id", "object_id"))
    assert before

    erasing.erase_own_account(by=User.objects.get(pk=colleague.pk))

    after = AuditEvent.objects.order_by("pk")[: len(before)]
    assert list(after.values("pk", "at", "action", "actor_id", "object_id")) == before
    assert {each.actor_label for each in AuditEvent.objects.filter(actor_id=colleague.pk)} == {"A person who left"}
    left = AuditEvent.objects.get(action="members.person_left")
    assert left.object_label == f"A person who left, Editor at {organisation}"


def test_trail_of_others_keeps_its_names(owner, colleague, manager, organisation):
    """A namesake in another organisation, a longer address, and a word that a name is part of."""
    elsewhere = owner_elsewhere()
    record("x.noted", by=manager, on=manager, organisation_id=elsewhere.pk, text="Carl Colleague of Norr")
    record("x.noted", by=manager, on=manager, text=f"mail to mc{colleague.email}")
    record("x.noted", by=manager, on=manager, organisation_id=organisation.pk, text="Carl Colleagueson")

    erasing.erase_own_account(by=colleague)

    texts = [each.details["text"] for each in AuditEvent.objects.filter(action="x.noted").order_by("pk")]
    assert texts == ["Carl Colleague of Norr", f"mail to mc{colleague.email}", "Carl Colleagueson"]


@pytest.mark.parametrize("change", ["UPDATE core_auditevent SET action = 'x'", "DELETE FROM core_auditevent"])
def test_trail_is_still_never_changed(owner, colleague, change):
    erasing.erase_own_account(by=colleague)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    pseudonymising = f"SELECT set_config('portal.pseudonymising', 'on', true); {change}"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(pseudonymising)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditevent SET actor_label = 'x'")


def test_company_reads_that_somebody_left(owner, colleague, sign_in, organisation):
    erasing.erase_own_account(by=colleague)

    page = sign_in(owner).get(reverse("members:data", args=[organisation.slug])).content.decode()

    assert "Erased the account: A person who left, Editor at Ålgräs Robotics" in page
