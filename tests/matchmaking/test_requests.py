"""Requests to meet: asked within limits, for a time that both have free, and without a name until it may be known."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking.actions import requests
from matchmaking.models import MeetingRequest, Participant, Round
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.matchmaking.own_pages import url
from tests.matchmaking.requests_ground import ask, asked_at_once, sections, slots
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    round_ = RoundFactory(mode="requests", requests_at_once=2, quota=3)
    with_programme(round_, slots=4, tables=2)
    return round_


@pytest.fixture
def me(round_) -> Participant:
    return ParticipantFactory(round=round_, company="Own company", email="me@guest.example")


@pytest.fixture
def other(round_) -> Participant:
    return ParticipantFactory(round=round_, company="Other company", email="other@guest.example")


def test_ask_by_form_mails_the_other_without_a_name(client, round_, me, other):
    page = url(me, "request", other.pk)
    form = client.get(page).content.decode()
    assert "They see your card without your name until they accept." in form
    assert "Other company" not in form

    data = {"sentence": "We make <b>pumps</b>.", "slot": slots(round_)[1].pk}
    response = client.post(page, data, follow=True)

    request = MeetingRequest.objects.get()
    assert (request.sender, request.receiver, request.turn, request.slot) == (me, other, other, slots(round_)[1])
    assert timedelta(hours=71) < request.expires_at - timezone.now() < timedelta(hours=73)
    assert "Your request is sent." in response.content.decode()
    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == ("other@guest.example", "Company in Estonia asks to meet you")
    assert "Own company" not in mail.text + mail.html
    assert "&lt;b&gt;pumps" in mail.html
    assert "11:25" in mail.text, "on the clocks of the reader"
    assert f"{url(other, 'own_requests')}#request-{request.pk}" in mail.text
    event = AuditEvent.objects.get(action="matchmaking.request_sent")
    assert (event.actor_id, event.details["company"]) == (None, "Own company")
    assert sections(client.get(url(other, "own_requests")))["to-answer"] == ["Company in Estonia"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sentence": ""}, "Write one sentence"),
        ({"sentence": "x" * 401}, "at most 400 characters"),
        ({"slot": ""}, "Choose a time."),
        ({"slot": "999999"}, "This time is not free any more."),
    ],
)
def test_incomplete_request_keeps_what_was_typed(client, round_, me, other, wrong, sentence):
    data = {"sentence": "We make pumps.", "slot": slots(round_)[1].pk} | wrong

    response = client.post(url(me, "request", other.pk), data)

    text = response.content.decode()
    assert sentence in text
    assert data["sentence"] in text
    assert not MeetingRequest.objects.exists()


def test_only_slots_that_both_have_free_are_offered(client, round_, me, other):
    third = ParticipantFactory(round=round_)
    at = slots(round_)
    me.away.add(at[0])
    other.away.add(at[1])
    requests.answer(request=ask(me, third, 2), participant=third, accepted=True)

    page = html.document_fromstring(client.get(url(me, "request", other.pk)).content)

    assert page.xpath("//select[@name='slot']//option/@value") == ["", str(at[3].pk)]
    for number in (0, 1, 2):
        with pytest.raises(Refused, match="not free any more"):
            ask(me, other, number)
    MeetingRequest.objects.create(
        sender=third, receiver=other, turn=other, slot=at[3], sentence="Hello", expires_at=timezone.now() + timedelta(1)
    )
    assert ask(me, other, 3), "what others have proposed to somebody blocks nothing"


def test_time_that_one_has_proposed_is_held(round_, me, other):
    third = ParticipantFactory(round=round_)
    ask(me, other, 0)

    with pytest.raises(Refused, match="not free any more"):
        ask(me, third, 0)
    with pytest.raises(Refused, match="not free any more"):
        ask(third, me, 0)


def test_slot_in_which_every_table_is_taken_is_not_offered(round_, me, other):
    for _ in range(2):
        pair = ParticipantFactory.create_batch(2, round=round_)
        requests.answer(request=ask(*pair), participant=pair[1], accepted=True)

    with pytest.raises(Refused, match="not free any more"):
        ask(me, other, 0)


def test_limits_are_told_in_words(round_, me, other):
    people = ParticipantFactory.create_batch(3, round=round_)
    ask(me, people[0], 0)
    with pytest.raises(Refused, match="You have asked them already"):
        ask(me, people[0], 1)
    with pytest.raises(Refused, match="They have asked you already"):
        ask(people[0], me, 1)
    ask(me, people[1], 1)
    with pytest.raises(Refused, match="You have 2 open requests, which is the most"):
        ask(me, people[2], 2)
    Round.objects.update(requests_at_once=9)
    Participant.objects.filter(pk=me.pk).update(quota=2)
    with pytest.raises(Refused, match="fill your day"):
        ask(me, people[2], 2)
    Participant.objects.filter(pk=other.pk).update(quota=0)
    with pytest.raises(Refused, match="Their day is full"):
        ask(people[2], other, 2)
    assert MeetingRequest.objects.count() == 2


def test_request_to_whom_one_may_not_meet_is_not_found(client, round_, me):
    own_cluster = ParticipantFactory(round=round_, cluster=me.cluster)

    assert client.get(url(me, "request", own_cluster.pk)).status_code == 404
    with pytest.raises(Refused, match="not among those you can meet"):
        ask(me, own_cluster)


def test_queries_do_not_grow_with_the_requests(client, round_, me):
    assert_constant_queries(
        lambda: client.get(url(me, "own_requests")),
        lambda: asked_at_once(ParticipantFactory(round=round_), me, slots(round_)[0]),
        at_most=9,
        shows=lambda response: len(response.context["to_answer"]),
    )


def test_round_without_requests_has_none(client, round_, me, other):
    Round.objects.update(mode="ballots")

    assert client.get(url(me, "own_requests"))["Location"] == url(me, "own")
    with pytest.raises(Refused, match="takes no requests"):
        ask(me, other)
