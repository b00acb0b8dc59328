"""What goes to a peer: of the pool and the shortlists exactly what the partner sees, in the words of the exchange."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ecosystem.exchange import Answer, Card, Part, Revealed, Withdrawn
from ecosystem.models import ForeignCard, PacketSent, Peer, RecordSent, ShortlistCard
from ecosystem.reading.sharing import cards_shared_with, opportunities_shared_with, shown
from opportunities.models import Opportunity, SourceRecord
from opportunities.upsert import FAMILIES

Record = dict[str, Any] | Card | Answer | Withdrawn
# Half of what a packet may hold: what is left goes with the next one.
MOST_BYTES, MOST_RECORDS = 1_000_000, 1_000
PLAIN = (
    "kind", "partnering_type", "title", "summary", "description", "organisation", "countries", "target_countries",
    "target_kinds", "target_sizes", "codes", "keywords", "deadlines", "url", "language", "stage",
)  # fmt: skip
DAYS = ("opens_on", "starts_at", "ends_at", "published_on")


@dataclass
class Parcel:
    """The records of one packet, and for each its part, its id and a fingerprint of what it says."""

    records: dict[Part, list[Record]] = field(default_factory=lambda: {part: [] for part in Part})
    holds: list[tuple[str, str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.holds)


def parcel_for(peer: Peer) -> Parcel:
    """What the peer has not got yet: new and changed records, and what counts no longer."""
    known = dict.fromkeys(_may_have_come(_just(peer))[peer.pk], "") | {
        (part, own): digest
        for part, own, digest in RecordSent.objects.filter(peer=peer).values_list("part", "external_id", "digest")
    }
    parcel, size, present = Parcel(), 0, set()
    for part, own, told in _all(peer):
        present.add((part.value, own))
        content = _content(told)
        digest = _digest(content)
        if known.get((part.value, own)) == digest:
            continue
        if size + len(content) > MOST_BYTES or len(parcel) >= MOST_RECORDS:
            continue
        size += len(content)
        parcel.records[part].append(told)
        parcel.holds.append((part.value, own, digest))
    gone = [key for key in known if key not in present]
    _withdraw(parcel, sorted(gone, key=lambda key: key[0] != Part.CARDS)[:MOST_RECORDS])
    return parcel


def _just(peer: Peer) -> QuerySet[Peer]:
    return Peer.objects.filter(pk=peer.pk)


def _may_have_come(peers: QuerySet[Peer]) -> dict[int, set[tuple[str, str]]]:
    """What was in packets that peers may have got without our hearing of it: if it is gone, it is withdrawn, too."""
    taken = PacketSent.objects.filter(peer=OuterRef("peer"), outcome=PacketSent.Outcome.TAKEN)
    last = Subquery(taken.order_by("-sequence").values("sequence")[:1])
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    since = PacketSent.objects.filter(peer__in=peers, sequence__gt=Coalesce(last, 0))
    for peer_id, holds in since.values_list("peer", "holds"):
        found[peer_id] |= {(part, own) for part, own, _told in holds if part != Part.WITHDRAWN}
    return found


def taken_back(peers: QuerySet[Peer]) -> dict[int, set[str]]:
    """The cards that peers have, or may have, and must not show any more: by peer. As few queries for many as for one.

    A peer that has none is left out.
    """
    has: dict[int, set[str]] = defaultdict(set)
    for peer_id, records in _may_have_come(peers).items():
        has[peer_id] = {own for part, own in records if part == Part.CARDS}
    known = RecordSent.objects.filter(peer__in=peers, part=Part.CARDS)
    for peer_id, own in known.values_list("peer", "external_id"):
        has[peer_id].add(own)
    for peer_id, key in ShortlistCard.objects.before(peers):
        has[peer_id].discard(str(key))
    return {peer_id: cards for peer_id, cards in has.items() if cards}


def cards_for(peer: Peer) -> dict[str, str]:
    """The cards that the peer may have now: their ids, and a fingerprint of what each says."""
    found = map(card_of, cards_shared_with(peer.partnership))
    return {card.id: _digest(_content(card)) for card in found}


def _content(told: Record) -> str:
    return json.dumps(told if isinstance(told, dict) else asdict(told), sort_keys=True)


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _withdraw(parcel: Parcel, gone: Iterable[tuple[str, str]]) -> None:
    for part, own in gone:
        if part in (Part.OPPORTUNITIES, Part.CARDS):
            parcel.records[Part.WITHDRAWN].append(Withdrawn(Part(part), own))
            parcel.holds.append((Part.WITHDRAWN.value, own, part))


def _all(peer: Peer) -> Iterator[tuple[Part, str, Record]]:
    for card in cards_shared_with(peer.partnership):
        yield Part.CARDS, str(card.key), card_of(card)
    for answered in ForeignCard.objects.filter(peer=peer).exclude(answer="").order_by("pk"):
        told = Answer(answered.external_id, answered.answer, answered.message)
        yield Part.ANSWERS, answered.external_id, told
    records = Prefetch("opportunity__records", SourceRecord.objects.order_by("pk").defer("raw"))
    pool = opportunities_shared_with(peer.partnership).defer("opportunity__search").prefetch_related(records)
    for shared in pool.order_by("pk"):
        if peer.source_id not in {each.source_id for each in shared.opportunity.records.all()}:  # it came from there
            yield Part.OPPORTUNITIES, shared.opportunity.reference, opportunity_of(shared.opportunity)


def card_of(card: ShortlistCard) -> Card:
    """A card as the partner sees it: who stands behind it only after the introduction, as far as was agreed."""
    told = shown(card)
    who: Any = told["revealed"]
    revealed = None
    if who:
        named = {name: who.get(name, "") for name in ("name", "town", "website", "summary")}
        revealed = Revealed(**named, contact_name=who.get("person", ""), contact_email=who.get("email", ""))
    facts = {name: told[name] for name in ("kind", "size_class", "country", "region")}
    lines = {name: tuple(told[name]) for name in ("offers", "seeks")}
    return Card(str(told["key"]), card.shortlist.title, **facts, **lines, revealed=revealed)


def opportunity_of(row: Opportunity) -> dict[str, Any]:
    """An opportunity as the feed "exchange" reads it: what its source said, nothing of what members said of it."""
    told = {name: getattr(row, name) for name in PLAIN}
    told |= {name: value.isoformat() for name in DAYS if (value := getattr(row, name))}
    sums = {name: getattr(row, f"budget_{name}") for name in ("min", "max", "total")}
    names = {"min": "minimum", "max": "maximum", "total": "total"}
    if budget := {names[name]: float(value) for name, value in sums.items() if value is not None}:
        told["budget"] = budget | {"currency": row.currency}
    networks = [(FAMILIES[each.format], each.own_id) for each in row.records.all() if each.format in FAMILIES]
    if networks and networks[0][1]:
        told["origin"] = dict(zip(("network", "id"), networks[0], strict=True))
    told |= {"id": row.reference, "status": row.source_status}
    return {name: value for name, value in told.items() if value not in ("", [], {}, None)}
