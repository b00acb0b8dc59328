"""The first step in an empty portal."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent, Mail
from members.models import Invitation, Membership, Organisation, User
from tests.factories.members import MembershipFactory, OrganisationFactory

ARGUMENTS = ["Havsbris Cluster", "--country", "Sweden", "--manager", "Ylva@Havsbris.example", "--manager-name", "Ylva"]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_home", *arguments, stdout=out)
    return out.getvalue()


def test_home_cluster_is_made_and_its_first_manager_invited(db, client):
    said = run(*ARGUMENTS)

    home = Organisation.objects.get()
    invitation = Invitation.objects.get()
    assert (home.name, home.kind, home.country, home.is_home, home.is_member) == (
        "Havsbris Cluster", "cluster", "SE", True, False,
    )  # fmt: skip
    assert (invitation.email, invitation.role, invitation.organisation) == (
        "ylva@havsbris.example", Membership.Role.MANAGER, home,
    )  # fmt: skip
    assert Mail.objects.get().to == "ylva@havsbris.example"
    assert set(AuditEvent.objects.values_list("action", "actor_label")) == {
        ("members.organisation_added", "The portal"),
        ("members.invited", "The portal"),
    }
    path, _, key = said.splitlines()[-1].removeprefix("http://127.0.0.1:8000").partition("?key=")
    client.post(path, {"key": key, "name": "Ylva Lindqvist"})
    assert User.objects.get().is_manager


def test_invitation_goes_out_once_more_until_it_is_accepted(db):
    first, second = run(*ARGUMENTS), run(*ARGUMENTS)

    assert first == second
    assert (Organisation.objects.count(), Invitation.objects.count(), Mail.objects.count()) == (1, 1, 2)


def test_portal_with_a_manager_is_left_alone(manager, home):
    with pytest.raises(CommandError, match="has a manager already"):
        run(*ARGUMENTS)

    assert not Invitation.objects.exists()


def test_owner_of_a_company_does_not_count_as_manager(db):
    MembershipFactory(organisation=OrganisationFactory(), role=Membership.Role.OWNER)

    assert "has mail" in run(*ARGUMENTS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({2: "Atlantis"}, "There is no country Atlantis"), ({4: "ylva"}, "ylva is no e-mail address")],
)
def test_what_makes_no_sense_is_refused(db, changes, message):
    arguments = [changes.get(number, word) for number, word in enumerate(ARGUMENTS)]

    with pytest.raises(CommandError, match=message):
        run(*arguments)

    assert not Organisation.objects.exists()
