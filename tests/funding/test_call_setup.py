"""Setting a call up: its basics, what it begins with, what does not fit, and who may do it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from funding import starts
from funding.actions import calls as actions
from funding.actions.calls import RESERVED_SLUGS
from funding.checking import call_of
from funding.eligibility.reading import call_faults
from funding.models import FundingCall
from funding.urls import urlpatterns
from tests.factories.funding import FunderFactory, FundingCallFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.call_ground import basics, page, ready, typed_at

pytestmark = pytest.mark.django_db


def test_a_call_is_set_up_on_one_page(sign_in, manager):
    client = sign_in(manager)

    answer = client.post(page("create"), basics(), follow=True)

    call = FundingCall.objects.get()
    assert answer.redirect_chain[-1][0] == page("funders", call.slug)
    assert (call.slug, call.code, call.status, call.created_by) == ("blue-pilots-2027", "BP27", "draft", manager)
    assert call.deadline.astimezone(call.zone).strftime("%Y-%m-%dT%H:%M") == typed_at(60)
    assert actions.activities_of(call) == ["Pilots", "Fairs"]
    assert actions.categories_of(call) == [("Staff", "wages"), ("Travel", "")]
    assert AuditEvent.objects.filter(action="funding.call_added", actor_id=manager.pk).count() == 1


def test_the_second_press_of_the_button_adds_no_second_call(sign_in, manager):
    client = sign_in(manager)

    for _ in range(2):
        answer = client.post(page("create"), basics())

    assert FundingCall.objects.count() == 1
    assert "There is a call of this name already. Add the year." in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"deadline": typed_at(4)}, "The deadline comes after the call opens."),
        ({"deadline": typed_at(5, 9)}, "The deadline comes after the call opens."),
        ({"opens_at": typed_at(-9), "deadline": typed_at(-1)}, "This time has passed. Choose a later one."),
        ({"deadline": "2027-03-28T03:30"}, "there is no 03:30 on that day"),
        ({"deadline": "soon"}, "valid date"),
        ({"review_until": typed_at(50)}, "Reviews begin after the deadline"),
        ({"granting_on": "2026-12-01"}, "Decisions come after the reviews"),
        ({"code": "A-1"}, "Use letters and digits"),
        ({"name": ""}, "We need this."),
        ({"contact_email": "nobody"}, "e-mail address"),
        ({"time_zone": "Europe/Atlantis"}, "Choose from the list."),
        ({"least_organisations": "0"}, "Write 1 or more."),
        ({"most_organisations": "2"}, "This is lower than the least"),
        ({"most_organisations": "3", "least_smes": "4"}, "There are fewer organisations than that."),
        ({"shortest_months": "18", "longest_months": "6"}, "This is lower than the least"),
        ({"longest_months": "-5"}, "Write 1 or more."),
        ({"activities": "Pilots\npilots"}, "“pilots” is there twice."),
        ({"categories": "Staff: a\nstaff: b"}, "is there twice."),
        ({"categories": ": wages"}, "Begin each line with a name"),
        ({"lead_kinds": ["king"]}, "king"),
    ],
)
def test_what_does_not_fit_is_said_and_keeps_what_was_typed(sign_in, manager, typed, sentence):
    answer = sign_in(manager).post(page("create"), basics(**typed) | {"aim": "Typed <words>"}).content.decode()

    assert sentence in answer
    assert "Typed &lt;words&gt;" in answer
    assert not FundingCall.objects.exists()


def test_a_deadline_in_the_hour_that_comes_twice_means_the_first(sign_in, manager):
    typed = basics(opens_at="2027-09-01T09:00", deadline="2027-10-31T03:30", review_until="2027-12-01T12:00")

    sign_in(manager).post(page("create"), typed | {"granting_on": "2028-01-10"})

    assert FundingCall.objects.get().deadline == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_stale_tab_does_not_win(sign_in, manager):
    call = ready()
    client = sign_in(manager)
    seen = actions.mark_of_call(call)
    client.post(page("edit", call.slug), basics(name="First", seen=seen, activities="Pilots"))

    answer = client.post(page("edit", call.slug), basics(name="Second", seen=seen)).content.decode()

    assert "Somebody else changed this meanwhile." in answer
    assert 'value="Second"' in answer, "what was typed is kept"
    call.refresh_from_db()
    assert call.name == "First"


def test_a_published_call_keeps_its_basics(sign_in, manager):
    call = FundingCallFactory()

    answer = sign_in(manager).post(page("edit", call.slug), basics(name="Other"), follow=True)

    assert answer.redirect_chain[-1][0] == page("overview", call.slug)
    with pytest.raises(Refused, match="Applicants rely on"):
        actions.change_call(call=call, by=manager, activities=[], categories=[], name="Other")
    call.refresh_from_db()
    assert call.name != "Other"


def test_an_activity_that_a_funder_pays_for_is_renamed_and_not_lost(manager):
    call = actions.add_call(by=manager, activities=["Pilots", "Fairs"], **_facts())
    funder = FunderFactory(call=call, name="Havsfonden")
    funder.activity_types.set(call.activity_types.filter(name="Pilots"))

    assert actions.change_call(call=call, by=manager, activities=["Trials", "Fairs"], categories=[]) == ["activities"]
    assert [each.name for each in funder.activity_types.all()] == ["Trials"]
    with pytest.raises(Refused, match="Havsfonden pays for “Trials”"):
        actions.change_call(call=call, by=manager, activities=["Fairs"], categories=[])
    assert actions.activities_of(call) == ["Trials", "Fairs"]


def _facts(**more):
    now = timezone.now()
    return {
        "name": "Green pilots",
        "code": "GP",
        "aim": "Pilots.",
        "contact_email": "calls@cluster.example",
        "time_zone": "Europe/Riga",
        "opens_at": now + timedelta(days=1),
        "deadline": now + timedelta(days=30),
        "granting_on": timezone.localdate() + timedelta(days=90),
    } | more


@pytest.mark.parametrize(("name", "slug"), [("New", "new-2"), ("Applications", "applications-2"), ("…", "fundingcall")])
def test_no_call_takes_an_address_of_the_room(manager, name, slug):
    assert actions.add_call(by=manager, **_facts(name=name)).slug == slug


def test_every_first_word_of_the_room_is_reserved():
    """A call of that name would stand in its way; words with a sign that no slug has cannot be one."""
    first = {str(entry.pattern).split("/")[0] for each in urlpatterns for entry in each.url_patterns}
    words = {word for word in first if re.fullmatch(r"[-\w]+", word)}

    assert words - RESERVED_SLUGS == set()
    assert {"new", "searches"} <= words


def test_the_joint_pattern_has_all_but_text_and_dates(sign_in, manager):
    client = sign_in(manager)
    start = page("create") + "?like=joint"
    assert "Prototypes and tests" in client.get(start).content.decode()

    client.post(start, basics(activities="\n".join(starts.joint_call().activities)))

    call = FundingCall.objects.get()
    assert [each.member_state for each in call.funders.all()] == ["SE", "EE"]
    assert call.funders.last().activity_types.count() == 3
    assert (call.questions.count(), call.criteria.count()) == (6, 4)
    assert list(call_faults(call_of(call))) == []


def test_an_earlier_call_is_a_start(sign_in, manager):
    earlier = ready(name="Blue pilots 2025", least_organisations=4)
    earlier.questions.update(funder=earlier.funders.get(), asked_of="partner")
    client = sign_in(manager)
    start = page("create") + f"?like={earlier.slug}"

    shown = client.get(start).content.decode()
    assert 'name="least_organisations" value="4"' in shown
    assert "Blue pilots 2025" not in shown
    client.post(start, basics())

    call = FundingCall.objects.exclude(pk=earlier.pk).get()
    assert [each.name for each in call.funders.all()] == ["Havsfonden"]
    assert call.questions.get().funder == call.funders.get(), "of its own funder, not of the earlier call's"
    assert call.criteria.get().anchors == earlier.criteria.get().anchors
    assert not call.documents.exists()


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator", "reviewer", "partner"])
def test_nobody_else_sets_calls_up(sign_in, who, request):
    call = ready()
    client = sign_in(_person(who, request))

    for name in ("begin", "create"):
        assert client.get(page(name)).status_code == 403
    for name in ("overview", "edit", "funders", "form", "criteria", "preview", "add_funder", "add_criterion"):
        assert client.get(page(name, call.slug)).status_code == 403, name
    assert client.post(page("throw_away", call.slug)).status_code == 403
    assert client.post(page("create"), basics()).status_code == 403
    assert FundingCall.objects.get() == call


def _person(who, request):
    if who == "reviewer":
        return MembershipFactory(organisation=request.getfixturevalue("home"), role="reviewer").user
    if who == "partner":
        return MembershipFactory(organisation=OrganisationFactory(partner=True)).user
    return request.getfixturevalue(who)


def test_actions_insist_on_managers(owner):
    call = ready()
    for act in (
        lambda: actions.add_call(by=owner, **_facts()),
        lambda: actions.change_call(call=call, by=owner, activities=[], categories=[], aim="Mine"),
        lambda: actions.throw_away(call=call, by=owner),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_draft_is_thrown_away_once_and_a_published_call_never(sign_in, manager):
    call, published = ready(), FundingCallFactory()
    client = sign_in(manager)

    assert "thrown away" in client.post(page("throw_away", call.slug), follow=True).content.decode()
    assert client.post(page("throw_away", call.slug)).status_code == 404
    assert "so nothing was changed" in client.post(page("throw_away", published.slug), follow=True).content.decode()
    assert list(FundingCall.objects.all()) == [published]
    assert AuditEvent.objects.filter(action="funding.call_thrown_away").count() == 1
