"""A company answers by its link: on one page, saved as one goes, handed in once, changed while the wave is open."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from core.models import AuditEvent, Mail
from evaluations import links
from evaluations.actions import waves
from evaluations.models import Invitee, Response, Wave
from tests.client import htmx
from tests.evaluations.surveys import ANSWERS, WHOLE, hand_in, opened, seen, ticked, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitee(manager) -> Invitee:
    wave = opened(manager)
    Invitee.objects.update(language="en", person="Kaisa Korpi")
    return wave.invitees.first()


def text(response) -> str:
    return " ".join(html.document_fromstring(response.content).text_content().split())


def test_page_says_what_it_is_and_that_answers_stand_apart(client, invitee):
    shown = text(client.get(url(invitee)))

    assert "Working across borders" in shown
    assert f"For {invitee.company}. About 2 minutes. Open until" in shown
    assert "Your answers stand apart from your name" in shown
    assert "0 of 5 answered" in shown
    assert not Response.objects.exists(), "a look writes nothing"


def test_whole_page_is_handed_in_and_thanked_for(client, invitee):
    response = hand_in(client, invitee)

    assert response.url == url(invitee, "thanks")
    assert "Your answers are in." in text(client.get(response.url))
    assert client.get(url(invitee)).url == url(invitee, "thanks")
    kept = Response.objects.get()
    assert (kept.is_complete, kept.answers, kept.pk) == (True, ANSWERS, links.response_id(invitee.wave, invitee))
    assert (kept.size_class, kept.country, kept.section, kept.experience) == (
        invitee.size_class,
        invitee.country,
        invitee.section,
        invitee.experience,
    )
    invitee.refresh_from_db()
    assert invitee.has_answered


def test_what_is_missing_is_said_and_what_is_there_is_kept(client, invitee):
    response = hand_in(client, invitee, **{"q-role": [], "q-helped-funding": ""})

    assert "2 things need another look" in text(response)
    assert ticked(response)["q-barriers"] == ["time", "money"]
    kept = Response.objects.get()
    assert not kept.is_complete
    assert kept.answers["size_class"] == "small"
    assert not Invitee.objects.filter(has_answered=True).exists()


def test_half_way_is_kept_without_scripts_and_gone_on_with(client, invitee):
    client.post(url(invitee), {"q-size_class": "micro", "seen": "{}", "save": "1"})

    page = client.get(url(invitee))
    assert ticked(page) == {"q-size_class": ["micro"]}
    assert "1 of 5 answered" in text(page)
    assert "Saved. You can go on later with the same link." in text(page)
    hand_in(client, invitee, seen=seen(page))
    assert Response.objects.get().answers == ANSWERS


def test_half_way_is_kept_while_one_taps(client, invitee):
    page = client.get(url(invitee))
    data = {"q-size_class": "micro", "seen": seen(page)}

    response = client.post(url(invitee), data, headers=htmx("state"))

    assert "1 of 5 answered" in text(response)
    assert "Saved " in text(response)
    assert seen(response) == json.dumps({"size_class": "micro"})
    assert Response.objects.get().answers == {"size_class": "micro"}


def test_too_many_are_told_at_once_and_the_rest_is_kept(client, invitee):
    data = {"q-size_class": "micro", "q-barriers": ["time", "money", "skills", "other"], "seen": "{}"}

    response = client.post(url(invitee), data, headers=htmx("state"))
    page = client.post(url(invitee), data | {"save": "1"})

    assert "Saved, except for this: What holds you back most" in text(response)
    assert ticked(page)["q-barriers"] == ["time", "money", "skills", "other"], "what was tapped stands there still"
    assert Response.objects.get().answers == {"size_class": "micro"}


def test_two_open_pages_do_not_wipe_each_others_answers(client, invitee):
    first, second = client.get(url(invitee)), client.get(url(invitee))
    client.post(url(invitee), {"q-size_class": "micro", "seen": seen(first)}, headers=htmx("state"))

    response = client.post(url(invitee), {"q-role": ["scout"], "seen": seen(second)}, headers=htmx("state"))
    client.post(url(invitee), {"q-role": ["doors"], "seen": seen(response)}, headers=htmx("state"))

    assert Response.objects.get().answers == {"size_class": "micro", "role": ["doors"]}
    client.post(url(invitee), {"seen": json.dumps({"role": ["doors"]})}, headers=htmx("state"))
    assert Response.objects.get().answers == {"size_class": "micro"}, "what a page takes back is taken back"


def test_second_click_hands_in_once(client, invitee):
    for _ in range(2):
        assert hand_in(client, invitee).url == url(invitee, "thanks")

    assert Response.objects.count() == 1
    assert Invitee.objects.filter(has_answered=True).count() == 1


def test_what_was_handed_in_is_changed_as_a_whole_or_not_at_all(client, invitee):
    hand_in(client, invitee)
    page = client.get(url(invitee) + "?change=1")
    assert ticked(page)["q-role"] == ["scout"]
    assert "Your answers are in" in text(page)

    lacking = WHOLE | {"q-role": [], "seen": seen(page)}
    response = client.post(url(invitee), lacking, headers=htmx("state"))
    assert "Not saved yet. What you handed in before still counts." in text(response)
    assert Response.objects.get().answers == ANSWERS
    client.post(url(invitee), WHOLE | {"q-role": ["doors"], "seen": seen(page)}, headers=htmx("state"))

    kept = Response.objects.get()
    assert (kept.answers["role"], kept.is_complete) == (["doors"], True)


def test_language_is_changed_and_nothing_typed_is_lost(client, invitee):
    client.post(url(invitee), {"q-size_class": "micro", "seen": "{}", "language": "sv"})

    page = client.get(url(invitee))
    assert "Samarbete över gränserna" in text(page)
    assert ticked(page) == {"q-size_class": ["micro"]}
    client.post(url(invitee), {"seen": "{}", "language": "xx"})
    assert "Samarbete över gränserna" in text(client.get(url(invitee)))


@pytest.mark.parametrize("how", ["closed", "time over"])
def test_closed_while_the_page_is_open_keeps_the_words_in_the_page(client, invitee, manager, how):
    words = "We found our first partner in Tartu."
    if how == "closed":
        waves.close_wave(wave=invitee.wave, by=manager)
    else:
        Wave.objects.update(closes_at=timezone.now() - timedelta(seconds=1))

    response = hand_in(client, invitee, **{"q-quote": words})
    tapped = client.post(url(invitee), WHOLE | {"seen": "{}"}, headers=htmx("state"))

    assert response.status_code == 410
    assert "Your last answers were not saved" in text(response)
    assert words in text(response)
    assert ticked(response)["q-barriers"] == ["time", "money"]
    assert "Copy what you want to keep" in text(tapped)
    assert not Response.objects.exists()
    assert not Invitee.objects.filter(has_answered=True).exists()
    assert "This survey is closed" in text(client.get(url(invitee)))
    assert client.get(url(invitee)).status_code == 410


def test_saying_no_deletes_what_was_answered_and_ends_reminders(client, invitee):
    hand_in(client, invitee)
    assert "Your answers are taken back" in text(client.get(url(invitee, "decline")))
    assert Response.objects.exists(), "a look deletes nothing"

    for _ in range(2):
        page = client.post(url(invitee, "decline"), follow=True)

    assert "Noted: not this time" in text(page)
    invitee.refresh_from_db()
    assert (invitee.has_declined, invitee.has_answered) == (True, False)
    assert not Response.objects.exists()
    assert not Invitee.objects.filter(pk=invitee.pk).waited_for().exists()
    event = AuditEvent.objects.get(action="evaluations.declined")
    assert (event.object_type, event.organisation_id, event.details) == ("evaluations.wave", None, {})
    hand_in(client, invitee)
    invitee.refresh_from_db()
    assert (invitee.has_declined, invitee.has_answered) == (False, True), "one may change one's mind"


def test_answers_leave_no_trace_in_trail_mail_or_log(client, invitee, caplog):
    events, mails = AuditEvent.objects.count(), Mail.objects.count()
    quote = "A sentence that must stay where it is."

    with caplog.at_level("DEBUG"):
        client.post(url(invitee), {"q-quote": quote, "seen": "{}"}, headers=htmx("state"))
        hand_in(client, invitee, **{"q-quote": quote, "q-quote_permission": "no"})

    assert Response.objects.get().answers["quote"] == quote
    assert (AuditEvent.objects.count(), Mail.objects.count()) == (events, mails)
    assert quote not in caplog.text
    assert links.token_of(invitee) not in caplog.text


@pytest.mark.parametrize("raw", ["", "[]", "not json", "[" * 3000, '{"role": 7}', '{"role": {"a": ["b"]}}', "null"])
def test_spoilt_memory_of_a_page_does_no_harm(client, invitee, raw):
    response = hand_in(client, invitee, seen=raw)

    assert response.status_code == 302
    assert Response.objects.get().answers == ANSWERS


def test_markup_in_words_is_shown_as_words(client, invitee):
    Invitee.objects.update(company="<b>Bold</b> & Co", person="<script>x</script>")
    page = client.post(url(invitee), {"q-quote": "</textarea><script>alert(1)</script>", "seen": "{}", "save": "1"})
    page = client.get(page.url)

    assert b"<script>alert" not in page.content
    assert b"<b>Bold" not in page.content
    assert "</textarea><script>alert(1)</script>" in text(page)
