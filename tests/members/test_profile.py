"""The five questions: what is valid is saved, what is not stays in the page, and two pages do not wipe each other."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core import codelists
from core.models import AuditEvent
from members.actions import organisations as actions
from members.forms.profiles import STEPS, fingerprint
from members.models import Organisation, Profile
from opportunities import tasks
from tests.client import htmx
from tests.factories.members import OrganisationFactory, ProfileFactory


@pytest.fixture
def page(sign_in, owner, organisation):
    """A page of the owner that shows a question: `open_page(step)` gives what a browser would send unchanged."""
    client = sign_in(owner)

    class Page:
        def __init__(self, step):
            self.url = reverse("members:step", args=[organisation.slug, step])
            form = html.document_fromstring(client.get(self.url).content).get_element_by_id("question")
            self.values = {}
            for name, value in form.form_values():
                self.values.setdefault(name, []).append(value)

        def send(self, *, drop=(), headers=None, **changes):
            data = {name: value for name, value in self.values.items() if name not in drop}
            return client.post(self.url, data | changes, headers=headers or {})

    return Page


def profile_of(organisation) -> Profile:
    return Profile.objects.get(organisation=organisation)


FULL = {
    "business": {"summary": "We sort timber."},
    "exchange": {"offers": "Robots\nVision", "seeks": "Grippers"},
    "field": {
        "nace_codes": ["28.99", "62.10"],
        "technologies": "vision\n lidar",
        "certificates": "ISO 9001; ISO 14001",
        "trl_min": "5",
        "trl_max": "8",
    },
    "reach": {"markets": ["FI", "EE"], "languages": ["sv", "en"]},
    "capacity": {"kinds": ["tender", "funding"], "hours_a_month": "12", "cofinance_eur_a_year": "EUR 40 000"},
}


def test_a_profile_is_complete_after_five_pages(page, sign_in, owner, organisation):
    client = sign_in(owner)
    for step, answers in FULL.items():
        assert client.get(reverse("members:edit_profile", args=[organisation.slug]))["Location"] == page(step).url
        response = page(step).send(**answers)
        assert response.status_code == 302

    assert response["Location"] == organisation.get_absolute_url()
    profile = profile_of(organisation)
    assert profile.percent_complete == 100
    assert profile.next_step is None
    assert profile.nace_codes == ["28.99", "62.10"]
    assert profile.technologies == ["vision", "lidar"]
    assert profile.certificates == ["ISO 9001", "ISO 14001"]
    assert (profile.trl_min, profile.trl_max) == (5, 8)
    assert (profile.markets, profile.languages) == (["EE", "FI"], ["en", "sv"])
    assert profile.kinds == ["tender", "funding"]
    assert (profile.hours_a_month, profile.cofinance_eur_a_year) == (12, 40_000)
    assert profile.version == 6


def test_steps_have_the_same_names_everywhere():
    assert list(STEPS) == list(Profile().steps_done)


@pytest.mark.parametrize("step", list(STEPS))
def test_sending_a_page_unchanged_changes_nothing(step, page, organisation):
    Profile.objects.filter(organisation=organisation).delete()
    # As a command may have loaded it: other order, other line ends.
    ProfileFactory(
        organisation=organisation,
        full=True,
        summary="One.\r\nTwo.\n",
        markets=["SE", "FI"],
        kinds=["funding", "tender"],
    )

    page(step).send()

    assert profile_of(organisation).version == 1
    assert not AuditEvent.objects.filter(action="members.profile_changed").exists()


def test_what_is_valid_is_saved_and_the_rest_stays_with_its_reason(page, organisation):
    response = page("capacity").send(kinds=["event"], hours_a_month="a few", cofinance_eur_a_year="5000")

    profile = profile_of(organisation)
    assert (profile.kinds, profile.hours_a_month, profile.cofinance_eur_a_year) == (["event"], None, 5000)
    shown = html.document_fromstring(response.content)
    assert shown.get_element_by_id("id_hours_a_month").value == "a few"
    assert shown.get_element_by_id("id_hours_a_month").get("aria-invalid") == "true"
    assert (
        shown.get_element_by_id("id_hours_a_month_error").text_content().strip() == "Write a whole number, such as 40."
    )


def test_levels_out_of_order_are_both_kept_back(page, organisation):
    response = page("field").send(trl_min="7", trl_max="3", technologies="vision")

    profile = profile_of(organisation)
    assert (profile.trl_min, profile.trl_max, profile.technologies) == (None, None, ["vision"])
    assert "The highest level cannot be below the lowest." in response.content.decode()


def test_forged_level_does_not_break_the_order(page, organisation):
    Profile.objects.filter(organisation=organisation).update(trl_min=2, trl_max=4)

    page("field").send(trl_min="9", trl_max="77")

    assert profile_of(organisation).trl_min == 2


@pytest.mark.parametrize(
    ("step", "field", "value", "reason"),
    [
        ("field", "nace_codes", ["99.99"], "Choose from the list"),
        ("field", "nace_codes", list(codelists.nace())[:41], "Keep the 40 that matter most."),
        ("reach", "markets", ["XX"], "Choose from the list"),
        ("field", "technologies", "x" * 81, "is too long"),
        ("field", "technologies", "\n".join(f"t{n}" for n in range(31)), "Keep the 30 that matter most."),
        ("capacity", "hours_a_month", "-3", "Write 0 or more."),
        ("capacity", "hours_a_month", "5000", "Write 1000 or less."),
        ("capacity", "kinds", ["lottery"], "Choose from the list"),
        ("business", "summary", "x" * 3001, "at most 3000 characters"),
        ("business", "summary", "a\x00b", "It holds a sign that we cannot keep."),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(step, field, value, reason, page, organisation):
    response = page(step).send(**{field: value})

    assert reason in response.content.decode()
    assert profile_of(organisation).version == 1


@pytest.mark.parametrize(("hours", "people", "fits"), [("160", 1, True), ("161", 1, False), ("900", 12, True)])
def test_hours_are_those_that_its_people_have(hours, people, fits, page, organisation):
    Organisation.objects.filter(pk=organisation.pk).update(headcount=people)
    response = page("capacity").send(hours_a_month=hours)
    assert ("160 working hours" in response.content.decode()) is not fits
    assert profile_of(organisation).hours_a_month == (int(hours) if fits else None)


# While one types


@pytest.fixture
def _third_of_may(time_machine):
    time_machine.move_to("2027-05-03T14:03:20+02:00", tick=False)


@pytest.mark.usefixtures("_third_of_may")
def test_autosave_answers_with_the_time_and_no_inputs(request, organisation):
    page = request.getfixturevalue("page")

    response = page("business").send(summary="Robots.", headers=htmx("saved"))

    text = response.content.decode()
    assert profile_of(organisation).summary == "Robots."
    assert "Saved 14:03" in text
    assert "<textarea" not in text
    assert fingerprint("Robots.") in text
    assert "<html" not in text


def test_autosave_renews_only_the_fields_that_are_wrong(page):
    text = page("capacity").send(hours_a_month="many", cofinance_eur_a_year="9", headers=htmx("saved")).content.decode()

    assert 'id="field-hours_a_month" hx-swap-oob="true"' in text
    assert 'id="field-cofinance_eur_a_year"' not in text
    assert "One answer needs another look" in text
    assert 'name="wrong" value="hours_a_month"' in text


def test_autosave_clears_a_reason_when_the_answer_is_right_again(page):
    text = page("capacity").send(hours_a_month="", wrong="hours_a_month", headers=htmx("saved")).content.decode()

    assert 'id="field-hours_a_month" hx-swap-oob="true"' in text
    assert "aria-invalid" not in text


def test_applied_autosave_equals_a_reload(page, sign_in, owner, organisation):
    """What the page has seen after a save is what a fresh page has seen."""
    text = page("capacity").send(kinds=["event"], hours_a_month="4", headers=htmx("saved")).content.decode()

    seen = re.findall(r'name="(seen-\w+)" value="(\w+)"', text)
    fresh = page("capacity").values
    assert dict(seen) == {name: value[0] for name, value in fresh.items() if name.startswith("seen-")}


def test_two_pages_do_not_wipe_each_other(page, organisation):
    old, other = page("capacity"), page("capacity")

    other.send(hours_a_month="8", kinds=["event"])
    old.send(cofinance_eur_a_year="1000")

    profile = profile_of(organisation)
    assert (profile.hours_a_month, profile.kinds, profile.cofinance_eur_a_year) == (8, ["event"], 1000)


def test_the_later_save_of_one_field_wins(page, organisation):
    first, second = page("business"), page("business")

    first.send(summary="First")
    second.send(summary="Second")

    assert profile_of(organisation).summary == "Second"


def test_unticking_everything_is_an_answer(page, organisation):
    Profile.objects.filter(organisation=organisation).update(kinds=["event"], nace_codes=["62.10"])

    page("capacity").send(drop=["kinds"])
    page("field").send(drop=["nace_codes"])

    assert (profile_of(organisation).kinds, profile_of(organisation).nace_codes) == ([], [])


def test_fields_that_are_not_sent_stay(sign_in, owner, organisation):
    Profile.objects.filter(organisation=organisation).update(hours_a_month=9, kinds=["event"])

    sign_in(owner).post(reverse("members:step", args=[organisation.slug, "capacity"]), {"cofinance_eur_a_year": "7"})

    profile = profile_of(organisation)
    assert (profile.hours_a_month, profile.kinds, profile.cofinance_eur_a_year) == (9, ["event"], 7)


def test_find_without_scripts_keeps_what_is_ticked_and_shows_what_is_found(page, organisation):
    response = page("field").send(nace_codes=["62.10"], nace_codes_q="sewerage", find="nace_codes")

    shown = html.document_fromstring(response.content)
    boxes = {box.get("value"): box.get("checked") for box in shown.xpath("//input[@name='nace_codes']")}
    assert boxes["62.10"] == "checked"
    assert boxes["37.00"] is None
    assert profile_of(organisation).nace_codes == ["62.10"]


def test_unknown_step_is_not_found(sign_in, owner, organisation):
    url = reverse("members:step", args=[organisation.slug, "income"])

    assert sign_in(owner).get(url).status_code == 404
    assert sign_in(owner).post(url).status_code == 404


# The action


def test_change_profile_writes_down_which_answers_changed(owner, organisation):
    before = timezone.now()

    changed = actions.change_profile(organisation=organisation, by=owner, summary="New", offers="", hours_a_month=3)

    assert changed == ["hours_a_month", "summary"]
    event = AuditEvent.objects.get(action="members.profile_changed")
    assert event.details == {"fields": ["hours_a_month", "summary"]}
    assert (event.actor_id, event.organisation_id) == (owner.pk, organisation.pk)
    assert profile_of(organisation).version == 2
    assert profile_of(organisation).updated_at >= before


def test_change_profile_twice_is_once(owner, organisation):
    for _ in range(2):
        actions.change_profile(organisation=organisation, by=owner, summary="New")

    assert profile_of(organisation).version == 2
    assert AuditEvent.objects.filter(action="members.profile_changed").count() == 1


def test_change_is_told_after_the_commit_and_only_then(
    owner, organisation, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(actions.current_app, "send_task", lambda name, **_: told.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        actions.change_profile(organisation=organisation, by=owner, summary="We weld ships.")
        assert told == [], "not before the commit"
        actions.change_profile(organisation=organisation, by=owner, summary="We weld ships.")
    assert told == ["opportunities.filter_pending"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.change_organisation(organisation=organisation, by=owner, country="FI")
    assert len(told) == 2


def test_the_task_that_is_told_of_a_change_exists():
    assert tasks.filter_pending.name == settings.PROFILE_CHANGED_TASK


@pytest.mark.parametrize("who", ["colleague", "manager"])
def test_change_profile_is_open_to_editors_and_managers(who, organisation, request):
    actions.change_profile(organisation=organisation, by=request.getfixturevalue(who), summary="New")

    assert profile_of(organisation).summary == "New"


@pytest.mark.parametrize("who", ["viewer", "outsider", "evaluator"])
def test_change_profile_by_others_is_refused(who, organisation, request):
    with pytest.raises(PermissionDenied):
        actions.change_profile(organisation=organisation, by=request.getfixturevalue(who), summary="New")

    assert profile_of(organisation).version == 1


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"full": True},
        {"summary": "x"},
        {"offers": "x"},
        {"offers": "x", "seeks": "y"},
        {"nace_codes": ["62"]},
        {"markets": ["FI"]},
        {"markets": ["FI"], "languages": ["fi"]},
        {"kinds": ["event"]},
        {"kinds": ["event"], "hours_a_month": 0},
    ],
)
def test_database_counts_the_steps_as_the_profile_does(answers, db):
    profile = OrganisationFactory(**{f"profile__{name}": value for name, value in answers.items()}).profile

    listed = Organisation.objects.for_list().get(pk=profile.organisation_id)
    assert listed.steps == sum(profile.steps_done.values())
    assert profile.percent_complete == listed.steps * 20
