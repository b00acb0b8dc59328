"""A portal of its own for test_two_portals: a process with a web server, which does what its standard input says.

Each line is JSON: the name of a function below and its arguments. The answer is one line of JSON.
"""

import base64
import json
import sys
from threading import Thread
from typing import Any
from uuid import uuid4

import django

django.setup()

# What follows needs the registry of models.
from django.conf import settings  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.utils import timezone  # noqa: E402

from ecosystem import identity  # noqa: E402
from ecosystem.actions import cards, foreign_cards, peers, sending  # noqa: E402
from ecosystem.exchange.packets import signed  # noqa: E402
from ecosystem.models import ForeignCard, PacketReceived, PacketSent, Partnership, Peer, ShortlistCard  # noqa: E402
from members.models import Membership, User  # noqa: E402
from opportunities import imports  # noqa: E402
from opportunities.models import ImportRun, Opportunity  # noqa: E402
from tests.factories.ecosystem import (  # noqa: E402
    PartnershipFactory,
    SharedOpportunityFactory,
    ShortlistCardFactory,
)
from tests.factories.members import MembershipFactory, OrganisationFactory  # noqa: E402


def manager() -> User:
    return Membership.objects.get(role=Membership.Role.MANAGER).user


def begin(*, name: str, partner: str) -> dict[str, Any]:
    """The home cluster with its manager, and the partner that the other portal belongs to."""
    MembershipFactory(organisation=OrganisationFactory(home=True, name=name), role=Membership.Role.MANAGER)
    PartnershipFactory(organisation__name=partner)
    return {"address": identity.own_address(), "fingerprint": identity.own_key().public.fingerprint}


def share(*, titles: list[str], company: str) -> dict[str, Any]:
    """Opportunities in the partner's pool, and a card that a company has agreed to and that was shown."""
    partnership = Partnership.objects.get()
    for title in titles:
        SharedOpportunityFactory(partnership=partnership, opportunity__title=title)
    organisation = OrganisationFactory(name=company, town="Karlshamn")
    MembershipFactory(organisation=organisation, role=Membership.Role.OWNER)
    card = ShortlistCardFactory(shown=True, shortlist__partnership=partnership, organisation=organisation)
    return {"card": str(card.key)}


def add(*, address: str) -> dict[str, Any]:
    """Asks the other portal who it is."""
    peer = peers.add_peer(partnership=Partnership.objects.get(), found=peers.look_up(address), by=manager())
    return {"name": peer.name, "fingerprints": [str(key) for key in peer.keys.all()]}


def confirm() -> dict[str, Any]:
    """Somebody has compared."""
    peers.confirm_key(key=Peer.objects.get().keys.get(), by=manager())
    return {}


def send() -> dict[str, Any]:
    """A packet with what is new, delivered as the worker does."""
    packet = sending.prepare(peer=Peer.objects.get(), by=manager())
    sending.deliver(packet.pk)
    packet = PacketSent.objects.get(pk=packet.pk)
    told = {"outcome": packet.outcome, "code": packet.code, "message": packet.message or packet.error}
    return told | {"raw": base64.b64encode(bytes(packet.raw)).decode()}


def sign(**changed: Any) -> dict[str, Any]:
    """An envelope with this portal's own signature that it would not send."""
    told = {
        "format": "cluster-exchange",
        "version": 1,
        "id": str(uuid4()),
        "sender": identity.own_address(),
        "recipient": Peer.objects.get().address,
        "sent_at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
        "sequence": 1_000,
        "payload": {"opportunities": [{"id": "forged", "kind": "event", "title": "Must not be taken"}]},
    }
    return {"raw": base64.b64encode(signed(told | changed, identity.own_key())).decode()}


def read() -> dict[str, Any]:
    """What came: the imports are read as the worker does."""
    for run in ImportRun.objects.filter(status=ImportRun.Status.QUEUED):
        imports.execute(run.pk)
    return {
        "opportunities": sorted(Opportunity.objects.values_list("title", "status")),
        "cards": [[each.purpose, each.offers, each.revealed] for each in ForeignCard.objects.order_by("pk")],
        "packets": list(PacketReceived.objects.order_by("pk").values_list("state", "code", "times")),
    }


def answer(*, message: str) -> dict[str, Any]:
    """Interested in the company behind the card that came."""
    card = ForeignCard.objects.get()
    foreign_cards.answer_card(card=card, answer="interested", message=message, by=manager())
    return {}


def introduce() -> dict[str, Any]:
    """Reveals the card that the partner is interested in."""
    card = ShortlistCard.objects.get()
    before = card.status
    cards.introduce(card=card, by=manager())
    return {"before": before}


def main() -> None:
    port = int(settings.SITE_URL.rpartition(":")[2])
    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"ready": port}), flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        print(json.dumps(globals()[told.pop("do")](**told)), flush=True)


if __name__ == "__main__":
    main()
