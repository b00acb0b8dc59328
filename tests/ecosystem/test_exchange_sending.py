"""What goes to a peer: exactly what the partner sees, once, and again only when it has changed."""

import base64
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from ecosystem.actions import sending
from ecosystem.actions.by_itself import resume
from ecosystem.actions.sending import deliver, note_carried, prepare, send_again
from ecosystem.models import ForeignCard, PacketSent, RecordSent
from ecosystem.parcels import opportunity_of
from opportunities import feeds
from tests.core import faulty_server as faults
from tests.ecosystem.exchange_ground import packet, peer, taken
from tests.ecosystem.ground import card_of
from tests.ecosystem.packets import OPPORTUNITY
from tests.factories.ecosystem import SharedOpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.1"]
    with faults.faulty_server() as server:
        yield server


@pytest.fixture
def known(home):
    return peer()


def content(found: PacketSent) -> dict:
    """What stands in the packet, without a look at its signature."""
    part = bytes(found.raw).split(b".")[1]
    return json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))


def said(body: dict, status: int = 200):
    return faults.page(json.dumps(body).encode(), status=status)


def arrived(known, manager) -> PacketSent:
    found = prepare(peer=known, by=manager)
    note_carried(packet=found, by=manager)
    return found


def test_packet_holds_the_pool_and_the_cards_of_this_partner_alone(known, manager):
    shared = SharedOpportunityFactory(partnership=known.partnership)
    SharedOpportunityFactory()
    card, _person = card_of(shown=True, shortlist__partnership=known.partnership)
    card_of("Tjärblomster", shown=True)
    card_of("Havtorn", asked=True, shortlist__partnership=known.partnership)

    found = prepare(peer=known, by=manager)

    told = content(found)
    assert [each["id"] for each in told["payload"]["opportunities"]] == [shared.opportunity.reference]
    assert [each["id"] for each in told["payload"]["cards"]] == [str(card.key)]
    assert (told["recipient"], told["sequence"], found.status) == (known.address, 1, "queued")
    event = AuditEvent.objects.get(action="ecosystem.packet_signed")
    assert (event.details["opportunities"], event.details["cards"]) == (1, 1)


@pytest.mark.parametrize("state", ["shown", "interested"])
def test_nobody_is_named_in_the_bytes_before_they_are_introduced(known, manager, state):
    card, person = card_of(
        shortlist__partnership=known.partnership, **{state: True}, fields=["name", "website", "contact"]
    )
    card.contact = person
    card.save()

    told = json.dumps(content(prepare(peer=known, by=manager))).casefold()

    assert str(card.key) in told
    company = card.organisation
    secrets = [
        company.name,
        company.slug,
        company.town,
        company.website,
        company.nuts,
        person.name,
        person.email,
        "klarflod",
    ]
    assert [word for word in secrets if word.casefold() in told] == []
    assert "revealed" not in told


def test_after_the_introduction_what_was_agreed_to_goes_and_no_more(known, manager):
    _card, person = card_of(revealed=True, fields=["name"], shortlist__partnership=known.partnership)

    (told,) = content(prepare(peer=known, by=manager))["payload"]["cards"]

    assert told["revealed"] == {"name": "Klarflod", "town": "Karlshamn"}
    assert person.email not in json.dumps(told)


def test_what_the_peer_has_is_not_sent_again_and_changes_are(known, manager):
    shared = SharedOpportunityFactory(partnership=known.partnership)
    arrived(known, manager)
    with pytest.raises(Refused, match="Nothing has changed"):
        prepare(peer=known, by=manager)

    shared.opportunity.title = "A new title"
    shared.opportunity.save()
    second = arrived(known, manager)
    assert [each["title"] for each in content(second)["payload"]["opportunities"]] == ["A new title"]

    shared.ended_at = timezone.now()
    shared.save()
    third = arrived(known, manager)
    gone = [{"part": "opportunities", "id": shared.opportunity.reference}]
    assert (content(third)["payload"]["withdrawn"], content(third)["sequence"]) == (gone, 3)
    assert RecordSent.objects.count() == 0


def test_withdrawn_card_is_told_to_the_peer(known, manager):
    card, _person = card_of(shown=True, shortlist__partnership=known.partnership)
    arrived(known, manager)
    type(card).objects.filter(pk=card.pk).update(status="withdrawn", withdrawn_at=timezone.now())

    told = content(prepare(peer=known, by=manager))["payload"]

    assert told["withdrawn"] == [{"part": "cards", "id": str(card.key)}]


def test_what_came_from_a_peer_does_not_go_back_to_it(known, manager):
    found = taken(packet(opportunities=(OPPORTUNITY,)))
    opportunity = found.peer.source.opportunities.get()
    opportunity.status = "published"
    opportunity.save()
    SharedOpportunityFactory(partnership=known.partnership, opportunity=opportunity)

    with pytest.raises(Refused, match="Nothing has changed"):
        prepare(peer=known, by=manager)


def test_answer_to_a_card_goes_once(known, manager):
    card = ForeignCard.objects.create(peer=known, external_id="c1", purpose="x", kind="company")
    card.answer, card.message, card.answered_at = "interested", "We would like to meet.", timezone.now()
    card.save()

    told = content(arrived(known, manager))["payload"]

    assert told["answers"] == [{"card": "c1", "answer": "interested", "message": "We would like to meet."}]
    with pytest.raises(Refused):
        prepare(peer=known, by=manager)


def test_opportunity_says_the_same_on_the_other_side(known):
    shared = SharedOpportunityFactory(partnership=known.partnership)
    row = shared.opportunity
    row.budget_min, row.budget_max, row.currency, row.opens_on = 1000, 5000, "EUR", timezone.localdate()
    row.countries, row.keywords, row.language, row.note = ["FI", "SE"], ["robots"], "en", "For the members only"
    row.save()

    told = opportunity_of(row)
    (found,) = feeds.read("exchange", json.dumps({"opportunities": [told]}).encode())

    assert (found.external_id, found.title, found.summary) == (row.reference, row.title, row.summary)
    assert (found.budget.minimum, found.budget.maximum, found.budget.currency) == (1000, 5000, "EUR")
    assert (found.countries, found.keywords, found.language, found.opens_on) == (
        ("FI", "SE"),
        ("robots",),
        "en",
        row.opens_on,
    )
    assert [each.isoformat()[:19] for each in found.deadlines] == [each[:19] for each in row.deadlines]
    assert "members only" not in json.dumps(told)


def posted(known, manager, server, answer) -> PacketSent:
    type(known).objects.filter(pk=known.pk).update(inbox=server.url("/exchange/inbox/"))
    server.answers["/exchange/inbox/"] = answer
    SharedOpportunityFactory(partnership=known.partnership)
    found = prepare(peer=known, by=manager)
    deliver(found.pk)
    found.refresh_from_db()
    return found


def test_packet_that_is_taken_is_noted_with_what_was_refused_of_it(known, manager, server):
    found = posted(known, manager, server, said({"code": "taken", "message": "Taken.", "refused": []}))

    assert (found.outcome, found.status, found.attempts, RecordSent.objects.count()) == ("taken", "done", 1, 1)
    assert (server.bodies, server.headers_seen[-1]["Content-Type"]) == ([bytes(found.raw)], "application/jose")
    deliver(found.pk)
    assert server.asked["/exchange/inbox/"] == 1


def test_record_that_the_peer_refuses_goes_with_the_next_packet(known, manager, server):
    refused = {"part": "opportunities", "id": "", "message": "Its kind is none."}
    found = posted(known, manager, server, faults.page(b""))
    assert (found.status, found.outcome) == ("failed", "")
    reference = known.partnership.pool.get().opportunity.reference
    server.answers["/exchange/inbox/"] = said({"code": "taken", "refused": [refused | {"id": reference}]})
    send_again(packet=found, by=manager)
    deliver(found.pk)

    found.refresh_from_db()
    assert [each["id"] for each in found.refusals] == [reference]
    assert RecordSent.objects.count() == 0
    assert content(prepare(peer=known, by=manager))["payload"]["opportunities"]


def test_refused_packet_keeps_the_reason_and_nothing_counts_as_sent(known, manager, server):
    told = {"code": "from_the_future", "message": "Ask the sender to set its clock."}
    found = posted(known, manager, server, said(told, status=422))

    assert (found.outcome, found.code, found.message) == ("refused", "from_the_future", told["message"])
    assert RecordSent.objects.count() == 0


def test_answer_that_was_lost_is_made_up_for_by_the_next_attempt(known, manager, server):
    found = posted(known, manager, server, faults.hanging_up)
    assert (found.status, found.outcome) == ("failed", "")
    assert "did not answer" in found.error

    server.answers["/exchange/inbox/"] = said({"code": "replayed", "message": "This packet was taken before."})
    PacketSent.objects.update(finished_at=timezone.now() - timedelta(minutes=11))
    resume()
    PacketSent.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    resume()

    found.refresh_from_db()
    assert (found.outcome, found.attempts) == ("taken", 2)


def test_portal_that_does_not_answer_is_not_asked_for_ever(known, manager, server):
    found = posted(known, manager, server, faults.page(b"<html>", status=502))
    assert "status 502" in found.error
    PacketSent.objects.update(attempts=sending.ATTEMPTS, finished_at=timezone.now() - timedelta(days=2))
    resume()

    found.refresh_from_db()
    assert found.status == "failed"


def test_waiting_packet_is_replaced_by_a_later_one_with_all_of_it(known, manager):
    SharedOpportunityFactory(partnership=known.partnership)
    first = prepare(peer=known, by=manager)
    SharedOpportunityFactory(partnership=known.partnership)
    second = prepare(peer=known, by=manager)

    first.refresh_from_db()
    assert (first.outcome, first.status) == ("replaced", "cancelled")
    assert len(content(second)["payload"]["opportunities"]) == 2
    with pytest.raises(Refused, match="replaced"):
        send_again(packet=first, by=manager)
    with pytest.raises(Refused, match="later packet"):
        note_carried(packet=first, by=manager)


def test_large_pool_goes_in_several_packets(known, manager, monkeypatch):
    monkeypatch.setattr("ecosystem.parcels.MOST_RECORDS", 2)
    for _ in range(3):
        SharedOpportunityFactory(partnership=known.partnership)

    first, second = arrived(known, manager), arrived(known, manager)

    assert [len(content(each)["payload"]["opportunities"]) for each in (first, second)] == [2, 1]


def test_nothing_goes_without_a_confirmed_key_or_an_own_one(home, manager, settings):
    known = peer(confirmed=False)
    SharedOpportunityFactory(partnership=known.partnership)
    with pytest.raises(Refused, match="Confirm the partner's key"):
        prepare(peer=known, by=manager)
    settings.EXCHANGE_KEY = ""
    with pytest.raises(Refused, match="EXCHANGE_KEY"):
        prepare(peer=known, by=manager)


@pytest.mark.parametrize("person", ["owner", "evaluator", "outsider"])
def test_managers_alone_send(known, manager, request, person):
    SharedOpportunityFactory(partnership=known.partnership)
    found = prepare(peer=known, by=manager)
    by = request.getfixturevalue(person)
    for act in (
        lambda: prepare(peer=known, by=by),
        lambda: send_again(packet=found, by=by),
        lambda: note_carried(packet=found, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()
