"""What goes to a peer without a button: what companies took back until it has arrived, and changes once a day."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEvent
from ecosystem.actions import by_itself
from ecosystem.actions.by_itself import resume, send_daily, send_due
from ecosystem.actions.cards import withdraw
from ecosystem.actions.sending import ATTEMPTS, deliver, note_carried, pause, prepare
from ecosystem.models import PacketSent, Peer, RecordSent
from ecosystem.parcels import taken_back
from tests.core import faulty_server as faults
from tests.ecosystem.exchange_ground import content, peer
from tests.ecosystem.ground import card_of
from tests.factories.ecosystem import SharedOpportunityFactory

pytestmark = pytest.mark.django_db
TAKEN, REFUSED = {"code": "taken", "message": "Taken."}, {"code": "unknown_key", "message": "Nobody has confirmed it."}


@pytest.fixture
def server(settings):
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.1"]
    with faults.faulty_server() as server:
        yield server


@pytest.fixture
def known(home, server):
    return peer(inbox=server.url("/inbox"))


def says(server, told: dict, status: int = 200) -> None:
    server.answers["/inbox"] = faults.page(json.dumps(told).encode(), status=status)


def is_silent(server) -> None:
    server.answers["/inbox"] = faults.hanging_up


def later(known: Peer) -> None:
    """A quarter of a day has passed, and the worker does what waits."""
    long_ago = timezone.now() - timedelta(hours=6, minutes=1)
    Peer.objects.filter(pk=known.pk, told_gone_at__isnull=False).update(told_gone_at=long_ago)
    PacketSent.objects.filter(peer=known, status="failed").update(finished_at=long_ago)
    resume()
    for packet in PacketSent.objects.filter(peer=known, status="queued"):
        deliver(packet.pk)


def a_card_that_it_has(known: Peer, manager, name: str = "Klarflod"):
    """The peer took the packet that shows it."""
    card, person = card_of(name, shown=True, shortlist__partnership=known.partnership)
    note_carried(packet=prepare(peer=known, by=manager), by=manager)
    return card, person


def one_by_hand(known, manager, _server) -> None:
    prepare(peer=known, by=manager, send=False)


def one_refused(known, manager, server) -> None:
    says(server, REFUSED, 403)
    deliver(prepare(peer=known, by=manager).pk)


def one_given_up(known, manager, server) -> None:
    is_silent(server)
    deliver(prepare(peer=known, by=manager).pk)
    PacketSent.objects.filter(status="failed").update(attempts=ATTEMPTS)


@pytest.mark.parametrize("last", [one_by_hand, one_refused, one_given_up])
def test_what_was_taken_back_reaches_the_peer_as_soon_as_it_answers(known, manager, server, last):
    card, person = a_card_that_it_has(known, manager)
    SharedOpportunityFactory(partnership=known.partnership)
    last(known, manager, server)
    withdraw(card=card, by=person)
    is_silent(server)
    later(known)
    assert RecordSent.objects.filter(part="cards").exists()

    says(server, TAKEN)
    later(known)

    newest = PacketSent.objects.latest("sequence")
    assert (newest.outcome, newest.started_by) == ("taken", None)
    assert content(newest)["withdrawn"] == [{"part": "cards", "id": str(card.key)}]
    assert server.bodies[-1] == bytes(newest.raw)
    assert not RecordSent.objects.filter(part="cards").exists()
    later(known)
    known.refresh_from_db()
    assert (known.told_gone, known.told_gone_at, PacketSent.objects.count()) == (0, None, newest.sequence)


def test_packet_that_says_it_goes_again_with_the_same_bytes_also_after_it_was_given_up(known, manager, server):
    card, person = a_card_that_it_has(known, manager)
    withdraw(card=card, by=person)
    is_silent(server)
    later(known)
    PacketSent.objects.filter(status="failed").update(attempts=ATTEMPTS)
    later(known)
    says(server, REFUSED, 403)
    later(known)
    later(known)

    assert PacketSent.objects.count() == 2
    assert len(server.bodies) == 4
    assert len(set(server.bodies)) == 1


def test_file_that_was_written_to_carry_it_is_posted_as_well(known, manager, server):
    card, person = a_card_that_it_has(known, manager)
    withdraw(card=card, by=person)
    file = prepare(peer=known, by=manager, send=False)
    says(server, {"code": "replayed", "message": "This packet was taken before."})

    later(known)

    file.refresh_from_db()
    assert (file.outcome, server.bodies) == ("taken", [bytes(file.raw)])


def test_packet_that_is_too_old_is_signed_anew(known, manager, server):
    card, person = a_card_that_it_has(known, manager)
    withdraw(card=card, by=person)
    says(server, {"code": "too_old", "message": "Send it anew."}, 422)
    later(known)
    says(server, TAKEN)
    later(known)

    assert list(PacketSent.objects.order_by("sequence").values_list("outcome", flat=True)) == [
        "taken",
        "refused",
        "taken",
    ]


def test_peer_that_takes_the_packet_and_not_the_withdrawal_is_told_again(known, manager, server):
    card, person = a_card_that_it_has(known, manager)
    withdraw(card=card, by=person)
    says(server, TAKEN | {"refused": [{"part": "withdrawn", "id": str(card.key), "message": "Not now."}]})
    later(known)
    resume()
    assert PacketSent.objects.count() == 2, "not at once"
    later(known)

    assert PacketSent.objects.count() == 3


def test_it_is_told_ever_more_seldom_and_four_times_a_day_at_last(known, manager, server):
    card, person = a_card_that_it_has(known, manager)
    withdraw(card=card, by=person)
    says(server, REFUSED, 403)
    told_at, started = [], timezone.now()
    for _ in range(20):
        resume()
        for packet in PacketSent.objects.filter(status="queued"):
            deliver(packet.pk)
        resume()
        known.refresh_from_db()
        told_at.append(sum((pause(n) for n in range(1, known.told_gone)), timedelta()))
        Peer.objects.update(told_gone_at=started - pause(known.told_gone) - timedelta(seconds=1))

    assert len(server.bodies) == 20
    days = [sum(at // timedelta(days=1) == day for at in told_at) for day in range(3)]
    assert days == [9, 4, 4]
    assert pause(30_000) == timedelta(hours=6)


def test_nothing_is_told_to_a_peer_whose_key_has_ended(known, manager, server):
    card, person = a_card_that_it_has(known, manager)
    withdraw(card=card, by=person)
    known.keys.update(until=timezone.now())

    later(known)

    known.refresh_from_db()
    assert (known.told_gone, PacketSent.objects.count(), server.bodies) == (0, 1, [])


def test_asking_who_shows_what_was_taken_back_costs_the_same_for_many(known, manager, django_assert_num_queries):
    for number in range(3):
        other = peer(address=f"https://portal{number}.example")
        card, person = a_card_that_it_has(other, manager, f"Klarflod {number}")
        card_of(f"Havtorn {number}", shown=True, shortlist__partnership=other.partnership)
        prepare(peer=other, by=manager)
        withdraw(card=card, by=person)
        with django_assert_num_queries(3):
            gone = taken_back(Peer.objects.all())
        assert len(gone) == number + 1
        assert gone[other.pk] == {str(card.key)}


def due(known: Peer) -> None:
    Peer.objects.filter(pk=known.pk, next_sending_at__isnull=False).update(next_sending_at=timezone.now())


def test_nothing_goes_daily_unless_somebody_wants_it(known, manager):
    SharedOpportunityFactory(partnership=known.partnership)
    due(known)
    send_due()

    assert known.next_sending_at is None
    assert not PacketSent.objects.exists()


def test_changes_go_once_a_day_and_only_changes(known, manager, server):
    says(server, TAKEN)
    shared = SharedOpportunityFactory(partnership=known.partnership)
    for _ in range(2):
        send_daily(peer=known, wanted=True, by=manager)
    for _ in range(2):
        due(known)
        send_due()
        send_due()
        later(known)

    known.refresh_from_db()
    found = PacketSent.objects.get()
    assert ([each["id"] for each in content(found)["opportunities"]], found.started_by) == (
        [shared.opportunity.reference],
        None,
    )
    morning = timezone.localtime(known.next_sending_at)
    assert (morning.time(), morning > timezone.localtime()) == (by_itself.DAILY_AT, True)
    assert morning - timezone.localtime() <= timedelta(hours=25)
    assert AuditEvent.objects.get(action="ecosystem.daily_sending_set").details == {"wanted": True}

    other = SharedOpportunityFactory(partnership=known.partnership)
    due(known)
    send_due()
    newest = PacketSent.objects.latest("sequence")
    assert [each["id"] for each in content(newest)["opportunities"]] == [other.opportunity.reference]


def test_it_can_be_stopped(known, manager):
    send_daily(peer=known, wanted=True, by=manager)
    send_daily(peer=known, wanted=False, by=manager)
    SharedOpportunityFactory(partnership=known.partnership)
    due(known)
    send_due()

    assert not PacketSent.objects.exists()


def test_packet_that_did_not_arrive_is_not_signed_anew_each_day(known, manager, server):
    SharedOpportunityFactory(partnership=known.partnership)
    send_daily(peer=known, wanted=True, by=manager)
    one_given_up(known, manager, server)
    due(known)
    send_due()

    found = PacketSent.objects.get()
    assert (found.status, found.attempts) == ("queued", ATTEMPTS)


@pytest.mark.parametrize("person", ["owner", "evaluator", "outsider"])
def test_managers_alone_say_that_changes_go_daily(known, request, person):
    with pytest.raises(PermissionDenied):
        send_daily(peer=known, wanted=True, by=request.getfixturevalue(person))
    known.refresh_from_db()
    assert known.next_sending_at is None


def test_sending_asks_the_same_however_much_there_is_to_send(known, manager):
    send_daily(peer=known, wanted=True, by=manager)
    counts = []
    for n in (1, 3, 25):
        for _ in range(n):
            SharedOpportunityFactory(partnership=known.partnership)
        card_of(f"Klarflod {n}", shown=True, shortlist__partnership=known.partnership)
        due(known)
        with CaptureQueriesContext(connection) as asked:
            send_due()
        counts.append(len(asked))
        note_carried(packet=PacketSent.objects.latest("sequence"), by=manager)

    assert counts[1] == counts[2]
    assert counts[0] <= counts[1] <= 30
