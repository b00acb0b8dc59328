"""Who reaches which pages of grants and of the ledger: every page and every act, for everybody who is there."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from funding.models import Aid
from funding.urls.grants import urlpatterns
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.grants_ground import pages_of_grants

pytestmark = pytest.mark.django_db

OF_BENEFICIARIES = {"grants", "grant", "grant_report", "own_statement", "statement", "statement_pdf", "declaration",
                    "declaration_pdf"}  # fmt: skip
WRITTEN_BY_BENEFICIARIES = {"hand_in_declaration", "remove_declared"}
# What anybody of an organisation may open: the own lists, which are empty.
OPEN_TO_MEMBERS = {"grants", "own_statement"}


@pytest.fixture
def addresses(manager, organisation) -> dict[str, str]:
    return {name.partition(":")[2]: path for name, path in pages_of_grants(manager, organisation)}


def reached(client, addresses: dict[str, str], *, post: bool) -> set[str]:
    """Which pages open, or which acts are done, for this person."""
    found = set()
    for name, address in addresses.items():
        response = client.post(address) if post else client.get(address)
        if response.status_code not in (403, 404, 405) and "/accounts/" not in response.headers.get("Location", ""):
            found.add(name)
    return found


def test_managers_reach_every_page(sign_in, manager, addresses):
    opened = reached(sign_in(manager), addresses, post=False)
    assert len(opened) >= 20
    assert {"ledger", "grant_money", "call_grants", "statement", "read_declaration", "register_import"} <= opened


def test_beneficiary_reaches_its_own_and_no_act_of_the_team(sign_in, owner, viewer, addresses):
    for user in (owner, viewer):
        assert reached(sign_in(user), addresses, post=False) == OF_BENEFICIARIES, user
    before = AuditEvent.objects.count()
    assert reached(sign_in(viewer), addresses, post=True) == set()
    done = reached(sign_in(owner), addresses, post=True)
    assert done == WRITTEN_BY_BENEFICIARIES | {"declaration", "grant_report"}
    assert AuditEvent.objects.count() == before, "nothing was filled in, and what was handed in stays"


@pytest.mark.parametrize("who", ["outsider", "evaluator", "reviewer", "partner", "stranger"])
def test_others_reach_nothing_of_it(request, sign_in, client, home, addresses, who):
    if who == "reviewer":
        client = sign_in(MembershipFactory(organisation=home, role="reviewer").user)
    elif who == "partner":
        client = sign_in(MembershipFactory(organisation=OrganisationFactory(partner=True)).user)
    elif who != "stranger":
        client = sign_in(request.getfixturevalue(who))
    entries = Aid.objects.count()
    assert reached(client, addresses, post=False) <= OPEN_TO_MEMBERS
    assert reached(client, addresses, post=True) == set()
    assert Aid.objects.count() == entries


def test_forged_numbers_lead_nowhere(sign_in, owner, manager, addresses):
    for client in (sign_in(owner), sign_in(manager)):
        for entry in urlpatterns:
            if "<int:pk>" in str(entry.pattern):
                address = reverse(f"funding:{entry.name}", kwargs={"pk": 987_654_321})
                assert client.get(address).status_code in (403, 404, 405), entry.name
                assert client.post(address).status_code in (403, 404, 405), entry.name
