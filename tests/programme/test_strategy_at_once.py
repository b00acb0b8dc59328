"""Managers, stakeholders and citing rounds at the same moment, each with a connection of its own."""

from functools import partial

import pytest
from django.utils import timezone

from core.models import AuditEvent
from programme.actions import endorsements, goals, strategies
from programme.actions.aims import aim
from programme.models import Endorsement, Goal, Reading, Strategy
from tests.factories.matchmaking import RoundFactory
from tests.factories.members import MembershipFactory
from tests.factories.opportunities import OpportunityFactory
from tests.factories.programme import EndorsementFactory, GoalFactory, KPIFactory
from tests.programme.ground import consulted, draft
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TRIES = 40


@pytest.fixture
def other(home, manager):
    """A second manager."""
    return MembershipFactory(organisation=home, role="manager").user


def trail(*actions: str, after: int = 0) -> list[str]:
    """Which of these were done, in their order."""
    found = AuditEvent.objects.filter(action__in=actions, pk__gt=after).order_by("pk")
    return list(found.values_list("action", flat=True))


def last_event() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def endorsed(manager, number: int) -> Strategy:
    """Consulted, with its key company behind it."""
    strategy = consulted(manager, name=f"Abroad {number}")
    endorsements.answer(endorsement=strategy.endorsements.get(), endorses=True, words="")
    return strategy


def test_two_managers_anchor_it_once(manager, other):
    for number in range(TRIES):
        strategy = endorsed(manager, number)

        assert at_once(*(partial(strategies.anchor, strategy=strategy, by=by) for by in (manager, other))) == []
        strategy.refresh_from_db()
        assert (strategy.status, strategy.anchored_number) == ("anchored", 1)
    assert len(trail("programme.strategy_anchored")) == TRIES


def test_two_managers_put_it_to_the_stakeholders_once(manager, other):
    for number in range(TRIES):
        strategy = draft(name=f"Abroad {number}")

        put = (partial(strategies.put_to_stakeholders, strategy=strategy, by=by) for by in (manager, other))
        assert list(map(str, at_once(*put))) == ["It says the same as version 1. Nobody is asked a second time."]
        assert (strategy.versions.count(), strategy.endorsements.count()) == (1, 1)


def test_an_objection_at_the_moment_of_anchoring_comes_before_or_after_it(manager):
    for number in range(TRIES):
        strategy = endorsed(manager, number)
        against = EndorsementFactory(strategy=strategy, number=1, asked_at=timezone.now())
        object_ = partial(endorsements.answer, endorsement=against, endorses=False, words="Too fast.")
        mark = last_event()

        refused = at_once(partial(strategies.anchor, strategy=strategy, by=manager), object_)
        done = trail("programme.strategy_anchored", "programme.strategy_answered", after=mark)
        before = ["programme.strategy_anchored", "programme.strategy_answered"]
        assert (done, len(refused)) in ((before, 0), (before[1:], 1))


def test_an_endorsement_at_the_moment_of_the_next_version_counts_for_the_one_that_was_read(manager):
    for number in range(TRIES):
        strategy = consulted(manager, name=f"Abroad {number}")
        first = strategy.endorsements.get()
        strategies.change_strategy(strategy=strategy, vision="Fewer markets.", by=manager)
        again = partial(strategies.put_to_stakeholders, strategy=strategy, why="Fewer", by=manager)

        yes = partial(endorsements.answer, endorsement=first, endorses=True, words="With all our heart")
        assert at_once(yes, again) == []
        said = strategy.endorsements.order_by("number").values_list("number", "answer", "words")
        assert list(said) == [(1, "endorsed", "With all our heart"), (2, "asked", "")]


def test_what_changes_at_the_moment_of_anchoring_is_anchored_only_as_it_was_read(manager, other):
    for number in range(TRIES):
        strategy = endorsed(manager, number)
        change = partial(goals.change_goal, goal=strategy.goals.get(), hours=7, by=other)
        mark = last_event()

        refused = at_once(partial(strategies.anchor, strategy=strategy, by=manager), change)
        done = trail("programme.strategy_anchored", "programme.goal_changed", after=mark)
        before = ["programme.strategy_anchored", "programme.goal_changed"]
        assert (done, len(refused)) in ((before, 0), (before[1:], 1))


@pytest.mark.parametrize("cited_by", [RoundFactory, lambda: OpportunityFactory(status="published")])
def test_a_goal_is_cited_or_deleted_and_never_both(manager, other, cited_by):
    for _ in range(TRIES):
        goal, thing = GoalFactory(), cited_by()
        cite = partial(aim, at=thing, goal=goal, why_no_goal="", by=other)

        refused = at_once(partial(goals.delete_goal, goal=goal, by=manager), cite)
        thing.refresh_from_db()
        assert len(refused) == 1
        assert thing.goal_id == (goal.pk if Goal.objects.filter(pk=goal.pk).exists() else None)


def test_a_goal_that_is_given_up_while_a_round_cites_it_keeps_the_round_or_refuses_it(manager, other):
    for _ in range(TRIES):
        goal, round_ = GoalFactory(), RoundFactory()
        cite = partial(aim, at=round_, goal=goal, why_no_goal="", by=other)
        mark = last_event()

        refused = at_once(partial(goals.give_up, goal=goal, why="Nobody buys there.", by=manager), cite)
        round_.refresh_from_db()
        cited = ["programme.aimed", "programme.goal_given_up"]
        assert (trail(*cited, after=mark), round_.goal_id, len(refused)) in ((cited, goal.pk, 0), (cited[1:], None, 1))


def test_an_indicator_is_read_once_a_day(manager, other):
    for _ in range(TRIES):
        kpi = KPIFactory()
        read = partial(goals.read_kpi, kpi=kpi, on=timezone.localdate(), words="")

        assert at_once(partial(read, value=4, by=manager), partial(read, value=5, by=other)) == []
        assert Reading.objects.filter(kpi=kpi).count() == 1
        first, second = AuditEvent.objects.filter(action="programme.kpi_read").order_by("-pk")[:2][::-1]
        assert (first.details["was"], second.details["was"]) == (None, f"{first.details['value']}.00")


def test_an_indicator_is_read_or_deleted_and_never_both(manager, other):
    for number in range(TRIES):
        kpi = KPIFactory()
        away = partial(goals.delete_goal, goal=kpi.goal) if number % 2 else partial(goals.delete_kpi, kpi=kpi)
        read = partial(goals.read_kpi, kpi=kpi, on=timezone.localdate(), value=4, by=other)

        assert len(at_once(partial(away, by=manager), read)) == 1
        assert Reading.objects.filter(kpi_id=kpi.pk).exists() == Goal.objects.filter(kpis=kpi.pk).exists()


def test_an_answer_by_link_is_given_once_however_often_it_is_pressed(manager):
    for number in range(TRIES):
        first = consulted(manager, name=f"Abroad {number}").endorsements.get()
        yes = partial(endorsements.answer, endorsement=first, endorses=True, words="")

        assert at_once(yes, yes) == []
    assert Endorsement.objects.filter(answer="endorsed").count() == TRIES
    assert len(trail("programme.strategy_answered")) == TRIES
