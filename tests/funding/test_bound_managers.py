"""What binds somebody to an application is closed to it, on every page and also for the cluster team."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from funding.actions import appeals, reserve
from funding.models import Decision
from funding.permissions import can_decide
from funding.reviewing import code_of, hidden_from
from members.models import Membership, User
from tests.factories.funding import AssignmentFactory, ReviewerFactory
from tests.factories.members import MembershipFactory
from tests.funding.decisions_ground import a_reviewer, fund, judged, judged_call, keep, reject, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call()


@pytest.fixture
def second_manager(manager, home) -> User:
    user = MembershipFactory(organisation=home, role=Membership.Role.MANAGER).user
    return User.objects.get(pk=user.pk)


def bind(user, application, **facts):
    seat = application.call.reviewers.filter(user=user).first() or ReviewerFactory(call=application.call, user=user)
    facts = {"status": "conflict", "conflict": "Kin."} | facts
    return AssignmentFactory(reviewer=seat, application=application, **facts)


def url(name, call, *more):
    return reverse(f"funding:{name}", args=[call.slug, *more])


@pytest.mark.parametrize("facts", [
    {}, {"status": "withdrawn"},
    {"status": "done", "declared_at": timezone.now(), "done_at": timezone.now()},
])  # fmt: skip
def test_manager_who_is_bound_answers_no_appeal_and_moves_no_money(
    call, manager, second_manager, organisation, owner, facts
):
    won, lost, waits = judged(call, 5, 60_000), judged(call, 4, 30_000, lead=organisation), judged(call, 4, 10_000)
    fund(won, manager)
    reject(lost, manager)
    keep(waits, 1, manager)
    tell(call, manager)
    appeal = appeals.file(decision=Decision.objects.get(application=lost), words="Look again.", by=owner)
    for each in (won, lost, waits):
        bind(second_manager, each, **facts)
    bound = {"by": second_manager}
    for act in (
        lambda: appeals.dismiss(appeal=appeal, answer="No.", **bound),
        lambda: appeals.uphold(appeal=appeal, answer="Yes.", outcome="reserve", reserve_place=9, **bound),
        lambda: reserve.give_up(award=won.decision.awards.get(), why="x", **bound),
        lambda: reserve.move_up(decision=Decision.objects.get(application=waits), reasons="x", **bound),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not can_decide(second_manager, won)
    assert can_decide(manager, won)


def test_manager_does_not_decide_on_the_own_company(call, second_manager, organisation):
    application = judged(call, 5, 60_000)
    assert can_decide(second_manager, application)
    MembershipFactory(user=second_manager, organisation=application.lead)
    assert not can_decide(User.objects.get(pk=second_manager.pk), application)


def test_interest_that_came_to_light_after_the_review_closes_its_scores(call, second_manager):
    application = judged(call, 5, 60_000)
    bind(second_manager, application, status="done", declared_at=timezone.now(), done_at=timezone.now())
    assert hidden_from(second_manager, call) == {application.pk}


def test_record_leaves_out_what_is_closed_to_a_manager(call, manager, second_manager, sign_in):
    bound, other = judged(call, 5, 60_000), judged(call, 4, 30_000)
    reject(bound, manager, reasons="Too dear by half.")
    reject(other, manager, reasons="Nothing new.")
    bind(second_manager, bound)
    client = sign_in(second_manager)
    for name in ("trail", "trail_csv", "trail_json"):
        text = client.get(url(name, call)).getvalue().decode()
        assert "Nothing new." in text
        assert "Too dear by half." not in text
        of_one = name.replace("trail", "trail_of_application")
        assert client.get(url(of_one, call, bound.number)).status_code == 403
    acts = json.loads(sign_in(manager).get(url("trail_json", call)).content)["acts"]
    assert "Too dear by half." in json.dumps(acts)


def test_bound_manager_reads_no_appeal(call, manager, second_manager, organisation, owner, sign_in):
    application = judged(call, 4, 30_000, lead=organisation)
    reject(application, manager)
    tell(call, manager)
    appeals.file(decision=Decision.objects.get(), words="Look again.", by=owner)
    bind(second_manager, application)
    assert sign_in(second_manager).get(url("answer_appeal", call, application.number)).status_code == 403


@pytest.mark.parametrize("blind", [False, True])
def test_ranking_tells_a_panel_member_nothing_of_what_binds_it(call, manager, sign_in, blind):
    """Beside "closed to you" a code would tell whose it is; a decision is told to nobody before it is made known."""
    type(call).objects.filter(pk=call.pk).update(is_blind=blind)
    call.refresh_from_db()
    bound, other = judged(call, 5, 40_001, title="Sensors"), judged(call, 4, 90_000, title="Nets")
    keep(bound, 77, manager)
    seat = a_reviewer(call, is_on_panel=True, declared_at=timezone.now())
    bind(seat.user, bound)
    page = sign_in(seat.user).get(url("ranking", call)).content.decode()

    assert (code_of(other) if blind else "Nets") in page
    for hidden in ("Sensors", code_of(bound), bound.reference, "40,001", "On the reserve list"):
        assert hidden not in page, hidden


def test_ranking_tells_a_bound_manager_no_decision(call, manager, second_manager, sign_in):
    bound = judged(call, 5, 40_001)
    keep(bound, 77, manager)
    bind(second_manager, bound)
    page = sign_in(second_manager).get(url("ranking", call)).content.decode()

    assert "closed to you" in page
    assert "On the reserve list" not in page
