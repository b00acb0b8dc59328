"""What is typed into the pages of an activity: bad input keeps what was typed and says what to do."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.actions import activities
from programme.models import Activity
from tests.factories.programme import ActivityFactory, GoalFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
NEW = reverse("programme:activity_new")
YEAR = timezone.localdate().year + 1
# The last Sunday of March, when the clocks of Europe go forward.
SPRING = max(date(YEAR, 3, day) for day in range(25, 32) if date(YEAR, 3, day).weekday() == 6)


def typed(**changes):
    day = (timezone.localdate() + timedelta(days=60)).isoformat()
    return {
        "name": "Water mission to Tartu", "kind": "mission", "aim": "Two pilots.", "ways_abroad": ["export"],
        "text": "09:00 Start", "time_zone": "Europe/Tallinn", "starts_at": f"{day}T09:00", "ends_at": f"{day}T16:00",
        "country": "EE", "venue": "Turu 1, Tartu", "register_until": f"{day}T08:00", "places": "12", "lead": "",
        "cost_eur": "400", "support_eur": "150", "hours": "40", "money_eur": "5000", "goal": "", "why_no_goal": "",
    } | changes  # fmt: skip


def test_times_are_those_of_the_clocks_of_the_zone(sign_in, manager):
    response = sign_in(manager).post(NEW, typed(starts_at=f"{YEAR}-05-03T09:00", ends_at=f"{YEAR}-05-03T16:00"))

    activity = Activity.objects.get()
    assert response.headers["Location"] == activity.get_absolute_url()
    assert activity.starts_at.isoformat() == f"{YEAR}-05-03T06:00:00+00:00"  # Tallinn is three hours ahead in May
    assert (activity.places, activity.ways_abroad, activity.status) == (12, ["export"], "draft")


IN_TEN_YEARS = "Choose a day within ten years."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_at": f"{YEAR}-05-03T08:00"}, "It would end before it begins. Choose a later time"),
        ({"ends_at": f"{YEAR}-05-03T09:00"}, "It would end before it begins."),
        ({"register_until": f"{YEAR}-05-03T16:01"}, "Sign-up would end after the activity. Choose an earlier time."),
        ({"starts_at": f"{YEAR - 2}-01-01T09:00"}, "This time has passed. Choose a later one."),
        ({"starts_at": f"{SPRING}T03:30"}, "The clocks go forward then"),
        ({"ends_at": "9999-12-31T23:59"}, IN_TEN_YEARS),
        ({"starts_at": "0001-01-01T00:00"}, IN_TEN_YEARS),
        ({"starts_at": "on Monday"}, "Enter a valid date/time."),
        ({"time_zone": "Europe/Atlantis"}, "Choose from the list."),
        ({"places": "0"}, "Write 1 or more."),
        ({"places": "-3"}, "or more."),
        ({"places": "70000"}, "Write 32767 or less."),
        ({"places": "twelve"}, "Write a whole number"),
        ({"support_eur": "400.01"}, "The cluster pays at most what it costs."),
        ({"cost_eur": "-1"}, "Write 0 or more."),
        ({"cost_eur": "99999999999"}, "no more than"),
        ({"cost_eur": "NaN"}, "Write a number"),
        ({"name": "x" * 161}, "at most 160 characters"),
        ({"name": "Water\x00"}, "It holds a sign that we cannot keep."),
        ({"kind": "party"}, "Choose from the list."),
        ({"ways_abroad": ["export", "boat"]}, "Choose from the list."),
        ({"lead": "999999"}, "Choose from the list."),
        ({"goal": "999999"}, "Choose from the list."),
    ],
)  # fmt: skip
def test_bad_input_keeps_what_was_typed_and_says_what_to_do(sign_in, manager, changes, said):
    fixed = {
        "starts_at": f"{YEAR}-05-03T09:00",
        "ends_at": f"{YEAR}-05-03T16:00",
        "register_until": f"{YEAR}-04-20T18:00",
    }

    response = sign_in(manager).post(NEW, typed(**fixed | changes))

    page = response.content.decode()
    assert said in page
    assert "Turu 1, Tartu" in page
    assert "09:00 Start" in page
    assert not Activity.objects.exists()


def test_goal_and_a_reason_for_none_exclude_each_other(sign_in, manager):
    goal = GoalFactory()

    response = sign_in(manager).post(NEW, typed(goal=goal.pk, why_no_goal="For the fun of it."))

    assert "You chose a goal." in response.content.decode()
    sign_in(manager).post(NEW, typed(goal=goal.pk))
    assert Activity.objects.get().goal == goal


def test_name_that_is_there_is_told_at_its_field(sign_in, manager):
    ActivityFactory(name="Water mission to Tartu")

    page = sign_in(manager).post(NEW, typed()).content.decode()

    assert "There is an activity of this name already." in page


def test_form_shows_the_plan_on_its_own_clocks_and_saves_only_what_changed(sign_in, manager):
    start = datetime.fromisoformat(f"{YEAR}-05-03T06:00:00+00:00")
    activity = ActivityFactory(starts_at=start, time_zone="Europe/Tallinn", places=5)
    client, url = sign_in(manager), reverse("programme:activity_edit", args=[activity.slug])

    form = client.get(url).context["form"]
    assert f'value="{YEAR}-05-03T09:00"' in str(form["starts_at"])

    data = {name: form[name].value() for name in form.fields}
    for name in ("starts_at", "ends_at", "register_until"):
        data[name] = data[name].strftime("%Y-%m-%dT%H:%M")
    client.post(url, {name: value for name, value in data.items() if value is not None} | {"places": "6"})
    activity.refresh_from_db()
    assert (activity.places, activity.starts_at) == (6, start)


def test_a_stale_tab_overwrites_nothing_and_keeps_what_was_typed(sign_in, manager):
    activity = ActivityFactory(name="Mission to Turku")
    client, url = sign_in(manager), reverse("programme:activity_edit", args=[activity.slug])
    seen = client.get(url).context["seen"]
    activities.write_words(activity=activity, text="What the lead company wrote.", by=manager)

    for _again in range(2):
        page = client.post(url, typed(seen=seen, venue="Elsewhere 9")).content.decode()
        assert "Somebody else changed this meanwhile. Open it in a second tab, compare, and save there." in page
        assert "Elsewhere 9" in page
    activity.refresh_from_db()
    assert (activity.name, activity.text) == ("Mission to Turku", "What the lead company wrote.")


def test_the_same_form_sent_twice_is_saved_once(sign_in, manager):
    activity = ActivityFactory()
    client, url = sign_in(manager), reverse("programme:activity_edit", args=[activity.slug])
    data = typed(seen=client.get(url).context["seen"])

    for _again in range(2):
        assert client.post(url, data).headers["Location"] == activity.get_absolute_url()

    activity.refresh_from_db()
    assert (activity.name, activity.revision) == (data["name"], 1)


def test_fewer_places_than_people_are_refused_at_their_field_with_the_numbers(sign_in, manager):
    activity = ActivityFactory(places=5)
    RegistrationFactory.create_batch(3, activity=activity)
    url = reverse("programme:activity_edit", args=[activity.slug])

    page = sign_in(manager).post(url, typed(places="2", venue="Elsewhere 9")).content.decode()

    at_field = page.partition('id="id_places_error"')[2].partition("</ul>")[0]
    assert "3 people take part: 2 is too few. Cancel for some of them first." in at_field
    assert "Elsewhere 9" in page
    activity.refresh_from_db()
    assert (activity.places, activity.venue) == (5, "")


def test_texts_are_shown_as_text(sign_in, manager, client):
    evil = "<script>alert(1)</script>"
    activity = ActivityFactory(name=f"Mission {evil}", aim=evil, text=evil, results=evil, venue=evil, slug="mission")

    for page in (client.get(activity.get_absolute_url()), client.get(reverse("programme:activities"))):
        assert evil not in page.content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


def test_words_to_those_on_the_list_are_asked_for(sign_in, manager):
    activity = ActivityFactory()
    RegistrationFactory(activity=activity)
    client, url = sign_in(manager), reverse("programme:activity_cancel", args=[activity.slug])

    assert "1 person is on the list and gets your words" in client.get(url).content.decode()
    assert "everybody can read them" in client.get(url).content.decode()
    assert "We need this." in client.post(url, {"why": " "}).content.decode()
    activity.refresh_from_db()
    assert activity.status == "published"

    client.post(url, {"why": "Ice on the sea."})
    activity.refresh_from_db()
    assert (activity.status, activity.why_cancelled) == ("cancelled", "Ice on the sea.")
