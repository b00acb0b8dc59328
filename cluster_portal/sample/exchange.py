"""The sample's exchange: one partner's portal whose key is confirmed, with a few packets, one of them refused."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from ecosystem import identity
from ecosystem.actions import foreign_cards, peers, sending
from ecosystem.actions.receiving import receive
from ecosystem.exchange import Card, Outgoing, PrivateKey, Revealed, new_key, sign
from ecosystem.exchange.introductions import Introduction
from ecosystem.models import ForeignCard, PacketReceived, PacketSent, Partnership, Peer, ShortlistCard
from members.models import User
from opportunities import imports

FIRST, ALTERED, SECOND, THIRD = timedelta(days=12), timedelta(days=9), timedelta(days=8), timedelta(days=2)
WANTED = (
    {
        "kind": "partnering",
        "partnering_type": "TR",
        "title": "Sensors that warn of corrosion on harbour cranes",
        "summary": "A terminal operator looks for a maker of sensors for a trial over two winters on six cranes.",
        "countries": ["EE"],
        "target_kinds": ["sme"],
        "keywords": ["sensors", "corrosion", "harbours"],
    },
    {
        "kind": "event",
        "title": "Open day of the test bed for cold storage",
        "summary": "Visitors see three chambers at work and meet the operators. Twelve companies from abroad can come.",
        "countries": ["EE"],
        "keywords": ["cold storage", "test bed"],
    },
)
DRAINS = Card(
    "8c0f2a6e-cards-1",
    "Suppliers for the new harbour basin",
    size_class="small",
    country="EE",
    offers=("Cameras that look into drains under water", "Reports within a day"),
    seeks=("A first customer in Sweden",),
)
VALVES = Card(
    "8c0f2a6e-cards-2",
    "Suppliers for the new harbour basin",
    size_class="medium",
    country="EE",
    offers=("Valves for brackish water, up to 600 mm",),
    seeks=("A distributor around the Baltic Sea",),
)


@transaction.atomic
def load(*, by: User) -> None:
    """The portal, what came from it, and what went there. No packet leaves the machine."""
    shown = ShortlistCard.objects.filter(status=ShortlistCard.Status.SHOWN).order_by("pk")
    partnership = Partnership.objects.select_related("organisation").get(pk=shown[0].shortlist.partnership_id)
    key = new_key()
    peer = _peer(partnership, key, by)
    rows = [dict(row) | {"id": f"request-{number}"} for number, row in enumerate(WANTED, start=17)]
    _come(_packet(peer, key, 1, FIRST, opportunities=tuple(rows[:1]), cards=(DRAINS, VALVES)), FIRST)
    altered = _packet(peer, key, 2, ALTERED, opportunities=tuple(rows))
    _come(altered[:-12] + b"A" * 12, ALTERED)
    strange: Mapping[str, Any] = {"id": "request-19", "kind": "grant", "title": "Support for pilots in ports"}
    _come(_packet(peer, key, 2, SECOND, opportunities=(rows[1], strange)), SECOND)
    _answer_and_send(peer, by)
    who = Revealed("Kaevukaamera OÜ", "Pärnu", "https://kaevukaamera.example", contact_name="Liis Saar")
    known = Card(**{name: getattr(DRAINS, name) for name in DRAINS.__slots__} | {"revealed": who})
    _come(_packet(peer, key, 3, THIRD, cards=(known,)), THIRD)


def _peer(partnership: Partnership, key: PrivateKey, by: User) -> Peer:
    organisation = partnership.organisation
    address = f"https://portal.{organisation.slug}.example"
    found = Introduction(address, organisation.name, (1,), f"{address}/exchange/inbox/", (key.public,))
    peer = peers.add_peer(partnership=partnership, found=found, by=by)
    peers.confirm_key(key=peer.keys.get(), by=by)
    peer.keys.update(confirmed_at=timezone.now() - FIRST - timedelta(days=1))
    return peer


def _packet(peer: Peer, key: PrivateKey, sequence: int, ago: timedelta, **records: Any) -> bytes:
    at = timezone.now() - ago
    return sign(Outgoing(uuid4(), peer.address, identity.own_address(), at, sequence, **records), key)


def _come(data: bytes, ago: timedelta) -> None:
    found = receive(data=data, by=None)
    at = timezone.now() - ago
    PacketReceived.objects.filter(pk=found.pk).update(received_at=at, last_at=at)
    if found.import_run_id:
        imports.execute(found.import_run_id)


def _answer_and_send(peer: Peer, by: User) -> None:
    """The first packet was carried to the partner; then a card was answered, and the second waits to be carried."""
    first = sending.prepare(peer=peer, by=by, send=False)
    sending.note_carried(packet=first, by=by)
    PacketSent.objects.filter(pk=first.pk).update(
        created_at=timezone.now() - SECOND, answered_at=timezone.now() - SECOND + timedelta(hours=2)
    )
    card = ForeignCard.objects.get(peer=peer, external_id=DRAINS.id)
    message = "Two of our members build harbour drains. They would like to see the cameras at work."
    foreign_cards.answer_card(card=card, answer=ForeignCard.Answer.INTERESTED, message=message, by=by)
    second = sending.prepare(peer=peer, by=by, send=False)
    PacketSent.objects.filter(pk=second.pk).update(created_at=timezone.now() - THIRD)
