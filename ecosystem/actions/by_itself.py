"""What goes to a peer without a button: changes once a day where the team wants it, and what companies took back."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from core.actions import Refused, record
from ecosystem.actions import sending
from ecosystem.exchange import Code, Part
from ecosystem.models import PacketSent, Peer
from ecosystem.parcels import parcel_for, taken_back
from ecosystem.permissions import can_run_partners
from members.models import User
from members.permissions import insist

Outcome, Status = PacketSent.Outcome, PacketSent.Status
DAILY_AT = time(6)  # where the cluster is: what was decided yesterday is there when the partner begins to work
# The same bytes stay refused for these. For all others it is the partner who has to put something right.
NEEDS_NEW_BYTES = {Code.TOO_OLD, Code.REPLAYED, Code.OUT_OF_ORDER}


@transaction.atomic
def send_daily(*, peer: Peer, wanted: bool, by: User) -> None:
    """From now on changes go once a day by themselves, or only when somebody sends them. Twice is once."""
    insist(can_run_partners(by))
    current = _held(peer.pk)
    if (current.next_sending_at is not None) == wanted:
        return
    current.next_sending_at = next_morning() if wanted else None
    current.save(update_fields=["next_sending_at"])
    organisation_id = current.partnership.organisation_id
    record("ecosystem.daily_sending_set", by=by, on=current, organisation_id=organisation_id, wanted=wanted)


def next_morning() -> datetime:
    """The next moment at which changes go by themselves."""
    now = timezone.localtime()
    today = timezone.make_aware(datetime.combine(now.date(), DAILY_AT))
    return today if now < today else timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), DAILY_AT))


def send_due() -> None:
    """To each peer whose hour has come what has changed since the last packet that it took; nothing if nothing has."""
    due = Peer.objects.filter(next_sending_at__lte=timezone.now())
    for peer_id in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            peer = _held(peer_id)
            if peer.next_sending_at and peer.next_sending_at <= timezone.now():  # no other worker was faster
                Peer.objects.filter(pk=peer_id).update(next_sending_at=next_morning())
                _send_what_is_new(peer)


def resume() -> None:
    """Tells peers what companies have taken back, and takes up packets that did not arrive."""
    tell_what_was_taken_back()
    sending.try_failed()


def tell_what_was_taken_back() -> None:
    """Until the peer has taken it, whether or not somebody thinks of a packet: ever more seldom, four times a day."""
    gone = taken_back(Peer.objects.all())
    Peer.objects.filter(told_gone__gt=0).exclude(pk__in=gone).update(told_gone=0, told_gone_at=None)
    for peer_id in sorted(gone):
        with transaction.atomic():
            _tell(_held(peer_id), gone[peer_id])


def _tell(peer: Peer, gone: set[str]) -> None:
    now = timezone.now()
    if peer.told_gone_at and peer.told_gone_at + sending.pause(peer.told_gone) > now:
        return
    last = peer.sent.newest()
    if not sending.is_trusted(peer) or (last and _is_under_way(last) and gone <= withdrawn_in(last)):
        return
    Peer.objects.filter(pk=peer.pk).update(told_gone=peer.told_gone + 1, told_gone_at=now)
    _send_what_is_new(peer)


def withdrawn_in(packet: PacketSent) -> set[str]:
    """The ids of what a packet says is withdrawn."""
    return {own for part, own, _of in packet.holds if part == Part.WITHDRAWN}


def _is_under_way(packet: PacketSent) -> bool:
    """It is being sent, or is tried again by itself."""
    tried = packet.status == Status.FAILED and packet.attempts < sending.ATTEMPTS
    return packet.outcome == Outcome.NONE and (tried or packet.status in (Status.QUEUED, Status.RUNNING))


def _send_what_is_new(peer: Peer) -> None:
    """The newest packet once more, if it says all that there is to say and can still be taken; otherwise a new one."""
    last = peer.sent.newest()
    if last is None or last.outcome in (Outcome.TAKEN, Outcome.REPLACED) or not _is_whole(last, peer):
        with suppress(Refused):  # there is nothing to say, or its key has ended: nothing is sent to it
            sending.prepare(peer=peer, by=None)
    elif sending.is_trusted(peer) and last.status not in (Status.QUEUED, Status.RUNNING):
        sending.queue(last)


def _is_whole(packet: PacketSent, peer: Peer) -> bool:
    if packet.outcome == Outcome.REFUSED and packet.code in NEEDS_NEW_BYTES:
        return False
    return {tuple(each) for each in packet.holds} == set(parcel_for(peer).holds)


def _held(peer_id: int) -> Peer:
    rows = Peer.objects.select_for_update(of=("self",)).select_related("partnership__organisation")
    return rows.get(pk=peer_id)
