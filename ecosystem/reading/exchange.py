"""What the pages of the exchange show."""

from collections import Counter
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.templatetags.portal import country
from ecosystem import identity
from ecosystem.actions.receiving import REFUSED_BYTES_KEPT
from ecosystem.exchange import Code
from ecosystem.models import ForeignCard, PacketReceived, PacketSent, Peer, PeerKey
from ecosystem.models.exchange import PARTS
from members.cards import region
from members.models import Organisation, SizeClass, User

RECENT = 10
LABELS = dict(PARTS)
# Refusals that the same bytes can outlive: what they hang on is put right here, or comes with time.
CURABLE = {
    Code.UNKNOWN_VERSION, Code.WRONG_RECIPIENT, Code.UNKNOWN_SENDER, Code.UNKNOWN_KEY, Code.FROM_THE_FUTURE,
}  # fmt: skip
# Why a packet is refused, for lists: the packet's own page says what to do.
REASONS: dict[str, Promise] = {
    Code.TOO_LARGE: gettext_lazy("it is too large"),
    Code.NOT_A_PACKET: gettext_lazy("it is no packet"),
    Code.TOO_COMPLEX: gettext_lazy("too much stands in it"),
    Code.UNKNOWN_FORMAT: gettext_lazy("it is written in another format"),
    Code.UNKNOWN_VERSION: gettext_lazy("it is written in another version"),
    Code.WRONG_RECIPIENT: gettext_lazy("it is for another portal"),
    Code.UNKNOWN_SENDER: gettext_lazy("nobody has confirmed its sender"),
    Code.UNKNOWN_KEY: gettext_lazy("nobody has confirmed its key"),
    Code.BAD_SIGNATURE: gettext_lazy("its signature does not fit"),
    Code.FROM_THE_FUTURE: gettext_lazy("it is dated in the future"),
    Code.TOO_OLD: gettext_lazy("it is too old"),
    Code.REPLAYED: gettext_lazy("another packet of this number came before"),
    Code.OUT_OF_ORDER: gettext_lazy("a later packet came before it"),
}


def own_identity() -> dict[str, str]:
    """What a partner needs to add this portal: its address and its fingerprint; empty where it has no key."""
    key = identity.own_key()
    return {"address": identity.own_address(), "fingerprint": key.public.fingerprint} if key else {}


def peers(user: User) -> list[dict[str, Any]]:
    """Each peer with the state of its keys and what waits."""
    rows = Peer.objects.visible_to(user).for_list().prefetch_related("keys")
    to_answer = Q(cards__is_withdrawn=False, cards__answer="")
    rows = rows.annotate(to_answer=Count("cards", filter=to_answer, distinct=True))
    return [{"peer": each, "state": state_of(list(each.keys.all()))} for each in rows]


def state_of(keys: list[PeerKey]) -> dict[str, str]:
    """In a word whether packets go to and fro, and its sign."""
    waits = any(each.is_shown and not each.confirmed_at and not each.has_ended for each in keys)
    if any(each.is_trusted and each.is_shown for each in keys):
        return {"state": "good", "label": _("Confirmed")}
    if waits:
        return {"state": "look", "label": _("Key to confirm")}
    return {"state": "stop", "label": _("Not trusted")}


def sent_line(packet: PacketSent) -> dict[str, Any]:
    """One packet out, with its state in a word."""
    return {"packet": packet, "what": counted(part for part, *_rest in packet.holds), **sent_state(packet)}


def sent_state(packet: PacketSent) -> dict[str, str]:
    """How it stands, and its sign."""
    signs = {"taken": "good", "replaced": "quiet"}
    if packet.outcome == PacketSent.Outcome.REFUSED:
        return {"state": "stop", "label": _refused(packet)}
    if packet.outcome:
        return {"state": signs[packet.outcome], "label": str(packet.get_outcome_display())}
    if packet.status == PacketSent.Status.CANCELLED:
        return {"state": "look", "label": _("To be carried by hand")}
    if packet.status == PacketSent.Status.FAILED:
        return {"state": "look", "label": _("Not delivered yet")}
    return {"state": "busy", "label": _("On its way")}


def received_line(packet: PacketReceived) -> dict[str, Any]:
    """One packet in, with its state in a word. `refusals` is counted by the query."""
    if not packet.is_taken:
        return {"packet": packet, "state": "stop", "label": _refused(packet)}
    if n := packet.refusals:
        told = ngettext("Taken, %(n)s record refused", "Taken, %(n)s records refused", n) % {"n": n}
        return {"packet": packet, "state": "look", "label": told}
    return {"packet": packet, "state": "good", "label": str(packet.get_state_display())}


def _refused(packet: PacketReceived | PacketSent) -> str:
    reason = REASONS.get(packet.code)
    return _("Refused: %(reason)s") % {"reason": reason} if reason else _("Refused")


def packets(user: User, peer: Peer | None = None) -> dict[str, list[dict[str, Any]]]:
    """The last packets in and out, of one peer or of all."""
    of = {"peer": peer} if peer else {}
    refusals = Count("records", filter=Q(records__state="refused"))
    incoming = PacketReceived.objects.visible_to(user).for_list().filter(**of).annotate(refusals=refusals)[:RECENT]
    outgoing = PacketSent.objects.visible_to(user).for_list().filter(**of)[:RECENT]
    return {"incoming": list(map(received_line, incoming)), "outgoing": list(map(sent_line, outgoing))}


def counted(parts: Any) -> str:
    """3 opportunities, 1 card."""
    n = Counter(parts)
    words = {
        "opportunities": ngettext("%(n)s opportunity", "%(n)s opportunities", n["opportunities"]),
        "cards": ngettext("%(n)s card", "%(n)s cards", n["cards"]),
        "answers": ngettext("%(n)s answer", "%(n)s answers", n["answers"]),
        "withdrawn": ngettext("%(n)s withdrawal", "%(n)s withdrawals", n["withdrawn"]),
    }
    return ", ".join(word % {"n": n[part]} for part, word in words.items() if n[part])


def peer_page(peer: Peer, user: User) -> dict[str, Any]:
    """One peer: its keys, its packets, and the cards that came from it."""
    keys = list(peer.keys.select_related("confirmed_by").order_by("-is_shown", "-seen_at", "-pk"))
    cards = ForeignCard.objects.visible_to(user).for_list().filter(peer=peer)
    return {
        "peer": peer,
        "keys": keys,
        **state_of(keys),
        "is_trusted": any(key.is_trusted for key in keys),
        "cards": [{"card": each, "told": told(each), **card_state(each)} for each in cards],
        **packets(user, peer),
    }


def told(card: ForeignCard) -> dict[str, object]:
    """The card in words, as cards of the own shortlists are told."""
    kind = _("Company") if card.kind == Organisation.Kind.COMPANY else Organisation.Kind(card.kind).label
    size = f", {str(SizeClass(card.size_class).label).lower()}" if card.size_class else ""
    place = [region(card.region) if card.region else "", country(card.country) if card.country else ""]
    return {
        "title": f"{kind}{size}",
        "place": ", ".join(part for part in place if part),
        "offers": card.offers,
        "seeks": card.seeks,
    }


def card_state(card: ForeignCard) -> dict[str, str]:
    """How it stands, and its sign."""
    if card.is_withdrawn:
        return {"state": "stop", "label": _("Withdrawn by the company")}
    if card.revealed:
        return {"state": "good", "label": _("Introduced")}
    if not card.answer:
        return {"state": "look", "label": _("To answer")}
    return {"state": "busy" if card.answer == "interested" else "quiet", "label": str(card.get_answer_display())}


def revealed(card: ForeignCard) -> dict[str, str]:
    """Who it is, as the pages of shortlists show it."""
    who = dict(card.revealed)
    if "contact_email" in who:
        who |= {"person": who.get("contact_name") or who["contact_email"], "email": who["contact_email"]}
    return who


def received_page(packet: PacketReceived) -> dict[str, Any]:
    """One packet in: what became of each of its records, the refused ones first."""
    records = list(packet.records.order_by("state", "part", "position"))
    return {
        **received_line_of(packet, records),
        "refused": [
            {"label": each.get_part_display(), "name": each.external_id or _nth(each.position), "message": each.message}
            for each in records
            if each.message
        ],
        "taken": counted(each.part for each in records if not each.message),
        "can_try": bool(packet.raw)
        and (any(each.message for each in records) if packet.is_taken else packet.code in CURABLE),
        "gone": "" if packet.raw else _gone(packet),
        "facts": [
            {"label": _("From"), "value": packet.claimed_sender or _("nobody that it names")},
            {"label": _("Came"), "value": moment(packet.received_at)},
            {"label": _("Signed"), "value": moment(packet.sent_at) if packet.sent_at else ""},
            {"label": _("How often it came"), "value": packet.times if packet.times > 1 else ""},
            {"label": _("Brought by"), "value": str(packet.by) if packet.by else ""},
            {"label": _("Digest (SHA-256)"), "value": "" if packet.is_taken else packet.digest},
        ],
    }


def _gone(packet: PacketReceived) -> str:
    if packet.is_taken:
        return _("A company has taken back what stood in this packet. Its bytes are not kept any more.")
    days = REFUSED_BYTES_KEPT.days
    return _("The bytes of a refused packet are kept for %(n)s days. The reason and the digest stay.") % {"n": days}


def _nth(position: int) -> str:
    return _("number %(n)s") % {"n": position}


def received_line_of(packet: PacketReceived, records: list[Any]) -> dict[str, Any]:
    """The same as in lists, from records that are read already."""
    packet.refusals = sum(bool(each.message) for each in records)
    return received_line(packet)


def sent_page(packet: PacketSent) -> dict[str, Any]:
    """One packet out: what the partner's portal said to it."""
    refusals = [
        {"label": LABELS.get(each["part"], each["part"]), "name": each["id"], "message": each["message"]}
        for each in packet.refusals
    ]
    is_open = packet.outcome in ("", PacketSent.Outcome.REFUSED)
    waits = packet.status in (PacketSent.Status.QUEUED, PacketSent.Status.RUNNING)
    return {
        **sent_line(packet),
        "refused": refusals,
        "advice": _advice(packet) if packet.outcome == PacketSent.Outcome.REFUSED else "",
        "can_send": is_open and not waits,
        "can_carry": is_open,
        "facts": [
            {"label": _("To"), "value": packet.peer.address},
            {"label": _("Signed"), "value": moment(packet.created_at)},
            {"label": _("Answered"), "value": moment(packet.answered_at) if packet.answered_at else ""},
            {"label": _("Attempts"), "value": packet.attempts or ""},
            {"label": _("Signed for"), "value": str(packet.started_by) if packet.started_by else ""},
        ],
    }


def _advice(packet: PacketSent) -> str:
    """What to do about a refusal of the partner's portal."""
    if packet.code in (Code.UNKNOWN_SENDER, Code.UNKNOWN_KEY):
        return _("The partner has not confirmed your key. Read them your fingerprint by telephone, then send it again.")
    return _("Nothing of it counts as sent. Ask the partner what to do.")


def moment(at: Any) -> str:
    """A time with its zone."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"
