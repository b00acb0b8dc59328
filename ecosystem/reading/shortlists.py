"""What the pages of shortlists read."""

from django.utils import timezone

from ecosystem.models import Shortlist, ShortlistCard
from ecosystem.permissions import can_run_card, can_speak_for
from ecosystem.querysets import own_of
from ecosystem.reading import cards
from members.models import Organisation, User
from opportunities import reading as opportunities

Status = ShortlistCard.Status


def for_team(shortlist: Shortlist, user: User) -> dict[str, object]:
    """All cards with their states, and what can be done next."""
    found = shortlist.cards.for_page().order_by("organisation__name", "pk")
    rows = list(found)
    for card in rows:
        card.shortlist = shortlist
    counts = {status: sum(card.status == status for card in rows) for status in Status}
    return {
        "rows": [cards.line(card) | {"may_run": can_run_card(user, card)} for card in rows],
        "to_ask": counts[Status.DRAFT],
        "to_show": counts[Status.CONSENTED],
        "asked": counts[Status.ASKED],
        "is_late": shortlist.until < timezone.localdate(),
    }


def for_partner(shortlist: Shortlist, user: User) -> dict[str, object]:
    """The cards as the partner sees them, in the order of their random keys."""
    found = ShortlistCard.objects.seen_by_partner(user).filter(shortlist=shortlist)
    return {
        "rows": [cards.seen(card) for card in found],
        "may_speak": can_speak_for(user, shortlist.partnership) and shortlist.is_open,
    }


def who_fits(shortlist: Shortlist, user: User) -> dict[str, object]:
    """Members who fit what is sought, best first with reasons, and the others by name; own ones are a colleague's."""
    among = Organisation.objects.members().filter(is_home=False).exclude(pk__in=own_of(user))
    if shortlist.opportunity:
        told = opportunities.who_fits(shortlist.opportunity, among)
    if not shortlist.opportunity or not told["is_ready"]:
        told = opportunities.who_fits_words(f"{shortlist.title}\n{shortlist.seeks}", among)
    there = dict(shortlist.cards.values_list("organisation_id", "status"))
    fitting = [fit | {"is_on": fit["id"] in there} for fit in told["fitting"]]
    names = {fit["id"] for fit in fitting}
    others = among.exclude(pk__in=names | there.keys()).by_name()
    return {"fitting": fitting, "others": others, "is_ready": told["is_ready"], "missed": told["missed"]}
