"""People, their organisations, what each organisation does and looks for, and how people come in."""

from members.models.erasures import Erasure
from members.models.listings import Listing
from members.models.organisations import LinkedCompany, Organisation, SizeClass, Undertaking
from members.models.people import Consent, Invitation, JoinRequest, Membership, User
from members.models.profiles import Gap, NeedsAssessment, Profile, listed

__all__ = [
    "Consent",
    "Erasure",
    "Gap",
    "Invitation",
    "JoinRequest",
    "LinkedCompany",
    "Listing",
    "Membership",
    "NeedsAssessment",
    "Organisation",
    "Profile",
    "SizeClass",
    "Undertaking",
    "User",
    "listed",
]
