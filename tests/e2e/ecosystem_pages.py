"""The sample's partners, and every page of them that can be read."""

from cluster_portal.sample import ecosystem as sample
from cluster_portal.sample import exchange
from ecosystem import links
from ecosystem.models import (
    ForeignCard,
    PacketReceived,
    PacketSent,
    Partnership,
    Peer,
    SharedOpportunity,
    Shortlist,
    ShortlistCard,
)
from members.models import User


def load_partners(manager: User) -> None:
    """As the sample cluster has them: three partners, a pool, three shortlists with cards in each state."""
    sample.load(by=manager)
    exchange.load(by=manager)


def _card(state: str) -> ShortlistCard:
    return ShortlistCard.objects.filter(status=state).order_by("pk")[0]


def of_managers() -> list[str]:
    """The team's lists, one partner with all that is kept of it, the pool, and the work on shortlists."""
    found = Partnership.objects.get(organisation__name="Emajõe Water Cluster")
    at, agreement = found.get_absolute_url(), found.agreements.all()[0]
    shared = SharedOpportunity.objects.filter(answer="interested")[0]
    lists = [each.get_absolute_url() for each in Shortlist.objects.order_by("pk")]
    return [
        *("/partners/all/", "/partners/add/", "/partners/lists/"),
        *(at + part for part in ("", "edit/", "agreements/add/", "contacts/add/", "pool/", "lists/", "lists/new/")),
        f"{at}agreements/{agreement.pk}/",
        shared.get_absolute_url(),
        f"/partners/share/{shared.opportunity.reference}/",
        *lists,
        *(lists[0] + part for part in ("edit/", "fits/")),
        f"{_card('draft').get_absolute_url()}write/",
        f"{_card('revealed').get_absolute_url()}outcome/",
        *_of_exchange(),
    ]


def _of_exchange() -> list[str]:
    """The peers, one of them, packets in each state, and cards to answer and introduced."""
    packets = [*PacketReceived.objects.order_by("pk"), *PacketSent.objects.order_by("pk")]
    found = [*Peer.objects.all(), *packets, *ForeignCard.objects.order_by("pk")]
    return ["/partners/exchange/", "/partners/exchange/add/", *(each.get_absolute_url() for each in found)]


def of_partners() -> list[str]:
    """What the people of a partner read."""
    found = Partnership.objects.get(organisation__name="Emajõe Water Cluster")
    at = found.get_absolute_url()
    shared = found.pool.filter(way="shared")[0]
    return [
        *(at + part for part in ("", "pool/", "bring-in/", "lists/")),
        shared.get_absolute_url(),
        *(each.get_absolute_url() for each in found.shortlists.order_by("pk")),
    ]


def of_members(member: User) -> list[str]:
    """What is asked of a company, and what came of it."""
    found = ShortlistCard.objects.about(member).order_by("pk")
    return ["/partners/cards/", *(card.get_absolute_url() for card in found)]


def by_link() -> list[str]:
    """The question of a mail in three states, and a link that opens nothing."""
    cards = [_card(state) for state in ("asked", "consented", "declined")]
    people = [card.organisation.memberships.who_answer()[0].user for card in cards]
    tokens = [links.token_of(card, person) for card, person in zip(cards, people, strict=True)]
    return [f"/partners/a/{token}/" for token in [*tokens, "cut-off"]]
