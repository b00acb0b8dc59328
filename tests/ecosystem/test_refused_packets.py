"""A packet that was refused: why, in a list as well; and how long its bytes are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from ecosystem import tasks
from ecosystem.actions.receiving import REFUSED_BYTES_KEPT, receive, try_again
from ecosystem.actions.sending import prepare
from ecosystem.exchange import Code
from ecosystem.models import ForeignCard, PacketReceived, PacketSent
from ecosystem.reading.exchange import REASONS
from tests.ecosystem.exchange_ground import by_hand, packet, peer, taken
from tests.ecosystem.packets import OTHER_KEY
from tests.factories.ecosystem import SharedOpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(home):
    return peer()


def old(found: PacketReceived, *, left: timedelta = timedelta(0)) -> None:
    """It came so long ago that its bytes go, but for what is `left`."""
    PacketReceived.objects.filter(pk=found.pk).update(received_at=timezone.now() - REFUSED_BYTES_KEPT + left)


def dropped(data: bytes) -> PacketReceived:
    found = receive(data=data, by=None)
    old(found)
    tasks.forget_refused_packets()
    found.refresh_from_db()
    return found


def page_of(client, found) -> str:
    return " ".join(html.document_fromstring(client.get(found.get_absolute_url()).content).text_content().split())


def test_bytes_of_a_refused_packet_go_and_reason_and_digest_stay(known, manager, sign_in):
    found = dropped(packet(key=OTHER_KEY))
    tasks.forget_refused_packets()

    assert (bytes(found.raw), found.state, found.code, len(found.digest)) == (b"", "refused", "unknown_key", 64)
    event = AuditEvent.objects.get(action="ecosystem.packet_bytes_dropped")
    assert (event.object_id, event.organisation_id) == (found.pk, known.partnership.organisation_id)
    assert event.details == {"digest": found.digest}
    page = page_of(sign_in(manager), found)
    assert "signed with a key that nobody has confirmed" in page
    assert found.digest in page
    assert "kept for 30 days" in page
    assert "Download the packet" not in page
    assert "Try again" not in page
    with pytest.raises(Refused, match="Ask the partner to send it anew"):
        try_again(packet=found, by=manager)


def test_bytes_of_what_is_young_or_was_taken_stay(known):
    young, came = receive(data=packet(1, key=OTHER_KEY), by=None), taken(packet(1))
    old(young, left=timedelta(minutes=1))
    old(came)
    tasks.forget_refused_packets()

    assert all(bytes(each.raw).startswith(b"ey") for each in PacketReceived.objects.all())
    assert not AuditEvent.objects.filter(action="ecosystem.packet_bytes_dropped").exists()


def test_file_of_nobody_known_goes_as_well(home, manager):
    found = receive(data=b"hello", by=manager)
    old(found)
    tasks.forget_refused_packets()

    found.refresh_from_db()
    assert (bytes(found.raw), found.code) == (b"", "not_a_packet")


def test_same_bytes_again_are_judged_by_what_came_and_are_not_kept_anew(known):
    data = packet(key=OTHER_KEY)
    found = dropped(data)
    again = receive(data=data, by=None)

    again.refresh_from_db()
    assert (again.pk, again.code, again.times, bytes(again.raw)) == (found.pk, "unknown_key", 2, b"")


def test_same_bytes_again_are_taken_and_kept_once_nothing_is_wrong_with_them(home):
    known = peer(confirmed=False)
    data = packet(opportunities=())
    dropped(data)
    known.keys.update(confirmed_at=timezone.now())
    again = receive(data=data, by=None)

    assert (again.is_taken, bytes(again.raw)) == (True, data)
    assert not ForeignCard.objects.exists()


def test_forgetting_asks_the_same_however_much_there_is(known, django_assert_num_queries):
    for size in (1, 3, 25):
        PacketReceived.objects.bulk_create(
            PacketReceived(digest=f"{size}-{n}", raw=b"x", peer=known, state="refused") for n in range(size)
        )
        PacketReceived.objects.update(received_at=timezone.now() - REFUSED_BYTES_KEPT)
        with django_assert_num_queries(5):  # savepoint and its release, which, drop, history
            tasks.forget_refused_packets()
    assert AuditEvent.objects.filter(action="ecosystem.packet_bytes_dropped").count() == 29


def test_list_says_in_plain_words_why_a_packet_was_refused(known, manager, sign_in):
    receive(data=packet(key=OTHER_KEY), by=None)
    receive(data=by_hand(version=2), by=None)
    SharedOpportunityFactory(partnership=known.partnership)
    sent = prepare(peer=known, by=manager)
    PacketSent.objects.filter(pk=sent.pk).update(status="done", outcome="refused", code="from_the_future")

    page = page_of(sign_in(manager), known)

    assert "Refused: nobody has confirmed its key" in page
    assert "Refused: it is written in another version" in page
    assert "Refused: it is dated in the future" in page
    assert page.count("Refused packet") == 2


def test_each_reason_has_words_and_an_unknown_one_is_just_refused(known, manager, sign_in):
    assert set(REASONS) == set(Code)
    SharedOpportunityFactory(partnership=known.partnership)
    sent = prepare(peer=known, by=manager)
    PacketSent.objects.filter(pk=sent.pk).update(status="done", outcome="refused", code="<b>no</b>")

    page = page_of(sign_in(manager), known)
    assert "<b>" not in page
    assert "Refused" in page
