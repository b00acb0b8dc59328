"""The list, the public page and the calendars: what everybody reads, and what nobody reads there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from members.models import Organisation
from programme.actions import activities
from tests.client import CheckingClient
from tests.factories.brand import ListingFactory
from tests.factories.members import OrganisationFactory
from tests.factories.programme import ActivityFactory, RegistrationFactory
from tests.programme.ground import everybody, partner, signed_up
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
LIST = reverse("programme:activities")


def names(response) -> list[str]:
    return [row["activity"].name for row in response.context["rows"]]


def test_public_page_tells_what_who_when_where_and_what_it_costs_without_an_account(client):
    start = timezone.now().replace(year=timezone.now().year + 1, month=5, day=3, hour=6, minute=0, second=0)
    activity = ActivityFactory(
        name="Mission to Tartu", starts_at=start, ends_at=start + timedelta(hours=7), register_until=start,
        time_zone="Europe/Tallinn", venue="Turu 1, Tartu", country="EE", places=3, cost_eur=400, support_eur=150,
        lead=OrganisationFactory(name="Ålgräs Robotics"),
    )  # fmt: skip
    activity.hosts.create(organisation=OrganisationFactory(partner=True, name="Emajõe Cluster"), does="Lends the room")
    RegistrationFactory(activity=activity, person="Anna Participant", email="anna@secret.example")
    ListingFactory(organisation=activity.lead)

    page = client.get(activity.get_absolute_url()).content.decode()

    for told in (
        "Mission to Tartu", activity.aim, f"3 May {start.year}, 09:00 to 16:00, Tallinn (UTC+03:00)", "Turu 1, Tartu",
        "Estonia", "Ålgräs Robotics", "Emajõe Cluster (Lends the room)", "2 of 3 places left",
        "EUR 400 for a participant: EUR 150 from the cluster, EUR 250 from you.", "Sign in to sign up",
    ):  # fmt: skip
        assert told in page
    assert "Anna Participant" not in page
    assert "secret.example" not in page


def test_who_leads_is_named_to_visitors_once_it_has_agreed_and_to_the_house_at_once(client, sign_in, owner):
    activity = ActivityFactory(lead=OrganisationFactory(name="Led in Silence"))

    for url in (LIST, activity.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "Led in Silence" not in page
        assert "a member of the cluster" in page
        assert "No company leads this" not in page
        assert "Led in Silence" in sign_in(owner).get(url).content.decode()
    ListingFactory(organisation=activity.lead)
    assert "Led in Silence" in client.get(activity.get_absolute_url()).content.decode()


def test_full_activity_says_that_one_waits(client):
    activity = ActivityFactory(places=1)
    RegistrationFactory(activity=activity)

    page = client.get(activity.get_absolute_url()).content.decode()

    assert "full, with a waiting list" in client.get(LIST).content.decode()
    assert "All places are taken (1). Who signs up now waits for one." in page
    assert "Sign in to join the waiting list" in page
    assert "Sign in to sign up" not in page


@pytest.mark.parametrize(
    ("led", "hosted", "said"),
    [
        (False, False, "No company leads this, and no partner hosts it."),
        (False, True, "No company leads this."),
        (True, False, "No partner hosts this."),
        (True, True, ""),
    ],
)
def test_what_has_no_lead_or_no_partner_says_so_in_list_and_page(client, led, hosted, said):
    activity = ActivityFactory() if led else ActivityFactory(lead=None)
    if hosted:
        activity.hosts.create(organisation=OrganisationFactory(partner=True))

    for url in (LIST, activity.get_absolute_url()):
        page = client.get(url).content.decode()
        for sentence in ("No company leads this", "No partner hosts this", "no partner hosts it"):
            assert (sentence in page) == (sentence in said)


def test_what_is_cancelled_does_not_look_for_a_lead_or_a_partner_any_more(client):
    off = ActivityFactory(lead=None, status="cancelled", why_cancelled="Ice.")

    for url in (LIST, off.get_absolute_url()):
        page = client.get(url).content.decode()
        assert off.name in page
        assert "No company leads this" not in page


def test_who_gives_up_a_place_on_the_waiting_list_reads_that(sign_in, owner, outsider):
    activity = ActivityFactory(places=1)
    signed_up(activity, outsider)
    waiting = signed_up(activity, owner)

    response = sign_in(owner).post(
        reverse("programme:activity_unregister", args=[activity.slug, waiting.pk]), follow=True
    )

    page = response.content.decode()
    assert "Taken off the waiting list." in page
    assert "goes to the next" not in page


def test_list_tells_what_comes_and_on_request_what_was(client):
    soon, later = (ActivityFactory(starts_at=timezone.now() + timedelta(days=n)) for n in (20, 40))
    long_ago, just_now = (ActivityFactory(over=True, starts_at=timezone.now() - timedelta(days=n)) for n in (90, 30))
    ActivityFactory(draft=True)

    assert names(client.get(LIST)) == [soon.name, later.name]
    assert names(client.get(LIST, {"when": "past"})) == [just_now.name, long_ago.name]


def test_list_is_filtered_by_kind_and_country_and_takes_nonsense(client):
    mission, fair = ActivityFactory(country="FI"), ActivityFactory(country="EE", kind="fair")
    ActivityFactory(draft=True, country="PT")

    assert names(client.get(LIST, {"kind": "fair"})) == [fair.name]
    found = client.get(LIST, {"country": "FI"})
    assert names(found) == [mission.name]
    assert "Portugal" not in found.content.decode()  # of a plan that nobody knows of
    for nonsense in ({"kind": "party"}, {"country": "'; DROP"}, {"when": "never"}, {"page": "x"}):
        assert len(names(client.get(LIST, nonsense))) == 2


def test_list_asks_the_same_number_of_questions_however_long(client, manager, sign_in):
    cluster = OrganisationFactory(partner=True)

    def make():
        activity = ActivityFactory()
        activity.hosts.create(organisation=cluster)
        RegistrationFactory(activity=activity)

    def shows(response) -> int:
        return len(response.context["rows"])

    assert_constant_queries(lambda: client.get(LIST), make, at_most=8, shows=shows)


def test_page_asks_the_same_number_of_questions_however_many_come(sign_in, owner):
    activity, company = ActivityFactory(places=None), owner.memberships.get().organisation
    client = sign_in(owner)

    assert_constant_queries(
        lambda: client.get(activity.get_absolute_url()),
        lambda: RegistrationFactory(activity=activity, organisation=company),
        at_most=14,
        shows=lambda response: len(response.context["own"]),
    )


def test_drafts_are_seen_by_the_team_the_lead_and_the_hosts_alone(request, sign_in):
    activity = ActivityFactory(draft=True)
    people = everybody(request, activity)
    for url, code in (
        (activity.get_absolute_url(), 404),
        (reverse("programme:activity_ics", args=[activity.slug]), 404),
    ):
        seen = {name for name, user in people.items() if _client(sign_in, user).get(url).status_code != code}
        assert seen == {"manager", "lead owner", "lead editor", "lead viewer", "host"}
    listed = {name for name, user in people.items() if activity.name in names(_client(sign_in, user).get(LIST))}
    assert listed == {"manager", "lead owner", "lead editor", "lead viewer", "host"}


def _client(sign_in, user):
    return sign_in(user) if user else CheckingClient()


def test_host_sees_the_plan_and_counts_and_nobody_by_name(sign_in, home):
    activity, host = ActivityFactory(places=3), partner()
    activity.hosts.create(organisation=host.memberships.get().organisation)
    RegistrationFactory(activity=activity, person="Anna Participant", email="anna@secret.example")
    client = sign_in(host)

    page = client.get(activity.get_absolute_url()).content.decode()

    assert "2 of 3 places left" in page
    assert "Members of the cluster sign up here. Write to the cluster team to come along." in page
    assert "Anna Participant" not in page
    assert "secret.example" not in page
    assert client.get(reverse("programme:activity_people", args=[activity.slug])).status_code == 403


def event_of(response):
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_calendar_of_an_activity_moves_and_is_called_off_as_the_same_event(client, manager):
    activity = ActivityFactory(venue="Turu 1, Tartu", country="EE")
    url = reverse("programme:activity_ics", args=[activity.slug])
    (first,) = event_of(client.get(url))
    assert first.decoded("dtstart") == activity.starts_at.replace(microsecond=0)
    assert (first["summary"], first["location"], first["status"]) == (
        activity.name,
        "Turu 1, Tartu, Estonia",
        "CONFIRMED",
    )
    assert first["url"].endswith(activity.get_absolute_url())

    later = activity.starts_at + timedelta(hours=1)
    activities.change_activity(activity=activity, by=manager, starts_at=later)
    (moved,) = event_of(client.get(url))
    activities.cancel(activity=activity, why="Ice.", by=manager)
    (off,) = event_of(client.get(url))

    assert first["uid"] == moved["uid"] == off["uid"]
    assert moved.decoded("dtstart") == later.replace(microsecond=0)
    assert off["status"] == "CANCELLED"
    assert first["sequence"] < moved["sequence"] < off["sequence"]
    assert client.get(url + "?save").headers["Content-Disposition"] == f'attachment; filename="{activity.slug}.ics"'


def test_feed_holds_all_that_is_published_and_no_plan_and_nobody(client):
    shown = [ActivityFactory(), ActivityFactory(over=True), ActivityFactory(status="cancelled")]
    ActivityFactory(draft=True)
    ActivityFactory(over=True, starts_at=timezone.now() - timedelta(days=500))
    RegistrationFactory(activity=shown[0], person="Anna Participant")

    response = client.get(reverse("programme:activities_ics"))

    assert {str(each["summary"]) for each in event_of(response)} == {each.name for each in shown}
    assert b"Anna" not in response.content


def test_name_with_the_marks_of_the_format_stays_one_event(client):
    evil = "Mission; Tartu, EE\\n\nEND:VEVENT"
    ActivityFactory(name=evil, slug="mission")

    (event,) = event_of(client.get(reverse("programme:activities_ics")))

    assert str(event["summary"]) == evil


def test_one_tap_signs_up_and_the_page_shows_ones_place(sign_in, viewer):
    activity = ActivityFactory(places=1)
    client = sign_in(viewer)
    assert "Sign me up" in client.get(activity.get_absolute_url()).content.decode()

    response = client.post(reverse("programme:activity_register", args=[activity.slug]), follow=True)

    page = response.content.decode()
    assert "You take part. A mail with everything is on its way." in page
    assert "Sign me up" not in page
    assert "Vera Viewer" in page


def test_one_tap_on_a_full_activity_tells_the_place_on_the_waiting_list(sign_in, owner, outsider):
    activity = ActivityFactory(places=1)
    signed_up(activity, outsider)
    client = sign_in(owner)
    before = client.get(activity.get_absolute_url()).content.decode()
    assert "Put me on the waiting list" in before
    assert "Sign me up" not in before

    response = client.post(reverse("programme:activity_register", args=[activity.slug]), follow=True)

    page = response.content.decode()
    assert "You are on the waiting list" in page
    assert "Number 1 on the waiting list" in page
    assert "Olof Outsider" not in page  # of another company


def test_after_the_last_day_the_page_and_the_button_say_so(sign_in, owner):
    activity = ActivityFactory(register_until=timezone.now() - timedelta(hours=1))
    client = sign_in(owner)

    assert "The time to sign up is over." in client.get(activity.get_absolute_url()).content.decode()
    posted = client.post(reverse("programme:activity_register", args=[activity.slug]), follow=True)
    assert "Sign-up was open until" in posted.content.decode()
    assert not activity.registrations.exists()


def test_who_belongs_to_two_members_chooses_for_which(sign_in, owner):
    other = OrganisationFactory(name="Second Company")
    owner.memberships.create(organisation=other, role="owner")
    activity, client = ActivityFactory(), sign_in(owner)

    page = client.get(activity.get_absolute_url()).content.decode()
    assert "Sign me up for Second Company" in page
    client.post(reverse("programme:activity_register", args=[activity.slug]), {"organisation": other.slug})

    assert activity.registrations.get().organisation == Organisation.objects.get(name="Second Company")


def test_what_was_tells_how_many_took_part_and_what_is_off_tells_no_places(client):
    over, off = ActivityFactory(over=True, places=5), ActivityFactory(status="cancelled", why_cancelled="Ice.")
    RegistrationFactory(activity=over)
    RegistrationFactory(activity=over, attended=False)

    page = client.get(over.get_absolute_url()).content.decode()
    assert "1 took part" in page
    assert "places left" not in page
    page = client.get(off.get_absolute_url()).content.decode()
    assert "This activity does not take place" in page
    assert "places left" not in page
