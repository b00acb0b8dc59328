"""A company that has left, a person who has left, and a packet that lies about: nobody learns more from them."""

import json

import pytest
from django.utils import timezone

from core.actions import Refused
from ecosystem import naming, parcels
from ecosystem.actions import cards, shortlists
from ecosystem.actions.by_itself import resume
from ecosystem.actions.sending import deliver, note_carried, prepare
from ecosystem.anonymity import Names, telling
from ecosystem.models import PacketSent, RecordSent
from members.models import Organisation
from tests.core import faulty_server as faults
from tests.ecosystem.exchange_ground import content, peer
from tests.ecosystem.ground import card_of, mails, speaker
from tests.factories.ecosystem import SharedOpportunityFactory
from tests.factories.members import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(home):
    return peer()


@pytest.fixture
def server(settings):
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.1"]
    with faults.faulty_server() as server:
        yield server


def revealed_with_contact(**facts):
    card, person = card_of(revealed=True, fields=["name", "contact"], **facts)
    card.contact = person
    card.save()
    return card, person


def take_back(card) -> None:
    type(card).objects.filter(pk=card.pk).update(status="withdrawn", withdrawn_at=timezone.now())


def leave(company: Organisation) -> None:
    Organisation.objects.filter(pk=company.pk).update(is_member=False)


def test_a_contact_who_has_left_the_company_is_not_told_any_more(known, manager, sign_in):
    card, person = revealed_with_contact(shortlist__partnership=known.partnership)
    page = sign_in(speaker(known.partnership)).get(card.shortlist.get_absolute_url()).content.decode()
    assert person.email in page

    person.memberships.all().delete()

    page = sign_in(speaker(known.partnership)).get(card.shortlist.get_absolute_url()).content.decode()
    assert ("Klarflod" in page, person.email in page) == (True, False)
    assert person.email not in json.dumps(content(prepare(peer=known, by=manager)))


def test_cards_of_a_company_that_has_left_the_cluster_are_not_before_the_partner(known, manager, sign_in):
    card, _person = card_of(shown=True, shortlist__partnership=known.partnership)
    person = speaker(known.partnership)
    leave(card.organisation)

    seen = sign_in(person).get(card.shortlist.get_absolute_url()).content.decode()
    assert "Sensors for drinking water" not in seen
    answer = sign_in(person).post(f"/partners/cards/{card.key}/interest/", {"answer": "interested"})
    assert answer.status_code == 404
    with pytest.raises(Refused, match="everything already"):
        prepare(peer=known, by=manager)


def test_a_company_that_has_left_is_neither_shown_nor_introduced(manager):
    card, _person = card_of(interested=True)
    later, _person = card_of("Havtorn", consented=True, shortlist=card.shortlist)
    for company in (card.organisation, later.organisation):
        leave(company)

    assert shortlists.show(shortlist=card.shortlist, by=manager) == 0
    with pytest.raises(Refused, match="no member"):
        cards.introduce(card=card, by=manager)
    assert mails("introduction") == []


def test_who_was_introduced_before_leaving_stays_introduced(sign_in):
    card, _person = card_of(revealed=True)
    leave(card.organisation)

    seen = sign_in(speaker(card.shortlist.partnership)).get(card.shortlist.get_absolute_url())

    assert "Klarflod" in seen.content.decode()


def test_packet_that_waits_does_not_tell_of_a_card_that_was_taken_back(known, manager, server):
    server.answers["/inbox"] = faults.page(json.dumps({"code": "taken"}).encode())
    type(known).objects.filter(pk=known.pk).update(inbox=server.url("/inbox"))
    card, _person = revealed_with_contact(shortlist__partnership=known.partnership)
    SharedOpportunityFactory(partnership=known.partnership)
    waiting = prepare(peer=known, by=manager)
    take_back(card)

    deliver(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.outcome, server.bodies) == ("replaced", [])
    newest = PacketSent.objects.latest("sequence")
    assert (newest.sequence, newest.status, len(content(newest)["opportunities"])) == (2, "queued", 1)
    assert content(newest)["cards"] == []


def test_file_of_a_packet_that_waits_is_not_given_out_when_a_card_was_taken_back(known, manager, sign_in):
    card, _person = revealed_with_contact(shortlist__partnership=known.partnership)
    waiting = prepare(peer=known, by=manager, send=False)
    team = sign_in(manager)
    assert team.get(f"{waiting.get_absolute_url()}packet.jws").content.startswith(b"ey")
    take_back(card)

    answer = team.get(f"{waiting.get_absolute_url()}packet.jws", follow=True)

    assert "taken its card back" in answer.content.decode()


def test_card_that_may_have_come_without_our_hearing_of_it_is_withdrawn(known, manager):
    card, _person = revealed_with_contact(shortlist__partnership=known.partnership)
    prepare(peer=known, by=manager)
    take_back(card)

    told = content(prepare(peer=known, by=manager))

    assert (told["cards"], told["withdrawn"]) == ([], [{"part": "cards", "id": str(card.key)}])


def test_what_was_taken_back_is_told_to_the_peer_without_a_manager_and_once(known, manager):
    card, _person = card_of(shown=True, shortlist__partnership=known.partnership)
    note_carried(packet=prepare(peer=known, by=manager), by=manager)
    resume()
    assert PacketSent.objects.count() == 1
    take_back(card)

    for _ in range(2):
        resume()

    found = PacketSent.objects.get(sequence=2)
    assert (content(found)["withdrawn"], found.started_by) == ([{"part": "cards", "id": str(card.key)}], None)
    PacketSent.objects.update(outcome="taken")  # it took the packet, and refused this record of it
    resume()
    assert (PacketSent.objects.count(), RecordSent.objects.count()) == (2, 1)


def test_one_large_record_does_not_keep_the_others_back(known, manager, monkeypatch):
    large = SharedOpportunityFactory(partnership=known.partnership, opportunity__description="x" * 5000)
    small = SharedOpportunityFactory(partnership=known.partnership)
    monkeypatch.setattr(parcels, "MOST_BYTES", 4000)

    told = content(prepare(peer=known, by=manager))["opportunities"]

    assert large.opportunity.pk < small.opportunity.pk
    assert [each["id"] for each in told] == [small.opportunity.reference]


def test_no_packet_withdraws_more_than_a_receiver_reads(known, manager, monkeypatch):
    for shared in SharedOpportunityFactory.create_batch(2, partnership=known.partnership):
        shared.ended_at = timezone.now()
        RecordSent.objects.create(peer=known, part="opportunities", external_id=shared.opportunity.reference)
        shared.save()
    monkeypatch.setattr(parcels, "MOST_RECORDS", 1)

    assert len(content(prepare(peer=known, by=manager))["withdrawn"]) == 1


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("IBM AB", "We at IBM make sensors", ["IBM"]),
        ("3M Klarvatten", "Glue, as 3M makes it", ["3M"]),
        ("Ola AS", "Solar panels for Ola's boats", ["Ola"]),
        ("Ola AS", "Solar panels", []),
    ],
)
def test_a_short_name_tells_as_a_whole_word(name, text, told):
    assert telling(text, Names(company=name)) == told


def test_a_website_below_a_prefix_tells_as_well():
    assert telling("Klarvatten pumps", Names(website="https://en.klarvatten.example")) == ["Klarvatten"]


def test_a_short_word_is_common_only_where_others_say_that_very_word():
    mine = OrganisationFactory(name="Sea Membranes")
    OrganisationFactory(profile__offers="Heating all season")
    assert telling("Filters for sea water", naming.names_of(mine)) == ["sea"]

    OrganisationFactory(profile__seeks="Sites by the sea")

    assert telling("Filters for sea water", naming.names_of(mine)) == []
