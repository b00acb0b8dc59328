"""What a peer may do to another peer, to itself, and to a company that has taken its card back: nothing."""

import pytest

from core.actions import Refused
from ecosystem import exchange
from ecosystem.actions.receiving import receive, try_again
from ecosystem.exchange import Answer, Card, Part, PrivateKey, Revealed, Withdrawn
from ecosystem.models import ForeignCard, PeerKey, RecordReceived
from opportunities.models import ImportRun, Opportunity
from tests.ecosystem.exchange_ground import by_hand, outgoing, packet, peer, post, taken
from tests.ecosystem.ground import card_of, mails
from tests.ecosystem.packets import KEY, OPPORTUNITY

pytestmark = pytest.mark.django_db
REVEALED = Card(
    "c1", "Suppliers for a harbour", revealed=Revealed("Saltvik Marine", contact_email="kari@saltvik.example")
)
GONE = Withdrawn(Part.CARDS, "c1")


@pytest.fixture
def known(home):
    return peer()


def test_peer_that_shows_the_key_of_another_one_does_not_take_its_voice(known):
    other = peer(address="https://portal.vik.example")

    assert post(packet())[1]["code"] == "taken"
    forged = exchange.sign(outgoing(sender=other.address), PrivateKey(b"z" * 32))
    assert post(forged)[1]["code"] == "unknown_key"
    assert PeerKey.objects.filter(key_id=KEY.public.id).count() == 2


def test_opportunity_that_is_said_and_withdrawn_in_one_packet_is_over(known):
    taken(packet(1))
    gone = {"part": "opportunities", "id": OPPORTUNITY["id"]}

    found = taken(by_hand(2, payload={"opportunities": [OPPORTUNITY | {"title": "New"}], "withdrawn": [gone]}))

    assert ImportRun.objects.get(pk=found.import_run_id).status == "done"
    assert Opportunity.objects.get().source_status == "cancelled"


def test_bytes_that_name_a_company_are_forgotten_with_its_card(known, manager, sign_in):
    told = taken(packet(1, cards=(REVEALED,)))
    other = taken(packet(2, cards=(Card("c2", "Another question"),)))
    taken(packet(3, withdrawn=(GONE,)))

    for found in (told, other):
        found.refresh_from_db()
    assert (bytes(told.raw), ForeignCard.objects.get(external_id="c1").revealed) == (b"", {})
    assert bytes(other.raw).startswith(b"ey")
    page = sign_in(manager).get(told.get_absolute_url()).content.decode()
    assert "packet.jws" not in page
    assert "taken back" in page
    with pytest.raises(Refused, match="taken back"):
        try_again(packet=told, by=manager)
    assert sign_in(manager).get(f"{told.get_absolute_url()}packet.jws").status_code == 404


def test_the_same_bytes_bring_a_forgotten_card_back_neither_at_once_nor_later(known, manager):
    data = packet(1, cards=(REVEALED,))
    taken(data)
    taken(packet(2, withdrawn=(GONE,)))

    assert receive(data=data, by=manager).came_again
    card = ForeignCard.objects.get()
    assert (card.is_withdrawn, card.revealed) == (True, {})


def test_trying_again_does_not_bring_back_what_was_withdrawn_later(known, manager):
    found = taken(packet(1, cards=(Card("c1", "A question"),)))
    RecordReceived.objects.filter(packet=found).update(state="refused", message="The country was not known here.")
    taken(packet(2, withdrawn=(GONE,)))

    try_again(packet=found, by=manager)

    assert ForeignCard.objects.get().is_withdrawn


def test_sentence_of_an_answer_reaches_the_team(known, manager):
    card, _person = card_of(shown=True, shortlist__partnership=known.partnership)

    taken(packet(answers=(Answer(str(card.key), "interested", "They build <b>ferries</b> in Bergen."),)))

    (mail,) = mails("card-interest")
    assert "ferries in Bergen" in mail.text
    assert "ferries in Bergen" in mail.html
