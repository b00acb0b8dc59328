"""Partners' portals: added by their address, trusted once a person has compared and confirmed their key."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import http
from core.actions import Refused, record
from ecosystem import exchange, identity
from ecosystem.exchange import introductions
from ecosystem.models import Partnership, Peer, PeerKey
from ecosystem.permissions import can_run_partners
from members.models import User
from members.permissions import insist
from opportunities.actions import save_source
from opportunities.models import Source

# What the partner signed before it changed its key may still be on its way.
OLD_KEY_COUNTS_FOR = timedelta(days=14)


def look_up(written: str) -> introductions.Introduction:
    """What the portal at an address says of itself. Raises Refused. It asks the network: outside of transactions."""
    try:
        address = exchange.address_of(written)
        _insist_safe(address)
        answer = http.fetch(f"{address}{introductions.PATH}", max_bytes=introductions.MAX_BYTES)
        return introductions.read(answer.body or b"", address=address)
    except http.NoAnswer:
        raise Refused(
            _("No portal answers at this address. Compare it with the partner letter by letter, or try again later.")
        ) from None
    except (exchange.NotIntroduced, http.FetchError) as fault:
        raise Refused(str(fault)) from None


def _insist_safe(address: str) -> None:
    if address == identity.own_address():
        raise Refused(_("This is the address of your own portal. Ask the partner for theirs."))
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in settings.FETCH_PRIVATE_HOSTS:
        raise Refused(_("A portal's address starts with https://. Ask the partner for it."))


@transaction.atomic
def add_peer(*, partnership: Partnership, found: introductions.Introduction, by: User) -> Peer:
    """Keeps a partner's portal and the keys that it shows. None of them is trusted yet."""
    insist(can_run_partners(by))
    try:
        with transaction.atomic():
            peer = Peer.objects.create(
                partnership=partnership, address=found.address, name=found.name, inbox=found.inbox
            )
    except IntegrityError:
        raise Refused(_("This partner or this address has a portal here already. Open it in the list.")) from None
    _keep_keys(peer, found)
    record("ecosystem.peer_added", by=by, on=peer, organisation_id=partnership.organisation_id, address=peer.address)
    return peer


@transaction.atomic
def look_again(*, peer: Peer, found: introductions.Introduction, by: User) -> int:
    """Takes over what the portal says now. How many of its keys are new; they wait for somebody to confirm them."""
    insist(can_run_partners(by))
    if found.address != peer.address:
        raise Refused(_("This is the introduction of another portal."))
    peer.name, peer.inbox, peer.looked_at = found.name, found.inbox, timezone.now()
    peer.save(update_fields=["name", "inbox", "looked_at"])
    new = _keep_keys(peer, found)
    organisation_id = peer.partnership.organisation_id
    record("ecosystem.peer_looked_at", by=by, on=peer, organisation_id=organisation_id, new_keys=new)
    return new


def _keep_keys(peer: Peer, found: introductions.Introduction) -> int:
    shown = {key.id: key for key in found.keys}
    peer.keys.update(is_shown=False)
    known = set(peer.keys.filter(key_id__in=shown).values_list("key_id", flat=True))
    peer.keys.filter(key_id__in=shown).update(is_shown=True)
    new = [PeerKey(peer=peer, key_id=own, x=key.jwk["x"]) for own, key in shown.items() if own not in known]
    PeerKey.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def confirm_key(*, key: PeerKey, by: User) -> None:
    """Somebody has compared the fingerprint. From now on it counts, and older keys end soon. Twice is once."""
    insist(can_run_partners(by))
    current = PeerKey.objects.select_for_update().get(pk=key.pk)
    if current.is_trusted:
        return
    if current.until is not None:
        raise Refused(_("This key has ended. The partner has to make a new one."))
    peer = Peer.objects.select_for_update(of=("self",)).select_related("partnership__organisation").get(pk=key.peer_id)
    now = timezone.now()
    older = peer.keys.filter(confirmed_at__isnull=False, until=None)
    older.update(until=now + OLD_KEY_COUNTS_FOR)
    current.confirmed_by, current.confirmed_at = by, now
    current.save(update_fields=["confirmed_by", "confirmed_at"])
    if peer.source is None:
        peer.source = _source_of(peer, by)
        peer.save(update_fields=["source"])
    organisation_id = peer.partnership.organisation_id
    record("ecosystem.peer_key_confirmed", by=by, on=peer, organisation_id=organisation_id, key=current.key_id)


def _source_of(peer: Peer, by: User) -> Source:
    organisation = peer.partnership.organisation
    name = f"{organisation.name[:90]}, {_('exchange')}"
    slug = f"exchange-{slugify(organisation.slug)[:48]}"
    found = Source.objects.filter(slug=slug, format=Source.Format.EXCHANGE).first()
    return found or save_source(source=Source(name=name, slug=slug, format=Source.Format.EXCHANGE), by=by)


@transaction.atomic
def end_key(*, key: PeerKey, by: User) -> None:
    """Trusts a key no more, from this moment. Twice is once."""
    insist(can_run_partners(by))
    current = PeerKey.objects.select_for_update(of=("self",)).select_related("peer__partnership").get(pk=key.pk)
    if current.has_ended:
        return
    current.until = timezone.now()
    current.save(update_fields=["until"])
    peer = current.peer
    organisation_id = peer.partnership.organisation_id
    record("ecosystem.peer_key_ended", by=by, on=peer, organisation_id=organisation_id, key=current.key_id)
