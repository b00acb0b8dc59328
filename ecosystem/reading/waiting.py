"""What waits for the cluster team at each partner, with the page where it is done: the same few queries for all."""

from collections import Counter, defaultdict
from collections.abc import Collection

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from ecosystem.models import ForeignCard, PacketSent, Partnership, Peer, PeerKey, SharedOpportunity, ShortlistCard
from ecosystem.parcels import taken_back
from members.models import User
from opportunities.models import Opportunity

Waiting = dict[int, list[dict[str, object]]]


def waiting(partnerships: Collection[Partnership], user: User) -> Waiting:
    """By partner: how many of what, and where."""
    found: Waiting = defaultdict(list)
    peers = {peer.partnership_id: peer for peer in Peer.objects.filter(partnership__in=partnerships)}
    counts = _counts(partnerships, user) | _counts_of_peers(peers)
    for partnership in partnerships:
        slug, peer = partnership.organisation.slug, peers.get(partnership.pk)
        pages = {
            "pool": reverse("ecosystem:pool", args=[slug]),
            "lists": reverse("ecosystem:partner_lists", args=[slug]),
            "peer": peer.get_absolute_url() if peer else "",
        }
        for name, (page, words) in _words(counts, partnership.pk).items():
            if n := counts[name][partnership.pk]:
                found[partnership.pk].append({"n": n, "label": words % {"n": n}, "url": pages[page]})
    return found


def _words(counts: dict[str, Counter[int]], pk: int) -> dict[str, tuple[str, str]]:
    n = {name: counted[pk] for name, counted in counts.items()}
    return {
        "gone": ("peer", ngettext("%(n)s withdrawal not arrived", "%(n)s withdrawals not arrived", n["gone"])),
        "keys": ("peer", ngettext("%(n)s key to confirm", "%(n)s keys to confirm", n["keys"])),
        "interests": ("pool", ngettext("%(n)s answer to follow up", "%(n)s answers to follow up", n["interests"])),
        "proposals": ("pool", ngettext("%(n)s proposal to read", "%(n)s proposals to read", n["proposals"])),
        "to_show": ("lists", ngettext("%(n)s card to show", "%(n)s cards to show", n["to_show"])),
        "to_meet": ("lists", ngettext("%(n)s company to introduce", "%(n)s companies to introduce", n["to_meet"])),
        "to_answer": ("peer", ngettext("%(n)s card to answer", "%(n)s cards to answer", n["to_answer"])),
        "packets": ("peer", ngettext("%(n)s packet to look after", "%(n)s packets to look after", n["packets"])),
    }


def _counts(partnerships: Collection[Partnership], user: User) -> dict[str, Counter[int]]:
    pool = SharedOpportunity.objects.filter(partnership__in=partnerships)
    open_ones = pool.filter(answer=SharedOpportunity.Answer.INTERESTED, handled_at=None, ended_at=None)
    brought = pool.filter(way=SharedOpportunity.Way.BROUGHT, opportunity__status=Opportunity.Status.INBOX)
    cards = ShortlistCard.objects.run_by(user).filter(
        shortlist__partnership__in=partnerships, shortlist__status="open", organisation__is_member=True
    )
    return {
        "interests": _by(open_ones, "partnership"),
        "proposals": _by(brought, "partnership"),
        "to_show": _by(cards.filter(status=ShortlistCard.Status.CONSENTED), "shortlist__partnership"),
        "to_meet": _by(cards.filter(status=ShortlistCard.Status.INTERESTED), "shortlist__partnership"),
    }


def _counts_of_peers(peers: dict[int, Peer]) -> dict[str, Counter[int]]:
    of = list(peers.values())
    ended = Q(until__lte=timezone.now())
    keys = PeerKey.objects.filter(peer__in=of, is_shown=True, confirmed_at=None).exclude(ended)
    answers = ForeignCard.objects.filter(peer__in=of, is_withdrawn=False, answer="", revealed={})
    newest = PacketSent.objects.filter(peer__in=of).order_by("peer", "-sequence").distinct("peer")
    left = Q(outcome=PacketSent.Outcome.REFUSED) | Q(outcome="", status=PacketSent.Status.CANCELLED)
    gone = taken_back(Peer.objects.filter(pk__in=[peer.pk for peer in of]))
    return {
        "gone": Counter({pk: len(gone.get(peer.pk, ())) for pk, peer in peers.items()}),
        "keys": _by(keys, "peer__partnership"),
        "to_answer": _by(answers, "peer__partnership"),
        "packets": _by(PacketSent.objects.filter(left, pk__in=newest.values("pk")), "peer__partnership"),
    }


def _by(rows: QuerySet, field: str) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list(field).annotate(n=Count("pk"))))
