"""A person whom two clusters know: neither learns of the other, nobody is lost, and places are not given twice."""

import re

import pytest
from django.urls import reverse
from lxml import html

from core.actions import Refused
from core.models import Mail
from matchmaking import announcing
from matchmaking.actions import participants, sign_up
from matchmaking.models import Participant, Round, RoundPartner
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.factories.members import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "known@kivi.example", "other@kivi.example"


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
    return MembershipFactory(organisation=partner.organisation, role="editor").user


def invited(partner, by, email=KNOWN) -> Participant:
    return participants.invite_guest(
        round_=partner.round, cluster=partner.organisation, company="Kivi OÜ", person="Mari", email=email, by=by
    )


def address(round_, name="round", *more):
    return reverse(f"matchmaking:{name}", args=[round_.slug, *more])


def what_the_partner_sees(sign_in, kart, partner, email) -> list[str]:
    """Both ways of inviting, the list and the page of the one invited, without what differs for any two people."""
    client, cluster = sign_in(kart), partner.organisation.pk
    typed = {"company": "Kivi OÜ", "person": "Mari", "email": email, "cluster": cluster}
    one = client.post(address(partner.round, "invite_guest"), typed, follow=True)
    announcing.send_due()
    Participant.objects.filter(cluster=cluster).update(link_version=1)
    own = Participant.objects.get(cluster=cluster)
    pages = [one, client.get(address(partner.round)), client.get(address(partner.round, "participant", own.pk))]
    again = client.post(address(partner.round, "invite_guest"), typed)
    Participant.objects.filter(cluster=cluster).delete()
    lines = {"lines": f"Kivi OÜ; Mari; {email}", "cluster": cluster}
    pages += [again, client.post(address(partner.round, "invite_guests"), lines, follow=True)]
    Participant.objects.filter(cluster=cluster).delete()
    said = [" ".join(html.document_fromstring(page.content).text_content().split()) for page in pages]
    return [re.sub(rf"{KNOWN}|{UNKNOWN}", "…", text) for text in said]


@pytest.mark.parametrize("status", ["invited", "confirmed", "declined", "withdrawn"])
def test_partner_gets_the_same_answer_for_an_address_of_another_cluster(sign_in, kart, partner, status):
    ParticipantFactory(round=partner.round, email=KNOWN, status=status)
    known = what_the_partner_sees(sign_in, kart, partner, KNOWN)
    unknown = what_the_partner_sees(sign_in, kart, partner, UNKNOWN)

    assert known == unknown
    assert "1 is invited." in known[0]
    assert "is in this round already" in known[3], "of one's own one may know"


def test_nothing_of_either_invitation_is_lost_and_managers_see_both(sign_in, manager, kart, partner):
    first = ParticipantFactory(round=partner.round, email=KNOWN, company="Kivi", invited=True)
    second = invited(partner, kart)
    announcing.send_due()

    assert Mail.objects.filter(to=KNOWN, kind="round-invitation").count() == 2
    page = html.document_fromstring(sign_in(manager).get(address(partner.round, "participants")).content)
    text = " ".join(page.text_content().split())
    assert f"{KNOWN}. Each takes part for one of them." in text
    assert {first.company, second.company} <= {each.text for each in page.xpath("//tbody//th/a")}
    assert "Invited by two clusters" not in sign_in(kart).get(address(partner.round)).content.decode()


def test_managers_are_told_that_an_address_is_there(partner, manager):
    ParticipantFactory(round=partner.round, email=KNOWN)
    with pytest.raises(Refused, match="is in this round already"):
        invited(partner, manager)


def test_person_takes_part_for_one_of_them(partner, kart):
    mine = {"offers": "Pumps", "seeks": "Sensors", "person": "Mari"}
    first = ParticipantFactory(round=partner.round, email=KNOWN, company="Kivi", status="invited")
    second = invited(partner, kart)
    Participant.objects.filter(pk=second.pk).update(**mine)

    sign_up.confirm(participant=first)
    with pytest.raises(Refused, match="You take part already for Kivi, invited by Cluster"):
        sign_up.confirm(participant=second)
    sign_up.decline(participant=second, sentence="")
    assert set(Participant.objects.values_list("company", "status")) == {
        ("Kivi", "confirmed"), ("Kivi OÜ", "declined"),
    }  # fmt: skip


# Places


@pytest.fixture
def full(partner) -> list[Participant]:
    """All places are taken, after two had said no or left."""
    for _ in range(3):
        ParticipantFactory(round=partner.round, cluster=partner.organisation, invited=True)
    return [
        ParticipantFactory(round=partner.round, cluster=partner.organisation, status=status)
        for status in ("declined", "withdrawn")
    ]


def test_who_had_declined_does_not_come_back_over_the_limit(client, full, partner):
    for gone in full:
        with pytest.raises(Refused, match=r"All places of Emajõe Cluster are taken by now\. Ask Emajõe Cluster"):
            sign_up.confirm(participant=gone)
    partner.places = 4
    partner.save()
    sign_up.confirm(participant=full[0])
    assert Participant.objects.confirmed().count() == 1
    sign_up.confirm(participant=full[0])  # twice is once


def test_who_is_invited_has_a_place(full, partner):
    sign_up.confirm(participant=_ready(Participant.objects.filter(status="invited").first()))
    assert Participant.objects.confirmed().count() == 1


def _ready(participant: Participant) -> Participant:
    Participant.objects.filter(pk=participant.pk).update(offers="Pumps", seeks="Sensors", person="Mari")
    return participant
