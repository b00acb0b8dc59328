"""Where a participant's link leads, and every link that opens nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.models import AuditEvent
from matchmaking import links
from matchmaking.models import Participant, Round, Wish
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.matchmaking.own_pages import url
from tests.matchmaking.requests_ground import ask

pytestmark = pytest.mark.django_db
PAGES = ("own", "sign_up", "availability", "decline", "ballot", "own_requests", "leave")
POSTS = ("hand_in",)


@pytest.mark.parametrize(
    ("status", "round_status", "mode", "leads_to"),
    [
        ("invited", "open", "ballots", "sign_up"),
        ("confirmed", "open", "ballots", "ballot"),
        ("confirmed", "open", "both", "ballot"),
        ("confirmed", "open", "requests", "own_requests"),
        ("confirmed", "planned", "ballots", "sign_up"),
    ],
)
def test_link_leads_to_the_page_of_the_day(client, status, round_status, mode, leads_to):
    round_ = RoundFactory(status=round_status, mode=mode)
    me = ParticipantFactory(round=round_, status=status)

    response = client.get(url(me, "own"))

    assert response["Location"] == url(me, leads_to)
    assert client.get(url(me, leads_to)).status_code == 200


@pytest.mark.parametrize(
    ("status", "round_status", "says", "way_back"),
    [
        ("declined", "open", "You do not take part", True),
        ("withdrawn", "open", "You have withdrawn", True),
        ("invited", "planned", "This round is not open yet", True),
        ("confirmed", "cancelled", "This round is cancelled", False),
        ("invited", "cancelled", "This round is cancelled", False),
    ],
)
def test_link_says_so_when_there_is_nothing_to_do(client, status, round_status, says, way_back):
    me = ParticipantFactory(round=RoundFactory(status=round_status), status=status)

    text = client.get(url(me, "own")).content.decode()

    assert says in text
    assert (url(me, "sign_up") in text) is way_back


def test_link_after_sign_up_has_ended_says_when(client):
    past = timezone.now() - timedelta(days=1)
    me = ParticipantFactory(round=RoundFactory(register_until=past), invited=True)

    text = client.get(url(me, "own")).content.decode()

    assert "The time to sign up is over" in text
    assert url(me, "sign_up") not in text


def test_forged_link_opens_nothing(client):
    me, other = ParticipantFactory(), ParticipantFactory()
    token = links.token_of(me)
    forged = [token[:-2], "nowhere", links.token_of(other).partition(":")[0] + ":" + token.partition(":")[2]]

    for each in forged:
        for name in PAGES:
            assert client.get(reverse(f"matchmaking:{name}", args=[each])).status_code == 404, name
        assert client.post(reverse("matchmaking:wish", args=[each, other.pk]), {"kind": "must"}).status_code == 404
    assert not Wish.objects.exists()


def test_replaced_link_opens_nothing(client):
    me = ParticipantFactory()
    old = {name: url(me, name) for name in (*PAGES, *POSTS)}
    Participant.objects.update(link_version=2)

    for name in PAGES:
        response = client.get(old[name])
        assert response.status_code == 410, name
        assert me.company not in response.content.decode()
    assert client.post(old["hand_in"]).status_code == 410
    assert client.post(old["sign_up"], {"person": "Eve"}).status_code == 410
    assert Participant.objects.get().person != "Eve"
    assert not AuditEvent.objects.exists()


def test_link_of_long_ago_has_ended(client):
    me = ParticipantFactory()
    with_programme(me.round, starts_at=timezone.now() - timedelta(days=440))

    response = client.get(url(me, "own"))

    assert response.status_code == 410
    assert "This link has ended" in response.content.decode()


def test_link_is_the_same_each_time_and_of_one_person_only():
    me, other = ParticipantFactory.create_batch(2)

    assert links.token_of(me) == links.token_of(me) != links.token_of(other)
    assert links.participant_of(links.token_of(me)) == me


@pytest.mark.parametrize("name", ["wish", "hand_in", "answer_request", "ask_new_link"])
def test_changing_pages_reject_get(client, name):
    me = ParticipantFactory()
    args = [1] if name in {"wish", "answer_request"} else []

    assert client.get(url(me, name, *args)).status_code == 405


def test_tabs_show_where_one_is_and_how_many_wait(client):
    round_ = RoundFactory(mode="both")
    with_programme(round_)
    me, other = ParticipantFactory.create_batch(2, round=round_)
    ask(other, me)

    page = html.document_fromstring(client.get(url(me, "own_requests")).content)

    tabs = [" ".join(text.split()) for text in page.xpath("//nav[@class='tabs']//a/text()")]
    assert [tab for tab in tabs if tab] == ["Companies", "Requests", "Agenda", "Profile", "Your time"]
    assert page.xpath("//nav[@class='tabs']//a[@aria-current]/text()")[0].strip() == "Requests"
    assert page.xpath("//nav[@class='tabs']//span[@class='number']/text()") == ["1"]


def test_posts_are_counted_for_each_participant_and_not_for_a_shared_network(client):
    round_ = RoundFactory()
    one, other = ParticipantFactory.create_batch(2, round=round_)
    Round.objects.update(mode="both")

    answers = [client.post(url(one, "hand_in")).status_code for _ in range(61)]

    assert set(answers[:60]) == {302}
    assert answers[60] == 429
    assert client.post(url(other, "hand_in")).status_code == 302
