"""The overview says where a round stands, in numbers, and the one next thing to do at each step."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from matchmaking.models import Round
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, with_programme
from tests.matchmaking.ground import ground
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def load(client, round_):
    return client.get(reverse("matchmaking:round", args=[round_.slug]))


def steps(client, round_) -> dict[str, tuple[str, str, list[str]]]:
    """Of each step: its state, its sentence, where its button leads."""
    page = html.document_fromstring(load(client, round_).content)
    return {
        row.xpath("string(.//h2)"): (
            row.xpath("string(.//span[contains(@class, 'status')])").strip(),
            row.xpath("string(.//p[@class='why'])"),
            row.xpath(".//div[@class='row-end']//a/@href"),
        )
        for row in page.xpath("//ol[@class='rows']/li")
    }


def test_new_round_begins_with_its_programme(sign_in, manager):
    round_ = RoundFactory(planned=True)

    found = steps(sign_in(manager), round_)

    assert [state for state, _told, _url in found.values()] == ["Now", *["Later"] * 5]
    assert found["Set up"] == (
        "Now",
        "0 slots and 0 tables so far.",
        [reverse("matchmaking:programme", args=[round_.slug])],
    )
    assert found["Invite"][1] == "Nobody is on the list yet."


def test_open_round_says_who_is_silent_and_whose_ballot_is_missing(sign_in, manager):
    round_ = RoundFactory(mode="both")
    with_programme(round_, slots=4, tables=3)
    ParticipantFactory(round=round_, chosen_at=timezone.now())
    ParticipantFactory(round=round_)
    ParticipantFactory(round=round_, invited=True)
    ParticipantFactory(round=round_, invited=True, reminded_at=timezone.now())
    ParticipantFactory(round=round_, status="declined")

    found = steps(sign_in(manager), round_)

    assert found["Set up"][:2] == ("Done", "4 slots at 3 tables: room for 12 meetings.")
    state, told, (url,) = found["Invite"]
    assert state == "Now"
    assert "2 of 5 take part, 2 have not answered, 1 declined or left." in told
    assert told.endswith("1 is silent after a reminder.")
    assert url.endswith("/participants/?status=invited")
    assert found["Choose"][1].startswith("1 of 2 ballots are in, 1 missing. 0 requests wait for an answer.")
    assert found["Choose"][2][0].endswith("/participants/?ballot=missing")


@pytest.mark.parametrize(
    ("facts", "now"),
    [
        ({"register_until": timezone.now() - timedelta(days=1)}, "Choose"),
        (
            {"register_until": timezone.now() - timedelta(days=2), "choose_until": timezone.now() - timedelta(days=1)},
            "Timetable",
        ),
    ],
)
def test_step_follows_the_deadlines(sign_in, manager, facts, now):
    found = steps(sign_in(manager), RoundFactory(**facts))

    assert [step for step, (state, *_rest) in found.items() if state == "Now"] == [now]


def test_published_round_looks_at_the_day_and_then_at_what_came_of_it(sign_in, manager):
    found = ground()
    found.meeting(0, 0, slot=0).seats.update(told_at=timezone.now())
    found.meeting(1, 1, slot=0, table=1)
    found.publish()
    Round.objects.update(published_at=timezone.now())
    ParticipantFactory(round=found.round, checked_in_at=timezone.now())
    TimetableFactory(round=found.round, number=2)

    told = steps(sign_in(manager), found.round)
    assert told["The day"][0] == "Now"
    assert "1 of 5 have come, 0 did not." in told["The day"][1]
    assert told["Timetable"][1].startswith("Published ")

    Round.objects.update(status="over")
    told = steps(sign_in(manager), found.round)
    assert told["After"][:2] == ("Now", "2 of 4 answers on the meetings are in.")


def test_cancelled_round_has_no_step_left(sign_in, manager):
    found = steps(sign_in(manager), RoundFactory(status="cancelled"))

    assert {state for state, _told, _url in found.values()} == {"Later"}


def test_overview_asks_the_same_number_of_questions(sign_in, manager):
    round_, client = RoundFactory(planned=True), sign_in(manager)
    count = []

    def make():
        count.append(ParticipantFactory(round=round_, invited=True))

    assert_constant_queries(
        lambda: load(client, round_),
        make,
        at_most=26,
        shows=lambda response: int(steps(client, round_)["Invite"][1].split()[0]) if count else 0,
    )


def test_list_asks_the_same_number_of_questions(sign_in, manager):
    client = sign_in(manager)

    def make():
        with_programme(RoundFactory())

    assert_constant_queries(
        lambda: client.get(reverse("matchmaking:list")),
        make,
        at_most=13,
        shows=lambda response: response.content.decode().count('class="list-row"'),
    )
