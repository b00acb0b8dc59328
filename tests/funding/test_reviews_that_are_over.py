"""A decided call takes no review, and nothing offers one. Before that, what a review lacks is counted and led to."""

import pytest
from django.utils import timezone
from lxml import html

from funding.models import FundingCall, Reviewer
from tests.factories.funding import AssignmentFactory
from tests.funding.review_ground import ground, handed, opened, send, url, whole

PHASES = {
    "decided": "The call is decided. Reviews stay as they are.",
    "cancelled": "The call is cancelled. Reviews stay as they are.",
}


@pytest.fixture
def g(home):
    return ground(home)


def end(g, status: str) -> None:
    more = {"decided_at": g.call.deadline} if status == "decided" else {"why_cancelled": "No money."}
    FundingCall.objects.filter(pk=g.call.pk).update(status=status, **more)


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content).find(".//main").text_content().split())


@pytest.mark.parametrize("status", PHASES)
def test_open_review_of_a_call_that_has_ended_is_shown_and_not_offered(sign_in, g, status):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    send(client, row, {f"why-{g.impact.pk}": "Half a sentence."})
    before = text_of(client.get(url("reviews")))
    assert "To be reviewed" in before
    assert "Due on" in before
    assert "1" in _navigation(client)
    end(g, status)

    told = text_of(client.get(url("reviews")))
    assert "Not handed in" in told
    assert PHASES[status] in told
    for gone in ("To be reviewed", "Due on", "The day has passed"):
        assert gone not in told, gone
    assert "1" not in _navigation(client)
    page = client.get(url("review", row.key))
    assert PHASES[status] in text_of(page)
    assert "Half a sentence." in text_of(page)
    assert b"Hand in the review" not in page.content


def _navigation(client) -> str:
    entries = html.fromstring(client.get(url("reviews")).content).xpath(f"//nav//a[@href='{url('reviews')}']")
    return " ".join(each.text_content().strip() for each in entries)


def test_words_of_a_tab_that_is_still_open_stand_there_when_they_are_refused(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    end(g, "decided")
    page = send(client, row, {f"why-{g.impact.pk}": "Written too late."}).content.decode()

    assert "Written too late." in page
    assert PHASES["decided"] in page


@pytest.mark.parametrize("is_blind", [False, True])
def test_nobody_is_asked_what_binds_once_the_call_is_decided(sign_in, g, is_blind):
    FundingCall.objects.filter(pk=g.call.pk).update(is_blind=is_blind)
    row, client = AssignmentFactory(application=g.ferries, reviewer=g.eva), sign_in(g.eva.user)
    assert "bind" in text_of(client.get(url("reviews")))
    end(g, "decided")

    told = text_of(client.get(url("reviews")))
    assert "bind" not in told
    assert "Opens when you have answered" not in told
    assert url("reviews") in (client.get(url("review", row.key), follow=True).redirect_chain[-1][0])
    assert PHASES["decided"] in text_of(client.get(url("declare", row.key), follow=True))


def test_panel_is_asked_what_binds_until_the_call_is_decided(sign_in, g):
    Reviewer.objects.filter(pk=g.eva.pk).update(is_on_panel=True, declared_at=timezone.now())
    link, client = url("interests", g.call.slug), sign_in(g.eva.user)
    assert link in client.get(url("reviews")).content.decode()
    end(g, "decided")

    page = client.get(url("reviews")).content.decode()
    assert link not in page
    assert url("ranking", g.call.slug) in page


def test_review_that_was_handed_in_is_still_read(sign_in, g):
    row, client = handed(g.ferries, g.eva, impact=4), sign_in(g.eva.user)
    end(g, "decided")
    page = text_of(client.get(url("review", row.key)))

    assert "Because of 4" in page
    assert "was not handed in" not in page


def test_each_criterion_that_lacks_something_is_counted_and_led_to(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    page = html.fromstring(send(client, row, {f"score-{g.impact.pk}": "4"}, hand_in=True).content)
    (notice,) = page.xpath("//*[@role='alert']")
    assert "2 things need another look." in notice.text_content()
    assert [(each.text, each.get("href")) for each in notice.iter("a")] == [
        ("Impact", f"#criterion-{g.impact.pk}"),
        ("Quality", f"#criterion-{g.quality.pk}"),
    ]
    for place in notice.iter("a"):
        assert page.get_element_by_id(place.get("href")[1:]).tag == "fieldset"

    page = html.fromstring(send(client, row, whole(g) | {f"why-{g.impact.pk}": ""}, hand_in=True).content)
    (notice,) = page.xpath("//*[@role='alert']")
    assert "One thing needs another look." in notice.text_content()
    page = html.fromstring(send(client, row, whole(g) | {"sum": "x" * 4001}, hand_in=True).content)
    (notice,) = page.xpath("//*[@role='alert']")
    assert [each.get("href") for each in notice.iter("a")] == ["#sum"]


@pytest.mark.parametrize(("named", "told"), [
    ([], "We noted that nothing binds you."), (["Nordlys Marine"], "What is not yours goes to somebody else."),
])  # fmt: skip
def test_who_has_said_what_binds_hears_what_was_noted(sign_in, g, named, told):
    FundingCall.objects.filter(pk=g.call.pk).update(is_blind=True)
    page = sign_in(g.eva.user).post(url("interests", g.call.slug), {"names": named, "words": ""}, follow=True)

    assert f"Thank you. {told}" in text_of(page)
