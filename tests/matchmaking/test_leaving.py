"""Somebody leaves, an hour before too; and somebody has lost the newest link."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking import links
from matchmaking.actions import leaving, requests
from matchmaking.models import Meeting, MeetingRequest, Participant, Round
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, meeting_of, with_programme
from tests.matchmaking.own_pages import url
from tests.matchmaking.requests_ground import ask, sections

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    round_ = RoundFactory(mode="both")
    with_programme(round_, slots=4, tables=3, starts_at=timezone.now() + timedelta(hours=1))
    return round_


@pytest.fixture
def me(round_) -> Participant:
    return ParticipantFactory(round=round_, company="Own company", email="me@guest.example")


@pytest.fixture
def people(round_) -> list[Participant]:
    return [ParticipantFactory(round=round_, email=f"{name}@guest.example") for name in ("ann", "bo", "cy")]


@pytest.fixture
def meetings(round_, me, people) -> list[Meeting]:
    """A published timetable in which one meets Ann and Bo, and Bo meets Cy."""
    timetable = TimetableFactory(round=round_)
    slots, table = list(round_.slots.order_by("starts_at")), round_.tables.first()
    ann, bo, cy = people
    pairs = [(me, ann), (me, bo), (bo, cy)]
    made = [meeting_of(timetable, *pair, slot, table) for pair, slot in zip(pairs, slots, strict=False)]
    Round.objects.update(timetable=timetable, status="published")
    return made


def to(*keys: str) -> set[str]:
    return set(Mail.objects.values_list("to", flat=True))


def test_page_asks_before_anything_happens(client, me, meetings):
    page = html.document_fromstring(client.get(url(me, "leave")).content)

    assert len(page.xpath("//details[@class='confirm'][not(@open)]//button[@type='submit']")) == 3
    assert page.xpath("//main//form[not(ancestor::details)]") == []
    assert Meeting.objects.standing().count() == 3


def test_cannot_come_to_one_meeting_tells_the_other_and_nobody_else(client, me, people, meetings):
    for _ in range(2):
        response = client.post(
            url(me, "leave"), {"meeting": meetings[0].pk, "sentence": "My train is late."}, follow=True
        )

    assert "The meeting is cancelled." in response.content.decode()
    meetings[0].refresh_from_db()
    assert (meetings[0].status, meetings[0].why_cancelled) == (
        "cancelled",
        "Own company cannot come. My train is late.",
    )
    assert Meeting.objects.standing().count() == 2
    assert to() == {"me@guest.example", "ann@guest.example"}
    assert "My train is late." in Mail.objects.get(to="ann@guest.example").text
    event = AuditEvent.objects.get(action="matchmaking.cannot_come")
    assert (event.actor_id, event.details["participant"]) == (None, me.pk)


def test_withdrawing_frees_all_and_tells_those_concerned(client, round_, me, people, meetings):
    response = client.post(url(me, "leave"), {"meeting": "all", "sentence": "We are ill."}, follow=True)
    client.post(url(me, "leave"), {"meeting": "all"})

    assert "You have withdrawn" in response.content.decode()
    me.refresh_from_db()
    assert me.status == "withdrawn"
    assert [meeting.pk for meeting in Meeting.objects.standing()] == [meetings[2].pk]
    assert to() == {"ann@guest.example", "bo@guest.example"}
    event = AuditEvent.objects.get(action="matchmaking.withdrawn")
    assert (event.actor_id, event.details["company"], event.details["sentence"]) == (None, "Own company", "We are ill.")
    assert Round.objects.get().affinity_is_due
    assert "The meeting" not in client.get(url(me, "own")).content.decode()


def test_withdrawing_ends_requests_and_agreed_meetings_before_publishing(round_, me, people):
    ann, bo, cy = people
    received, sent, agreed = ask(ann, me, 0), ask(me, bo, 1), ask(cy, me, 2)
    requests.answer(request=agreed, participant=me, accepted=True)
    Mail.objects.all().delete()

    leaving.withdraw(participant=me)

    status = dict(MeetingRequest.objects.values_list("pk", "status"))
    assert (status[received.pk], status[sent.pk]) == ("declined", "withdrawn")
    assert not Meeting.objects.standing().exists()
    assert to() == {"ann@guest.example", "cy@guest.example"}
    assert Mail.objects.get(to="cy@guest.example").subject == "A meeting was cancelled"


def test_agreed_meeting_that_falls_away_is_agreed_no_more(client, round_, me, people):
    request = ask(people[0], me)
    requests.answer(request=request, participant=me, accepted=True)

    client.post(url(people[0], "leave"), {"meeting": Meeting.objects.get().pk, "sentence": "We are ill."})

    response = client.get(url(me, "own_requests"))
    assert "agreed" not in sections(response)
    assert "The meeting was cancelled" in response.content.decode()
    assert "You meet." not in client.get(url(me, "ballot")).content.decode()
    assert ask(me, people[0], 1), "another time can be asked for"


def test_meeting_of_others_cannot_be_cancelled(client, me, meetings):
    assert client.post(url(me, "leave"), {"meeting": meetings[2].pk}).status_code == 404
    assert client.post(url(me, "leave"), {"meeting": "everything"}).status_code == 404
    with pytest.raises(Refused, match="not one of your meetings"):
        leaving.cannot_come(participant=me, meeting=meetings[2])

    assert Meeting.objects.standing().count() == 3


def test_sentence_too_long_is_kept(client, me, meetings):
    response = client.post(url(me, "leave"), {"meeting": "all", "sentence": "x" * 401})

    assert "x" * 401 in response.content.decode()
    me.refresh_from_db()
    assert me.is_in


def test_round_that_is_over_is_not_left(me, meetings):
    Round.objects.update(status="over")

    with pytest.raises(Refused, match="nothing to withdraw from"):
        leaving.withdraw(participant=me)


# The newest link


def new_link(client, token: str):
    return client.post(reverse("matchmaking:ask_new_link", args=[token]))


def test_replaced_link_offers_the_newest_and_sends_it_to_the_address_on_record(client, me):
    old = links.token_of(me)
    Participant.objects.filter(pk=me.pk).update(link_version=2)
    page = client.get(reverse("matchmaking:own", args=[old]))
    assert page.status_code == 410
    assert reverse("matchmaking:ask_new_link", args=[old]) in page.content.decode()

    for _ in range(3):
        response = new_link(client, old)

    assert "Look into your mail" in response.content.decode()
    mail = Mail.objects.get()
    me.refresh_from_db()
    assert mail.to == "me@guest.example"
    assert url(me, "own") in mail.text
    assert client.get(url(me, "own")).status_code == 302


def test_answer_is_the_same_whatever_the_link(client, me):
    good, forged = new_link(client, links.token_of(me)), new_link(client, "nowhere")

    assert good.content == forged.content
    assert (good.status_code, forged.status_code) == (200, 200)
    assert Mail.objects.count() == 1


def test_asking_too_often_is_refused(client, me):
    for _ in range(10):
        assert new_link(client, "nowhere").status_code == 200

    assert new_link(client, "nowhere").status_code == 429


@pytest.mark.parametrize("meeting", ["9" * 30, "9" * 5000, "-1", "x", ""])
def test_number_that_is_no_meeting_is_not_found(client, me, meetings, meeting):
    assert client.post(url(me, "leave"), {"meeting": meeting}).status_code == 404
    assert client.post(url(me, "sign_up"), {"tick": meeting}).status_code == 200
