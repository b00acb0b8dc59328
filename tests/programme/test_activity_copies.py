"""What was done before, planned once more, and the list as a file."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.models import Activity
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ActivityFactory, GoalFactory, RegistrationFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
NEW, LIST, FILE = (reverse(f"programme:{name}") for name in ("activity_new", "activities", "activities_csv"))


def lines(response) -> list[list[str]]:
    return list(csv.reader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines()))


def again(client, activity, **changes):
    """The form as it opens for what is done once more, sent with these changes."""
    form = client.get(NEW, {"like": activity.slug}).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {name: data[name].strftime("%Y-%m-%dT%H:%M") for name in ("starts_at", "ends_at", "register_until")}
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(f"{NEW}?like={activity.slug}", data | changes)


def test_once_more_keeps_what_it_said_with_its_hosts_on_the_same_weekday_and_clocks(sign_in, manager):
    year = timezone.localdate().year
    starts = timezone.now().replace(year=year - 1, month=7, day=3, hour=6, minute=0, second=0, microsecond=0)
    before = ActivityFactory(
        over=True, name="Mission to Tartu", starts_at=starts, ends_at=starts + timedelta(hours=7), goal=GoalFactory(),
        register_until=starts - timedelta(days=21), time_zone="Europe/Tallinn", places=8, text="09:00 Start",
        results="Two offers.", ways_abroad=["export"],
    )  # fmt: skip
    before.hosts.create(organisation=OrganisationFactory(partner=True), does="Lends the room")
    RegistrationFactory(activity=before)
    client = sign_in(manager)
    assert f"{NEW}?like={before.slug}" in client.get(before.get_absolute_url()).content.decode()

    again(client, before, name="Mission to Tartu, second time")

    new = Activity.objects.get(status="draft")
    for name in ("kind", "aim", "text", "places", "lead", "goal", "ways_abroad", "time_zone"):
        assert getattr(new, name) == getattr(before, name)
    was, comes = (each.starts_at.astimezone(each.zone) for each in (before, new))
    assert (was.weekday(), was.time(), new.ends_at - new.starts_at) == (
        comes.weekday(),
        comes.time(),
        timedelta(hours=7),
    )
    assert timedelta(days=59) < new.starts_at - timezone.now() < timedelta(days=69)
    ends = new.register_until.astimezone(new.zone)
    assert (comes.date() - ends.date(), ends.time()) == (timedelta(days=21), was.time())
    assert [host.does for host in new.hosts.all()] == ["Lends the room"]
    assert (new.results, new.registrations.count()) == ("", 0)


def test_once_more_asks_for_a_name_of_its_own_and_leaves_a_goal_that_was_given_up(sign_in, manager):
    before = ActivityFactory(goal=GoalFactory(given_up_at=timezone.now(), why_given_up="No partner."))
    client = sign_in(manager)

    page = again(client, before).content.decode()
    assert 'id="id_name_error"' in page
    assert "There is an activity of this name already." in page

    again(client, before, name="Another one")
    assert Activity.objects.get(status="draft").goal is None


def test_only_the_team_begins_anew_or_takes_the_file(sign_in, owner, evaluator):
    activity = ActivityFactory()
    for user in (owner, evaluator):
        client = sign_in(user)
        for url in (f"{NEW}?like={activity.slug}", FILE):
            assert client.get(url).status_code == 403
        assert FILE not in client.get(LIST).content.decode()
        assert "?like=" not in client.get(activity.get_absolute_url()).content.decode()


def test_file_holds_what_the_list_shows_with_who_came_and_no_formula(sign_in, manager):
    fair = ActivityFactory(
        over=True, kind="fair", name="=cmd|' /C calc'!A0", country="DE", goal=GoalFactory(name="Wind"), hours=12,
        results="@SUM(A1)", cost_eur=400, lead=OrganisationFactory(name="+Plus AB"),
    )  # fmt: skip
    fair.hosts.create(organisation=OrganisationFactory(partner=True, name="Emajõe Cluster"))
    RegistrationFactory(activity=fair, attended=True, support_eur=Decimal("150.50"))
    RegistrationFactory(activity=fair, attended=False)
    RegistrationFactory(activity=fair, waiting=True)
    RegistrationFactory(activity=fair, status="cancelled")
    ActivityFactory(over=True, kind="mission")
    ActivityFactory(kind="fair")
    client = sign_in(manager)
    assert f"{FILE}?when=past&amp;kind=fair" in client.get(LIST, {"when": "past", "kind": "fair"}).content.decode()

    head, row = lines(client.get(FILE, {"when": "past", "kind": "fair"}))

    told = dict(zip(head, row, strict=True))
    assert (told["Activity"], told["What came of it"], told["Led by"]) == (
        "'=cmd\\|' /C calc'!A0",
        "'@SUM(A1)",
        "'+Plus AB",
    )
    assert (told["Hosts"], told["Country"], told["Goal"], told["State"]) == (
        "Emajõe Cluster",
        "Germany",
        "Wind",
        "Over",
    )
    assert (told["Take part"], told["Were there"], told["Waiting list"]) == ("2", "1", "1")
    assert (told["Support paid, EUR"], told["Hours of ours"]) == ("150.50", "12.0")


def test_file_asks_the_same_number_of_questions_however_long(sign_in, manager):
    client, cluster = sign_in(manager), OrganisationFactory(partner=True)

    def make():
        activity = ActivityFactory(goal=GoalFactory())
        activity.hosts.create(organisation=cluster)
        RegistrationFactory(activity=activity)

    assert_constant_queries(lambda: lines(client.get(FILE)), make, at_most=8, shows=lambda rows: len(rows) - 1)
