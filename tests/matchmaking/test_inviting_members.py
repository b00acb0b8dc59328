"""Members are invited, many at once, with their contact person and what their profile says."""

import pytest
from django.urls import reverse
from lxml import html

from core.models import AuditEvent
from matchmaking.actions import participants as actions
from matchmaking.models import Participant, Round
from tests.factories.matchmaking import RoundFactory, with_programme
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(home) -> Round:
    found = RoundFactory(name="Clean water 2027", time_zone="Europe/Stockholm")
    with_programme(found)
    return found


def address(round_, name):
    return reverse(f"matchmaking:{name}", args=[round_.slug])


def member(name, *people, **facts):
    found = OrganisationFactory(name=name, full=True, **facts)
    for role in people:
        MembershipFactory(organisation=found, role=role, user=UserFactory(name=f"{role} of {name}"))
    return found


def said(response) -> str:
    page = html.document_fromstring(response.content)
    return page.xpath("string(//main)")


def test_member_comes_with_its_profile_and_the_mail_goes_out(manager, round_, django_capture_on_commit_callbacks):
    firm = member("Klarflod", "owner", town="Kalmar", country="FI")
    with django_capture_on_commit_callbacks() as after_commit:
        found = actions.invite_member(
            round_=round_, organisation=firm, person="Saga", email=" Saga@Klarflod.example", by=manager
        )

    assert len(after_commit) == 1
    assert (found.company, found.person, found.email, found.status) == (
        "Klarflod",
        "Saga",
        "saga@klarflod.example",
        "invited",
    )
    assert (found.town, found.country, found.time_zone, found.size_class) == (
        "Kalmar",
        "FI",
        "Europe/Helsinki",
        "small",
    )
    assert found.cluster.is_home
    assert found.offer_lines == ["Vision systems for sawmills", "Robot cells"]
    assert (found.nace_codes, found.languages) == (["28.9", "62.10"], ["en", "sv"])
    event = AuditEvent.objects.get(action="matchmaking.invited")
    assert (event.actor_id, event.details["companies"]) == (manager.pk, ["Klarflod"])


def test_many_members_are_ticked_each_with_its_owner_chosen_before(sign_in, manager, round_):
    first, second = member("Alfa", "viewer", "editor", "owner"), member("Beta", "editor")
    nobody = member("Gamma")
    client = sign_in(manager)
    page = html.document_fromstring(client.get(address(round_, "invite_members")).content)
    chosen = page.get_element_by_id(f"id_contact-{first.pk}").value
    assert chosen == str(first.memberships.get(role="owner").user_id)
    assert len(page.get_element_by_id(f"id_contact-{first.pk}").xpath(".//option")) == 2

    ticked = {f"pick-{each.pk}": "on" for each in (first, second, nobody)}
    response = client.post(address(round_, "invite_members"), ticked | {f"contact-{first.pk}": chosen})
    assert "Write the address of somebody at Gamma." in said(response)
    assert page.get_element_by_id(f"id_pick-{first.pk}") is not None
    assert not Participant.objects.exists()

    client.post(address(round_, "invite_members"), ticked | {f"email-{nobody.pk}": "hello@gamma.example"})
    emails = dict(Participant.objects.values_list("company", "email"))
    assert emails["Alfa"] == first.memberships.get(role="owner").user.email
    assert emails["Gamma"] == "hello@gamma.example"
    assert "Alfa" not in said(client.get(address(round_, "invite_members")))


def test_everybody_that_the_filter_finds_is_invited_with_one_press(sign_in, manager, round_, owner):
    for name in ("Vatten Ett", "Vatten Två"):
        member(name, "owner")
    member("Vatten Tom")  # nobody to write to
    member("Skog", "owner")

    sign_in(manager).post(address(round_, "invite_members") + "?q=vatten", {"which": "all"})

    assert set(Participant.objects.values_list("company", flat=True)) == {"Vatten Ett", "Vatten Två"}


def test_nothing_ticked_says_what_to_do(sign_in, manager, round_, organisation):
    response = sign_in(manager).post(address(round_, "invite_members"), {"which": "ticked"})

    assert "Tick at least one member." in said(response)


def test_member_list_asks_the_same_number_of_questions(sign_in, manager, round_):
    client, made = sign_in(manager), []

    def make():
        made.append(member(f"Firm {len(made):02}", "owner", "editor"))

    assert_constant_queries(
        lambda: client.get(address(round_, "invite_members") + "?q=Firm"),
        make,
        at_most=15,
        shows=lambda response: response.content.decode().count('id="id_pick-'),
    )
