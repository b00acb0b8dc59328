"""Hours, money and results by goal, and what serves none."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.ladder import Rung
from evaluations.models import Outcome
from evaluations.reading import goals as reading
from opportunities.models import Opportunity
from tests.factories.funding import FundingCallFactory
from tests.factories.matchmaking import RoundFactory, with_programme
from tests.factories.opportunities import OpportunityFactory
from tests.factories.programme import (
    ActivityFactory,
    GoalFactory,
    RegistrationFactory,
    ServiceFactory,
    ServiceRequestFactory,
    StrategyFactory,
)


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def delivered(hours: int, **facts) -> None:
    ServiceRequestFactory(service=ServiceFactory(**facts), delivered=True, delivered_hours=Decimal(hours))


def published(**facts) -> Opportunity:
    return OpportunityFactory(status="published", curated_at=timezone.now(), **facts)


def shares(page: dict) -> dict[str, list[int]]:
    return {str(row["label"]): [part["percent"] for part in row["parts"]] for row in page["shares"]}


def test_hours_and_money_count_for_the_goal_that_is_cited(manager):
    goal = GoalFactory(hours=100, money_eur=20_000)
    delivered(30, goal=goal)
    ActivityFactory(over=True, goal=goal, hours=45, money_eur=25_000)
    ActivityFactory(goal=goal, hours=500, money_eur=90_000)  # still to come
    ActivityFactory(draft=True, goal=goal, hours=500)
    ServiceRequestFactory(service=ServiceFactory(goal=goal), agreed=True)  # not delivered

    [shown] = reading.page(manager, "")["goals"]

    assert shown["hours"] == {"text": "75 hours of 100 hours", "width": 75.0}
    assert shown["money"] == {"text": "EUR 25,000: more than the EUR 20,000 set aside", "width": 100}
    assert [(kind["kind"], kind["n"]) for kind in shown["kinds"]] == [("Services", 1), ("Activities", 2)]


def test_several_deliveries_and_participants_do_not_multiply(manager):
    goal = GoalFactory(hours=0, money_eur=0)
    service = ServiceFactory(goal=goal)
    for hours in (3, 4):
        ServiceRequestFactory(service=service, delivered=True, delivered_hours=Decimal(hours))
    activity = ActivityFactory(over=True, goal=goal, hours=10)
    for attended in (True, True, False, None):
        RegistrationFactory(activity=activity, attended=attended)

    [shown] = reading.page(manager, "")["goals"]

    assert shown["hours"]["text"] == "17 hours; nothing was set aside"
    assert [thing.result for kind in shown["kinds"] for thing in kind["things"]] == ["delivered 2 times", "2 took part"]


def test_the_share_that_serves_none_and_that_has_not_said(manager):
    goal = GoalFactory(strategy=StrategyFactory(anchored=True, name="Now"))
    delivered(50, goal=goal)
    delivered(30, why_no_goal="A favour to the region.")
    delivered(20)
    published(goal=goal)

    page = reading.page(manager, "")

    assert shares(page) == {"Hours spent": [50, 30, 20], "Things on record": [50, 25, 25]}
    assert (page["none"]["n"], page["unsaid"]["n"]) == (1, 1)


def test_what_falls_outside_the_years_or_serves_another_strategy_is_left_out(manager):
    year = timezone.localdate().year
    old = StrategyFactory(over=True, starts_on=date(year - 4, 1, 1), ends_on=date(year - 1, 12, 31))
    now = GoalFactory(strategy=StrategyFactory(anchored=True)).strategy
    delivered(10, goal=GoalFactory(strategy=old, hours=40))
    published(goal=None)
    long_ago = published(goal=None)
    Opportunity.objects.filter(pk=long_ago.pk).update(curated_at=timezone.now() - timedelta(days=365 * 3))
    OpportunityFactory(goal=None)  # still in the inbox

    of_now, of_then = reading.page(manager, now.slug), reading.page(manager, old.slug)

    assert (of_now["goals"][0]["n"], of_now["unsaid"]["n"]) == (0, 1)
    assert (of_then["goals"][0]["n"], of_then["unsaid"]["n"]) == (1, 1)
    assert [thing.name for thing in of_then["unsaid"]["kinds"][0]["things"]] == [long_ago.title]


def test_outcomes_count_once_at_their_furthest_rung(manager):
    goal = GoalFactory()
    opportunity, round_ = published(goal=goal), RoundFactory(goal=goal)
    for key, months, rung, of in (
        ("interest:1", 3, Rung.CONTACT, {"opportunity": opportunity}),
        ("interest:1", 12, Rung.SALES, {"opportunity": opportunity}),
        ("interest:2", 3, Rung.NOTHING, {"opportunity": opportunity}),
        ("seat:1", 3, Rung.CONTACT, {"round": round_}),
        ("seat:2", 3, Rung.CONTACT, {"round": RoundFactory()}),
    ):
        source = "interest" if "opportunity" in of else "meeting"
        Outcome.objects.create(source=source, source_key=key, months=months, rung=rung, **of)

    [shown] = reading.page(manager, "")["goals"]

    assert shown["outcomes"] == "Sales: 1, A lasting contact: 1"


def test_the_strategy_that_holds_comes_before_the_next_draft(manager):
    holds = GoalFactory(strategy=StrategyFactory(anchored=True, name="Now")).strategy
    StrategyFactory(name="Next")
    year = timezone.localdate().year
    early = StrategyFactory(
        anchored=True, name="Agreed early", starts_on=date(year + 1, 1, 1), ends_on=date(year + 9, 1, 1)
    )

    assert reading.page(manager, "")["strategy"] == holds
    assert reading.page(manager, early.slug)["strategy"] == early


def test_of_a_service_without_a_goal_the_hours_of_these_years_count_alone(manager):
    strategy = GoalFactory(strategy=StrategyFactory(anchored=True)).strategy
    service = ServiceFactory()
    for hours, day in (
        (5, strategy.starts_on),
        (100, strategy.starts_on - timedelta(days=1)),
        (7, timezone.localdate()),
    ):
        ServiceRequestFactory(service=service, delivered=True, delivered_hours=Decimal(hours), delivered_on=day)
    type(strategy).objects.filter(pk=strategy.pk).update(ends_on=timezone.localdate() - timedelta(days=1))

    [kind] = reading.page(manager, strategy.slug)["unsaid"]["kinds"]

    [thing] = kind["things"]
    assert (thing.hours, thing.result) == (Decimal(5), "delivered 1 time")


def test_file_holds_everything_by_goal_and_no_formula(sign_in, manager):
    goal = GoalFactory(name="=Water")
    delivered(30, goal=goal, name="+Market")
    delivered(12, why_no_goal="@favour", name="Help with papers")
    delivered(4, name="Rules")
    for _number in range(9):
        published(goal=goal)
    client = sign_in(manager)
    url = f"/evaluations/goals.csv?strategy={goal.strategy.slug}"
    assert url in client.get("/evaluations/goals/").content.decode()

    found = b"".join(client.get(url).streaming_content).decode("utf-8-sig")

    head, *rows = csv.reader(found.splitlines())
    assert head[:4] == ["Goal", "Kind", "What", "Hours"]
    assert rows[0] == ["'=Water", "Services", "'+Market", "30.0", "0", "delivered 1 time", ""]
    assert [row[0] for row in rows] == ["'=Water"] * 10 + ["Serves no goal", "Has not said yet"]
    assert rows[-2][2:] == ["Help with papers", "12.0", "0", "delivered 1 time", "'@favour"]


def test_a_funding_call_counts_when_it_was_published_and_not_cancelled(manager):
    goal = GoalFactory()
    FundingCallFactory(goal=goal, name="Blue pilots")
    FundingCallFactory(goal=goal, draft=True)
    FundingCallFactory(goal=goal, status="cancelled")

    [shown] = reading.page(manager, "")["goals"]

    assert [thing.name for kind in shown["kinds"] for thing in kind["things"]] == ["Blue pilots"]


def test_a_round_counts_by_the_day_of_its_first_meeting_and_not_when_it_is_cancelled(manager):
    GoalFactory()
    for facts in ({"name": "Water day"}, {"name": "Called off", "status": "cancelled"}):
        with_programme(RoundFactory(**facts))

    unsaid = reading.page(manager, "")["unsaid"]

    assert [thing.name for kind in unsaid["kinds"] for thing in kind["things"]] == ["Water day"]


def test_the_page_shows_names_as_text_and_counts_the_rest(sign_in, manager):
    goal = GoalFactory(name="<b>Water</b>")
    for _number in range(9):
        published(goal=goal, title="Wanted: <i>pumps</i>")
    delivered(12, why_no_goal="A favour to the region.", name="Help with papers")

    page = text(sign_in(manager).get("/evaluations/goals/"))

    assert "&lt;b&gt;Water&lt;/b&gt;" in page
    assert page.count("Wanted: &lt;i&gt;pumps&lt;/i&gt;") == reading.SHOWN
    assert "and 3 more" in page
    assert "A favour to the region." in page
    assert "0 % serve a goal, 100 % serve none, with a reason, 0 % have not said yet" in page


def test_the_strategy_leads_there_and_without_one_the_page_says_what_to_do(sign_in, manager):
    client = sign_in(manager)
    assert "No strategy yet" in text(client.get("/evaluations/goals/"))
    strategy = GoalFactory(strategy=StrategyFactory()).strategy

    assert f"/evaluations/goals/?strategy={strategy.slug}" in text(client.get(strategy.get_absolute_url()))
    assert "Nothing cites it yet." in text(client.get(f"/evaluations/goals/?strategy={strategy.slug}"))


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator"])
def test_only_managers_see_effort_by_goal(request, sign_in, manager, who):
    GoalFactory(name="Water in Finland")

    for url in ("/evaluations/goals/", "/evaluations/goals.csv"):
        page = sign_in(request.getfixturevalue(who)).get(url)

        assert page.status_code == 403
        assert "Water in Finland" not in text(page)
