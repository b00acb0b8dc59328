"""What spends effort cites a goal, or says why it serves none."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from matchmaking.models import Round
from opportunities.models import Opportunity
from programme.actions.aims import aim
from programme.models import Goal
from programme.suggesting import suggest
from tests.factories.matchmaking import RoundFactory, TimetableFactory
from tests.factories.opportunities import OpportunityFactory
from tests.factories.programme import GoalFactory, StrategyFactory


def given_up(**facts) -> Goal:
    return GoalFactory(given_up_at=timezone.now(), why_given_up="No member goes there.", **facts)


def told(client, opportunity, **typed):
    typed = {"note": "", "effort_hours": "", "goal": "", "why_no_goal": ""} | typed
    return client.post(f"/opportunities/inbox/{opportunity.reference}/curate/", typed)


def test_an_opportunity_cites_a_goal_and_the_trail_says_so(sign_in, manager):
    goal, opportunity = GoalFactory(), OpportunityFactory()

    told(sign_in(manager), opportunity, goal=goal.pk)
    told(sign_in(manager), opportunity, goal=goal.pk)  # a second click

    opportunity.refresh_from_db()
    assert opportunity.goal == goal
    [event] = AuditEvent.objects.filter(action="programme.aimed")
    assert (event.object_id, event.actor_id, event.details["goal"]) == (opportunity.pk, manager.pk, goal.pk)


def test_a_goal_and_a_reason_for_none_do_not_go_together(sign_in, manager):
    goal, opportunity = GoalFactory(), OpportunityFactory()

    response = told(sign_in(manager), opportunity, goal=goal.pk, why_no_goal="It is a favour.", note="Call first.")

    page = response.content.decode()
    assert "You chose a goal. Leave this empty" in page
    assert "It is a favour." in page
    assert "Call first." in page
    opportunity.refresh_from_db()
    assert (opportunity.goal, opportunity.why_no_goal, opportunity.note) == (None, "", "")
    with pytest.raises(Refused, match="not both"):
        aim(at=opportunity, goal=goal, why_no_goal="It is a favour.", by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opportunity.objects.filter(pk=opportunity.pk).update(goal=goal, why_no_goal="It is a favour.")


def test_what_can_be_cited_is_neither_given_up_nor_of_a_strategy_that_is_over(sign_in, manager):
    opportunity = OpportunityFactory()
    over = GoalFactory(strategy=StrategyFactory(over=True), name="Of the last strategy")
    dropped = given_up(name="Without takers")

    page = sign_in(manager).get(f"/opportunities/inbox/{opportunity.reference}/").content.decode()

    assert "Not said yet" in page
    assert over.name not in page
    assert dropped.name not in page
    for goal in (over, dropped):
        told(sign_in(manager), opportunity, goal=goal.pk)
        with pytest.raises(Refused, match="was given up, or its strategy is over"):
            aim(at=opportunity, goal=goal, why_no_goal="", by=manager)
    opportunity.refresh_from_db()
    assert opportunity.goal is None


def test_what_cites_a_goal_that_was_given_up_since_keeps_it(sign_in, manager):
    goal = given_up(name="Without takers")
    opportunity = OpportunityFactory(goal=goal)

    told(sign_in(manager), opportunity, goal=goal.pk, note="Call first.")

    opportunity.refresh_from_db()
    assert (opportunity.goal, opportunity.note) == (goal, "Call first.")


def test_a_goal_that_names_the_country_or_the_sector_is_suggested_with_the_reason(sign_in, manager):
    GoalFactory(name="Portugal first", markets=["PT"])
    GoalFactory(name="Water <b>in</b> Finland", markets=["FI"], sectors=["36"])
    codes = [{"scheme": "nace", "code": "36.00", "label": ""}]
    opportunity = OpportunityFactory(countries=["FI", "PT"], codes=codes)

    page = sign_in(manager).get(f"/opportunities/inbox/{opportunity.reference}/").content.decode()

    assert "“Water &lt;b&gt;in&lt;/b&gt; Finland” seems to fit: it aims at Finland and at Water collection" in page
    assert "“Portugal first” seems to fit" not in page
    opportunity.refresh_from_db()
    assert opportunity.goal is None


def test_nothing_is_suggested_where_nothing_fits(db):
    goals = [GoalFactory(markets=["PT"], sectors=["36"]), GoalFactory(markets=[], sectors=[])]

    assert suggest(goals, countries=["FI"], nace_codes=["3"]) is None
    assert suggest(goals, countries=[], nace_codes=["36.00"]).goal == goals[0]
    assert suggest(goals, countries=["PT"], nace_codes=[]).goal == goals[0]


@pytest.mark.parametrize("who", ["owner", "viewer", "evaluator", "outsider"])
def test_only_managers_say_which_goal_is_served(request, sign_in, who):
    user, goal, opportunity = request.getfixturevalue(who), GoalFactory(), OpportunityFactory()

    told(sign_in(user), opportunity, goal=goal.pk)
    with pytest.raises(PermissionDenied):
        aim(at=opportunity, goal=goal, why_no_goal="", by=user)

    opportunity.refresh_from_db()
    assert opportunity.goal is None


def test_a_round_cites_a_goal_also_when_its_timetable_is_out(sign_in, manager):
    goal = GoalFactory()
    round_ = RoundFactory()
    published = {"status": Round.Status.PUBLISHED, "timetable": TimetableFactory(round=round_, number=1)}
    Round.objects.filter(pk=round_.pk).update(**published)
    typed = {"name": round_.name, "aim": round_.aim, "venue": round_.venue, "goal": goal.pk, "why_no_goal": ""}

    sign_in(manager).post(f"/matchmaking/{round_.slug}/edit/", typed)

    round_.refresh_from_db()
    assert round_.goal == goal


def test_a_new_round_says_why_it_serves_no_goal(sign_in, manager):
    later = timezone.now() + timedelta(days=30)
    typed = {
        "name": "Water day", "aim": "Meet.", "place": "online", "time_zone": "Europe/Stockholm", "mode": "ballots",
        "meets": "anyone", "quota": 8, "minimum": 2, "request_hours": 72, "requests_at_once": 8,
        "register_until": f"{later:%Y-%m-%dT%H:%M}", "choose_until": f"{later:%Y-%m-%dT%H:%M}",
        "goal": "", "why_no_goal": "A sister cluster asked us.",
    }  # fmt: skip

    sign_in(manager).post("/matchmaking/new/", typed)

    assert Round.objects.get().why_no_goal == "A sister cluster asked us."
