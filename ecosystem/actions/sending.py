"""Packets to a peer: written and signed at once, delivered by a worker, tried again while the peer does not answer."""

import json
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from celery import current_app
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import http, runs
from core.actions import Refused, record
from ecosystem import exchange, identity
from ecosystem.exchange import Code, Outgoing, Part
from ecosystem.models import PacketSent, Peer, RecordSent
from ecosystem.parcels import Parcel, cards_for, parcel_for
from ecosystem.permissions import can_run_partners
from members.models import User
from members.permissions import insist

CONTENT_TYPE = "application/jose"
MOST_OF_AN_ANSWER = 512 * 1024
ATTEMPTS = 12
PAUSE, PAUSE_AT_MOST = timedelta(minutes=5), timedelta(hours=6)


@transaction.atomic
def prepare(*, peer: Peer, by: User | None, send: bool = True) -> PacketSent:
    """Signs a packet with all that the peer has not got yet. An earlier one that waits still is replaced by it.

    Without `send` it is only written, to be carried by hand. `by` is None when the portal itself has to say that a
    company took its card back.
    """
    if by is not None:
        insist(can_run_partners(by))
    key = identity.own_key()
    if key is None:
        raise Refused(_("This portal has no key to sign with. Whoever runs it sets EXCHANGE_KEY."))
    current = Peer.objects.select_for_update(of=("self",)).select_related("partnership__organisation").get(pk=peer.pk)
    if not is_trusted(current):
        raise Refused(_("Confirm the partner's key first. Until then nothing is sent."))
    parcel = parcel_for(current)
    if not parcel:
        raise Refused(_("The partner has everything already. Nothing has changed since the last packet."))
    _replace_waiting(current)
    last = current.sent.aggregate(last=Max("sequence"))["last"] or 0
    outgoing = _outgoing(current, parcel, last + 1)
    packet = PacketSent.objects.create(
        peer=current, packet_id=outgoing.id, sequence=outgoing.sequence, raw=exchange.sign(outgoing, key),
        holds=parcel.holds, started_by=by, status=PacketSent.Status.QUEUED if send else PacketSent.Status.CANCELLED,
    )  # fmt: skip
    organisation_id = current.partnership.organisation_id
    record(
        "ecosystem.packet_signed", by=by, on=packet, organisation_id=organisation_id,
        **{part.value: len(parcel.records[part]) for part in Part},
    )  # fmt: skip
    if send:
        _deliver_soon(packet)
    return packet


def is_trusted(peer: Peer) -> bool:
    """Whether somebody has confirmed a key of the peer that still counts: only then is anything sent to it."""
    return any(each.is_trusted for each in peer.keys.all())


def _outgoing(peer: Peer, parcel: Parcel, sequence: int) -> Outgoing:
    return Outgoing(
        id=uuid4(),
        sender=identity.own_address(),
        recipient=peer.address,
        sent_at=timezone.now(),
        sequence=sequence,
        **{part.value: tuple(parcel.records[part]) for part in Part},
    )


def _replace_waiting(peer: Peer) -> None:
    waiting = peer.sent.filter(outcome=PacketSent.Outcome.NONE)
    for packet in waiting.exclude(status=PacketSent.Status.DONE):
        runs.ask_to_stop(packet)
    waiting.update(outcome=PacketSent.Outcome.REPLACED)


def _deliver_soon(packet: PacketSent) -> None:
    send = partial(current_app.send_task, "ecosystem.send_packet", [packet.pk])
    transaction.on_commit(send)


@transaction.atomic
def send_again(*, packet: PacketSent, by: User) -> None:
    """The same bytes once more, after the peer did not answer or refused them. They can arrive twice without harm."""
    insist(can_run_partners(by))
    current = PacketSent.objects.select_for_update(of=("self",)).get(pk=packet.pk)
    if current.outcome in (PacketSent.Outcome.TAKEN, PacketSent.Outcome.REPLACED):
        raise Refused(_("This packet is %(outcome)s already.") % {"outcome": current.get_outcome_display().lower()})
    if current.status in (PacketSent.Status.QUEUED, PacketSent.Status.RUNNING):
        return
    queue(current)
    record("ecosystem.packet_sent_again", by=by, on=current, organisation_id=current.peer.partnership.organisation_id)


def queue(packet: PacketSent) -> None:
    """The same bytes go out once more."""
    fresh = {"status": PacketSent.Status.QUEUED, "outcome": "", "error": "", "stop_asked": False, "finished_at": None}
    PacketSent.objects.filter(pk=packet.pk).update(created_at=timezone.now(), **fresh)
    _deliver_soon(packet)


@transaction.atomic
def note_carried(*, packet: PacketSent, by: User) -> None:
    """Somebody has carried the file to the partner, who has taken it. Twice is once."""
    insist(can_run_partners(by))
    current = PacketSent.objects.select_for_update(of=("self",)).get(pk=packet.pk)
    if current.outcome == PacketSent.Outcome.TAKEN:
        return
    if current.outcome == PacketSent.Outcome.REPLACED:
        raise Refused(_("A later packet has replaced this one. Send that one."))
    runs.ask_to_stop(current)
    _note_taken(current, message=_("Carried by hand."), refusals=[])
    record("ecosystem.packet_carried", by=by, on=current, organisation_id=current.peer.partnership.organisation_id)


def is_out_of_date(packet: PacketSent) -> bool:
    """The peer has not got it yet, and it tells of a company what the peer may not read of it any more."""
    if packet.outcome == PacketSent.Outcome.TAKEN:
        return False
    now = cards_for(packet.peer)
    return any(now.get(own) != digest for part, own, digest in packet.holds if part == Part.CARDS)


def insist_on_current(packet: PacketSent) -> None:
    """Refuses to give a packet out of the house that tells too much."""
    if is_out_of_date(packet):
        raise Refused(_("A company has changed its card or taken its card back since. Make a new packet."))


@transaction.atomic
def _sign_anew(packet: PacketSent) -> None:
    try:
        prepare(peer=packet.peer, by=None)
    except Refused:  # its key has ended: nothing is sent to it
        _replace_waiting(packet.peer)


def deliver(packet_id: int) -> None:
    """Posts one packet to its peer's inbox, for the worker."""
    runs.execute(PacketSent, packet_id, _deliver)


def _deliver(packet: PacketSent) -> None:
    if is_out_of_date(packet):
        _sign_anew(packet)
        return
    PacketSent.objects.filter(pk=packet.pk).update(attempts=F("attempts") + 1)
    try:
        answer = http.post(packet.peer.inbox, bytes(packet.raw), content_type=CONTENT_TYPE, max_bytes=MOST_OF_AN_ANSWER)
    except http.FetchError as fault:
        raise runs.RunFailed(str(fault)) from None
    told = _read(answer)
    with transaction.atomic():
        _note(packet, told)


def _read(answer: http.Posted) -> dict[str, Any]:
    """The peer's answer. Raises RunFailed for what is none of the exchange, such as a page of its front server."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("code"), str):
        raise runs.RunFailed(_("The partner's portal answered with status %(n)s.") % {"n": answer.status})
    return told


def _note(packet: PacketSent, told: dict[str, Any]) -> None:
    code, message = told["code"][:30], str(told.get("message", ""))[:2000].replace("\x00", "")
    organisation_id = packet.peer.partnership.organisation_id
    if code in {"taken", Code.REPLAYED}:
        refusals = told.get("refused")
        _note_taken(packet, message=message, refusals=_refusals(refusals if isinstance(refusals, list) else []))
        record("ecosystem.packet_delivered", by=None, on=packet, organisation_id=organisation_id)
        return
    PacketSent.objects.filter(pk=packet.pk).update(
        outcome=PacketSent.Outcome.REFUSED, code=code, message=message, answered_at=timezone.now()
    )
    record("ecosystem.packet_turned_down", by=None, on=packet, organisation_id=organisation_id, code=code)


def _refusals(told: list[Any]) -> list[dict[str, str]]:
    names = ("part", "id", "message")
    rows = [each for each in told[:2000] if isinstance(each, dict)]
    return [{name: str(row.get(name, ""))[:600].replace("\x00", "") for name in names} for row in rows]


def _note_taken(packet: PacketSent, *, message: str, refusals: list[dict[str, str]]) -> None:
    """From now on the peer has what the packet held, except for what it refused: that goes with the next one."""
    PacketSent.objects.filter(pk=packet.pk).update(
        outcome=PacketSent.Outcome.TAKEN, message=message, refusals=refusals, answered_at=timezone.now()
    )
    refused = {(each["part"], each["id"]) for each in refusals}
    held = [each for each in packet.holds if (each[0], each[1]) not in refused]
    rows = RecordSent.objects.filter(peer=packet.peer)
    for _part, own, of in [each for each in held if each[0] == Part.WITHDRAWN]:
        rows.filter(part=of, external_id=own).delete()
    RecordSent.objects.bulk_create(
        [
            RecordSent(peer=packet.peer, part=part, external_id=own, digest=digest)
            for part, own, digest in held
            if part != Part.WITHDRAWN
        ],
        update_conflicts=True,
        unique_fields=["peer", "part", "external_id"],
        update_fields=["digest"],
    )


def pause(attempts: int) -> timedelta:
    """How long to leave a peer alone that did not take what was sent so often: ever longer, and a quarter of a day."""
    return min(PAUSE_AT_MOST, PAUSE * 2 ** min(attempts, 10))


def try_failed() -> None:
    """Packets once more that the peer did not answer, and those whose message was lost."""
    now = timezone.now()
    failed = PacketSent.objects.filter(status=PacketSent.Status.FAILED, outcome="", attempts__lt=ATTEMPTS)
    for packet in failed.select_related("peer").order_by("pk"):
        if packet.finished_at is None or packet.finished_at + pause(packet.attempts) <= now:
            with transaction.atomic():
                queue(packet)
    for packet_id in runs.left_behind(PacketSent):
        deliver(packet_id)
