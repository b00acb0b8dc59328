"""What this room holds on organisations and people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, Holding, Person, register
from ecosystem.models import (
    Agreement,
    ForeignCard,
    PartnerContact,
    Partnership,
    SharedOpportunity,
    Shortlist,
    ShortlistCard,
)

AS_THE_PARTNERSHIP = _("As long as the cluster and the partner work together")
AS_PROOF = _("Without an end: it proves who agreed to be shown to whom")
ASKED = ~Q(status=ShortlistCard.Status.DRAFT)


def _forget_contacts(person: Person) -> None:
    for card in ForeignCard.objects.filter(revealed__contact_email__in=person.addresses):
        card.revealed = {key: told for key, told in card.revealed.items() if not key.startswith("contact_")}
        card.save(update_fields=["revealed"])


HOLDINGS = (
    Holding(
        model=Partnership,
        name=_("Partnership"),
        purpose=_("Working with the cluster: what it offers, where, and which mails it wants"),
        kept_for=AS_THE_PARTNERSHIP,
        fields=("offers", "words", "markets", "sectors", "pool_mail", "created_at"),
        organisation="organisation",
    ),
    Holding(
        model=Agreement,
        name=_("Agreements"),
        purpose=_("What was signed, and until when it holds"),
        kept_for=AS_THE_PARTNERSHIP,
        fields=("title", "kind", "signed_on", "valid_until"),
        organisation="partnership__organisation",
    ),
    Holding(
        model=PartnerContact,
        name=_("Contacts at partners"),
        purpose=_("Whom to write to at a partner"),
        kept_for=AS_THE_PARTNERSHIP,
        fields=("partnership__organisation__name", "name", "role", "email", "languages", "note"),
        addresses=("email",),
        is_deleted=True,
    ),
    Holding(
        model=SharedOpportunity,
        name=_("Opportunities that are shared"),
        purpose=_("Finding companies for an opportunity on both sides"),
        kept_for=AS_THE_PARTNERSHIP,
        fields=("opportunity__title", "way", "note", "at", "answer", "sentence", "answered_at"),
        organisation="partnership__organisation",
        only=Q(ended_at=None),
    ),
    Holding(
        model=Shortlist,
        name=_("What it looks for as a partner"),
        purpose=_("Finding members to introduce"),
        kept_for=AS_THE_PARTNERSHIP,
        fields=("title", "seeks", "until", "status", "shown_at"),
        organisation="partnership__organisation",
        only=Q(shown_at__isnull=False),
    ),
    Holding(
        model=ShortlistCard,
        name=_("Cards for partners, and the consent to show them"),
        purpose=_("Introducing the organisation to a partner, if it agrees and with what it chose"),
        kept_for=AS_PROOF,
        fields=("shortlist__title", "shortlist__partnership__organisation__name", "kind", "size_class", "country",
                "region", "offers", "seeks", "asked_at", "fields", "contact__name", "wording", "answered_by__name",
                "answered_at", "answered_how", "withdrawn_at", "revealed_at"),
        organisation="organisation",
        only=ASKED,
    ),
    Holding(
        model=ShortlistCard,
        name=_("Cards that name the person as contact"),
        purpose=_("Introducing the person to a partner, when the company has agreed"),
        kept_for=AS_PROOF,
        fields=("shortlist__title", "shortlist__partnership__organisation__name", "answered_at", "revealed_at"),
        users=("contact",),
        only=ASKED,
        overwritten={"contact": None},
    ),
    Holding(
        model=ForeignCard,
        name=_("Cards of companies abroad that name the person"),
        purpose=_("Introducing a company of a partner's portal to members"),
        kept_for=_("Until the company or its portal takes it back"),
        fields=("purpose", "revealed", "created_at", "changed_at"),
        addresses=("revealed__contact_email",),
        ends=_forget_contacts,
        kept_because=_("The card tells of the company. The contact is taken out; its own portal holds it still."),
    ),
)  # fmt: skip

register(
    "ecosystem",
    _("Partners"),
    HOLDINGS,
    left_out={
        ACTS: [
            "ForeignCard.answered_by", "PacketReceived.by", "PacketSent.started_by", "PeerKey.confirmed_by",
            "SharedOpportunity.answered_by", "SharedOpportunity.by", "Shortlist.created_by", "ShortlistCard.asked_by",
            "ShortlistCard.answered_by",
        ],
    },
)  # fmt: skip
