"""What goes to a peer by itself, and what companies took back that has not arrived there."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core.clocks import moment_here
from ecosystem.actions.by_itself import withdrawn_in
from ecosystem.models import PacketSent, Peer, ShortlistCard
from ecosystem.parcels import taken_back
from ecosystem.reading.exchange import sent_state
from members.models import User


def page(peer: Peer, user: User) -> dict[str, Any]:
    """What the peer's page says of both."""
    newest = peer.sent.newest()
    return {"sending": _sending(peer, newest), "gone": _not_arrived(peer, user, newest)}


def _sending(peer: Peer, newest: PacketSent | None) -> dict[str, Any]:
    """When something went last and how that stands, and when changes go next."""
    last = {"packet": newest, "at": moment_here(newest.created_at), **sent_state(newest)} if newest else None
    return {"last": last, "next": moment_here(peer.next_sending_at) if peer.next_sending_at else ""}


def _not_arrived(peer: Peer, user: User, newest: PacketSent | None) -> dict[str, Any] | None:
    """The cards that the peer may still show although companies took them back, and the file that says so."""
    gone = taken_back(Peer.objects.filter(pk=peer.pk)).get(peer.pk)
    if not gone:
        return None
    has_file = newest is not None and newest.outcome not in ("taken", "replaced") and gone <= withdrawn_in(newest)
    return {
        "cards": list(_named(gone, user)),
        "packet": newest if has_file else None,
        "told_at": moment_here(peer.told_gone_at) if peer.told_gone_at else "",
    }


def _named(gone: Iterable[str], user: User) -> Iterable[dict[str, Any]]:
    """Who is behind a card is told to the team, but not to somebody who belongs to the partner as well."""
    cards = ShortlistCard.objects.filter(key__in=gone).select_related("shortlist", "organisation").order_by("key")
    known = set(ShortlistCard.objects.run_by(user).filter(key__in=gone).values_list("pk", flat=True))
    found = set()
    for card in cards:
        found.add(str(card.key))
        yield {
            "who": str(card.organisation) if card.pk in known else _("A company"),
            "shortlist": card.shortlist,
            "url": card.shortlist.get_absolute_url() if card.pk in known else "",
        }
    for _key in set(gone) - found:
        yield {"who": _("A company that is not kept here any more"), "shortlist": "", "url": ""}
