"""The room's rows: partner organisations, what is shared with them, and whom they are introduced to."""

from ecosystem.models.exchange import (
    ForeignCard,
    PacketReceived,
    PacketSent,
    Peer,
    PeerKey,
    RecordReceived,
    RecordSent,
)
from ecosystem.models.partners import Agreement, PartnerContact, Partnership
from ecosystem.models.pool import SharedOpportunity
from ecosystem.models.shortlists import Shortlist, ShortlistCard

__all__ = [
    "Agreement",
    "ForeignCard",
    "PacketReceived",
    "PacketSent",
    "PartnerContact",
    "Partnership",
    "Peer",
    "PeerKey",
    "RecordReceived",
    "RecordSent",
    "SharedOpportunity",
    "Shortlist",
    "ShortlistCard",
]
