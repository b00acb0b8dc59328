"""A partner's portal and a network speak of one opportunity: whoever comes first, the network's own words count."""

import pytest
from lxml import html

from core.models import AuditEvent
from opportunities.feeds import Kind, Record
from opportunities.models import ImportRun, Opportunity, SourceRecord
from opportunities.upsert import store
from tests.factories.opportunities import SourceFactory, record

pytestmark = pytest.mark.django_db
ORIGIN = {"network": "een", "id": "TRNO20270401001"}


def run_of(format: str, **facts: str) -> ImportRun:  # noqa: A002 - the word of the field
    return ImportRun.objects.create(source=SourceFactory(format=format, **facts), format=format, file_name="f")


def by_peer(**told: object) -> Record:
    """What a partner's portal says of a profile that it has from the network."""
    return record(1, external_id="kyst-17", **{"kind": Kind.PARTNERING, "details": {"origin": ORIGIN}} | told)


def by_network(**told: object) -> Record:
    """The network's own words."""
    return record(1, external_id=ORIGIN["id"], **{"kind": Kind.PARTNERING} | told)


def test_network_takes_over_what_a_peer_told_first_and_leaves_decisions_alone():
    store(run_of("exchange"), [by_peer(title="The peer's title", summary="The peer's words", status="cancelled")])
    Opportunity.objects.update(status="published", note="Call them", effort_hours=8, fits=3)
    network = run_of("een-pod-v6")

    assert store(network, [by_network(title="The network's title")]) == {"updated": 1}

    found = Opportunity.objects.get()
    assert (found.title, found.summary, found.source_status, found.closes_at) == ("The network's title", "", "", None)
    assert (found.source, found.reference) == (network.source, "een-trno20270401001")
    assert (found.status, found.note, found.effort_hours, found.fits) == ("published", "Call them", 8, None)


def test_it_takes_over_once_and_goes_on_to_lead():
    peer, network = run_of("exchange"), run_of("een-pod-v6")
    store(peer, [by_peer(title="The peer's title")])
    store(network, [by_network(title="The network's title")])
    assert store(peer, [by_peer(title="The peer's new title", stage="on trial")]) == {"updated": 1}
    assert Opportunity.objects.values_list("title", "stage").get() == ("The network's title", "on trial")
    store(network, [by_network(title="The network's new title")])

    assert Opportunity.objects.values_list("title", "stage").get() == ("The network's new title", "on trial")
    assert AuditEvent.objects.filter(action="opportunities.source_took_over").count() == 1


def test_second_format_of_the_network_takes_nothing_over():
    store(run_of("exchange"), [by_peer(title="The peer's title")])
    store(run_of("een-pod-v6"), [by_network(title="The network's title")])
    other = run_of("een-pod")
    store(other, [by_network(title="The other format's title")])

    assert Opportunity.objects.get().title == "The network's title"
    assert Opportunity.objects.get().source != other.source


def test_peers_among_themselves_keep_their_order():
    first, second = run_of("exchange"), run_of("exchange")
    store(first, [by_peer(title="The first one's title")])
    store(second, [by_peer(title="The second one's title")])
    store(first, [by_peer(title="The first one's new title")])
    store(second, [by_peer(title="The second one's new title")])

    assert Opportunity.objects.get().title == "The first one's new title"


def test_peer_does_not_close_what_a_network_keeps_open():
    store(run_of("een-pod-v6"), [by_network()])
    peer = run_of("exchange")
    store(peer, [by_peer(status="open")])
    store(peer, [by_peer(status="cancelled")])

    found = Opportunity.objects.get()
    assert (found.source_status, found.closes_at, found.is_open) == ("", None, True)


def test_history_says_whose_words_count_and_since_when(sign_in, manager):
    store(run_of("exchange", name="Kyst Klynge, exchange"), [by_peer(title="The peer's title")])
    store(run_of("een-pod-v6", name="The network's feed"), [by_network(title="The network's title")])
    found = Opportunity.objects.get()

    event = AuditEvent.objects.get(action="opportunities.source_took_over")
    assert (event.object_id, event.actor_label, event.object_label) == (found.pk, "The portal", "The network's title")
    assert event.details == {"before": "Kyst Klynge, exchange", "now": "The network's feed"}
    page = html.document_fromstring(sign_in(manager).get(found.get_absolute_url()).content)
    lines = [" ".join(line.text_content().split()) for line in page.xpath("//details//li")]
    (peer,) = [line for line in lines if line.startswith("Kyst Klynge")]
    (network,) = [line for line in lines if line.startswith("The network's feed")]
    assert "instead of those of Kyst Klynge, exchange" in network
    assert "instead of" not in peer


def test_history_is_silent_where_nobody_took_over(sign_in, manager):
    store(run_of("een-pod-v6"), [by_network()])
    store(run_of("exchange"), [by_peer(stage="on trial")])

    assert b"instead of" not in sign_in(manager).get(Opportunity.objects.get().get_absolute_url()).content
    assert not AuditEvent.objects.filter(action="opportunities.source_took_over").exists()


@pytest.mark.parametrize("number", [1, 3, 100])
def test_taking_over_asks_the_same_few_queries_however_many(number, django_assert_num_queries):
    rows = [
        record(each, external_id=f"kyst-{each}", details={"origin": {"network": "eu", "id": f"TOPIC-{each}"}})
        for each in range(number)
    ]
    store(run_of("exchange"), rows)
    network = run_of("sedia")
    with django_assert_num_queries(8):  # one more than any batch needs: the history
        store(network, [record(each, title="The network's") for each in range(number)])
    assert AuditEvent.objects.filter(action="opportunities.source_took_over").count() == number
    assert SourceRecord.objects.count() == 2 * number
