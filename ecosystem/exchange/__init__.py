"""Signed packets between two clusters' portals: written, proved and read. docs/exchange.md describes the format.

No Django, no clock, no database and no network: the caller says what time it is, whom it trusts and what it has had.
"""

from ecosystem.exchange.introductions import Introduction, NotIntroduced, address_of, introduce
from ecosystem.exchange.keys import PrivateKey, PublicKey, UnusableKey, new_key, private_key, public_key
from ecosystem.exchange.packets import Expected, Outgoing, TrustedKey, peek, sign, verify
from ecosystem.exchange.types import (
    FORMAT,
    MAX_AGE,
    MAX_BYTES,
    VERSION,
    VERSIONS,
    Answer,
    Card,
    Code,
    Packet,
    PacketRefused,
    Part,
    RecordRefused,
    Revealed,
    Withdrawn,
)

__all__ = [
    "FORMAT",
    "MAX_AGE",
    "MAX_BYTES",
    "VERSION",
    "VERSIONS",
    "Answer",
    "Card",
    "Code",
    "Expected",
    "Introduction",
    "NotIntroduced",
    "Outgoing",
    "Packet",
    "PacketRefused",
    "Part",
    "PrivateKey",
    "PublicKey",
    "RecordRefused",
    "Revealed",
    "TrustedKey",
    "UnusableKey",
    "Withdrawn",
    "address_of",
    "introduce",
    "new_key",
    "peek",
    "private_key",
    "public_key",
    "sign",
    "verify",
]
