"""A confirmed peer of this portal, its packets, and how they come in."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from ecosystem import identity
from ecosystem.actions.receiving import receive
from ecosystem.actions.sending import prepare
from ecosystem.exchange import Card, Outgoing, PrivateKey, sign
from ecosystem.exchange.packets import signed
from ecosystem.models import ForeignCard, PacketReceived, PacketSent, Peer, PeerKey
from members.models import User
from opportunities import imports
from opportunities.models import Source
from tests.ecosystem.packets import KEY, OPPORTUNITY, SENDER
from tests.factories.ecosystem import PartnershipFactory, SharedOpportunityFactory
from tests.factories.opportunities import SourceFactory

CARD = Card("c1", "Suppliers for a harbour", country="NO", offers=("Sensors for salt water",))


def peer(*, confirmed: bool = True, **facts: Any) -> Peer:
    """A partner's portal whose key somebody has confirmed."""
    now = timezone.now()
    source = SourceFactory(format=Source.Format.EXCHANGE) if confirmed else None
    told = {"address": SENDER, "name": "Kyst Klynge", "inbox": f"{SENDER}/exchange/inbox/", "source": source}
    found = Peer.objects.create(partnership=facts.pop("partnership", None) or PartnershipFactory(), **told | facts)
    PeerKey.objects.create(
        peer=found, key_id=KEY.public.id, x=KEY.public.jwk["x"], confirmed_at=now if confirmed else None
    )
    return found


def outgoing(sequence: int = 1, **changed: Any) -> Outgoing:
    """A packet from that peer to this portal."""
    told = {
        "id": uuid4(),
        "sender": SENDER,
        "recipient": identity.own_address(),
        "sent_at": timezone.now() - timedelta(minutes=1),
        "sequence": sequence,
    }
    return Outgoing(**told | changed)


def packet(sequence: int = 1, *, key: PrivateKey = KEY, **changed: Any) -> bytes:
    """The same, signed; with one opportunity and one card unless something else is said."""
    said = {"opportunities", "cards", "answers", "withdrawn"} & set(changed)
    return sign(
        outgoing(sequence, **({} if said else {"opportunities": (OPPORTUNITY,), "cards": (CARD,)}) | changed), key
    )


def by_hand(sequence: int = 1, **changed: Any) -> bytes:
    """An envelope that no honest portal writes, signed all the same."""
    told = {
        "format": "cluster-exchange",
        "version": 1,
        "id": str(uuid4()),
        "sender": SENDER,
        "recipient": identity.own_address(),
        "sent_at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
        "sequence": sequence,
        "payload": {"opportunities": [OPPORTUNITY]},
    }
    return signed(told | changed, KEY)


def content(found: PacketSent) -> dict[str, Any]:
    """The four lists of a packet that went out, without a look at its signature."""
    part = bytes(found.raw).split(b".")[1]
    return json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))["payload"]


def post(data: bytes) -> tuple[int, dict[str, Any]]:
    """What the inbox answers."""
    answer = Client(enforce_csrf_checks=True).post("/exchange/inbox/", data, content_type="application/jose")
    return answer.status_code, json.loads(answer.content)


def taken(data: bytes) -> PacketReceived:
    """A packet that is taken, with its opportunities read."""
    found = receive(data=data, by=None)
    assert found.is_taken, found.message
    if found.import_run:
        imports.execute(found.import_run_id)
    return found


def pages_of_exchange(manager: User) -> dict[str, dict[str, object]]:
    """A peer with packets in and out, and a card that came."""
    known = peer()
    came = taken(packet())
    SharedOpportunityFactory(partnership=known.partnership)
    sent = prepare(peer=known, by=manager)
    card = ForeignCard.objects.get(peer=known)
    return {
        **{f"exchange:{name}": {"pk": came.pk} for name in ("received", "try_again")},
        **{f"exchange:{name}": {"pk": sent.pk} for name in ("sent", "send_again", "carried")},
        **{f"exchange:{name}": {"pk": known.keys.get().pk} for name in ("confirm_key", "end_key")},
        "exchange:": {"pk": known.pk, "key": card.key},
    }
