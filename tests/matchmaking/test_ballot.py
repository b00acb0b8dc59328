"""The ballot: one tap each, counted, changed until choosing ends; what is never wanted stays with who said it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from matchmaking import affinity
from matchmaking.actions import ballots
from matchmaking.models import ForbiddenPair, Participant, Round, Wish, ordered
from tests.client import htmx
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, meeting_of, with_programme
from tests.matchmaking.own_pages import url
from tests.matchmaking.texts import fill
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_() -> Round:
    return RoundFactory(quota=2)


@pytest.fixture
def me(round_) -> Participant:
    return ParticipantFactory(round=round_, company="Own company")


def other(round_: Round, **facts: object) -> Participant:
    return ParticipantFactory(round=round_, **facts)


def cards(response) -> dict[int, str]:
    """The text of each card by the participant's id."""
    found = html.document_fromstring(response.content).xpath("//article[starts-with(@id,'company-')]")
    return {int(each.get("id").partition("-")[2]): " ".join(each.text_content().split()) for each in found}


def pressed(response) -> list[str]:
    return html.document_fromstring(response.content).xpath("//button[@aria-pressed='true']/@id")


def bar(response) -> str:
    text = html.document_fromstring(response.content).xpath("string(//div[@id='ballot-state']/p)")
    return " ".join(text.split())


def test_cards_are_those_one_may_meet_and_no_others(client, round_, me):
    there = other(round_)
    own_cluster = other(round_, cluster=me.cluster)
    not_in, elsewhere, apart = other(round_, status="invited"), other(RoundFactory()), other(round_)
    a, b = ordered(me, apart)
    ForbiddenPair.objects.create(a=a, b=b)

    found = cards(client.get(url(me, "ballot")))

    assert set(found) == {there.pk}
    for each in (me, own_cluster, not_in, elsewhere, apart):
        assert client.post(url(me, "wish", each.pk), {"kind": "must"}).status_code == 404
        with pytest.raises(Refused, match="not among those you can meet"):
            ballots.wish(participant=me, other=each, kind="must")
    assert not Wish.objects.exists()


def test_card_names_only_who_agreed_or_meets_one(client, round_, me):
    with_programme(round_)
    facts = {"summary": "Acme makes pumps.", "town": "Narva", "website": "https://acme.example", "person": "Ann Acme"}
    hidden, shown, met = (other(round_, company=f"Acme {n}", **facts) for n in range(3))
    Participant.objects.filter(pk=shown.pk).update(shows_name=True)
    timetable = TimetableFactory(round=round_)
    meeting_of(timetable, me, met, round_.slots.first(), round_.tables.first())
    Round.objects.update(timetable=timetable)

    found = cards(client.get(url(me, "ballot")))

    for said in ("Acme", "Narva", "acme.example", "Ann"):
        assert said not in found[hidden.pk]
    assert "Company in Estonia" in found[hidden.pk]
    assert "Acme 1" in found[shown.pk]
    assert "Acme 2" in found[met.pk]


def test_search_does_not_find_a_name_that_is_not_shown(client, round_, me):
    hidden = other(round_, company="Acme", summary="Acme of Narva", offers="Pumps")
    shown = other(round_, company="Acmetrics", shown=True, offers="Meters")

    assert set(cards(client.get(url(me, "ballot"), {"q": "acme"}))) == {shown.pk}
    assert set(cards(client.get(url(me, "ballot"), {"q": "narva"}))) == set()
    assert set(cards(client.get(url(me, "ballot"), {"q": "PUMPS"}))) == {hidden.pk}
    assert "Nobody found" in client.get(url(me, "ballot"), {"q": "zeppelin"}).content.decode()


def test_filters_by_country_cluster_and_field(client, round_, me):
    one = other(round_, country="FI", nace_codes=["28.1"])
    two = other(round_, country="SE", nace_codes=["62.10"])
    page = url(me, "ballot")

    assert set(cards(client.get(page, {"country": "FI"}))) == {one.pk}
    assert set(cards(client.get(page, {"cluster": two.cluster_id}))) == {two.pk}
    assert set(cards(client.get(page, {"field": "62"}))) == {two.pk}
    assert set(cards(client.get(page, {"country": "nowhere"}))) == {one.pk, two.pk}, "asks for nothing"
    part = client.get(page, {"country": "FI"}, headers=htmx("results"))
    assert "<html" not in part.content.decode()
    assert set(cards(part)) == {one.pk}


def test_suggestions_come_first_with_reasons_and_the_best_are_open(client):
    round_ = RoundFactory()
    people = fill(round_, 40)
    affinity.compute(round_)

    page = html.document_fromstring(client.get(url(people[0], "ballot")).content)

    suggested = page.xpath("//section[@aria-labelledby='suggested']//article")
    assert len(suggested) == 8
    assert all(each.xpath(".//ul[@class='reasons']/li") for each in suggested)
    assert [bool(each.xpath(".//details[@open]")) for each in suggested] == [True] * 3 + [False] * 5
    ids = page.xpath("//article/@id")
    assert len(ids) == len(set(ids)) == 26, "26 may be met: each once, on one page"


@pytest.mark.parametrize("live", [True, False], ids=["htmx", "plain"])
def test_tap_answers_another_changes_and_the_same_takes_back(client, round_, me, live):
    one = other(round_)
    for tapped, kind in (("must", "must"), ("never", "never"), ("nice", "nice"), ("none", "")):
        response = client.post(
            url(me, "wish", one.pk), {"kind": tapped}, headers=htmx(f"company-{one.pk}") if live else {}, follow=True
        )
        assert list(Wish.objects.values_list("kind", flat=True)) == ([kind] if kind else [])
        assert pressed(response) == ([f"{kind}-{one.pk}"] if kind else [])
        assert bar(response) == f"{int(kind == 'must')} of 2 musts {int(bool(kind))} of 1 answered"
        assert ("<html" in response.content.decode()) is not live
    assert ballots.wish(participant=me, other=one, kind="") is None, "twice is once"


def test_one_must_too_many_is_refused_with_what_to_do(client, round_, me):
    people = [other(round_) for _ in range(3)]
    for each in people[:2]:
        ballots.wish(participant=me, other=each, kind="must")
        ballots.wish(participant=me, other=each, kind="must")

    live = client.post(url(me, "wish", people[2].pk), {"kind": "must"}, headers=htmx("company"))
    plain = client.post(url(me, "wish", people[2].pk), {"kind": "must"}, follow=True)

    for response in (live, plain):
        assert "You have 2 meetings, so 2 musts. Change one of them to nice first." in response.content.decode()
    assert Wish.objects.filter(kind="must").count() == 2
    Participant.objects.filter(pk=me.pk).update(quota=3)
    ballots.wish(participant=me, other=people[2], kind="must")


@pytest.mark.parametrize("kind", ["", "always", "MUST"])
def test_answer_that_is_none_of_the_three_changes_nothing(client, round_, me, kind):
    response = client.post(url(me, "wish", other(round_).pk), {"kind": kind}, follow=True)

    assert "We could not read this answer." in response.content.decode()
    assert not Wish.objects.exists()


def test_hand_in_is_noted_and_the_ballot_may_still_change(client, round_, me):
    empty = client.post(url(me, "hand_in"), follow=True)
    assert "Choose at least one company first." in empty.content.decode()
    ballots.wish(participant=me, other=other(round_), kind="never")

    for _ in range(2):
        response = client.post(url(me, "hand_in"), follow=True)

    me.refresh_from_db()
    assert timezone.now() - me.chosen_at < timedelta(seconds=30)
    assert "Your ballot is handed in." in response.content.decode()
    assert "Hand in again" in response.content.decode()
    event = AuditEvent.objects.get(action="matchmaking.ballot_handed_in")
    assert "never" not in str(event.details)


def test_trail_does_not_say_who_wished_what(round_, me):
    ballots.wish(participant=me, other=other(round_), kind="never")

    assert not AuditEvent.objects.exists()


def test_after_choosing_has_ended_it_is_read_only_and_says_when(client, round_, me):
    one = other(round_)
    ballots.wish(participant=me, other=one, kind="must")
    Round.objects.update(
        choose_until=timezone.now() - timedelta(hours=1), register_until=timezone.now() - timedelta(days=1)
    )

    response = client.get(url(me, "ballot"))

    assert re.search(
        r"Choosing ended on \w+ \d+ \w+ \d{4} at \d\d:\d\d, on the clocks of Tallinn", response.content.decode()
    )
    assert "You said: must meet." in cards(response)[one.pk]
    page = html.document_fromstring(response.content)
    assert page.xpath("//main//form[@method='post']") == []
    late = client.post(url(me, "wish", one.pk), {"kind": "never"}, follow=True)
    assert "The time to choose is over." in late.content.decode()
    assert Wish.objects.get().kind == "must"
    assert "The time to choose is over." in client.post(url(me, "hand_in"), follow=True).content.decode()


def test_what_one_never_wants_is_on_no_other_page(client, sign_in, manager, round_, me):
    one = other(round_)
    ballots.wish(participant=me, other=one, kind="never")

    assert pressed(client.get(url(one, "ballot"))) == []
    assert bar(client.get(url(one, "ballot"))) == "0 of 2 musts 0 of 1 answered"


def test_answer_goes_back_to_where_it_was_given_and_nowhere_else(client, round_, me):
    one = other(round_)
    page = f"{url(me, 'ballot')}?country=EE"
    for given, back in ((page, page), ("https://elsewhere.example/", url(me, "ballot"))):
        response = client.post(url(me, "wish", one.pk), {"kind": "nice", "next": given})
        assert response["Location"] == f"{back}#company-{one.pk}"


def test_suggestions_that_are_being_worked_out_say_so(client, round_, me):
    other(round_)
    affinity.ask_for(round_)
    page = url(me, "ballot")

    assert "We are working out who fits you." in client.get(page).content.decode()
    assert 'hx-trigger="load' in client.get(page, headers=htmx("waiting")).content.decode()
    affinity.refresh_due()
    assert client.get(page, headers=htmx("waiting"))["HX-Refresh"] == "true"
    assert "working out" not in client.get(page).content.decode()


def test_text_of_others_is_shown_as_text(client, round_, me):
    nasty = "<img src=x onerror=alert(1)>"
    other(round_, company=nasty, offers=nasty, seeks=nasty, summary=nasty, shown=True)

    assert nasty not in client.get(url(me, "ballot")).content.decode()


def test_queries_do_not_grow_with_the_companies(client, round_, me):
    assert_constant_queries(
        lambda: client.get(url(me, "ballot")),
        lambda: other(round_),
        at_most=13,
        shows=lambda response: response.context["page"].paginator.count,
    )
