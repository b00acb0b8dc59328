"""Requests to meet: asked within limits, answered by whose turn it is, and names only where they may be known."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking.actions import requests
from matchmaking.models import Meeting, MeetingRequest, Participant, Round, Slot
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.matchmaking.own_pages import url
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


def slots(round_: Round) -> list[Slot]:
    return list(round_.slots.order_by("starts_at"))


def ask(one: Participant, other: Participant, at: int = 0, sentence: str = "We make pumps.") -> MeetingRequest:
    slot = slots(one.round)[at]
    return requests.ask(participant=one, other=other, slot=slot, sentence=sentence)


def sections(response) -> dict[str, list[str]]:
    """The titles of the cards under each heading."""
    page = html.document_fromstring(response.content)
    found = page.xpath("//section[@aria-labelledby]")
    return {each.get("aria-labelledby"): each.xpath(".//h3[@class='title']/text()") for each in found}


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


def test_accept_makes_the_meeting_and_both_learn_the_name(client, round_, me, other):
    request = ask(me, other)
    for _ in range(2):
        client.post(url(other, "answer_request", request.pk), {"answer": "accept", "sentence": "Gladly."})

    meeting = Meeting.objects.get()
    assert {meeting.a, meeting.b} == {me, other}
    assert (meeting.origin, meeting.slot, meeting.table.number) == ("request", slots(round_)[0], 1)
    request.refresh_from_db()
    assert (request.status, request.meeting, request.answer) == ("accepted", meeting, "Gladly.")
    timetable = Round.objects.get().timetable
    assert (timetable.number, timetable.status, meeting.timetable) == (1, "done", timetable)
    (mail,) = Mail.objects.filter(to="me@guest.example")
    assert mail.subject == "Other company says yes"
    assert "Gladly." in mail.text
    assert AuditEvent.objects.filter(action="matchmaking.request_accepted").count() == 1
    assert sections(client.get(url(me, "own_requests")))["agreed"] == ["Other company"]
    with pytest.raises(Refused, match="You have a meeting with them already"):
        ask(me, other, 1)


def test_decline_with_a_sentence_frees_the_time(client, round_, me, other):
    request = ask(me, other)
    client.post(url(other, "answer_request", request.pk), {"answer": "decline", "sentence": "We have a partner."})

    request.refresh_from_db()
    assert (request.status, request.answer) == ("declined", "We have a partner.")
    (mail,) = Mail.objects.filter(to="me@guest.example")
    assert mail.subject == "Company in Estonia declines"
    assert "We have a partner." in mail.text
    with pytest.raises(Refused, match="This request is declined already"):
        requests.answer(request=request, participant=other, accepted=True)
    assert ask(me, other), "one may ask again"


def test_other_time_changes_the_turn_and_begins_anew(client, round_, me, other):
    request = ask(me, other)
    soon = timezone.now() + timedelta(hours=1)
    MeetingRequest.objects.update(expires_at=soon, reminded_at=timezone.now())
    data = {"slot": slots(round_)[2].pk, "sentence": "Rather after lunch."}

    response = client.post(url(other, "other_time", request.pk), data, follow=True)

    assert "Now they answer." in response.content.decode()
    request.refresh_from_db()
    assert (request.turn, request.slot, request.status) == (me, slots(round_)[2], "waiting")
    assert request.expires_at > soon + timedelta(hours=70)
    assert request.reminded_at is None
    (mail,) = Mail.objects.filter(to="me@guest.example")
    assert mail.subject == "Company in Estonia proposes another time"
    assert "Rather after lunch." in mail.text
    with pytest.raises(Refused, match="other's turn"):
        requests.answer(request=request, participant=other, accepted=True)
    requests.answer(request=request, participant=me, accepted=True)
    assert Meeting.objects.get().slot == slots(round_)[2]


def test_other_time_that_is_not_free_is_refused(client, round_, me, other):
    request = ask(me, other)
    me.away.add(slots(round_)[2])

    response = client.post(url(other, "other_time", request.pk), {"slot": slots(round_)[2].pk, "sentence": "Later?"})

    assert "This time is not free any more." in response.content.decode()
    assert "Later?" in response.content.decode()
    with pytest.raises(Refused, match="not free any more"):
        requests.propose_other_slot(request=request, participant=other, slot=slots(round_)[2])


def test_take_back_is_for_who_waits(client, round_, me, other):
    request = ask(me, other)
    with pytest.raises(Refused, match="your turn to answer"):
        requests.take_back(request=request, participant=other)

    for _ in range(2):
        client.post(url(me, "answer_request", request.pk), {"answer": "take_back"})

    request.refresh_from_db()
    assert request.status == "withdrawn"
    assert AuditEvent.objects.filter(action="matchmaking.request_withdrawn").count() == 1
    late = client.post(url(other, "answer_request", request.pk), {"answer": "accept"}, follow=True)
    assert "This request was taken back." in late.content.decode()
    assert not Meeting.objects.exists()


def test_request_of_others_is_not_found(client, round_, me, other):
    request = ask(me, other)
    third = ParticipantFactory(round=round_)

    assert client.post(url(third, "answer_request", request.pk), {"answer": "accept"}).status_code == 404
    assert client.get(url(third, "other_time", request.pk)).status_code == 404
    assert "We make pumps." not in client.get(url(third, "own_requests")).content.decode()


def test_accept_of_a_time_that_is_gone_names_nobody(client, round_, me, other):
    """Managers are told who is busy; the other company is not."""
    third = ParticipantFactory(round=round_, company="Third company")
    request = ask(me, other)
    requests.answer(request=_asked_at_once(third, me, slots(round_)[0]), participant=me, accepted=True)

    response = client.post(url(other, "answer_request", request.pk), {"answer": "accept"}, follow=True)

    text = response.content.decode()
    assert "This time is not free any more. Propose another one." in text
    assert "Own company" not in text
    assert "Third company" not in text
    request.refresh_from_db()
    assert request.status == "waiting"


def _asked_at_once(sender: Participant, receiver: Participant, slot: Slot) -> MeetingRequest:
    return MeetingRequest.objects.create(
        sender=sender, receiver=receiver, turn=receiver, slot=slot, sentence="Hello",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def test_own_time_that_is_taken_offers_no_accept(client, round_, me, other):
    third = ParticipantFactory(round=round_)
    ask(other, me)
    requests.answer(request=_asked_at_once(third, me, slots(round_)[0]), participant=me, accepted=True)

    text = client.get(url(me, "own_requests")).content.decode()

    assert "You have something else then." in text
    assert 'value="accept"' not in text


def test_after_choosing_has_ended_nothing_is_asked_or_answered(client, round_, me, other):
    request = ask(me, other)
    Round.objects.update(choose_until=timezone.now() - timedelta(hours=1), register_until=timezone.now() - timedelta(9))

    with pytest.raises(Refused, match="The time to choose is over"):
        ask(other, me)
    with pytest.raises(Refused, match="The time to choose is over"):
        requests.answer(request=request, participant=other, accepted=True)
    assert "The time to ask and to answer ended on" in client.get(url(other, "own_requests")).content.decode()


def test_answer_too_long_is_kept_beside_the_request(client, round_, me, other):
    request = ask(me, other)

    response = client.post(url(other, "answer_request", request.pk), {"answer": "accept", "sentence": "x" * 401})

    assert "x" * 401 in response.content.decode()
    assert "at most 400 characters" in response.content.decode()
    assert not Meeting.objects.exists()


def test_oldest_expiry_is_answered_first(client, round_, me):
    for number, hours in enumerate((30, 3, 60)):
        sender = ParticipantFactory(round=round_, company=f"In {hours} hours", shown=True)
        ask(sender, me, number)
        MeetingRequest.objects.filter(sender=sender).update(
            expires_at=timezone.now() + timedelta(hours=hours, minutes=5)
        )

    response = client.get(url(me, "own_requests"))

    assert sections(response)["to-answer"] == ["In 3 hours", "In 30 hours", "In 60 hours"]
    assert "3 hours left" in response.content.decode()
    assert "2 days left" in response.content.decode()


def test_queries_do_not_grow_with_the_requests(client, round_, me):
    assert_constant_queries(
        lambda: client.get(url(me, "own_requests")),
        lambda: _asked_at_once(ParticipantFactory(round=round_), me, slots(round_)[0]),
        at_most=9,
        shows=lambda response: len(response.context["to_answer"]),
    )


def test_round_without_requests_has_none(client, round_, me, other):
    Round.objects.update(mode="ballots")

    assert client.get(url(me, "own_requests"))["Location"] == url(me, "own")
    with pytest.raises(Refused, match="takes no requests"):
        ask(me, other)
