"""What the room's tests stand on: the people of a partner, of a company on its list, and the words of mails."""

from core.models import Mail
from ecosystem import links
from ecosystem.models import Partnership, ShortlistCard
from members.models import Organisation, User
from tests.factories.ecosystem import (
    AgreementFactory,
    PartnerContactFactory,
    SharedOpportunityFactory,
    ShortlistCardFactory,
)
from tests.factories.members import MembershipFactory, OrganisationFactory


def person_of(organisation: Organisation, role: str = "owner", **facts: object) -> User:
    """Somebody there."""
    return MembershipFactory(organisation=organisation, role=role, **facts).user


def speaker(partnership: Partnership, role: str = "owner") -> User:
    """Somebody of a partner."""
    return person_of(partnership.organisation, role)


def card_of(name: str = "Klarflod", *, role: str = "owner", **facts: object) -> tuple[ShortlistCard, User]:
    """A card of a company that says who it is in every way, and somebody who answers for it."""
    company = OrganisationFactory(
        name=name, full=True, town="Karlshamn", website=f"https://{name.lower()}.example", nuts="SE221"
    )
    company.profile.summary = f"{name} makes water clear."
    company.profile.save()
    user = person_of(company, role, user__name="Sigrid Ljungqvist")
    return ShortlistCardFactory(organisation=company, **facts), user


def mails(kind: str) -> list[Mail]:
    """The mails of a kind, in order."""
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def pages_of_partners(organisation: Organisation) -> dict[str, dict[str, object]]:
    """A partner with an agreement, a contact of the same number, a pool, and a card that is shown to it."""
    shared = SharedOpportunityFactory()
    partnership = shared.partnership
    agreement = AgreementFactory(partnership=partnership)
    PartnerContactFactory(pk=agreement.pk, partnership=partnership)
    card = ShortlistCardFactory(shortlist__partnership=partnership, organisation=organisation, revealed=True)
    user = MembershipFactory(organisation=organisation, role="owner").user
    of_shared = ("shared", "answer_shared", "hand_over", "stop_sharing")
    of_lists = ("shortlist", "edit_shortlist", "fits", "put_on", "ask", "show", "close_shortlist")
    return {
        "ecosystem:answer": {"token": links.token_of(card, user)},
        "ecosystem:share": {"reference": shared.opportunity.reference},
        **{f"ecosystem:{name}": {"key": card.shortlist.key} for name in of_lists},
        **{f"ecosystem:{name}": {"key": shared.key} for name in of_shared},
        "ecosystem:": {"slug": partnership.organisation.slug, "pk": agreement.pk, "key": card.key},
    }
