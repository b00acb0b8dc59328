"""The overview of partners says what waits for the team at each of them, and leads there."""

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from ecosystem.models import ForeignCard, PacketSent, RecordSent
from members.models import Organisation
from tests.ecosystem.exchange_ground import peer
from tests.factories.ecosystem import PartnershipFactory, SharedOpportunityFactory, ShortlistCardFactory
from tests.factories.members import MembershipFactory
from tests.factories.opportunities import OpportunityFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def everything(number: int = 0):
    """A partner at which one thing of each kind waits, and beside it one that is done."""
    known = peer(address=f"https://portal{number}.example")
    partnership = known.partnership
    now, gone = timezone.now(), {"status": "withdrawn", "withdrawn_at": timezone.now()}
    said = {"partnership": partnership, "answer": "interested", "answered_at": now}
    SharedOpportunityFactory(**said)
    SharedOpportunityFactory(**said, handled_at=now)
    SharedOpportunityFactory(partnership=partnership, way="brought", opportunity=OpportunityFactory())
    SharedOpportunityFactory(partnership=partnership, way="brought", opportunity__published=True)
    lists = {"shortlist__partnership": partnership}
    ShortlistCardFactory(consented=True, **lists)
    ShortlistCardFactory(interested=True, **lists)
    ShortlistCardFactory(interested=True, shortlist__status="closed", **lists)
    withdrawn = ShortlistCardFactory(shown=True, **lists, **gone)
    RecordSent.objects.create(peer=known, part="cards", external_id=str(withdrawn.key))
    for own, facts in (("c1", {}), ("c2", {"answer": "interested"}), ("c3", {"is_withdrawn": True})):
        ForeignCard.objects.create(peer=known, external_id=own, purpose="Harbours", kind="company", **facts)
    known.keys.create(key_id="other", x="x")
    PacketSent.objects.create(peer=known, sequence=1, raw=b"x", status="done", outcome="refused")
    PacketSent.objects.create(peer=known, sequence=2, raw=b"x", status="cancelled")
    return partnership


@pytest.fixture
def team(manager, sign_in):
    return sign_in(manager)


def lines(client) -> list[str]:
    page = html.document_fromstring(client.get(reverse("ecosystem:partners")).content)
    return [" ".join(row.text_content().split()) for row in page.xpath("//li[contains(@class, 'list-row')]")]


def test_what_waits_is_counted_by_kind_and_leads_to_its_page(home, team):
    partnership = everything()
    page = team.get(reverse("ecosystem:partners")).content.decode()

    (line,) = lines(team)
    assert "8 things wait" in line
    own = [reverse(f"ecosystem:{name}", args=[partnership.organisation.slug]) for name in ("pool", "partner_lists")]
    pool, lists, portal = *own, partnership.peer.get_absolute_url()
    for url, label in (
        (portal, "1 withdrawal not arrived"),
        (portal, "1 key to confirm"),
        (pool, "1 answer to follow up"),
        (pool, "1 proposal to read"),
        (lists, "1 card to show"),
        (lists, "1 company to introduce"),
        (portal, "1 card to answer"),
        (portal, "1 packet to look after"),
    ):
        assert f'<a href="{url}">{label}</a>' in page


def test_where_nothing_waits_nothing_is_said(home, team):
    PartnershipFactory()
    (line,) = lines(team)

    assert "wait" not in line


def test_who_belongs_to_the_partner_is_not_told_of_its_shortlists(home, sign_in, manager):
    partnership = everything()
    other = MembershipFactory(organisation=Organisation.objects.get(is_home=True), role="manager").user
    MembershipFactory(organisation=partnership.organisation, user=other, role="owner")

    (line,) = lines(sign_in(other))
    assert "6 things wait" in line
    assert "to introduce" not in line
    assert "to show" not in line


def test_the_overview_asks_as_often_for_many_as_for_one(home, team):
    numbers = iter(range(100))
    assert_constant_queries(
        lambda: team.get(reverse("ecosystem:partners")),
        lambda: everything(next(numbers)),
        at_most=21,
        shows=lambda answer: len(answer.context["rows"]),
    )
