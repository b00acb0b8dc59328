"""The sample's exchange: one confirmed portal, packets in each state, and nobody named too soon."""

import pytest

from cluster_portal.sample import exchange
from ecosystem.models import ForeignCard, PacketReceived, PacketSent, Peer
from opportunities.models import Opportunity
from tests.factories.ecosystem import SharedOpportunityFactory, ShortlistCardFactory

pytestmark = pytest.mark.django_db


def test_sample_has_one_confirmed_portal_and_packets_in_each_state(manager):
    card = ShortlistCardFactory(shown=True)
    SharedOpportunityFactory(partnership=card.shortlist.partnership)

    exchange.load(by=manager)

    peer = Peer.objects.get()
    assert [key.is_trusted for key in peer.keys.all()] == [True]
    came = PacketReceived.objects.order_by("pk").values_list("state", "code")
    assert list(came) == [("taken", ""), ("refused", "bad_signature"), ("taken", ""), ("taken", "")]
    assert [each.outcome for each in PacketSent.objects.order_by("pk")] == ["taken", ""]
    assert Opportunity.objects.filter(source=peer.source, status="inbox").count() == 2
    names = [each.revealed.get("name", "") for each in ForeignCard.objects.order_by("pk")]
    assert names == ["Kaevukaamera OÜ", ""]
    assert PacketReceived.objects.get(sequence=2).records.get(state="refused").external_id == "request-19"
