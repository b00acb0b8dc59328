"""The team's pages of the exchange: what they show, who may open them, and what can be done on them."""

from collections.abc import Callable
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from ecosystem.actions.receiving import receive
from ecosystem.actions.sending import prepare
from ecosystem.exchange import Card, Revealed
from ecosystem.models import ForeignCard, PacketReceived, PacketSent
from tests.ecosystem.exchange_ground import CARD, by_hand, packet, peer, taken
from tests.ecosystem.packets import KEY, OPPORTUNITY, OTHER_KEY
from tests.factories.ecosystem import PartnershipFactory, SharedOpportunityFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(home):
    return peer()


@pytest.fixture
def team(manager, sign_in):
    return sign_in(manager)


def pages(known, manager) -> list[str]:
    """Each page of the exchange, with something on it."""
    SharedOpportunityFactory(partnership=known.partnership)
    sent = prepare(peer=known, by=manager)
    came = receive(data=packet(), by=None)
    refused = receive(data=by_hand(version=2), by=None)
    card = ForeignCard.objects.get()
    found = [known, came, refused, sent, card]
    files = [reverse("exchange:received_file", args=[came.pk]), reverse("exchange:sent_file", args=[sent.pk])]
    return [reverse("exchange:home"), reverse("exchange:add"), *(each.get_absolute_url() for each in found), *files]


def test_pages_are_for_managers_alone(known, manager, owner, outsider, evaluator, client, sign_in):
    for path in pages(known, manager):
        assert client.get(path).status_code == 302
        for person in (owner, outsider, evaluator):
            answer = sign_in(person).get(path)
            assert answer.status_code == 403
            assert "for cluster managers" in answer.content.decode()


def test_acts_take_posts_of_managers_alone(known, manager, owner, sign_in, team):
    pages(known, manager)
    came, sent, key = PacketReceived.objects.first(), PacketSent.objects.get(), known.keys.get()
    named = {"look_again": known, "send": known, "daily": known, "confirm_key": key, "end_key": key, "try_again": came}
    paths = [reverse(f"exchange:{name}", args=[each.pk]) for name, each in named.items()]
    paths += [reverse(f"exchange:{name}", args=[sent.pk]) for name in ("send_again", "carried")]
    for path in [*paths, reverse("exchange:upload")]:
        assert team.get(path).status_code == 405
        assert sign_in(owner).post(path).status_code == 403
    key.refresh_from_db()
    assert key.is_trusted


def test_fingerprints_stand_where_they_are_compared(home, team):
    known = peer(confirmed=False)
    answer = team.get(known.get_absolute_url()).content.decode()

    assert KEY.public.fingerprint in answer
    assert "Ring the partner" in answer
    answer = team.post(reverse("exchange:confirm_key", args=[known.keys.get().pk]), follow=True).content.decode()
    assert "The key is confirmed." in answer


def test_address_that_is_none_is_told_at_its_field_and_kept(home, team):
    partnership = PartnershipFactory()
    answer = team.post(reverse("exchange:add"), {"partnership": partnership.pk, "address": "portal.kyst"})

    assert "https:// and its host" in answer.content.decode()
    assert 'value="portal.kyst"' in answer.content.decode()


def test_refused_packet_says_why_and_what_to_do(known, team):
    found = receive(data=packet(key=OTHER_KEY), by=None)
    answer = team.get(found.get_absolute_url()).content.decode()

    assert "Compare its fingerprint by telephone and confirm it, then try again." in answer
    assert "This packet is refused" in answer
    assert "Try again" in answer


def test_refused_records_stand_on_the_packets_page(known, team):
    found = taken(packet(opportunities=({"id": "kyst-18", "kind": "<b>gift</b>", "title": "x"}, OPPORTUNITY)))
    answer = team.get(found.get_absolute_url()).content.decode()

    assert "kyst-18" in answer
    assert "is none of partnering" in answer
    assert "<b>gift" not in answer
    assert "Taken: 1 opportunity." in answer


def test_packet_is_read_from_a_file_and_goes_out_as_one(known, manager, team):
    file = SimpleUploadedFile("packet.jws", packet())
    answer = team.post(reverse("exchange:upload"), {"file": file}, follow=True)
    assert PacketReceived.objects.get().by == manager
    assert "Brought by" in answer.content.decode()

    SharedOpportunityFactory(partnership=known.partnership)
    team.post(reverse("exchange:send", args=[known.pk]), {"by_hand": "1"})
    sent = PacketSent.objects.get()
    answer = team.get(reverse("exchange:sent_file", args=[sent.pk]))
    assert answer.content == bytes(sent.raw)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="packet-1.jws"'
    assert sent.status == "cancelled"
    answer = team.post(reverse("exchange:carried", args=[sent.pk]), follow=True).content.decode()
    assert "Noted: the partner has it." in answer


def test_upload_without_a_file_says_so(known, team):
    answer = team.post(reverse("exchange:upload"), {}, follow=True)

    assert "Choose the file that the partner sent" in answer.content.decode()


def test_nothing_to_send_is_said(known, team):
    answer = team.post(reverse("exchange:send", args=[known.pk]), follow=True)

    assert "The partner has everything already." in answer.content.decode()


def test_card_is_answered_and_its_text_is_text(known, manager, team):
    taken(packet(cards=(Card("c1", "Harbours & <i>locks</i>", offers=("=1+1",)),)))
    card = ForeignCard.objects.get()
    assert team.post(card.get_absolute_url(), {"message": "Hello"}).content.decode().count("Hello") == 1

    said = {"answer": "interested", "message": "<b>We</b> would like to meet."}
    answer = team.post(card.get_absolute_url(), said, follow=True)

    card.refresh_from_db()
    assert (card.answer, card.message, card.answered_by) == ("interested", said["message"], manager)
    assert "It goes to the partner with the next packet." in answer.content.decode()
    page = team.get(card.get_absolute_url()).content.decode()
    assert "&lt;b&gt;We&lt;/b&gt;" in page


def test_introduced_company_is_named_and_cannot_be_turned_down_any_more(known, team):
    who = Revealed("Fjordsens AS", "Bergen", contact_email="kari@fjordsens.example")
    taken(packet(cards=(Card(CARD.id, CARD.purpose, revealed=who),)))
    card = ForeignCard.objects.get()
    page = team.get(card.get_absolute_url()).content.decode()

    assert "Fjordsens AS" in page
    assert "mailto:kari@fjordsens.example" in page
    assert "Save the answer" not in page
    answer = team.post(card.get_absolute_url(), {"answer": "not_for_us", "message": ""})
    card.refresh_from_db()
    assert (answer.status_code, card.answer) == (200, "")


def test_lists_ask_the_same_however_long_they_are(known, team):
    numbers = count(2)

    def card() -> None:
        ForeignCard.objects.create(peer=known, external_id=f"c{next(numbers)}", purpose="Harbours", kind="company")

    def another() -> None:
        n = next(numbers)
        found = peer(address=f"https://portal{n}.example")
        PacketReceived.objects.create(digest=str(n), raw=b"", peer=found, state="refused", code="too_old")

    def links(what: str) -> Callable[[HttpResponse], int]:
        return lambda page: page.content.decode().count(f'href="/partners/exchange/{what}/')

    assert_constant_queries(lambda: team.get(known.get_absolute_url()), card, at_most=20, shows=links("cards"))
    known.delete()
    assert_constant_queries(lambda: team.get(reverse("exchange:home")), another, at_most=20, shows=links("peers"))


@pytest.mark.parametrize(
    ("data", "helps"), [(packet()[:-12] + b"A" * 12, False), (b"hello", False), (packet(key=OTHER_KEY), True)]
)
def test_trying_again_is_offered_where_it_can_help(known, manager, team, data, helps):
    found = receive(data=data, by=manager)

    assert ("Try again" in team.get(found.get_absolute_url()).content.decode()) is helps


def test_record_without_an_id_is_named_by_its_place(known, team):
    found = taken(packet(opportunities=(OPPORTUNITY, {"kind": "event", "title": "x"})))

    assert "Opportunity number 2" in team.get(found.get_absolute_url()).content.decode()


def test_file_that_was_read_before_is_told(known, manager, team):
    data = packet()
    receive(data=data, by=None)
    answer = team.post(reverse("exchange:upload"), {"file": SimpleUploadedFile("p.jws", data)}, follow=True)

    assert "This packet was taken before. Nothing is taken twice." in answer.content.decode()


def test_refusal_of_the_partners_portal_says_what_to_do(known, manager, team):
    SharedOpportunityFactory(partnership=known.partnership)
    sent = prepare(peer=known, by=manager, send=False)
    assert "mail it to the partner" in team.get(sent.get_absolute_url()).content.decode()
    for code, told in (("unknown_key", "has not confirmed your key"), ("too_old", "Nothing of it counts as sent.")):
        PacketSent.objects.filter(pk=sent.pk).update(outcome="refused", code=code, message="No <b>.")
        answer = team.get(sent.get_absolute_url()).content.decode()
        assert told in answer
        assert "It says: “No &lt;b&gt;.”" in answer
