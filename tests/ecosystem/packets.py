"""Two portals that know each other, and packets between them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from ecosystem.exchange import Card, Expected, Outgoing, PrivateKey, TrustedKey, sign
from ecosystem.exchange.packets import signed

NOW = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)
SENDER, RECIPIENT = "https://portal.kyst.example", "https://portal.havsbris.example"
KEY, OTHER_KEY = PrivateKey(b"k" * 32), PrivateKey(b"o" * 32)
PACKET_ID = UUID("1d6f2f5c-6f0a-4c53-9a0e-6f2d1a3b4c5d")
OPPORTUNITY = {"id": "kyst-17", "kind": "partnering", "title": "Corrosion sensors for harbour cranes"}


def expected(**changed: Any) -> Expected:
    """What the recipient knows: the sender's key is confirmed."""
    keys = {KEY.public.id: TrustedKey(SENDER, KEY.public)}
    return Expected(**{"recipient": RECIPIENT, "keys": keys, "now": NOW} | changed)


def outgoing(**changed: Any) -> Outgoing:
    """A packet with an opportunity and a card."""
    told = {
        "id": PACKET_ID,
        "sender": SENDER,
        "recipient": RECIPIENT,
        "sent_at": NOW - timedelta(minutes=1),
        "sequence": 1,
        "opportunities": (OPPORTUNITY,),
        "cards": (Card("card-1", "Suppliers for a harbour", country="NO", offers=("Sensors for salt water",)),),
    }
    return Outgoing(**told | changed)


def packet(**changed: Any) -> bytes:
    """The same, signed."""
    return sign(outgoing(**changed), KEY)


def envelope(**changed: Any) -> dict[str, Any]:
    """An envelope as it stands in the JSON, for what no honest portal writes."""
    told = {
        "format": "cluster-exchange",
        "version": 1,
        "id": str(PACKET_ID),
        "sender": SENDER,
        "recipient": RECIPIENT,
        "sent_at": "2027-05-03T07:59:00Z",
        "sequence": 1,
        "payload": {"opportunities": [OPPORTUNITY]},
    }
    return told | changed


def written(key: PrivateKey = KEY, **changed: Any) -> bytes:
    """Such an envelope, signed all the same."""
    return signed(envelope(**changed), key)
