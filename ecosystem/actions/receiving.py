"""Packets from a peer: judged, kept byte for byte whatever the judgement, and taken over record by record."""

import hashlib
import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record, record_each
from core.locks import wait_for
from ecosystem import exchange, identity
from ecosystem.actions.cards import say_interest
from ecosystem.exchange import MAX_AGE, Answer, Card, Code, Expected, Packet, PacketRefused, Part, TrustedKey
from ecosystem.exchange.records import feed_of
from ecosystem.models import ForeignCard, PacketReceived, Peer, PeerKey, RecordReceived, ShortlistCard
from ecosystem.permissions import can_run_partners
from ecosystem.reading.sharing import cards_shared_with
from members.models import User
from members.permissions import insist
from opportunities import imports
from opportunities.models import SourceRecord
from opportunities.upsert import storable

State, RecordState = PacketReceived.State, RecordReceived.State
# What strangers send in a partner's name is kept, so that it can be looked at, but not without end.
UNPROVED_KEPT = 50
# So long a packet may be on its way: after that the same bytes are too old to be taken, and nobody can use them here.
REFUSED_BYTES_KEPT = MAX_AGE


class NotKept(Exception):
    """The packet is refused and leaves no row: nobody known is said to have sent it."""

    def __init__(self, refused: PacketRefused) -> None:
        super().__init__(refused.message)
        self.refused = refused


@transaction.atomic
def receive(*, data: bytes, by: User | None) -> PacketReceived:
    """A packet from the inbox (`by` is None) or from a file. The row says whether it was taken, and if not, why.

    Raises NotKept for a packet from the network that no known partner can have sent. Of a packet that was taken before,
    `came_again` is true on the row: nothing of it is taken twice.
    """
    if by is not None:
        insist(can_run_partners(by))
    wait_for("ecosystem.exchange")
    digest = hashlib.sha256(data).hexdigest()
    known = PacketReceived.objects.filter(digest=digest).first()
    if known:
        known.times, known.last_at = known.times + 1, timezone.now()
        known.save(update_fields=["times", "last_at"])
        if not known.is_taken:
            return _judge(known, by, data)
        known.came_again = True
        organisation_id = known.peer.partnership.organisation_id
        record("ecosystem.packet_replayed", by=by, on=known, organisation_id=organisation_id)
        return known
    sender, own = exchange.peek(data)
    peer = Peer.objects.filter(address=sender).first() if sender else None
    packet = PacketReceived(digest=digest, raw=data, peer=peer, claimed_sender=sender, packet_id=own, by=by)
    return _judge(packet, by, data)


@transaction.atomic
def forget_refused() -> None:
    """Drops the bytes of packets that were refused long ago. Why they were, and their digest, stay."""
    before = timezone.now() - REFUSED_BYTES_KEPT
    old = PacketReceived.objects.filter(state=State.REFUSED, received_at__lt=before).exclude(raw=b"")
    rows = list(old.select_for_update(of=("self",)).select_related("peer__partnership").defer("raw").order_by("pk"))
    PacketReceived.objects.filter(pk__in=[row.pk for row in rows]).update(raw=b"")
    record_each(
        "ecosystem.packet_bytes_dropped", by=None,
        on=[(row, row.peer.partnership.organisation_id if row.peer else None, {"digest": row.digest}) for row in rows],
    )  # fmt: skip


@transaction.atomic
def try_again(*, packet: PacketReceived, by: User) -> PacketReceived:
    """Judges the kept bytes anew, after what was wrong has been put right; of a taken packet its refused records."""
    insist(can_run_partners(by))
    wait_for("ecosystem.exchange")
    current = PacketReceived.objects.select_related("peer").get(pk=packet.pk)
    if not current.raw and current.is_taken:
        raise Refused(_("A company has taken back what stood in this packet. Its bytes are not kept any more."))
    if not current.raw:
        raise Refused(_("The bytes of this packet are not kept any more. Ask the partner to send it anew."))
    record("ecosystem.packet_tried_again", by=by, on=current)
    if not current.is_taken:
        return _judge(current, by, bytes(current.raw))
    try:
        found = exchange.verify(bytes(current.raw), _expected(current.claimed_sender, repeated=current))
    except PacketRefused as refused:
        raise Refused(refused.message) from None
    open_ones = {(each.part, each.external_id) for each in current.records.filter(state=RecordState.REFUSED)}
    _take_over(current, _only(found, open_ones - _said_later(current)), by)
    return current


def _said_later(packet: PacketReceived) -> set[tuple[str, str]]:
    """What a later packet of the same peer speaks of or withdraws: it counts, and not this one."""
    later = RecordReceived.objects.filter(packet__peer=packet.peer, packet__sequence__gt=packet.sequence)
    said = set(later.values_list("part", "external_id"))
    gone = [own for part, own in said if part == Part.WITHDRAWN]
    return said | {(part.value, own) for part in (Part.OPPORTUNITIES, Part.CARDS) for own in gone}


def _only(found: Packet, wanted: set[tuple[str, str]]) -> dict[Part, list[tuple[int, str, Any]]]:
    rows = _rows(found)
    return {part: [row for row in rows[part] if (part.value, row[1]) in wanted] for part in rows}


def _judge(packet: PacketReceived, by: User | None, data: bytes) -> PacketReceived:
    try:
        found = exchange.verify(data, _expected(packet.claimed_sender))
    except PacketRefused as refused:
        return _refuse(packet, refused, by)
    peer = Peer.objects.select_related("partnership__organisation", "source").get(address=found.sender)
    last = _last_sequence(found.sender)
    packet.peer, packet.state, packet.code, packet.message = peer, State.TAKEN, "", ""
    packet.raw = data  # of one that was refused long ago they may be gone
    packet.packet_id, packet.sequence, packet.sent_at = found.id, found.sequence, found.sent_at
    packet.missing_from = last + 1 if found.sequence > last + 1 else None
    packet.claimed_sender = found.sender
    packet.save()
    RecordReceived.objects.bulk_create(
        RecordReceived(
            packet=packet, part=each.part, position=each.position, external_id=storable(each.id),
            state=RecordState.REFUSED, message=storable(each.message),
        )
        for each in found.refused
    )  # fmt: skip
    _take_over(packet, _rows(found), by)
    record("ecosystem.packet_taken", by=by, on=packet, organisation_id=peer.partnership.organisation_id)
    return packet


def _refuse(packet: PacketReceived, refused: PacketRefused, by: User | None) -> PacketReceived:
    if by is None and packet.pk is None and not _is_worth_keeping(packet):
        raise NotKept(refused)
    packet.state, packet.code, packet.message = State.REFUSED, refused.code, refused.message
    packet.save()
    organisation_id = packet.peer.partnership.organisation_id if packet.peer else None
    record("ecosystem.packet_refused", by=by, on=packet, organisation_id=organisation_id, code=refused.code)
    return packet


def _is_worth_keeping(packet: PacketReceived) -> bool:
    if packet.peer is None:
        return False
    today = timezone.now() - timedelta(days=1)
    refused = packet.peer.received.filter(state=State.REFUSED, received_at__gte=today)
    return refused.count() < UNPROVED_KEPT


def _expected(sender: str, *, repeated: PacketReceived | None = None) -> Expected:
    """Which keys of a sender this portal trusts now, and what it has had: two peers that show one key are still two.

    A packet that was taken is judged by its bytes alone again.
    """
    now = timezone.now()
    keys = PeerKey.objects.filter(confirmed_at__isnull=False, peer__address=sender).select_related("peer")
    trusted = {each.key_id: TrustedKey(each.peer.address, each.public, each.until) for each in keys}
    if repeated is not None:
        return Expected(identity.own_address(), trusted, repeated.sent_at)
    return Expected(identity.own_address(), trusted, now, has_had=_has_had, last_sequence=_last_sequence)


def _has_had(sender: str, own: str) -> bool:
    return PacketReceived.objects.filter(peer__address=sender, packet_id=own, state=State.TAKEN).exists()


def _last_sequence(sender: str) -> int:
    taken = PacketReceived.objects.filter(peer__address=sender, state=State.TAKEN)
    return taken.aggregate(last=Max("sequence"))["last"] or 0


def _rows(found: Packet) -> dict[Part, list[tuple[int, str, Any]]]:
    """The records with their place among those that can be taken, and their ids."""
    refused = {part: {each.position for each in found.refused if each.part == part} for part in Part}
    lists: dict[Part, tuple[Any, ...]] = {part: getattr(found, part.value) for part in Part}
    names = {Part.OPPORTUNITIES: lambda it: it["id"], Part.ANSWERS: lambda it: it.card}
    return {
        part: [
            (place, names.get(part, lambda it: it.id)(item), item)
            for place, item in zip(_places(refused[part], len(items)), items, strict=True)
        ]
        for part, items in lists.items()
    }


def _places(refused: set[int], count: int) -> list[int]:
    """Where the records that were not refused stood in their list."""
    return [place for place in range(1, count + len(refused) + 1) if place not in refused]


def _take_over(packet: PacketReceived, rows: dict[Part, list[tuple[int, str, Any]]], by: User | None) -> None:
    faults: dict[tuple[Part, int], str] = {}
    for place, _own, card in rows[Part.CARDS]:
        _keep_card(packet.peer, card)
        faults[Part.CARDS, place] = ""
    for place, _own, answer in rows[Part.ANSWERS]:
        faults[Part.ANSWERS, place] = _hear(packet.peer, answer)
    gone = []
    for place, own, withdrawn in rows[Part.WITHDRAWN]:
        if withdrawn.part == Part.CARDS:
            _withdraw_card(packet.peer, own)
        else:
            gone.append(own)
        faults[Part.WITHDRAWN, place] = ""
    for place, _own, _row in rows[Part.OPPORTUNITIES]:
        faults[Part.OPPORTUNITIES, place] = ""
    told = [row for _place, own, row in rows[Part.OPPORTUNITIES] if own not in gone]
    _import(packet, told + _ended(packet.peer, gone), by)
    _note(packet, rows, faults)


def _note(
    packet: PacketReceived, rows: dict[Part, list[tuple[int, str, Any]]], faults: dict[tuple[Part, int], str]
) -> None:
    RecordReceived.objects.bulk_create(
        [
            RecordReceived(
                packet=packet, part=part, position=place, external_id=own, message=faults[part, place],
                state=RecordState.REFUSED if faults[part, place] else RecordState.TAKEN,
            )
            for part in Part
            for place, own, _item in rows[part]
        ],
        update_conflicts=True,
        unique_fields=["packet", "part", "position"],
        update_fields=["state", "message", "external_id"],
    )  # fmt: skip


def _keep_card(peer: Peer, card: Card) -> None:
    told = asdict(card)
    told["revealed"] = {name: value for name, value in (told["revealed"] or {}).items() if value}
    own = told.pop("id")
    told["offers"], told["seeks"] = list(card.offers), list(card.seeks)
    fresh = told | {"is_withdrawn": False, "changed_at": timezone.now()}
    ForeignCard.objects.update_or_create(peer=peer, external_id=own, defaults=fresh)


def _withdraw_card(peer: Peer, own: str) -> None:
    """The company has taken it back: what this cluster knows of it is forgotten, and the bytes that say it."""
    gone = {"is_withdrawn": True, "revealed": {}, "changed_at": timezone.now()}
    current = ForeignCard.objects.filter(peer=peer, external_id=own, is_withdrawn=False)
    if current.exclude(revealed={}).exists():
        peer.received.filter(records__part=Part.CARDS, records__external_id=own).update(raw=b"")
    current.update(**gone)


def _hear(peer: Peer, answer: Answer) -> str:
    """What the peer says of one of our cards. The reason, if it cannot count."""
    try:
        card = cards_shared_with(peer.partnership).get(key=UUID(answer.card))
        say_interest(card=card, interested=answer.answer == "interested", by=None, sentence=answer.message)
    except (ValueError, ShortlistCard.DoesNotExist):
        return _("There is no such card before the partner. It may have been withdrawn.")
    except Refused as refused:
        return str(refused)
    return ""


def _ended(peer: Peer, gone: list[str]) -> list[dict[str, Any]]:
    """Opportunities that the peer has withdrawn, as it told them last, but cancelled."""
    rows = SourceRecord.objects.filter(source=peer.source, external_id__in=gone).order_by("pk")
    return [json.loads(row.raw) | {"status": "cancelled"} for row in rows]


def _import(packet: PacketReceived, rows: list[dict[str, Any]], by: User | None) -> None:
    """Through the import that an uploaded file takes: into the inbox of the curation, duplicates merged."""
    if rows:
        name = f"packet-{packet.sequence}.json"
        file = ContentFile(feed_of(rows), name=name)
        packet.import_run = imports.start(source=packet.peer.source, file=file, file_name=name, by=by)
        packet.save(update_fields=["import_run"])


def result_of(packet: PacketReceived) -> dict[str, Any]:
    """What the sender is told: a code and a message, and of a packet that was taken the records that were not."""
    if not packet.is_taken:
        return {"code": packet.code, "message": packet.message}
    if packet.came_again:
        return {"code": Code.REPLAYED, "message": _("This packet was taken before. There is nothing to do.")}
    refused = packet.records.filter(state=RecordState.REFUSED).order_by("part", "position")
    told = [{"part": each.part, "id": each.external_id, "message": each.message} for each in refused]
    message = _("Taken.") if not told else _("Taken, except for the records below.")
    answer: dict[str, Any] = {"code": "taken", "message": message, "refused": told}
    return answer | ({"missing_from": packet.missing_from} if packet.missing_from else {})
