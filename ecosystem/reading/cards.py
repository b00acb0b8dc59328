"""What the pages show of one card, to each of its three readers."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.templatetags.portal import country
from ecosystem import wordings
from ecosystem.models import ShortlistCard
from ecosystem.reading import sharing
from members.cards import region
from members.models import Organisation, SizeClass, User

Status, Field = ShortlistCard.Status, ShortlistCard.Field
STATES = {
    Status.DRAFT: "quiet",
    Status.ASKED: "busy",
    Status.DECLINED: "stop",
    Status.CONSENTED: "look",
    Status.SHOWN: "busy",
    Status.NOT_INTERESTED: "quiet",
    Status.INTERESTED: "look",
    Status.REVEALED: "good",
    Status.WITHDRAWN: "stop",
}


def told(card: ShortlistCard) -> dict[str, object]:
    """The card without a name, in words: who could it be, where, what it offers and seeks."""
    kind = _("Company") if card.kind == Organisation.Kind.COMPANY else Organisation.Kind(card.kind).label
    size = SizeClass(card.size_class).label if card.size_class else ""
    place = [region(card.region) if card.region else "", country(card.country)]
    return {
        "title": f"{kind}, {str(size).lower()}" if size else str(kind),
        "place": ", ".join(part for part in place if part),
        "offers": card.offer_lines,
        "seeks": card.seek_lines,
    }


def line(card: ShortlistCard) -> dict[str, object]:
    """For the cluster team: who it is, how it stands, and what the partner reads."""
    return {"card": card, "state": STATES[Status(card.status)], "told": told(card), "fields": named(card.fields)}


def seen(card: ShortlistCard) -> dict[str, object]:
    """For the partner: the card without a name, and what the company has agreed to once they are introduced."""
    is_revealed = card.status == Status.REVEALED
    revealed = sharing.agreed(card) if is_revealed else None
    return {"key": card.key, "status": card.status, "told": told(card), "revealed": revealed}


def named(fields: list[str]) -> str:
    """The fields in words."""
    return ", ".join(str(Field(field).label) for field in fields)


def about(user: User) -> QuerySet[ShortlistCard]:
    """The cards about a person's own organisations, those that wait for an answer first."""
    return ShortlistCard.objects.about(user).for_page().waiting_first()


def for_company(card: ShortlistCard, person: User) -> dict[str, object]:
    """For the company: exactly what the partner sees before and after, and what it says yes to."""
    partner = card.shortlist.partnership.organisation.name
    is_agreed, is_met = card.status in ShortlistCard.AGREED, card.status == Status.REVEALED
    return {
        "card": card,
        "shortlist": card.shortlist,
        "partner": card.shortlist.partnership.organisation,
        **standing(card),
        "told": told(card),
        "after": _after(card, person),
        "contacts": list(card.shortlist.partnership.contacts.order_by("name", "pk")) if is_met else [],
        "wording": wordings.words(partner, card.wording if is_agreed else None),
        "is_agreed": is_agreed,
        "is_withdrawn": card.status == Status.WITHDRAWN,
        "may_agree": _may_agree(card),
    }


def _may_agree(card: ShortlistCard) -> bool:
    """Whether an answer would still be taken: who has agreed changes the ticks as long as the list is open."""
    if card.status in (Status.ASKED, Status.DECLINED):
        return card.shortlist.takes_answers
    return card.shortlist.is_open and card.status not in (Status.WITHDRAWN, Status.REVEALED)


def _after(card: ShortlistCard, person: User) -> list[dict[str, object]]:
    """What each field would tell now, so that nobody has to guess what is ticked."""
    company = card.organisation
    contact = card.contact or person
    values = {
        Field.NAME: ", ".join(part for part in (company.name, company.town) if part),
        Field.WEBSITE: company.website,
        Field.SUMMARY: company.profile.summary if hasattr(company, "profile") else "",
        Field.CONTACT: f"{contact} ({contact.email})",
    }
    return [{"label": field.label, "value": values[field], "shown": field in card.fields} for field in Field]


def standing(card: ShortlistCard) -> dict[str, str]:
    """How a card stands and its sign, told to the company it is about."""
    if card.status == Status.ASKED and not card.shortlist.takes_answers:
        return {"state": "quiet", "label": _("Closed without your answer")}
    told = {
        Status.ASKED: ("look", _("Waits for your answer")),
        Status.DECLINED: ("quiet", _("You said no")),
        Status.CONSENTED: ("good", _("You agreed")),
        Status.SHOWN: ("busy", _("Shown without your name")),
        Status.NOT_INTERESTED: ("quiet", _("They are not interested")),
        Status.INTERESTED: ("busy", _("They are interested")),
        Status.REVEALED: ("good", _("You are introduced")),
        Status.WITHDRAWN: ("quiet", _("You took it back")),
    }
    state, label = told[Status(card.status)]
    return {"state": state, "label": label}


def region_offered(card: ShortlistCard) -> str:
    """The name of the region that may stand beside the country; "" if none is known."""
    return region(card.organisation.nuts[:3]) if len(card.organisation.nuts) >= 3 else ""
