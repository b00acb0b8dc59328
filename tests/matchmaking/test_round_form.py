"""The page on which a round is set up: defaults, what must fit together, times on the round's clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from matchmaking.models import Round
from tests.factories.matchmaking import RoundFactory, TimetableFactory, with_programme

pytestmark = pytest.mark.django_db
CREATE = reverse("matchmaking:create")


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2027-02-01T12:00:00+00:00", tick=False)


def typed(**more):
    return {
        "name": "Clean water 2027",
        "aim": "First pilots at waterworks.",
        "place": "on_site",
        "venue": "",
        "time_zone": "Europe/Tallinn",
        "mode": "ballots",
        "meets": "other_cluster",
        "quota": "8",
        "minimum": "2",
        "request_hours": "72",
        "requests_at_once": "8",
        "register_until": "2027-03-20T18:00",
        "choose_until": "2027-03-27T18:00",
    } | more


def faults(response) -> str:
    return html.document_fromstring(response.content).xpath("string(//div[@class='error-summary'])")


def test_form_comes_with_defaults_that_can_be_sent_as_they_are(sign_in, manager):
    client = sign_in(manager)
    page = html.document_fromstring(client.get(CREATE).content)
    form = page.xpath("//main//form")[0]
    values = dict(form.form_values()) | {"name": "Quick round", "aim": "Contacts"}

    answer = client.post(CREATE, values)

    round_ = Round.objects.get()
    assert answer["Location"] == reverse("matchmaking:programme", args=["quick-round"])
    assert (round_.time_zone, round_.mode, round_.quota, round_.minimum) == ("Europe/Stockholm", "ballots", 8, 2)
    assert round_.register_until == datetime(2027, 3, 1, 17, tzinfo=UTC)
    assert round_.choose_until == datetime(2027, 3, 8, 17, tzinfo=UTC)
    assert "Everybody marks whom they must or would like to meet." in page.text_content()


def test_deadlines_are_meant_on_the_clocks_of_the_round(sign_in, manager):
    sign_in(manager).post(CREATE, typed())

    assert Round.objects.get().register_until == datetime(2027, 3, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"minimum": "9"}, "Fewer than the most: lower this, or raise the number above."),
        ({"register_until": "2027-03-28T18:00"}, "Sign-up ends before choosing does"),
        ({"register_until": "2027-01-31T18:00"}, "This time has passed. Choose a later one."),
        ({"register_until": "2027-03-28T03:30", "choose_until": "2027-03-29T03:30"}, "there is no 03:30 on that day"),
        ({"meets": "other_side"}, "Name both sides, for example buyers and suppliers."),
        ({"meets": "other_side", "side_a": "Buyers", "side_b": "buyers"}, "Give the two sides different names."),
        ({"time_zone": "Mars/Olympus"}, "Choose from the list."),
        ({"quota": "0"}, "Write 1 or more."),
        ({"choose_until": "tomorrow"}, "Enter a valid date/time."),
        ({"name": ""}, "We need this."),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(sign_in, manager, wrong, sentence):
    response = sign_in(manager).post(CREATE, typed(**wrong))

    assert sentence in faults(response)
    assert "First pilots at waterworks." in response.content.decode()
    assert not Round.objects.exists()


def test_time_that_the_clocks_show_twice_means_the_first(sign_in, manager):
    sign_in(manager).post(CREATE, typed(register_until="2027-10-31T03:30", choose_until="2027-11-01T18:00"))

    assert Round.objects.get().register_until == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_name_that_is_taken_is_said(sign_in, manager):
    RoundFactory(name="Clean water 2027")

    assert "There is a round of this name already." in faults(sign_in(manager).post(CREATE, typed()))


def test_sides_are_kept_for_rounds_of_two_sides_only(sign_in, manager):
    client = sign_in(manager)
    client.post(CREATE, typed(meets="other_side", side_a="Buyers", side_b="Suppliers"))
    client.post(CREATE, typed(name="Other", side_a="Buyers", side_b="Suppliers"))

    assert [(r.side_a, r.side_b) for r in Round.objects.order_by("pk")] == [("Buyers", "Suppliers"), ("", "")]


def test_choosing_ends_before_the_first_meeting(sign_in, manager):
    round_ = RoundFactory(planned=True, time_zone="Europe/Tallinn")
    with_programme(round_, starts_at=datetime(2027, 3, 27, 7, tzinfo=UTC))
    edit = reverse("matchmaking:edit", args=[round_.slug])

    response = sign_in(manager).post(edit, typed())
    assert "The first meeting begins 27 March 2027, 09:00, Tallinn (UTC+02:00)." in faults(response)

    sign_in(manager).post(edit, typed(choose_until="2027-03-27T09:00"))
    round_.refresh_from_db()
    assert round_.choose_until == datetime(2027, 3, 27, 7, tzinfo=UTC)


def test_edit_shows_the_deadlines_on_the_clocks_of_the_round_and_lets_a_past_one_stand(sign_in, manager):
    passed = timezone.now() - timedelta(days=1)
    round_ = RoundFactory(time_zone="Europe/Tallinn", register_until=passed)
    client, edit = sign_in(manager), reverse("matchmaking:edit", args=[round_.slug])
    page = html.document_fromstring(client.get(edit).content)
    shown = page.get_element_by_id("id_register_until").get("value")
    assert shown == "2027-01-31T14:00"

    client.post(edit, typed(name=round_.name, register_until=shown))

    round_.refresh_from_db()
    assert round_.aim == "First pilots at waterworks."
    assert round_.register_until == passed


def test_what_an_open_round_refuses_stands_above_the_form(sign_in, manager):
    round_ = RoundFactory(time_zone="Europe/Stockholm")
    with_programme(round_, starts_at=datetime(2027, 5, 3, 7, tzinfo=UTC))

    response = sign_in(manager).post(reverse("matchmaking:edit", args=[round_.slug]), typed())

    assert "Remove its sessions first." in faults(response)
    assert 'value="Clean water 2027"' in response.content.decode()


def test_published_round_offers_its_words_alone(sign_in, manager):
    round_ = RoundFactory(quota=6)
    Round.objects.filter(pk=round_.pk).update(status="published", timetable=TimetableFactory(round=round_))
    client, edit = sign_in(manager), reverse("matchmaking:edit", args=[round_.slug])
    page = html.document_fromstring(client.get(edit).content)
    assert page.xpath("//main//form//*[self::input or self::textarea]/@name")[1:] == [
        "name",
        "aim",
        "venue",
        "why_no_goal",
    ]
    assert "Who takes part hears of a new venue." in page.text_content()

    client.post(edit, typed(venue="Next door", quota="2"))
    round_.refresh_from_db()
    assert (round_.venue, round_.quota) == ("Next door", 6)
