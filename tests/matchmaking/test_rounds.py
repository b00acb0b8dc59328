"""A round from its set-up to its end: what may change when, what is missing before it opens, who may do it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking import announcing, links
from matchmaking.actions import rounds as actions
from matchmaking.actions.tables import set_tables
from matchmaking.models import Round, RoundPartner
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, morning, with_programme
from tests.factories.members import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def facts(**more):
    now = timezone.now()
    return {
        "name": "Clean water 2027",
        "aim": "First pilots at waterworks.",
        "time_zone": "Europe/Tallinn",
        "register_until": now + timedelta(days=10),
        "choose_until": now + timedelta(days=12),
    } | more


def page(round_, name, *more):
    return reverse(f"matchmaking:{name}", args=[round_.slug, *more])


@pytest.fixture
def ready(manager) -> Round:
    """Everything is there to be opened: slots, tables, a partner."""
    round_ = RoundFactory(planned=True)
    with_programme(round_)
    RoundPartner.objects.create(round=round_, organisation=OrganisationFactory(partner=True))
    return round_


def test_round_is_added_by_managers_with_its_own_address(manager):
    first = actions.add_round(**facts(), by=manager)
    second = actions.add_round(**facts(name="Clean Water 2027!"), by=manager)

    assert (first.slug, second.slug, first.status) == ("clean-water-2027", "clean-water-2027-2", "planned")
    assert AuditEvent.objects.filter(action="matchmaking.round_added", actor_id=manager.pk).count() == 2


@pytest.mark.parametrize(("name", "slug"), [("New", "new-2"), ("P", "p-2"), ("…", "round")])
def test_no_round_takes_an_address_of_the_room(manager, name, slug):
    assert actions.add_round(**facts(name=name), by=manager).slug == slug


def test_round_of_a_name_that_is_taken_is_refused(manager):
    actions.add_round(**facts(), by=manager)

    with pytest.raises(Refused, match="named Clean water 2027 already"):
        actions.add_round(**facts(), by=manager)


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator"])
def test_nobody_else_sets_rounds_up(who, request, ready):
    user = request.getfixturevalue(who)
    for act in (
        lambda: actions.add_round(**facts(), by=user),
        lambda: actions.change_round(round_=ready, aim="Mine", by=user),
        lambda: set_tables(round_=ready, tables=[("", "")], by=user),
        lambda: actions.open_round(round_=ready, by=user),
        lambda: actions.plan_again(round_=ready, by=user),
        lambda: actions.cancel_round(round_=ready, why="", by=user),
        lambda: actions.finish_round(round_=ready, by=user),
        lambda: actions.open_again(round_=ready, by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()
    ready.refresh_from_db()
    assert ready.status == "planned"


@pytest.mark.parametrize("who", ["owner", "outsider", "evaluator"])
@pytest.mark.parametrize("name", ["edit", "programme", "participants", "partners", "cancel", "invite_members"])
def test_pages_of_managers_are_closed_to_others(sign_in, who, name, request, ready):
    assert sign_in(request.getfixturevalue(who)).get(page(ready, name)).status_code == 403


def test_change_notes_what_changed_and_nothing_twice(manager, ready):
    assert actions.change_round(round_=ready, aim="New words", quota=ready.quota, by=manager) == ["aim"]
    assert actions.change_round(round_=ready, aim="New words", by=manager) == []
    assert AuditEvent.objects.get(action="matchmaking.round_changed").details == {"fields": ["aim"]}


def test_each_new_venue_of_a_published_round_is_told_to_those_who_take_part(manager, ready):
    comes = ParticipantFactory(round=ready)
    ParticipantFactory(round=ready, invited=True)
    actions.change_round(round_=ready, venue="Old <hall>", by=manager)
    assert not Mail.objects.filter(key__startswith="round-venue").exists(), "nothing is published yet"
    Round.objects.filter(pk=ready.pk).update(status="published", timetable=TimetableFactory(round=ready))

    for venue in ("New <hall>", "New <hall>", "Old <hall>", "New <hall>"):
        actions.change_round(round_=Round.objects.get(pk=ready.pk), venue=venue, by=manager)

    told = Mail.objects.filter(key__startswith="round-venue").order_by("pk")
    assert [each.to for each in told] == [comes.email] * 3
    assert "The venue is now: New <hall>." in told[0].text
    assert "New &lt;hall&gt;" in told[0].html
    assert links.url_of(comes) in told[0].text


def test_published_round_changes_its_words_only(manager, ready):
    ready.status, ready.timetable = "published", TimetableFactory(round=ready)
    ready.save()

    assert actions.change_round(round_=ready, venue="Next door", by=manager) == ["venue"]
    with pytest.raises(Refused, match="Only the name, the aim, the goal and the venue"):
        actions.change_round(round_=ready, quota=3, by=manager)


def test_time_zone_stays_while_there_is_a_programme(manager, ready):
    with pytest.raises(Refused, match="Remove its sessions first"):
        actions.change_round(round_=ready, time_zone="Europe/Tallinn", by=manager)


def test_round_that_is_ready_opens_once(sign_in, manager, ready):
    client = sign_in(manager)
    assert "Ready to open" in client.get(page(ready, "round")).content.decode()

    for _ in range(2):
        answer = client.post(page(ready, "open"), follow=True).content.decode()

    assert "is in another state already: open for choices" in answer
    ready.refresh_from_db()
    assert ready.status == "open"
    assert AuditEvent.objects.filter(action="matchmaking.round_opened").count() == 1


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        (lambda r: r.slots.all().delete(), "Add a session of meetings to the programme."),
        (lambda r: r.tables.all().delete(), "Say how many tables there are."),
        (lambda r: r.partners.all().delete(), "Add a partner cluster, or let anyone meet"),
        (lambda r: Round.objects.filter(pk=r.pk).update(register_until=timezone.now()), "Move the end of sign-up"),
        (
            lambda r: Round.objects.filter(pk=r.pk).update(choose_until=morning(31)),
            "Let choosing end before the first meeting, which begins",
        ),
        (lambda r: Round.objects.filter(pk=r.pk).update(place="online"), "Give each table a video link"),
    ],
)
def test_what_is_missing_is_said_before_and_when_it_is_opened(sign_in, manager, ready, lacks, sentence):
    lacks(ready)
    client = sign_in(manager)

    assert sentence in client.get(page(ready, "round")).content.decode()
    assert "Open the round" not in client.get(page(ready, "round")).content.decode()
    assert sentence in client.post(page(ready, "open"), follow=True).content.decode()
    ready.refresh_from_db()
    assert ready.status == "planned"


def test_round_of_anyone_needs_somebody(manager, ready):
    actions.change_round(round_=ready, meets="anyone", by=manager)
    ready.partners.all().delete()
    with pytest.raises(Refused, match="Add a partner, or choose the members"):
        actions.open_round(round_=ready, by=manager)

    ParticipantFactory(round=ready, invited=True)
    actions.open_round(round_=ready, by=manager)


def test_open_round_goes_back_to_planning(sign_in, manager, ready):
    actions.open_round(round_=ready, by=manager)

    assert "Back to planning." in sign_in(manager).post(page(ready, "plan_again"), follow=True).content.decode()
    ready.refresh_from_db()
    assert ready.status == "planned"


def test_cancelled_round_tells_those_who_were_invited_in_ones_own_words(sign_in, manager, ready):
    partner = ready.partners.get()
    boss = MembershipFactory(organisation=partner.organisation).user
    coming = ParticipantFactory(round=ready, invited=True, cluster=partner.organisation)
    actions.open_round(round_=ready, by=manager)
    announcing.send_due()
    ParticipantFactory(round=ready, status="declined")
    late = ParticipantFactory(round=ready, invited=True)  # put on the list, and not told before the end
    client = sign_in(manager)
    assert "2 people who were invited get your sentence" in client.get(page(ready, "cancel")).content.decode()
    assert "We need this." in client.post(page(ready, "cancel"), {"why": " "}).content.decode()

    client.post(page(ready, "cancel"), {"why": "The hall <b>burnt</b> down."})
    announcing.send_due()
    announcing.send_due()

    ready.refresh_from_db()
    assert (ready.status, ready.why_cancelled) == ("cancelled", "The hall <b>burnt</b> down.")
    told = Mail.objects.filter(kind="round-news")
    assert {mail.to for mail in told} == {coming.email, boss.email}
    assert late.email not in {mail.to for mail in told}
    assert "The hall <b>burnt</b> down." in told[0].text
    assert "The hall &lt;b&gt;burnt&lt;/b&gt; down." in told[0].html
    shown = client.get(page(ready, "round")).content.decode()
    assert "This round is cancelled" in shown
    assert "Edit" not in shown


def test_round_that_was_never_opened_is_cancelled_in_silence(manager, ready):
    ParticipantFactory(round=ready, invited=True)
    actions.cancel_round(round_=ready, why="No money.", by=manager)
    announcing.send_due()

    assert not Mail.objects.exists()
    with pytest.raises(Refused, match="another state already: cancelled"):
        actions.open_round(round_=ready, by=manager)


def test_round_is_finished_after_its_last_meeting(sign_in, manager, ready, time_machine):
    ready.status, ready.timetable = "published", TimetableFactory(round=ready)
    ready.save()
    with pytest.raises(Refused, match="The last meeting begins"):
        actions.finish_round(round_=ready, by=manager)

    time_machine.move_to(timezone.now() + timedelta(days=31))
    assert "The round is over." in sign_in(manager).post(page(ready, "finish"), follow=True).content.decode()
    ready.refresh_from_db()
    assert ready.status == "over"


def test_end_is_taken_back_after_a_question_and_without_a_word_to_anybody(sign_in, manager, ready):
    client, told = sign_in(manager), Mail.objects.count()
    assert "Open the round again?" not in client.get(page(ready, "open_again"), follow=True).content.decode()
    refused = client.post(page(ready, "open_again"), follow=True).content.decode()
    assert "is not over: being set up." in refused

    Round.objects.filter(pk=ready.pk).update(status="over", timetable=TimetableFactory(round=ready))
    assert "Open the round again" in client.get(page(ready, "round")).content.decode()
    assert "Open the round again?" in client.get(page(ready, "open_again")).content.decode()
    ready.refresh_from_db()
    assert ready.status == "over", "asked only"
    for _ in range(2):
        client.post(page(ready, "open_again"))

    ready.refresh_from_db()
    assert ready.status == "published"
    assert AuditEvent.objects.filter(action="matchmaking.round_opened_again").count() == 1
    assert Mail.objects.count() == told


@pytest.mark.parametrize("name", ["open", "plan_again", "finish", "tables", "remind", "invite_guests"])
def test_changes_are_no_gets(sign_in, manager, ready, name):
    assert sign_in(manager).get(page(ready, name)).status_code == 405
