"""Answers to requests: by whose turn it is, once, and the meeting that follows from a yes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking.actions import requests
from matchmaking.models import Meeting, MeetingRequest, Participant, Round
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.matchmaking.own_pages import url
from tests.matchmaking.requests_ground import ask, asked_at_once, sections, slots

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
    requests.answer(request=asked_at_once(third, me, slots(round_)[0]), participant=me, accepted=True)

    response = client.post(url(other, "answer_request", request.pk), {"answer": "accept"}, follow=True)

    text = response.content.decode()
    assert "This time is not free any more. Propose another one." in text
    assert "Own company" not in text
    assert "Third company" not in text
    request.refresh_from_db()
    assert request.status == "waiting"


def test_own_time_that_is_taken_offers_no_accept(client, round_, me, other):
    third = ParticipantFactory(round=round_)
    ask(other, me)
    requests.answer(request=asked_at_once(third, me, slots(round_)[0]), participant=me, accepted=True)

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
