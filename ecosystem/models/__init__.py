"""The room's rows: partner organisations, what is shared with them, and whom they are introduced to."""

from ecosystem.models.partners import Agreement, PartnerContact, Partnership
from ecosystem.models.pool import SharedOpportunity
from ecosystem.models.shortlists import Shortlist, ShortlistCard

__all__ = [
    "Agreement",
    "PartnerContact",
    "Partnership",
    "SharedOpportunity",
    "Shortlist",
    "ShortlistCard",
]
