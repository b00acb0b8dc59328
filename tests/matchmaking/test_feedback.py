"""Feedback by the signed link: twenty seconds right after a meeting, and what it does to the meeting and the ladder."""

from datetime import timedelta

import pytest
from django.urls import reverse
from lxml import html

from core.models import AuditEvent
from matchmaking import links
from matchmaking.models import Meeting, Outcome, Participant, Seat
from tests.client import CheckingClient, htmx
from tests.matchmaking.ground import Ground, ground

HELD, NO_SHOW, PLANNED = Meeting.Status.HELD, Meeting.Status.NO_SHOW, Meeting.Status.PLANNED


@pytest.fixture
def met(db, home, time_machine) -> Ground:
    """A published round with two meetings, ten minutes after the last of its four slots."""
    g = ground()
    g.publish()
    g.meeting(0, 0, slot=0)
    g.meeting(1, 1, slot=0, table=1)
    time_machine.move_to(g.slots[-1].ends_at + timedelta(minutes=10), tick=False)
    return g


def seat_of(participant: Participant) -> Seat:
    return participant.seats.get()


def url(participant: Participant, name: str = "feedback", seat: Seat | None = None, *more: object) -> str:
    return reverse(f"matchmaking:{name}", args=[links.token_of(participant), (seat or seat_of(participant)).pk, *more])


def say(client: CheckingClient, participant: Participant, **said: object):
    return client.post(url(participant), {"held": "yes"} | said)


def state(g: Ground) -> str:
    return Meeting.objects.get(pk=seat_of(g.here[0]).meeting_id).status


def test_feedback_without_account_is_kept_and_notes_the_ladder(client, met):
    response = say(client, met.here[0], relevance="4", next_step="proposal", words=" They will send a drawing. ")

    assert response["Location"].endswith("/feedback/")
    seat = seat_of(met.here[0])
    assert (seat.held, seat.relevance, seat.next_step) == ("yes", 4, "proposal")
    assert seat.words == "They will send a drawing."
    assert seat.told_at is not None
    assert Outcome.objects.get(seat=seat).stage == Outcome.Stage.OPPORTUNITY
    assert state(met) == HELD
    event = AuditEvent.objects.get(action="matchmaking.feedback_told")
    assert event.object_id == seat.pk
    assert "drawing" not in str(event.details), "what was said is not for the audit trail"


@pytest.mark.parametrize(("step", "stage"), [(each.value, stage) for each, stage in Outcome.OF_NEXT_STEP.items()])
def test_each_next_step_has_its_place_on_the_ladder(client, met, step, stage):
    say(client, met.here[0], next_step=step)
    assert Outcome.objects.get(months=0).stage == stage


def test_same_answer_twice_is_once_and_it_can_be_changed(client, met):
    for _ in range(2):
        say(client, met.here[0], relevance="2", next_step="contact")
    assert AuditEvent.objects.filter(action="matchmaking.feedback_told").count() == 1
    page = html.document_fromstring(client.get(url(met.here[0])).content)
    assert page.xpath("//input[@checked]/@value") == ["yes", "2", "contact"]

    say(client, met.here[0], relevance="5", next_step="deal")
    assert seat_of(met.here[0]).relevance == 5
    assert Outcome.objects.get().stage == Outcome.Stage.AGREEMENT


def test_one_tap_by_htmx_is_saved_and_swaps_nothing(client, met):
    response = client.post(url(met.here[0]), {"relevance": "5"}, headers=htmx("feedback"))
    assert response.status_code == 204
    assert seat_of(met.here[0]).held == "yes", "who says how relevant it was has met"


def test_tap_by_htmx_and_the_whole_form_keep_the_same(client, met):
    client.post(url(met.here[0]), {"held": "yes", "relevance": "3"}, headers=htmx("feedback"))
    say(client, met.here[1], relevance="3")
    kept = Seat.objects.exclude(told_at=None).values_list("held", "relevance", "next_step", "words")
    assert len(set(kept)) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"held": ""}, "Tap whether the meeting took place."),
        ({"held": "perhaps"}, "Choose from the list"),
        ({"held": "yes", "relevance": "9"}, "Choose from the list"),
        ({"held": "yes", "next_step": "'; DROP"}, "Choose from the list"),
        ({"held": "yes", "words": "x" * 401}, "at most 400 characters"),
    ],
)
def test_answer_that_is_not_understood_keeps_what_was_typed(client, met, said, told):
    response = client.post(url(met.here[0]), {"words": "Keep me"} | said)
    page = html.document_fromstring(response.content)
    assert told in page.xpath("string(//div[@role='alert'])")
    assert page.xpath("string(//textarea)").strip() == said.get("words", "Keep me")
    assert seat_of(met.here[0]).told_at is None


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("yes", "", HELD),
        ("yes", "yes", HELD),
        ("no_show", "", NO_SHOW),
        ("no_show", "no_show", NO_SHOW),
        ("yes", "no_show", HELD),
        ("no_show", "yes", HELD),
        ("moved", "", PLANNED),
        ("moved", "no_show", NO_SHOW),
    ],
)
def test_meeting_stands_as_both_sides_say(client, met, one, other, status):
    say(client, met.here[0], held=one)
    if other:
        say(client, met.there[0], held=other)
    assert state(met) == status


def test_meeting_that_was_not_held_has_no_relevance_and_no_rung(client, met):
    say(client, met.here[0], relevance="4", next_step="deal")
    say(client, met.here[0], held="no_show", relevance="4", next_step="deal")
    seat = seat_of(met.here[0])
    assert (seat.relevance, seat.next_step) == (None, "")
    assert not Outcome.objects.exists()
    assert state(met) == NO_SHOW


def test_answer_taken_back_leaves_the_meeting_as_planned(client, met):
    say(client, met.here[0], held="no_show")
    say(client, met.here[0], held="moved")
    assert state(met) == PLANNED


def test_sides_do_not_see_what_the_other_said(client, met):
    say(client, met.here[0], relevance="1", words="A waste of time")
    page = client.get(url(met.there[0])).content.decode()
    overview = client.get(reverse("matchmaking:feedback_overview", args=[links.token_of(met.there[0])]))
    assert "A waste of time" not in page + overview.content.decode()
    assert not html.document_fromstring(page).xpath("//input[@checked]")


def test_words_are_shown_as_they_were_typed_and_run_nowhere(client, met):
    say(client, met.here[0], words="<script>alert(1)</script>")
    page = html.document_fromstring(client.get(url(met.here[0])).content)
    assert page.xpath("string(//textarea)").strip() == "<script>alert(1)</script>"


def test_overview_lists_meetings_with_what_was_said(client, met):
    overview = reverse("matchmaking:feedback_overview", args=[links.token_of(met.here[0])])
    page = html.document_fromstring(client.get(overview).content)
    assert "1 meeting waits for a word" in page.xpath("string(//main)")
    assert [text.strip() for text in page.xpath("//h2/text()")] == [met.there[0].company]
    say(client, met.here[0], relevance="4", next_step="contact")
    page = html.document_fromstring(client.get(overview).content)
    assert "It took place, relevance 4 of 5, We stay in contact" in page.xpath("string(//main)")


def test_overview_before_the_timetable_says_what_will_be_there(client, met):
    met.round.status, met.round.timetable = "open", None
    met.round.save()
    overview = reverse("matchmaking:feedback_overview", args=[links.token_of(met.here[0])])
    assert "No meetings yet" in client.get(overview).content.decode()


def test_seat_of_somebody_else_is_not_there(client, met):
    other = seat_of(met.there[0])
    assert client.get(url(met.here[0], "feedback", other)).status_code == 404
    assert client.post(url(met.here[0], "feedback", other), {"held": "no_show"}).status_code == 404
    assert client.post(url(met.here[0], "outcome", other, 3), {"stage": "sales"}).status_code == 404
    assert seat_of(met.there[0]).held == ""


def test_seat_of_a_draft_is_not_there(client, met):
    met.round.timetable = None
    met.round.status = "open"
    met.round.save()
    assert client.get(url(met.here[0])).status_code == 404


@pytest.mark.parametrize("name", ["feedback_overview", "feedback", "outcome"])
def test_forged_replaced_and_ended_links_open_nothing(client, met, time_machine, name):
    seat = seat_of(met.here[0]).pk
    rest = {"feedback_overview": [], "feedback": [seat], "outcome": [seat, 3]}[name]
    token = links.token_of(met.here[0])
    forged = reverse(f"matchmaking:{name}", args=[token[:-2] + "xx", *rest])
    assert client.get(forged).status_code == 404
    assert client.post(forged, {"held": "no_show"}).status_code in {404, 405}
    Participant.objects.filter(pk=met.here[0].pk).update(link_version=2)
    assert client.get(reverse(f"matchmaking:{name}", args=[token, *rest])).status_code == 410
    time_machine.move_to(met.slots[-1].ends_at + timedelta(days=500))
    fresh = links.token_of(Participant.objects.get(pk=met.here[0].pk))
    assert client.get(reverse(f"matchmaking:{name}", args=[fresh, *rest])).status_code == 410


def test_meeting_to_come_and_cancelled_meeting_take_no_feedback(client, met, time_machine):
    time_machine.move_to(met.slots[0].starts_at - timedelta(minutes=5), tick=False)
    response = client.post(url(met.here[0]), {"held": "yes"}, follow=True)
    assert "This meeting has not begun yet." in response.content.decode()
    assert client.post(url(met.here[0]), {"held": "yes"}, headers=htmx("feedback"))["HX-Redirect"]
    assert seat_of(met.here[0]).held == ""
    seat = seat_of(met.here[1])
    Seat.objects.filter(meeting=seat.meeting_id).update(is_given_up=True)
    assert client.get(url(met.here[1])).status_code == 404
