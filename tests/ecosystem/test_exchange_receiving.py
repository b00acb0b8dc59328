"""The inbox: what is taken over, what is refused, and that nothing is lost either way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent
from ecosystem.actions.receiving import UNPROVED_KEPT, receive, try_again
from ecosystem.exchange import Answer, Card, Part, Revealed, Withdrawn
from ecosystem.exchange.types import MAX_BYTES
from ecosystem.models import ForeignCard, PacketReceived, RecordReceived
from opportunities import imports
from opportunities.models import Opportunity, SourceRecord
from tests.ecosystem.exchange_ground import CARD, by_hand, packet, peer, post, taken
from tests.ecosystem.packets import KEY, OPPORTUNITY, OTHER_KEY
from tests.factories.ecosystem import ShortlistCardFactory
from tests.factories.opportunities import SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(home):
    return peer()


def read(found: PacketReceived) -> None:
    imports.execute(found.import_run_id)


def test_packet_is_taken_and_its_opportunities_wait_for_curation(known):
    status, told = post(packet())

    assert (status, told) == (200, {"code": "taken", "message": "Taken.", "refused": []})
    found = PacketReceived.objects.get()
    read(found)
    opportunity = Opportunity.objects.get()
    assert (opportunity.title, opportunity.status, opportunity.source) == (OPPORTUNITY["title"], "inbox", known.source)
    assert "kyst-17" in SourceRecord.objects.get().raw
    card = ForeignCard.objects.get()
    assert (card.peer, card.purpose, card.offers, card.revealed) == (known, CARD.purpose, list(CARD.offers), {})
    assert AuditEvent.objects.filter(action="ecosystem.packet_taken", object_id=found.pk).count() == 1


@pytest.mark.parametrize(
    ("data", "status", "code", "said"),
    [
        (lambda: packet()[:-8] + b"AAAAAAAA", 403, "bad_signature", "Nothing was taken"),
        (lambda: packet(key=OTHER_KEY), 403, "unknown_key", "confirm it"),
        (lambda: by_hand(sent_at="2199-01-01T00:00:00Z"), 422, "from_the_future", "set its clock"),
        (lambda: by_hand(sent_at="2020-01-01T00:00:00Z"), 422, "too_old", "30 days"),
        (lambda: by_hand(version=7), 422, "unknown_version", "It reads 1."),
        (lambda: by_hand(recipient="https://other.example"), 422, "wrong_recipient", "address it anew"),
    ],
    ids=["altered", "forged", "future", "old", "version", "recipient"],
)
def test_refused_packet_is_answered_with_its_reason_and_kept(known, data, status, code, said):
    sent = data()
    answered, told = post(sent)

    assert (answered, told["code"], said in told["message"]) == (status, code, True), told
    found = PacketReceived.objects.get()
    assert (bytes(found.raw), found.state, found.code, found.peer) == (sent, "refused", code, known)
    assert (Opportunity.objects.count(), ForeignCard.objects.count(), RecordReceived.objects.count()) == (0, 0, 0)
    event = AuditEvent.objects.get(action="ecosystem.packet_refused")
    assert (event.details["code"], event.organisation_id) == (code, known.partnership.organisation_id)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (lambda: b"x" * (MAX_BYTES + 1), 413, "too_large"),
        (lambda: b"hello", 422, "not_a_packet"),
        (lambda: b"", 422, "not_a_packet"),
        (lambda: by_hand(sender="https://nobody.example"), 403, "unknown_sender"),
    ],
    ids=["large", "text", "empty", "stranger"],
)
def test_what_no_partner_can_have_sent_fills_no_table(known, data, status, code):
    assert post(data())[0] == status
    assert post(data())[1]["code"] == code
    assert PacketReceived.objects.count() == 0


def test_file_that_somebody_brings_is_kept_whatever_it_is(known, manager):
    found = receive(data=b"hello", by=manager)

    assert (found.state, found.code, found.peer, found.by) == ("refused", "not_a_packet", None, manager)


def test_unproved_packets_in_a_partners_name_do_not_fill_the_table(known):
    rows = [PacketReceived(digest=str(n), raw=b"", peer=known, state="refused") for n in range(UNPROVED_KEPT)]
    PacketReceived.objects.bulk_create(rows)

    assert post(packet(key=OTHER_KEY))[1]["code"] == "unknown_key"
    assert PacketReceived.objects.count() == UNPROVED_KEPT


def test_replayed_packet_is_told_so_and_taken_once(known):
    data = packet()
    post(data)
    status, told = post(data)

    assert (status, told["code"]) == (200, "replayed")
    assert "nothing to do" in told["message"]
    found = PacketReceived.objects.get()
    assert (found.state, found.times, ForeignCard.objects.count()) == ("taken", 2, 1)
    assert AuditEvent.objects.filter(action="ecosystem.packet_replayed").count() == 1


def test_id_that_was_taken_cannot_come_with_other_bytes(known):
    first = packet()
    post(first)
    own = PacketReceived.objects.get().packet_id

    assert post(by_hand(2, id=own))[1]["code"] == "replayed"
    assert Opportunity.objects.count() == 0


def test_packet_that_a_later_one_has_overtaken_is_refused_and_a_gap_is_told(known):
    late = packet(2)
    assert post(packet(3))[1]["missing_from"] == 1
    assert post(late)[1]["code"] == "out_of_order"
    assert PacketReceived.objects.get(sequence=3).missing_from == 1


def test_refused_packet_is_taken_once_its_key_is_confirmed(home, manager):
    known = peer(confirmed=False)
    post(packet())
    found = PacketReceived.objects.get()
    assert found.code == "unknown_sender"

    known.source = SourceFactory(format="exchange")
    known.save()
    known.keys.update(confirmed_at=timezone.now())
    again = try_again(packet=found, by=manager)

    assert again.is_taken
    assert ForeignCard.objects.count() == 1
    assert AuditEvent.objects.filter(action="ecosystem.packet_tried_again").count() == 1


def test_bad_record_is_refused_and_kept_and_the_good_ones_go_on(known):
    bad = {"id": "kyst-18", "kind": "gift", "title": "x"}
    told = post(packet(opportunities=(bad, OPPORTUNITY), cards=(CARD,)))[1]

    assert [(each["part"], each["id"]) for each in told["refused"]] == [("opportunities", "kyst-18")]
    found = PacketReceived.objects.get()
    rows = found.records.order_by("part", "position").values_list("part", "position", "external_id", "state")
    assert list(rows) == [
        ("cards", 1, "c1", "taken"),
        ("opportunities", 1, "kyst-18", "refused"),
        ("opportunities", 2, "kyst-17", "taken"),
    ]


def test_refused_answer_counts_when_it_is_tried_again_unless_a_later_packet_spoke(known, manager):
    card = ShortlistCardFactory(consented=True, shortlist__partnership=known.partnership)
    said = (Answer(str(card.key), "interested", "Our harbour would test it."),)
    first = taken(packet(1, answers=said))
    assert first.records.get().state == "refused"
    assert "no such card" in first.records.get().message

    type(card).objects.filter(pk=card.pk).update(status="shown")
    try_again(packet=first, by=manager)
    card.refresh_from_db()
    assert (card.status, first.records.get().state, first.records.get().message) == ("interested", "taken", "")

    RecordReceived.objects.update(state="refused", message="x")
    taken(packet(2, answers=(Answer(str(card.key), "not_for_us"),)))
    try_again(packet=first, by=manager)
    card.refresh_from_db()
    assert card.status == "not_interested"


def test_partner_speaks_of_its_own_cards_alone(known):
    card = ShortlistCardFactory(shown=True)
    found = taken(packet(answers=(Answer(str(card.key), "interested"), Answer("no-uuid", "interested"))))

    card.refresh_from_db()
    assert card.status == "shown"
    assert {each.state for each in found.records.all()} == {"refused"}


def test_changed_and_withdrawn_opportunities_follow(known):
    taken(packet(1))
    Opportunity.objects.update(status="published")
    taken(packet(2, opportunities=(OPPORTUNITY | {"title": "Corrosion sensors, new title"},)))
    opportunity = Opportunity.objects.get()
    assert (opportunity.title, opportunity.status, opportunity.is_open) == (
        "Corrosion sensors, new title",
        "published",
        True,
    )

    taken(packet(3, withdrawn=(Withdrawn(Part.OPPORTUNITIES, "kyst-17"), Withdrawn(Part.OPPORTUNITIES, "never-seen"))))
    opportunity.refresh_from_db()
    assert (opportunity.is_open, opportunity.source_status, opportunity.title) == (
        False,
        "cancelled",
        "Corrosion sensors, new title",
    )

    taken(packet(4))
    opportunity.refresh_from_db()
    assert opportunity.is_open


def test_opportunity_of_a_network_that_both_read_is_one(known):
    own = Opportunity.objects.create(
        source=SourceFactory(), reference="een-trno20270401001", kind="partnering", title="Sensors"
    )
    row = OPPORTUNITY | {"origin": {"network": "een", "id": "TRNO20270401001"}, "summary": "For cranes."}

    taken(packet(opportunities=(row,)))

    merged = Opportunity.objects.get()
    assert (merged.pk, merged.title, merged.summary) == (own.pk, "Sensors", "For cranes.")


def test_card_is_revealed_by_a_later_packet_and_forgotten_when_it_is_withdrawn(known):
    who = Revealed("Fjordsens AS", "Bergen", contact_name="Kari Lie", contact_email="kari@fjordsens.example")
    taken(packet(1))
    taken(packet(2, cards=(Card(CARD.id, CARD.purpose, revealed=who),)))
    assert ForeignCard.objects.get().revealed == {
        "name": "Fjordsens AS",
        "town": "Bergen",
        "contact_name": "Kari Lie",
        "contact_email": "kari@fjordsens.example",
    }

    taken(packet(3, withdrawn=(Withdrawn(Part.CARDS, "c1"),)))
    card = ForeignCard.objects.get()
    assert (card.is_withdrawn, card.revealed) == (True, {})


def test_old_key_ends_and_a_changed_one_waits(known):
    known.keys.update(until=timezone.now() - timedelta(seconds=1))

    assert post(packet())[1]["code"] == "unknown_key"
    assert KEY.public.fingerprint not in str(post(packet())[1])


def test_inbox_takes_posts_alone_and_is_limited(client, known, settings):
    assert client.get("/exchange/inbox/").status_code == 405
    for _ in range(120):
        post(b"x")
    answer = client.post("/exchange/inbox/", b"x", content_type="application/jose")
    assert answer.status_code == 429


def test_portal_without_a_key_takes_nothing(known, settings):
    settings.EXCHANGE_KEY = ""

    assert post(packet()) == (404, {"code": "off", "message": "This portal exchanges no packets."})
    assert PacketReceived.objects.count() == 0
