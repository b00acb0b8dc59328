"""What the team sees of what goes by itself: last and next sending, and withdrawals that have not arrived."""

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.clocks import moment_here
from ecosystem.actions.by_itself import send_daily
from ecosystem.actions.cards import withdraw
from ecosystem.actions.sending import note_carried, prepare
from ecosystem.models import PacketSent, RecordSent
from members.models import Organisation
from tests.ecosystem.exchange_ground import peer
from tests.ecosystem.ground import card_of
from tests.factories.ecosystem import SharedOpportunityFactory, ShortlistCardFactory
from tests.factories.members import MembershipFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(home):
    return peer()


@pytest.fixture
def team(manager, sign_in):
    return sign_in(manager)


def taken_back(known, manager, name: str = "Klarflod"):
    """A card that the peer has, and that its company has taken back since."""
    card, person = card_of(name, shown=True, shortlist__partnership=known.partnership)
    note_carried(packet=prepare(peer=known, by=manager), by=manager)
    withdraw(card=card, by=person)
    return card


def read(client, found) -> str:
    page = html.document_fromstring(client.get(found.get_absolute_url()).content)
    return " ".join(page.xpath("//main")[0].text_content().split())


def test_daily_sending_is_off_and_can_be_switched_on_and_off(known, team):
    page = read(team, known)
    assert "Nothing has gone yet." in page
    assert "When you send it." in page
    assert "Send changes daily" in page

    url = reverse("exchange:daily", args=[known.pk])
    answer = team.post(url, {"daily": "1"}, follow=True).content.decode()
    known.refresh_from_db()
    assert f"{timezone.localtime(known.next_sending_at):%H:%M}" == "06:00"
    assert "Changes go once a day from now on." in answer
    assert f"{moment_here(known.next_sending_at)}, if something has changed." in read(team, known)

    answer = team.post(url, follow=True).content.decode()
    assert "Nothing goes daily any more." in answer
    assert "When you send it." in answer


def test_last_sending_is_shown_with_how_it_stands(known, manager, team):
    SharedOpportunityFactory(partnership=known.partnership)
    sent = prepare(peer=known, by=manager)
    PacketSent.objects.filter(pk=sent.pk).update(status="done", outcome="refused", code="unknown_key")

    assert f"Packet 1, {moment_here(sent.created_at)} Refused: nobody has confirmed its key" in read(team, known)


def test_next_sending_waits_for_a_key(home, manager, team):
    known = peer(confirmed=False)
    assert "Send changes daily" not in read(team, known)
    send_daily(peer=known, wanted=True, by=manager)

    assert "Once their key is confirmed." in read(team, known)


def test_withdrawal_that_has_not_arrived_is_named_with_what_to_do(known, manager, team):
    assert "have not arrived" not in read(team, known)
    card = taken_back(known, manager)

    page = read(team, known)
    assert "Their portal may still show 1 card that was taken back" in page
    assert f"Klarflod, {card.shortlist}" in page
    assert "Write the file" in page
    assert "Hand over the file" not in page

    answer = team.post(reverse("exchange:send", args=[known.pk]), {"by_hand": "1"}, follow=True).content.decode()
    assert "mail it to the partner" in answer
    assert "Hand over the file" in read(team, known)
    note_carried(packet=PacketSent.objects.latest("sequence"), by=manager)
    assert "have not arrived" not in read(team, known)


def test_a_file_that_does_not_say_all_that_was_taken_back_is_not_offered(known, manager, team):
    cards = [card_of(name, shown=True, shortlist__partnership=known.partnership) for name in ("Klarflod", "Bolja")]
    note_carried(packet=prepare(peer=known, by=manager), by=manager)
    (first, its_owner), (second, other_owner) = cards
    withdraw(card=first, by=its_owner)
    prepare(peer=known, by=manager, send=False)
    assert "Hand over the file" in read(team, known)

    withdraw(card=second, by=other_owner)

    page = read(team, known)
    assert "may still show 2 cards" in page
    assert "Hand over the file" not in page
    assert "Write the file" in page


def test_without_a_trusted_key_the_partner_is_told_by_telephone(known, manager, team):
    taken_back(known, manager)
    known.keys.update(until=timezone.now())

    page = read(team, known)
    assert "Ask the partner by telephone to delete these cards." in page
    assert "Write the file" not in page


def test_who_belongs_to_the_partner_does_not_learn_who_took_its_card_back(known, manager, sign_in):
    taken_back(known, manager)
    other = MembershipFactory(organisation=Organisation.objects.get(is_home=True), role="manager").user
    MembershipFactory(organisation=known.partnership.organisation, user=other, role="owner")

    page = read(sign_in(other), known)
    assert "A company, Sensors for Tartu" in page
    assert "Klarflod" not in page


def test_card_of_a_company_that_is_gone_is_still_counted(known, manager, team):
    card = taken_back(known, manager)
    card.delete()

    assert "A company that is not kept here any more" in read(team, known)


def test_page_asks_the_same_however_much_was_taken_back(known, manager, team):
    def another() -> None:
        withdrawn = {"status": "withdrawn", "withdrawn_at": timezone.now()}
        card = ShortlistCardFactory(shown=True, shortlist__partnership=known.partnership, **withdrawn)
        RecordSent.objects.create(peer=known, part="cards", external_id=str(card.key))

    assert_constant_queries(
        lambda: team.get(known.get_absolute_url()),
        another,
        at_most=20,
        shows=lambda page: len(page.context["gone"]["cards"]),
    )
