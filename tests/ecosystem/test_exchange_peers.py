"""Partners' portals: looked up, compared, confirmed, and never trusted in silence."""

import json
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from ecosystem import exchange, identity
from ecosystem.actions.peers import add_peer, confirm_key, end_key, look_again, look_up
from ecosystem.exchange.introductions import PATH, Introduction
from ecosystem.models import Peer
from opportunities.models import Source
from tests.core import faulty_server as faults
from tests.ecosystem.exchange_ground import packet, peer, post
from tests.ecosystem.packets import KEY, OTHER_KEY, SENDER
from tests.factories.ecosystem import PartnershipFactory
from tests.processes import free_port

pytestmark = pytest.mark.django_db


def introduced(*keys, address: str = SENDER) -> Introduction:
    return Introduction(address, "Kyst Klynge", (1,), f"{address}/exchange/inbox/", keys or (KEY.public,))


@pytest.fixture
def added(home, manager) -> Peer:
    return add_peer(partnership=PartnershipFactory(), found=introduced(), by=manager)


def test_portal_introduces_itself_to_everybody(client, home):
    answer = client.get(PATH)

    found = exchange.introductions.read(answer.content, address=identity.own_address())
    assert (found.name, found.keys) == (home.name, (identity.own_key().public,))
    assert identity.own_key().written not in answer.content.decode()


def test_portal_without_a_key_does_not(client, home, settings):
    settings.EXCHANGE_KEY = ""

    assert client.get(PATH).json()["code"] == "off"


@pytest.mark.parametrize(("key", "faults"), [("", 0), (KEY.written, 0), ("half a key", 1)])
def test_key_that_is_none_is_told_before_the_portal_starts(settings, key, faults):
    settings.EXCHANGE_KEY = key

    told = [each.msg for each in run_checks() if each.id == "ecosystem.E001"]

    assert len(told) == faults
    assert all("EXCHANGE_KEY: The private key is 43 letters" in each for each in told)


def test_address_is_asked_who_it_is(settings):
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.1"]
    with faults.faulty_server() as server:
        address = server.url("")
        told = exchange.introduce(address=address, name="Kyst", inbox=f"{address}/exchange/inbox/", keys=[KEY.public])
        server.answers[PATH] = faults.page(json.dumps(told).encode())

        assert look_up(f"{address}/") == Introduction(
            address, "Kyst", (1,), f"{address}/exchange/inbox/", (KEY.public,)
        )

        server.answers[PATH] = faults.page(b"<html>")
        with pytest.raises(Refused, match="does not introduce itself"):
            look_up(address)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("nowhere", "https://"),
        ("http://portal.kyst.example", "starts with https"),
        ("https://127.0.0.1", "private network"),
        ("https://no.invalid", "no server named"),
    ],
)
def test_address_that_leads_nowhere_or_inside_is_refused(written, said):
    with pytest.raises(Refused, match=said):
        look_up(written)


def test_own_address_is_no_partners():
    with pytest.raises(Refused, match="your own portal"):
        look_up(identity.own_address())


def test_added_portal_is_not_trusted_before_somebody_confirms_its_key(added, manager):
    (key,) = added.keys.all()
    assert (key.is_trusted, added.source) == (False, None)
    assert post(packet())[1]["code"] == "unknown_sender"

    confirm_key(key=key, by=manager)
    confirm_key(key=key, by=manager)

    assert post(packet())[1]["code"] == "taken"
    added.refresh_from_db()
    assert added.source.format == Source.Format.EXCHANGE
    events = AuditEvent.objects.filter(action="ecosystem.peer_key_confirmed")
    assert [(each.actor_id, each.details["key"]) for each in events] == [(manager.pk, KEY.public.id)]


def test_partner_and_address_have_one_portal(added, manager):
    with pytest.raises(Refused, match="already"):
        add_peer(partnership=PartnershipFactory(), found=introduced(), by=manager)
    with pytest.raises(Refused, match="already"):
        add_peer(partnership=added.partnership, found=introduced(address="https://b.example"), by=manager)


def test_changed_key_is_refused_until_it_is_confirmed_and_the_old_one_ends(added, manager):
    confirm_key(key=added.keys.get(), by=manager)
    assert look_again(peer=added, found=introduced(OTHER_KEY.public), by=manager) == 1
    assert post(packet(key=OTHER_KEY))[1]["code"] == "unknown_key"

    confirm_key(key=added.keys.get(key_id=OTHER_KEY.public.id), by=manager)

    assert post(packet(1))[1]["code"] == "taken"
    assert post(packet(2, key=OTHER_KEY))[1]["code"] == "taken"
    old = added.keys.get(key_id=KEY.public.id)
    assert timedelta(days=13) < old.until - timezone.now() <= timedelta(days=14)
    assert not old.is_shown
    assert look_again(peer=added, found=introduced(OTHER_KEY.public), by=manager) == 0


def test_ended_key_counts_no_longer_and_does_not_come_back(added, manager):
    key = added.keys.get()
    confirm_key(key=key, by=manager)
    end_key(key=key, by=manager)
    end_key(key=key, by=manager)

    assert post(packet())[1]["code"] == "unknown_key"
    look_again(peer=added, found=introduced(), by=manager)
    with pytest.raises(Refused, match="has ended"):
        confirm_key(key=key, by=manager)
    assert AuditEvent.objects.filter(action="ecosystem.peer_key_ended").count() == 1


def test_introduction_of_another_portal_is_not_taken_over(added, manager):
    with pytest.raises(Refused, match="another portal"):
        look_again(peer=added, found=introduced(address="https://b.example"), by=manager)


@pytest.mark.parametrize("person", ["owner", "viewer", "evaluator", "outsider"])
def test_managers_alone_decide_whom_to_trust(home, request, person):
    by = request.getfixturevalue(person)
    known = peer(confirmed=False)
    acts = [
        lambda: add_peer(partnership=PartnershipFactory(), found=introduced(address="https://b.example"), by=by),
        lambda: confirm_key(key=known.keys.get(), by=by),
        lambda: end_key(key=known.keys.get(), by=by),
        lambda: look_again(peer=known, found=introduced(), by=by),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert Peer.objects.count() == 1


def test_address_where_nobody_answers_is_told_in_words(settings):
    settings.FETCH_PRIVATE_HOSTS = ["localhost"]
    with pytest.raises(Refused, match="No portal answers at this address"):
        look_up(f"http://localhost:{free_port()}")
