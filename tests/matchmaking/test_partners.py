"""Partners bring their own companies and see those, and cards of the others; members see their own people."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking import links
from matchmaking.actions import participants as actions
from matchmaking.models import Participant, Round, RoundPartner
from members.models import Invitation, Organisation
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
SECRETS = ("Hidden AB", "Hilda Hidden", "hilda@hidden.example", "Hiddentown", "hidden.example", "We are hidden")


@pytest.fixture
def round_(home) -> Round:
    found = RoundFactory(name="Clean water 2027")
    with_programme(found)
    return found


@pytest.fixture
def partner(round_) -> RoundPartner:
    cluster = OrganisationFactory(partner=True, name="Emajõe Cluster")
    return RoundPartner.objects.create(round=round_, organisation=cluster, places=3)


@pytest.fixture
def kart(partner):
    """Editor of the partner."""
    return MembershipFactory(
        organisation=partner.organisation, role="editor", user=UserFactory(name="Kärt", email="kart@emajoe.example")
    ).user


@pytest.fixture
def others(round_, partner):
    """One of another cluster who shows nothing, one who shows the name, and one of the partner's own."""
    hidden = {
        "company": "Hidden AB", "person": "Hilda Hidden", "email": "hilda@hidden.example", "town": "Hiddentown",
        "website": "https://hidden.example", "summary": "We are hidden",
    }  # fmt: skip
    ParticipantFactory(round=round_, size_class="small", country="SE", **hidden)
    ParticipantFactory(round=round_, company="Shown Oy", email="shown@shown.example", shown=True)
    ParticipantFactory(round=round_, company="Shown but invited only", shows_name=True, invited=True)
    return ParticipantFactory(round=round_, company="Kivi OÜ", cluster=partner.organisation)


def address(round_, name="round", *more):
    return reverse(f"matchmaking:{name}", args=[round_.slug, *more])


def said(response) -> str:
    return html.document_fromstring(response.content).xpath("string(//main)")


def test_partner_sees_its_own_companies_and_the_others_without_names(sign_in, kart, round_, others):
    response = sign_in(kart).get(address(round_))

    page = response.content.decode()
    assert "Kivi OÜ" in page
    assert others.email in page
    assert "Emajõe Cluster: 1 of 3 places are taken." in page
    assert "Small company in Sweden" in page
    assert "Shown Oy" in page
    assert "Shown but invited only" not in page
    for secret in (*SECRETS, "shown@shown.example"):
        assert secret not in page
    assert links.token_of(others) not in page


@pytest.mark.parametrize(
    "name", ["programme", "participants", "partners", "edit", "export_participants", "invite_members"]
)
def test_pages_of_managers_are_closed_to_partners(sign_in, kart, round_, others, name):
    response = sign_in(kart).get(address(round_, name))

    assert response.status_code == 403
    assert "Hidden" not in response.content.decode()


def test_partner_sees_nothing_of_rounds_without_it_or_being_set_up(sign_in, kart, round_):
    assert sign_in(kart).get(address(RoundFactory())).status_code == 404
    Round.objects.filter(pk=round_.pk).update(status="planned")
    assert sign_in(kart).get(address(round_)).status_code == 404
    assert "Clean water 2027" not in sign_in(kart).get(reverse("matchmaking:list")).content.decode()


def test_partner_invites_its_own_companies_within_its_places(sign_in, kart, round_, partner, others):
    client = sign_in(kart)
    page = client.get(address(round_, "invite_guest")).content.decode()
    assert "<select" not in html.tostring(html.document_fromstring(page).xpath("//main")[0]).decode()

    lines = "\n".join(f"Firm {n}; ; p{n}@firm.example" for n in range(3))
    response = client.post(address(round_, "invite_guests"), {"lines": lines, "cluster": partner.organisation.pk})

    assert "2 are invited." in said(response)
    assert "No place is left for Emajõe Cluster." in said(response)
    event = AuditEvent.objects.get(action="matchmaking.invited")
    assert (event.actor_label, event.organisation_id) == ("Kärt", partner.organisation_id)


def test_partner_invites_in_nobody_elses_name(sign_in, kart, round_, home):
    other = RoundPartner.objects.create(round=round_, organisation=OrganisationFactory(partner=True)).organisation
    for cluster in (home, other):
        with pytest.raises(PermissionDenied):
            actions.invite_guest(round_=round_, cluster=cluster, company="X", person="", email="x@x.example", by=kart)
        typed = {"company": "X", "email": "x@x.example", "cluster": cluster.pk}
        assert "Choose from the list." in said(sign_in(kart).post(address(round_, "invite_guest"), typed))
    assert not Participant.objects.exists()


def test_partner_does_not_learn_what_a_guest_told_another_cluster(kart, round_, partner):
    ParticipantFactory(email="mari@kivi.example", offers="Pumps", keeps_profile=True, keeps_profile_at=timezone.now())
    invite = {"round_": round_, "cluster": partner.organisation, "company": "Kivi", "person": "", "by": kart}

    assert actions.invite_guest(**invite, email="mari@kivi.example").offers == ""


def test_time_to_bring_companies_ends_with_the_sign_up(sign_in, kart, round_, partner, others):
    Round.objects.filter(pk=round_.pk).update(register_until=timezone.now())

    page = said(sign_in(kart).get(address(round_)))
    assert "The time to sign up is over. Ask the cluster team." in page
    assert "Invite your companies" not in page
    assert sign_in(kart).get(address(round_, "invite_guest")).status_code == 403


def test_viewer_of_the_partner_only_reads(sign_in, round_, partner, others):
    viewer = MembershipFactory(organisation=partner.organisation, role="viewer").user
    client = sign_in(viewer)

    page = client.get(address(round_)).content.decode()
    assert "Kivi OÜ" in page
    assert "Invite your companies" not in page
    assert address(round_, "participant", others.pk) not in page
    for name in ("participant", "resend", "withdraw"):
        assert client.post(address(round_, name, others.pk), {"why": "x"}).status_code == 403
    assert client.post(address(round_, "invite_guest"), {"company": "X", "email": "x@x.example"}).status_code == 403


def test_partner_looks_after_its_own_companies_only(sign_in, kart, round_, others):
    hidden = Participant.objects.get(company="Hidden AB")
    client = sign_in(kart)
    for name in ("participant", "resend", "withdraw"):
        assert client.post(address(round_, name, hidden.pk), {"why": "x"}).status_code == 404

    assert "Most meetings" not in said(client.get(address(round_, "participant", others.pk)))
    assert client.post(address(round_, "participant", others.pk), {"quota": "1"}).status_code == 403
    client.post(address(round_, "withdraw", others.pk), {"why": "Ill."})
    assert Participant.objects.get(pk=others.pk).status == "withdrawn"


def test_page_of_a_partner_asks_the_same_number_of_questions(sign_in, kart, round_, partner):
    client = sign_in(kart)

    def make():
        ParticipantFactory(round=round_, cluster=partner.organisation)
        ParticipantFactory(round=round_)

    assert_constant_queries(
        lambda: client.get(address(round_)), make, at_most=18, shows=lambda r: r.content.decode().count('scope="row"')
    )


def test_cards_of_others_are_paged(sign_in, kart, round_, partner):
    for _ in range(14):
        ParticipantFactory(round=round_)

    page = html.document_fromstring(sign_in(kart).get(address(round_)).content)

    assert len(page.xpath("//section[@aria-labelledby='others']//li[@class='list-row']")) == 12
    assert "14 others take part" in page.text_content()


# Members


def test_member_sees_its_own_people_with_their_links_and_nobody_else(
    sign_in, owner, viewer, organisation, round_, others
):
    own = ParticipantFactory(round=round_, organisation=organisation, person="Carl", email="carl@x.example")
    link = reverse("matchmaking:own", args=[links.token_of(own)])

    page = sign_in(owner).get(address(round_)).content.decode()
    assert "Carl" in page
    assert link in page
    for name in (*SECRETS, "Shown Oy", "Kivi OÜ", "Small company"):
        assert name not in page

    reading = sign_in(viewer).get(address(round_)).content.decode()
    assert "Carl" in reading
    assert link not in reading
    assert sign_in(owner).get(address(round_, "participant", own.pk)).status_code == 403

    Participant.objects.filter(pk=own.pk).update(status="withdrawn")
    assert (
        reverse("matchmaking:own", args=[links.token_of(own)])
        not in sign_in(owner).get(address(round_)).content.decode()
    )


def test_rounds_stand_in_the_navigation_of_those_who_have_one(sign_in, owner, organisation, round_):
    feed, entry = reverse("opportunities:feed"), reverse("matchmaking:list")
    assert entry not in sign_in(owner).get(feed).content.decode()

    ParticipantFactory(round=round_, organisation=organisation)
    assert entry in sign_in(owner).get(feed).content.decode()
    assert "Clean water 2027" in sign_in(owner).get(entry).content.decode()


# Adding partners


def typed(**more):
    return {"organisation": "", "new_name": "", "new_kind": "cluster", "new_country": "", "places": "20"} | more


def test_partner_is_added_and_its_people_are_told_once(sign_in, manager, round_):
    cluster = OrganisationFactory(partner=True, name="Vesi Cluster")
    MembershipFactory(organisation=cluster, role="owner", user=UserFactory(email="boss@vesi.example"))
    MembershipFactory(organisation=cluster, role="viewer")
    client = sign_in(manager)

    for _ in range(2):
        client.post(address(round_, "partners"), typed(organisation=cluster.pk, places="7"))

    assert RoundPartner.objects.get().places == 7
    mail = Mail.objects.get()
    assert (mail.to, mail.kind) == ("boss@vesi.example", "round-invitation")
    assert "There are 7 places for you." in mail.text
    assert round_.get_absolute_url() in mail.text
    assert "7" in said(client.get(address(round_, "partners")))


def test_new_partner_is_created_with_its_contact_person(sign_in, manager, round_):
    new = typed(new_name="Pomorze Woda", new_country="PL", contact_name="Ewa", contact_email="ewa@pomorze.example")
    response = sign_in(manager).post(address(round_, "partners"), new, follow=True)

    cluster = Organisation.objects.get(name="Pomorze Woda")
    assert (cluster.kind, cluster.is_member, cluster.country) == ("cluster", False, "PL")
    invitation = Invitation.objects.get()
    assert (invitation.organisation, invitation.role) == (cluster, "owner")
    assert "ewa@pomorze.example is invited" in said(response)
    mail = Mail.objects.get(kind="round-invitation")
    assert invitation.key in mail.text
    assert "the link makes your account" in mail.text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "Choose an organisation, or write the name of a new one."),
        ({"new_name": "Vesi"}, "Nobody there signs in yet. Write whom to invite."),
        ({"new_name": "Vesi", "contact_email": "no address"}, "Write an e-mail address, such as"),
        ({"new_name": "Ålgräs robotics", "contact_email": "x@x.example"}, "There is an organisation of this name"),
        ({"places": "0"}, "Write 1 or more."),
    ],
)
def test_partner_that_lacks_something_is_refused(sign_in, manager, round_, organisation, more, sentence):
    assert sentence in said(sign_in(manager).post(address(round_, "partners"), typed(**more)))
    assert not RoundPartner.objects.exists()


def test_member_or_home_cluster_is_no_partner(manager, round_, organisation, home):
    for wrong in (organisation, home):
        with pytest.raises(Refused, match="A partner is another cluster"):
            actions.add_partner(round_=round_, organisation=wrong, places=1, by=manager)


def test_places_are_not_fewer_than_are_taken(sign_in, manager, round_, partner, others):
    client = sign_in(manager)
    ParticipantFactory(round=round_, cluster=partner.organisation)
    places = address(round_, "change_places", partner.pk)
    assert "2 places are taken." in said(client.post(places, {"places": "1"}, follow=True))
    assert "Write a whole number" in said(client.post(places, {"places": "many"}, follow=True))
    client.post(places, {"places": "2"})
    partner.refresh_from_db()
    assert partner.places == 2


def test_partner_goes_as_long_as_it_has_brought_nobody(sign_in, manager, round_, partner):
    brought = ParticipantFactory(round=round_, cluster=partner.organisation)
    remove = address(round_, "remove_partner", partner.pk)
    assert "has companies in this round already" in said(sign_in(manager).post(remove, follow=True))

    brought.delete()
    assert "is no partner any more" in said(sign_in(manager).post(remove, follow=True))
    assert not RoundPartner.objects.exists()


def test_partners_are_the_managers_to_choose(round_, partner, kart, owner):
    for user in (kart, owner):
        for act in (
            lambda u: actions.add_partner(round_=round_, organisation=partner.organisation, places=9, by=u),
            lambda u: actions.change_places(partner=partner, places=99, by=u),
            lambda u: actions.remove_partner(partner=partner, by=u),
        ):
            with pytest.raises(PermissionDenied):
                act(user)
