"""What somebody never wants is told to nobody: a cluster team that tries everything sees what it sees without it.

The claim: with a never, all pages and answers are those of two whom no ballot and no profile speaks for, which is what
most pairs of a round are.
"""

import re

import pytest
from django.urls import reverse
from lxml import html

from matchmaking import timetables
from matchmaking.actions import day
from matchmaking.models import Affinity, Meeting, Wish
from matchmaking.reading.board import MOST_BY_PROFILE, Board
from tests.factories.matchmaking import TimetableFactory
from tests.matchmaking.ground import Ground, ground

MUST, NICE, NEVER = Wish.Kind.MUST, Wish.Kind.NICE, Wish.Kind.NEVER


@pytest.fixture
def g(db) -> Ground:
    """Everybody of one cluster wishes everybody of the other, save the last two, who have all day and a table free."""
    found = ground(each=3, tables=3, slots=6)
    for here in found.here:
        for there in found.there:
            if (here, there) != (found.here[2], found.there[2]):
                Wish.objects.create(participant=here, other=there, kind=MUST)
    found.meeting(0, 0, 0)
    found.meeting(1, 1, 1, is_pinned=True)
    return found


@pytest.fixture
def client(sign_in, manager):
    return sign_in(manager)


def pair(g: Ground):
    return g.here[2], g.there[2]


def speak_for_it(g: Ground) -> None:
    """A must of one, and profiles that fit: whatever can speak for a meeting."""
    one, other = pair(g)
    Wish.objects.create(participant=one, other=other, kind=MUST)
    Affinity.objects.create(a=one, b=other, score=0.9)


def say_never(g: Ground) -> None:
    one, other = pair(g)
    Wish.objects.create(participant=other, other=one, kind=NEVER)


def words(response) -> str:
    """What a page says, and all that its forms offer."""
    page = html.document_fromstring(response.content.decode())
    offered = [f"{each.get('name')}={each.get('value')}" for each in page.xpath("//*[@name and @value]")]
    offered += [each.get("value") for each in page.xpath("//option")]
    tokens = [each for each in offered if not each.startswith("csrf")]
    return " ".join(page.text_content().split()) + " ".join(tokens)


def everything(g: Ground, client) -> dict[str, str]:
    """Every page on which a manager could learn something of a pair, and the answer to every attempt to add it."""
    one, other = pair(g)
    TimetableFactory(round=g.round, number=2)
    of_draft = reverse("matchmaking:timetable", args=[g.round.slug, 1])
    asked = [{}, {"view": "tables"}, {"view": "open"}]
    asked += [{"who": a.pk, **more} for a, b in ((one, other), (other, one)) for more in ({}, {"with": b.pk})]
    found = {str(query): words(client.get(of_draft, query)) for query in asked}
    for name in ("timetables", "participants", "requests", "round"):
        found[name] = words(client.get(reverse(f"matchmaking:{name}", args=[g.round.slug])))
    export = client.get(reverse("matchmaking:export_participants", args=[g.round.slug]))
    found["export"] = b"".join(export.streaming_content).decode()
    compare = reverse("matchmaking:compare", args=[g.round.slug])
    found["compare"] = words(client.get(compare, {"one": 1, "other": 2}))
    found["publish"] = words(client.get(reverse("matchmaking:publish", args=[g.round.slug, 1])))
    for each in (one, other):
        found[f"participant {each.pk}"] = words(
            client.get(reverse("matchmaking:participant", args=[g.round.slug, each.pk]))
        )
    add = reverse("matchmaking:add_meeting", args=[g.round.slug, 1])
    for slot in (g.slots[0], g.slots[5]):
        for a, b in ((one, other), (other, one)):
            answer = client.post(add, {"one": a.pk, "other": b.pk, "slot": slot.pk}, follow=True)
            found[f"add {a.pk} {slot.pk}"] = words(answer)
    g.round.timetables.filter(number=2).delete()
    return found


def test_pages_and_refusals_are_those_of_a_pair_that_nothing_speaks_for(g, client):
    plain = everything(g, client)
    speak_for_it(g)
    say_never(g)
    with_never = everything(g, client)

    assert with_never == plain
    assert not Meeting.objects.filter(a=pair(g)[0], b=pair(g)[1]).exists()
    assert not re.search(r"\bnever\b|not for us", " ".join(plain.values()), re.IGNORECASE)


def test_the_attack_sees_what_does_speak_for_a_pair(g, client):
    """Or else the comparison above would compare nothing."""
    plain = everything(g, client)
    speak_for_it(g)
    told = everything(g, client)

    differing = {name for name in plain if plain[name] != told[name]}
    assert {"{'view': 'open'}", "timetables", f"add {pair(g)[0].pk} {g.slots[0].pk}"} <= differing


def test_solver_and_waiting_list_do_what_they_do_for_such_a_pair(g, manager):
    def solved() -> set[tuple[int, int]]:
        made = timetables.start(round_=g.round, by=manager)
        timetables.execute(made.pk)
        found = set(made.meetings.values_list("a", "b"))
        made.delete()
        return found

    plain = solved()
    speak_for_it(g)
    assert (pair(g)[0].pk, pair(g)[1].pk) in solved()
    say_never(g)
    assert solved() == plain

    g.publish()
    day.refill(round_=g.round, by=manager)
    assert not Meeting.objects.filter(a=pair(g)[0], b=pair(g)[1]).exists()


def test_musts_that_meet_a_never_are_not_counted_as_open(g):
    one, other = pair(g)
    before = len(Board(g.timetable).open_musts)
    speak_for_it(g)
    assert len(Board(g.timetable).open_musts) == before + 1
    say_never(g)
    assert (one, other) not in Board(g.timetable).open_musts


def test_those_who_fit_best_are_offered_and_most_are_not(db):
    g = ground(each=MOST_BY_PROFILE + 3, tables=1)
    for n, other in enumerate(g.there):
        Affinity.objects.create(a=g.here[0], b=other, score=0.3 + n / 100)
    offered = Board(g.timetable).proposals(g.here[0])

    assert offered == list(reversed(g.there))[:MOST_BY_PROFILE]
    Wish.objects.create(participant=g.there[0], other=g.here[0], kind=NICE)
    assert Board(g.timetable).proposals(g.here[0])[0] == g.there[0]
    assert Board(g.timetable).proposals(g.here[1]) == []


def test_who_is_not_offered_is_refused_in_the_same_words_whatever_the_cause(g, client):
    one, other = pair(g)
    add = reverse("matchmaking:add_meeting", args=[g.round.slug, 1])
    asked = {"one": one.pk, "other": other.pk, "slot": g.slots[5].pk}
    assert "These two are not offered." in words(client.post(add, asked, follow=True))
    speak_for_it(g)
    say_never(g)
    assert "These two are not offered." in words(client.post(add, asked, follow=True))
