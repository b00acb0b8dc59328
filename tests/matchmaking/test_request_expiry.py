"""Silence ends a request: noted once, told to who waited, after a reminder at half time; and two who are too quick."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking import tasks
from matchmaking.actions import requests
from matchmaking.models import Meeting, MeetingRequest, Participant, Round
from matchmaking.reading.requests import overview
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.matchmaking.requests_ground import ask, asked_at_once, slots


@pytest.fixture
def round_(db) -> Round:
    round_ = RoundFactory(mode="requests", request_hours=10)
    with_programme(round_, slots=4, tables=3)
    return round_


@pytest.fixture
def me(round_) -> Participant:
    return ParticipantFactory(round=round_, email="me@guest.example")


@pytest.fixture
def other(round_) -> Participant:
    return ParticipantFactory(round=round_, email="other@guest.example")


def past(request: MeetingRequest, hours: float) -> None:
    """As if so many hours had passed since it was sent."""
    request.refresh_from_db()
    back = timedelta(hours=hours)
    MeetingRequest.objects.filter(pk=request.pk).update(
        created_at=request.created_at - back, expires_at=request.expires_at - back
    )


def mails(kind: str) -> list[str]:
    return list(Mail.objects.filter(key__startswith=kind).order_by("pk").values_list("to", flat=True))


def test_silence_ends_it_once_and_frees_the_time(me, other):
    request = ask(me, other)
    tasks.expire_requests()
    assert request.status == "waiting"
    past(request, 10.1)

    for _ in range(2):
        tasks.expire_requests()

    request.refresh_from_db()
    assert request.status == "expired"
    assert mails("request_expired") == ["me@guest.example"]
    assert AuditEvent.objects.filter(action="matchmaking.request_expired").count() == 1
    assert ask(me, other), "the time is free, and one may ask again"
    with pytest.raises(Refused, match="ended without an answer"):
        requests.answer(request=request, participant=other, accepted=True)


def test_request_that_ran_out_cannot_be_accepted_before_anybody_has_noted_it(me, other):
    request = ask(me, other)
    past(request, 10.1)

    with pytest.raises(Refused, match="ended without an answer"):
        requests.answer(request=request, participant=other, accepted=True)
    again = ask(me, other)

    request.refresh_from_db()
    assert (request.status, again.status) == ("expired", "waiting")


def test_reminder_comes_once_at_half_time_and_again_after_another_turn(me, other):
    request = ask(me, other)
    past(request, 4.9)
    tasks.expire_requests()
    assert mails("request_reminder") == []
    past(request, 0.2)

    for _ in range(2):
        tasks.expire_requests()
    assert mails("request_reminder") == ["other@guest.example"]

    requests.propose_other_slot(request=request, participant=other, slot=slots(me.round)[2])
    tasks.expire_requests()
    assert len(mails("request_reminder")) == 1, "the time begins anew"
    back = timedelta(hours=6)
    request.refresh_from_db()
    MeetingRequest.objects.update(answered_at=request.answered_at - back, expires_at=request.expires_at - back)
    tasks.expire_requests()
    assert mails("request_reminder") == ["other@guest.example", "me@guest.example"]


def test_time_to_answer_ends_with_choosing(me, other):
    until = timezone.now() + timedelta(hours=3)
    Round.objects.update(choose_until=until, register_until=until)

    assert ask(me, other).expires_at == until


def test_two_workers_end_and_remind_once(transactional_db):
    round_ = RoundFactory(mode="requests", request_hours=10, requests_at_once=20)
    with_programme(round_, slots=6, tables=9)
    me = ParticipantFactory(round=round_)
    people = ParticipantFactory.create_batch(6, round=round_)
    for number, each in enumerate(people):
        past(ask(me, each, number), 11 if number % 2 else 6)

    _at_once([tasks.expire_requests] * 3)

    assert len(mails("request_expired")) == 3
    assert len(mails("request_reminder")) == 3
    assert AuditEvent.objects.filter(action="matchmaking.request_expired").count() == 3


def test_two_accepts_of_the_same_time_end_with_one_meeting_and_one_sentence(transactional_db):
    round_ = RoundFactory(mode="requests")
    with_programme(round_, slots=4, tables=3)
    me, one, two = ParticipantFactory.create_batch(3, round=round_)
    asked = [asked_at_once(each, me, slots(round_)[0]) for each in (one, two)]
    told: list[str] = []

    def accept(request: MeetingRequest) -> None:
        try:
            requests.answer(request=request, participant=Participant.objects.get(pk=me.pk), accepted=True)
        except Refused as refusal:
            told.append(str(refusal))

    _at_once([lambda: accept(asked[0]), lambda: accept(asked[1])])

    assert told == ["This time is not free any more. Propose another one."]
    assert Meeting.objects.count() == 1
    assert Round.objects.get().timetable == Meeting.objects.get().timetable
    assert sorted(MeetingRequest.objects.values_list("status", flat=True)) == ["accepted", "waiting"]


def test_two_requests_at_once_do_not_pass_the_limit(transactional_db):
    round_ = RoundFactory(mode="requests", requests_at_once=1)
    with_programme(round_, slots=4, tables=3)
    me, one, two = ParticipantFactory.create_batch(3, round=round_)
    told: list[str] = []

    def send(other: Participant, at: int) -> None:
        try:
            ask(Participant.objects.get(pk=me.pk), other, at)
        except Refused as refusal:
            told.append(str(refusal))

    _at_once([lambda: send(one, 0), lambda: send(two, 1)])

    assert MeetingRequest.objects.count() == 1
    assert told == ["You have 1 open requests, which is the most. Take one back first."]


def _at_once(acts: list) -> None:
    """Each in a thread and a connection of its own, begun together; what one raises is no secret."""
    start, faults = Barrier(len(acts)), []

    def run(act) -> None:
        try:
            start.wait(timeout=10)
            act()
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert faults == []


def test_overview_shows_who_never_answers_first(round_, me, other):
    silent = ParticipantFactory(round=round_, company="Silent")
    for number, each in enumerate((silent, other)):
        request = ask(me, each, number)
        if each == silent:
            past(request, 11)
    tasks.expire_requests()
    requests.answer(request=request, participant=other, accepted=True)

    told = overview(round_)

    first = told["people"][0]
    assert (first.participant, first.never_answers, first.asked, first.expired, first.accepts) == (
        silent,
        True,
        1,
        1,
        None,
    )
    second = next(each for each in told["people"] if each.participant == other)
    assert (second.asked, second.accepted, second.accepts, second.never_answers) == (1, 1, 100, False)
    assert [each["value"] for each in told["figures"]] == [2, 0, 100, 50]
    assert told["quiet"] == 0
