"""Inviting, taking an invitation up, and every link that must not open anything."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent, Mail
from members.actions import invitations as actions
from members.models import Invitation, Membership, Organisation, User
from tests.factories.members import InvitationFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.queries import assert_constant_queries

ACCEPT = reverse("members:accept")


def invite(organisation, by, *, email="anna@new.example", role="owner", name="Anna"):
    return actions.invite(email=email, name=name, organisation=organisation, role=role, by=by)


def test_invite_by_owner_mails_a_link_once(owner, organisation, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after_commit:
        invitation = invite(organisation, owner, email=" Anna@New.example ")

    mail = Mail.objects.get()
    assert mail.to == invitation.email == "anna@new.example"
    assert invitation.key in mail.text
    assert invitation.key in mail.html
    assert "Olivia Owner invites you" in mail.text
    assert len(after_commit) == 1
    event = AuditEvent.objects.get(action="members.invited")
    assert (event.actor_label, event.organisation_id) == ("Olivia Owner", organisation.pk)
    assert invitation.expires_at - timezone.now() > timezone.timedelta(days=13, hours=23)


def test_invite_again_renews_the_same_link(owner, organisation):
    first = invite(organisation, owner, role="viewer")
    again = invite(organisation, owner, role="editor")

    assert again.pk == first.pk
    assert again.key == first.key
    assert again.role == "editor"
    assert Mail.objects.count() == 2
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("who", ["colleague", "viewer", "outsider", "evaluator"])
def test_invite_by_others_is_refused(who, organisation, request):
    with pytest.raises(PermissionDenied):
        invite(organisation, request.getfixturevalue(who))

    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


def test_invite_of_a_colleague_is_refused(owner, colleague, organisation):
    with pytest.raises(Refused, match="belongs to Ålgräs Robotics already"):
        invite(organisation, owner, email=colleague.email)


@pytest.mark.parametrize(("home_is_meant", "role"), [(False, "manager"), (False, "evaluator"), (True, "owner")])
def test_invite_as_a_role_of_the_other_sort_is_refused(home_is_meant, role, manager, home, organisation):
    with pytest.raises(Refused, match="role does not exist"):
        invite(home if home_is_meant else organisation, manager, role=role)


def test_owner_cannot_make_a_manager_by_posting_the_role(sign_in, owner, organisation):
    response = sign_in(owner).post(
        reverse("members:invite", args=[organisation.slug]), {"email": "x@new.example", "role": "manager"}
    )

    assert "Choose from the list" in response.content.decode()
    assert not Invitation.objects.exists()


def test_manager_invites_to_a_new_organisation(sign_in, manager):
    response = sign_in(manager).post(
        reverse("members:invite_anywhere"),
        {"email": "li@lyse.example", "name": "Li", "new_name": "Lyse Ljus", "new_kind": "company", "new_country": "NO",
         "role": "owner"},
    )  # fmt: skip

    organisation = Organisation.objects.get(name="Lyse Ljus")
    assert response["Location"] == organisation.get_absolute_url()
    assert (organisation.slug, organisation.country, organisation.is_member) == ("lyse-ljus", "NO", True)
    assert organisation.profile.percent_complete == 0
    assert Invitation.objects.get().organisation == organisation


def test_roles_say_what_they_may_do_and_none_is_chosen_before(sign_in, manager, organisation):
    client = sign_in(manager)
    for url in (reverse("members:invite_anywhere"), reverse("members:invite", args=[organisation.slug])):
        page = html.document_fromstring(client.get(url).content)
        assert "Viewer: reads, and changes nothing" in page.xpath("string(//main)")
        assert not page.xpath("//input[@name='role'][@checked]")
    page = html.document_fromstring(client.get(reverse("members:invite_anywhere")).content)
    assert "(for a new one)" in page.xpath("string(//label[@for='id_new_name'])")


def test_manager_cannot_add_an_organisation_twice(sign_in, manager, organisation):
    response = sign_in(manager).post(
        reverse("members:invite_anywhere"), {"email": "li@lyse.example", "new_name": "algras robotics", "role": "owner"}
    )

    assert "There is an organisation of this name already." in response.content.decode()
    assert not Invitation.objects.exists()


def test_manager_must_name_an_organisation(sign_in, manager):
    response = sign_in(manager).post(reverse("members:invite_anywhere"), {"email": "li@lyse.example", "role": "owner"})

    assert "Choose an organisation, or write the name of a new one." in response.content.decode()


def test_role_of_a_company_is_refused_at_home(sign_in, manager, home):
    asked = {"email": "li@lyse.example", "organisation": home.pk, "role": "owner"}
    response = sign_in(manager).post(reverse("members:invite_anywhere"), asked)

    assert "Choose one of the roles there: cluster manager, evaluator, reviewer." in response.content.decode()


# Taking it up


def test_link_shows_who_invites_to_what_and_changes_nothing(client, owner, organisation):
    invitation = invite(organisation, owner)
    link = re.search(r"http://[^\s]+", Mail.objects.get().text).group()

    response = client.get(link)

    page = response.content.decode()
    assert "Your invitation to Ålgräs Robotics" in page
    assert "Olivia Owner invites you" in page
    assert 'value="Anna"' in page
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not User.objects.filter(email="anna@new.example").exists()


def test_accepting_makes_the_user_and_signs_in(client, owner, organisation):
    invitation = invite(organisation, owner)

    response = client.post(ACCEPT, {"key": invitation.key, "name": "Anna Ny"})

    user = User.objects.get(email="anna@new.example")
    assert response["Location"] == reverse("members:edit_profile", args=[organisation.slug])
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.name == "Anna Ny"
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified
    assert user.own_membership.role == "owner"
    assert AuditEvent.objects.filter(action="members.invitation_accepted", actor_id=user.pk).count() == 1


def test_accepting_as_viewer_leads_to_the_start_page(client, owner, organisation):
    invitation = invite(organisation, owner, role="viewer")

    assert client.post(ACCEPT, {"key": invitation.key})["Location"] == reverse("home")


def test_manager_who_accepts_goes_to_the_start_page(client, manager, home):
    invitation = invite(home, manager, role="manager")

    assert client.post(ACCEPT, {"key": invitation.key})["Location"] == reverse("home")
    assert User.objects.get(email="anna@new.example").is_manager


def test_accepting_with_an_account_adds_the_membership_and_asks_to_sign_in(client, owner, organisation):
    known = UserFactory(email="anna@new.example", name="Anna Known", password="long-enough-password")
    invitation = invite(organisation, owner, name="")

    assert "You have an account already." in client.get(ACCEPT, {"key": invitation.key}).content.decode()
    client.post(ACCEPT, {"key": invitation.key, "name": "Somebody Else"})

    assert "_auth_user_id" not in client.session
    known.refresh_from_db()
    assert known.name == "Anna Known"
    assert known.has_usable_password()
    assert Membership.objects.get(user=known).organisation == organisation


def test_accepting_while_signed_in_as_somebody_else_says_so(sign_in, owner, outsider, organisation):
    invitation = invite(organisation, owner)

    page = sign_in(outsider).get(ACCEPT, {"key": invitation.key}).content.decode()

    assert "You are signed in as olof@tallskog.example. This invitation is for anna@new.example." in page


def test_accepting_while_signed_in_as_somebody_else_changes_the_person(sign_in, owner, outsider, organisation):
    invitation = invite(organisation, owner)
    client = sign_in(outsider)

    client.post(ACCEPT, {"key": invitation.key})

    assert client.session["_auth_user_id"] == str(User.objects.get(email="anna@new.example").pk)
    assert outsider.memberships.count() == 1


def test_accepting_twice_is_refused(owner, organisation):
    invitation = invite(organisation, owner)
    actions.accept_invitation(invitation=invitation, name="")

    with pytest.raises(Refused, match="used already"):
        actions.accept_invitation(invitation=invitation, name="")

    assert Membership.objects.filter(user__email="anna@new.example").count() == 1


def test_used_link_says_so_and_offers_to_sign_in(client, organisation):
    invitation = InvitationFactory(organisation=organisation, accepted=True)

    for response in (client.get(ACCEPT, {"key": invitation.key}), client.post(ACCEPT, {"key": invitation.key})):
        assert response.status_code == 410
        assert "This link was used already" in response.content.decode()
        assert reverse("account_login") in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_used_link_asks_nobody_to_sign_in_who_is(sign_in, owner, organisation):
    invitation = InvitationFactory(organisation=organisation, accepted=True)
    page = sign_in(owner).get(ACCEPT, {"key": invitation.key}).content.decode()
    assert f"You are signed in with {owner.email}" in page
    assert reverse("account_login") not in page


def test_member_who_opens_a_link_hears_that_there_is_nothing_to_accept(client, organisation):
    membership = MembershipFactory(organisation=organisation)
    invitation = InvitationFactory(organisation=organisation, email=membership.user.email)

    page = client.get(ACCEPT, {"key": invitation.key}).content.decode()

    assert "You belong to Ålgräs Robotics already" in page


@pytest.mark.parametrize("key", ["", "forged", "key-0-of-an-invitation' OR 1=1", "x" * 5000, "\x00"])
def test_forged_link_opens_nothing(key, client, organisation):
    InvitationFactory(organisation=organisation)

    for response in (client.get(ACCEPT, {"key": key}), client.post(ACCEPT, {"key": key})):
        assert response.status_code == 404
        assert "We do not know this link." in response.content.decode()
        assert "Ålgräs" not in response.content.decode()


def test_withdrawn_link_opens_nothing(client, organisation):
    invitation = InvitationFactory(organisation=organisation, withdrawn=True)

    response = client.post(ACCEPT, {"key": invitation.key})

    assert response.status_code == 404
    assert "The invitation was withdrawn." in response.content.decode()
    assert not Membership.objects.filter(user__email=invitation.email).exists()


def test_expired_link_names_the_day_and_sends_a_new_one_to_the_same_address(client, organisation, time_machine):
    time_machine.move_to("2027-05-10T12:00:00+02:00")
    ended = timezone.now() - timezone.timedelta(days=7)
    invitation = InvitationFactory(organisation=organisation, expires_at=ended)

    response = client.post(ACCEPT, {"key": invitation.key})
    assert response.status_code == 410
    assert "This link was valid until 3 May" in response.content.decode()
    assert not Membership.objects.filter(user__email=invitation.email).exists()

    page = client.post(reverse("members:ask_again"), {"key": invitation.key, "email": "thief@evil.example"})
    assert "valid until 24 May" in page.content.decode()
    assert [mail.to for mail in Mail.objects.all()] == [invitation.email]
    assert client.get(ACCEPT, {"key": invitation.key}).status_code == 200


def test_asking_again_twice_sends_one_mail(client, organisation):
    invitation = InvitationFactory(organisation=organisation, expired=True)

    for _ in range(2):
        assert client.post(reverse("members:ask_again"), {"key": invitation.key}).status_code == 200

    assert Mail.objects.count() == 1


def test_asking_again_for_a_used_link_sends_nothing(client, organisation):
    invitation = InvitationFactory(organisation=organisation, accepted=True)

    response = client.post(reverse("members:ask_again"), {"key": invitation.key})

    assert "This link was used already" in response.content.decode()
    assert not Mail.objects.exists()


def test_asking_again_is_limited(client, db):
    answers = [client.post(reverse("members:ask_again"), {"key": "forged"}).status_code for _ in range(11)]

    assert answers == [404] * 10 + [429]


# What the owner does with invitations


def test_resend_mails_again_and_returns_to_the_page(sign_in, owner, organisation):
    invitation = InvitationFactory(organisation=organisation, expired=True)

    response = sign_in(owner).post(reverse("members:resend", args=[invitation.pk]), {"next": "/members/profile/"})

    assert response["Location"] == "/members/profile/"
    invitation.refresh_from_db()
    assert invitation.is_open
    assert Mail.objects.get().to == invitation.email
    assert AuditEvent.objects.filter(action="members.invitation_renewed").count() == 1


def test_resend_never_returns_to_another_site(sign_in, owner, organisation):
    invitation = InvitationFactory(organisation=organisation)

    response = sign_in(owner).post(reverse("members:resend", args=[invitation.pk]), {"next": "https://evil.example/"})

    assert response["Location"] == organisation.get_absolute_url()


def test_resend_of_an_accepted_invitation_is_refused(owner, organisation):
    with pytest.raises(Refused, match="accepted or withdrawn"):
        actions.resend_invitation(invitation=InvitationFactory(organisation=organisation, accepted=True), by=owner)


def test_withdraw_twice_is_once(owner, organisation):
    invitation = InvitationFactory(organisation=organisation)

    actions.withdraw_invitation(invitation=invitation, by=owner)
    actions.withdraw_invitation(invitation=invitation, by=owner)

    assert invitation.withdrawn_at
    assert AuditEvent.objects.filter(action="members.invitation_withdrawn").count() == 1


def test_withdraw_of_an_accepted_invitation_is_refused(owner, organisation):
    with pytest.raises(Refused, match="has accepted already"):
        actions.withdraw_invitation(invitation=InvitationFactory(organisation=organisation, accepted=True), by=owner)


def test_invitation_list_asks_the_same_number_of_questions(sign_in, manager):
    client = sign_in(manager)

    assert_constant_queries(
        lambda: client.get(reverse("members:invitations")),
        lambda: InvitationFactory(organisation=OrganisationFactory(), invited_by=UserFactory()),
        at_most=12,
        shows=lambda response: response.content.decode().count("Send again"),
    )
