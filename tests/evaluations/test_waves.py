"""A wave from planning to its end, by its pages."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from evaluations import writing
from evaluations.actions import waves
from evaluations.models import Invitee, Wave
from tests.evaluations.surveys import back_in_time, member, opened, planned
from tests.factories.evaluations import InviteeFactory, ResponseFactory, VersionFactory, WaveFactory
from tests.factories.matchmaking import RoundFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
NEW = "/evaluations/waves/new/"


def typed(**changes: object) -> dict[str, object]:
    until = f"{timezone.localtime() + timedelta(days=14):%Y-%m-%dT%H:%M}"
    usual = {"name": "Barriers 2027", "population": "members", "closes_at": until}
    return usual | {"fewest_in_house": 5, "fewest_in_public": 10, "note": ""} | changes


def post(client, wave: Wave, name: str, **data: object):
    return client.post(reverse(f"evaluations:{name}", args=[wave.slug]), data, follow=True)


def at(value: datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"


def test_manager_plans_a_wave_and_sees_whom_it_asks(sign_in, manager):
    version = VersionFactory(content={"languages": ["en", "sv"]})
    for n in range(5):
        member(name=f"Agreeing {n}")
    member(name="Not agreeing", agrees=False)

    response = sign_in(manager).post(NEW, typed(version=version.pk), follow=True)

    text = response.content.decode()
    wave = Wave.objects.get()
    assert response.redirect_chain == [("/evaluations/waves/barriers-2027/", 302)]
    assert (wave.status, wave.key, wave.created_by) == ("planned", None, manager)
    assert "5 companies get a mail" in text
    assert "Nobody has agreed to be asked in surveys" in text
    assert not Mail.objects.exists()
    assert AuditEvent.objects.get(action="evaluations.wave_added").actor_id == manager.pk


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"closes_at": "2020-01-01T18:00"}, "This time has passed."),
        ({"population": "round"}, "Choose the round whose participants are asked."),
        ({"fewest_in_house": 3}, "Write 5 or more."),
        ({"fewest_in_public": 9}, "Write 10 or more."),
        ({"name": "Taken"}, "There is a wave of this name already."),
        ({"version": ""}, "We need this."),
    ],
)
def test_what_does_not_fit_is_said_and_the_rest_is_kept(sign_in, manager, wrong, sentence):
    version = VersionFactory()
    taken = WaveFactory(planned=True, name="Taken")

    response = sign_in(manager).post(NEW, typed(version=version.pk, note="Kept words") | wrong)

    text = response.content.decode()
    assert sentence in text
    assert "Kept words" in text
    assert list(Wave.objects.all()) == [taken]


def test_draft_of_a_questionnaire_is_not_offered_nor_taken(sign_in, manager):
    draft = VersionFactory(draft=True)

    page = sign_in(manager).post(NEW, typed(version=draft.pk))
    assert "No questionnaire is published yet" in page.content.decode()
    with pytest.raises(Refused, match="Publish the questionnaire first"):
        waves.add_wave(name="A", version=draft, closes_at=timezone.now(), by=manager)

    assert not Wave.objects.exists()


def test_round_is_asked_only_when_it_is_chosen(sign_in, manager):
    version, round_ = VersionFactory(), RoundFactory()
    client = sign_in(manager)

    client.post(NEW, typed(version=version.pk, population="round", round=round_.pk))
    client.post(NEW, typed(version=version.pk, name="Members", round=round_.pk))

    assert dict(Wave.objects.values_list("population", "round")) == {"round": round_.pk, "members": None}


def test_opening_freezes_the_population_and_writes_to_everybody_once(sign_in, manager):
    companies = [member(headcount=20, country="SE") for _ in range(5)]
    member(headcount=400, country="EE", agrees=False)
    wave = planned()

    page = post(sign_in(manager), wave, "open_wave")
    for _ in range(2):
        writing.send_due()
    companies[0].headcount = 500
    companies[0].save()

    wave.refresh_from_db()
    assert "5 mails are on their way" in page.content.decode()
    assert (wave.status, len(wave.key), wave.population_size) == ("open", 32, 7)
    assert sum(each["n"] for each in wave.frame if each["size_class"] == "small") == 6
    assert set(wave.invitees.values_list("size_class", "country", "experience")) == {("small", "SE", "first_steps")}
    assert Mail.objects.filter(kind="survey").count() == 5
    event = AuditEvent.objects.get(action="evaluations.wave_opened")
    assert event.details == {"population": 7, "asked": 5}, "a company of the fixtures has nobody who agreed"
    with pytest.raises(Refused, match="opened already"):
        waves.open_wave(wave=wave, by=manager)


def test_wave_that_could_never_show_a_figure_is_not_opened(sign_in, manager):
    for _ in range(4):
        member()
    wave = planned()

    page = post(sign_in(manager), wave, "open_wave")

    assert "Only 4 can be asked." in page.content.decode()
    assert "Too few can be asked" in page.content.decode()
    wave.refresh_from_db()
    assert wave.status == "planned"
    assert not Invitee.objects.exists()


def test_companies_get_a_day_at_least(manager):
    wave = planned(closes_at=timezone.now() + timedelta(hours=23))

    with pytest.raises(Refused, match="a day at least"):
        waves.open_wave(wave=wave, by=manager)


def test_planned_wave_is_edited_and_an_open_one_only_runs_longer(sign_in, manager):
    client, wave = sign_in(manager), planned()
    edit = reverse("evaluations:edit_wave", args=[wave.slug])
    client.post(edit, typed(version=wave.version_id, name="Renamed", sizes=["micro", "small"]))
    wave.refresh_from_db()
    assert (wave.name, wave.sizes) == ("Renamed", ["micro", "small"])
    assert AuditEvent.objects.get(action="evaluations.wave_changed").details["fields"] == ["closes_at", "name", "sizes"]
    Wave.objects.update(sizes=[])
    for _ in range(5):
        member()
    waves.open_wave(wave=wave, by=manager)
    writing.send_due()

    with pytest.raises(Refused, match="Only its last day can change"):
        waves.change_wave(wave=wave, name="Again", by=manager)
    earlier = client.post(edit, {"closes_at": at(wave.closes_at - timedelta(days=3))})
    assert "Choose a later day, or close the wave now." in earlier.content.decode()
    client.post(edit, {"closes_at": at(wave.closes_at + timedelta(days=7))})
    writing.send_due()
    writing.send_due()

    wave.refresh_from_db()
    assert wave.extensions == 1
    assert Mail.objects.filter(key__startswith="survey-more-time:").count() == 5
    assert AuditEvent.objects.filter(action="evaluations.wave_extended").count() == 1


def test_reminders_go_to_the_silent_twice_at_most_and_days_apart(sign_in, manager):
    client, wave = sign_in(manager), opened(manager)
    Invitee.objects.filter(pk=wave.invitees.first().pk).update(has_answered=True)
    Invitee.objects.filter(pk=wave.invitees.last().pk).update(has_declined=True)
    assert "Nobody can be reminded now." in post(client, wave, "remind").content.decode(), "the mail is of today"

    counts = []
    for _ in range(3):
        back_in_time(wave, days=4)
        page = post(client, wave, "remind").content.decode()
        writing.send_due()
        counts.append((Mail.objects.filter(kind="survey-reminder").count(), "The reminders are on their way." in page))
        assert "Nobody can be reminded now." in post(client, wave, "remind").content.decode()
        Invitee.objects.filter(reminders__gt=0).update(reminded_at=timezone.now() - timedelta(days=4))

    assert counts == [(4, True), (8, True), (8, False)]
    silent = set(Mail.objects.filter(kind="survey-reminder").values_list("to", flat=True))
    assert silent == set(wave.invitees.filter(has_answered=False, has_declined=False).values_list("email", flat=True))
    assert {tuple(each.details) for each in AuditEvent.objects.filter(action="evaluations.wave_reminded")} == {
        ("reminded",)
    }, "a trail of names would tell who has not answered"


@pytest.mark.parametrize(("days", "expected"), [(4, 0), (5, 1), (10, 2), (13, 2)])
def test_portal_reminds_by_itself_after_a_third_and_two_thirds(manager, days, expected):
    wave = opened(manager, closes_at=timezone.now() + timedelta(days=14))
    back_in_time(wave, days=days)
    Wave.objects.update(closes_at=timezone.now() + timedelta(days=14 - days))

    for _ in range(2):
        writing.remind_due()
        Invitee.objects.filter(reminders__gt=0).update(reminded_at=timezone.now() - timedelta(days=4))
    writing.remind_due()

    assert set(Invitee.objects.values_list("reminders", flat=True)) == {expected}


def test_last_day_closes_the_wave_by_itself(manager):
    wave, running = opened(manager), WaveFactory()
    Wave.objects.filter(pk=wave.pk).update(closes_at=timezone.now() - timedelta(minutes=1))

    for _ in range(2):
        writing.close_due()

    wave.refresh_from_db()
    running.refresh_from_db()
    assert (wave.status, wave.key, running.status) == ("closed", None, "open")
    event = AuditEvent.objects.get(action="evaluations.wave_closed")
    assert (event.actor_id, event.details) == (None, {"asked": 6, "answered": 0})


def test_closed_wave_never_opens_again(sign_in, manager):
    client, wave = sign_in(manager), opened(manager)
    page = post(client, wave, "close_wave")
    assert "nobody can tell whose an answer is" in page.content.decode()

    for name in ("open_wave", "close_wave", "remind"):
        post(client, wave, name)
    page = client.post(reverse("evaluations:edit_wave", args=[wave.slug]), {"closes_at": "2099-01-01T12:00"})

    assert "It never opens again" in page.content.decode()
    wave.refresh_from_db()
    assert wave.status == "closed"
    assert AuditEvent.objects.filter(action="evaluations.wave_closed").count() == 1


def test_list_asks_a_constant_number_of_questions(sign_in, manager):
    client = sign_in(manager)

    def make() -> None:
        wave = WaveFactory()
        InviteeFactory(wave=wave, has_answered=True)
        ResponseFactory(wave=wave)

    assert_constant_queries(
        lambda: client.get("/evaluations/waves/"),
        make,
        at_most=10,
        shows=lambda response: response.content.decode().count('class="list-row"'),
    )


NAMES = ("wave", "edit_wave", "wave_people", "open_wave", "close_wave", "remind")


@pytest.mark.parametrize("who", ["evaluator", "outsider", "owner", "viewer"])
def test_waves_are_the_managers_own(request, sign_in, manager, who):
    client, wave = sign_in(request.getfixturevalue(who)), opened(manager)
    invitee = wave.invitees.first()
    paths = [reverse(f"evaluations:{name}", args=[wave.slug]) for name in NAMES]
    paths += [reverse(f"evaluations:{name}", args=[wave.slug, invitee.pk]) for name in ("take_out", "send_new_link")]
    before = (Wave.objects.values().get(), Invitee.objects.values().get(pk=invitee.pk))

    for path in [*paths, "/evaluations/waves/", NEW]:
        for response in (client.get(path), client.post(path)):
            assert response.status_code in (403, 405)
            assert invitee.company not in response.content.decode()

    assert (Wave.objects.values().get(), Invitee.objects.values().get(pk=invitee.pk)) == before
