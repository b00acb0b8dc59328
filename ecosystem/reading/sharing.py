"""What a partner has before it, as plain data: for its pages, and for a packet to its own portal.

Nothing here tells more of a company than it agreed to. Keys are random, and so is the order.
"""

from ecosystem.models import Partnership, SharedOpportunity, ShortlistCard
from ecosystem.querysets import SharedOpportunityQuerySet, ShortlistCardQuerySet

Field = ShortlistCard.Field


def cards_shared_with(partner: Partnership) -> ShortlistCardQuerySet:
    """The cards that a partner may see, with and without a name; `shown` says what of each."""
    return ShortlistCard.objects.shared_with(partner)


def opportunities_shared_with(partner: Partnership) -> SharedOpportunityQuerySet:
    """What is in a partner's pool now: published and open."""
    return SharedOpportunity.objects.shared_with(partner)


def shown(card: ShortlistCard) -> dict[str, object]:
    """What the partner sees of a company: the card without a name, and after an introduction what was agreed to."""
    return without_a_name(card) | {"revealed": agreed(card) if card.status == ShortlistCard.Status.REVEALED else None}


def without_a_name(card: ShortlistCard) -> dict[str, object]:
    """The facts and the words as they were written down when the company was asked. Lines are lists."""
    return {
        "key": str(card.key),
        "kind": card.kind,
        "size_class": card.size_class,
        "country": card.country,
        "region": card.region,
        "offers": card.offer_lines,
        "seeks": card.seek_lines,
    }


def agreed(card: ShortlistCard) -> dict[str, str]:
    """What the company lets the partner know, by what it ticked; what is empty in its profile is left out."""
    company, found = card.organisation, {}
    if Field.NAME in card.fields:
        found |= {"name": company.name, "town": company.town}
    if Field.WEBSITE in card.fields:
        found["website"] = company.website
    if Field.SUMMARY in card.fields and hasattr(company, "profile"):
        found["summary"] = company.profile.summary
    if Field.CONTACT in card.fields and _is_there(card):
        found |= {"person": str(card.contact), "email": card.contact.email}
    return {name: value for name, value in found.items() if value}


def _is_there(card: ShortlistCard) -> bool:
    """The contact person still is somebody of the company: whoever has left did not agree for somewhere else."""
    person = card.contact
    if person is None or not person.is_active:
        return False
    return any(each.organisation_id == card.organisation_id for each in person.memberships.all())
