"""Goals and their indicators: what is typed, what is cited, what was measured."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from programme.actions import goals
from programme.models import KPI, Goal, Reading
from programme.reading.strategies import kpi_row
from tests.factories.funding import FundingCallFactory
from tests.factories.matchmaking import RoundFactory
from tests.factories.opportunities import OpportunityFactory
from tests.factories.programme import ActivityFactory, GoalFactory, KPIFactory, ServiceFactory, StrategyFactory

TYPED = {
    "name": "Water in Finland",
    "why": "Nine members asked for it.",
    "markets": ["FI", "EE"],
    "nace_codes": ["36"],
    "hours": "1,200",
    "money_eur": "45 000",
}
KPI_TYPED = {
    "name": "First orders",
    "unit": "companies",
    "baseline": "",
    "target": "12",
    "due_on": f"{timezone.localdate().year + 1}-06-30",
    "source": "Outcomes of the portal",
}


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_goal_with_its_markets_sectors_hours_and_money(sign_in, manager):
    strategy = StrategyFactory()

    page = text(sign_in(manager).post(f"/programme/strategy/{strategy.slug}/goals/new/", TYPED, follow=True))

    goal = strategy.goals.get()
    assert (goal.markets, goal.sectors, goal.hours, goal.money_eur) == (["EE", "FI"], ["36"], 1200, 45_000)
    assert "Estonia, Finland" in page
    assert "EUR 45,000" in page
    assert AuditEvent.objects.get(action="programme.goal_added").object_id == goal.pk


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"hours": "many"}, "Write a whole number, such as 40."),
        ({"markets": ["XX"]}, "Choose from the list."),
        ({"name": "first of all"}, "There is a goal named first of all already."),
        ({"money_eur": "-5"}, "Write 0 or more."),
    ],
)
def test_a_goal_that_does_not_fit_is_told_and_what_was_typed_stays(sign_in, manager, typed, told):
    strategy = GoalFactory(strategy=StrategyFactory(), name="First of all").strategy

    page = text(sign_in(manager).post(f"/programme/strategy/{strategy.slug}/goals/new/", TYPED | typed))

    assert told in page
    assert "Nine members asked for it." in page
    assert strategy.goals.count() == 1


def test_without_scripts_the_picker_finds_codes_and_saves_nothing(sign_in, manager):
    strategy = StrategyFactory()
    typed = TYPED | {"find": "nace_codes", "nace_codes_q": "sewerage"}

    page = text(sign_in(manager).post(f"/programme/strategy/{strategy.slug}/goals/new/", typed))

    assert "Sewerage" in page
    assert not strategy.goals.exists()


def test_a_goal_is_changed_and_the_trail_names_the_fields(sign_in, manager):
    goal = GoalFactory(name="Before", money_eur=45_000)

    sign_in(manager).post(f"/programme/goals/{goal.pk}/edit/", TYPED | {"why": ""})
    sign_in(manager).post(f"/programme/goals/{goal.pk}/edit/", TYPED | {"why": ""})

    goal.refresh_from_db()
    assert goal.name == "Water in Finland"
    [event] = AuditEvent.objects.filter(action="programme.goal_changed")
    assert event.details["fields"] == ["hours", "markets", "name", "sectors"]


@pytest.mark.parametrize(
    "cites", [OpportunityFactory, RoundFactory, FundingCallFactory, ServiceFactory, ActivityFactory]
)
def test_a_goal_that_is_cited_is_not_deleted_and_what_cites_it_stays(sign_in, manager, cites):
    goal = GoalFactory()
    thing = cites(goal=goal)

    response = sign_in(manager).post(f"/programme/goals/{goal.pk}/delete/", follow=True)
    told = text(response)

    assert response.redirect_chain == [(f"/programme/goals/{goal.pk}/", 302)]  # where it can be given up

    assert f"This goal is cited: “{thing}”. Give it up instead: what cites it stays." in told
    thing.refresh_from_db()
    assert thing.goal == goal
    assert not AuditEvent.objects.filter(action="programme.goal_deleted").exists()


def test_a_goal_that_nothing_cites_is_deleted_with_its_indicators(sign_in, manager):
    kpi = KPIFactory()

    sign_in(manager).post(f"/programme/goals/{kpi.goal_id}/delete/")

    assert not Goal.objects.exists()
    assert AuditEvent.objects.filter(action="programme.goal_deleted").count() == 1


def test_a_goal_of_which_something_was_measured_is_not_deleted(manager):
    kpi = KPIFactory()
    goals.read_kpi(kpi=kpi, on=timezone.localdate(), value=Decimal(3), by=manager)

    with pytest.raises(Refused, match="Give it up instead: then what was measured stays"):
        goals.delete_goal(goal=kpi.goal, by=manager)
    with pytest.raises(Refused, match="was read already"):
        goals.delete_kpi(kpi=kpi, by=manager)

    assert Reading.objects.count() == 1


def test_a_goal_is_given_up_with_a_reason_and_taken_up_again(sign_in, manager):
    goal = GoalFactory()
    thing = OpportunityFactory(goal=goal)
    client = sign_in(manager)

    assert "We need this." not in text(client.get(f"/programme/goals/{goal.pk}/give-up/"))
    client.post(f"/programme/goals/{goal.pk}/give-up/", {"why": "  "})
    assert Goal.objects.citable().filter(pk=goal.pk).exists()
    client.post(f"/programme/goals/{goal.pk}/give-up/", {"why": "No member goes there."})
    client.post(f"/programme/goals/{goal.pk}/give-up/", {"why": "Another reason."})

    goal.refresh_from_db()
    thing.refresh_from_db()
    assert (goal.why_given_up, thing.goal) == ("No member goes there.", goal)
    assert not Goal.objects.citable().filter(pk=goal.pk).exists()
    assert "No member goes there." in text(client.get(f"/programme/goals/{goal.pk}/"))
    client.post(f"/programme/goals/{goal.pk}/take-up/")
    assert Goal.objects.citable().filter(pk=goal.pk).exists()
    with pytest.raises(Refused, match="Say why"):
        goals.give_up(goal=goal, why=" ", by=manager)


@pytest.mark.parametrize("typed", ["twelve", "12 %", "NaN", "1e400"])
@pytest.mark.parametrize("field", ["target", "baseline"])
def test_an_indicator_that_is_no_number_is_told_at_its_field(sign_in, manager, field, typed):
    goal = GoalFactory()

    response = sign_in(manager).post(f"/programme/goals/{goal.pk}/indicators/new/", KPI_TYPED | {field: typed})

    page = text(response)
    [fault] = re.findall(rf'id="id_{field}_error"[^>]*>(.*?)</ul>', page)
    assert "This is no number. Write digits only, for example 20 or 12.5." in fault or "at most ten digits" in fault
    assert f'value="{typed}"' in page
    assert not KPI.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"due_on": "1999-12-31"}, "due_on", "The strategy begins on 1 January"),
        ({"baseline": "12", "target": "12.00"}, "target", "This is where it starts. Write what it is to become."),
    ],
)
def test_an_indicator_that_can_show_nothing_is_told_at_its_field(sign_in, manager, typed, field, told):
    kpi = KPIFactory()
    client = sign_in(manager)

    for url in (f"/programme/goals/{kpi.goal_id}/indicators/new/", f"/programme/indicators/{kpi.pk}/edit/"):
        page = text(client.post(url, KPI_TYPED | typed))
        [fault] = re.findall(rf'id="id_{field}_error"[^>]*>(.*?)</ul>', page)
        assert told in fault
        assert 'value="First orders"' in page
    assert [each.name for each in KPI.objects.all()] == [kpi.name]


def test_an_indicator_is_deleted_after_a_question(sign_in, manager):
    kpi = KPIFactory()
    client = sign_in(manager)
    page = text(client.get(f"/programme/goals/{kpi.goal_id}/"))

    question = page.partition('<summary class="button danger">Delete the indicator')[2].partition("</details>")[0]
    assert "It was never read. What it says is lost." in question
    client.post(re.search(r'action="(\S+)"', question).group(1))
    assert not KPI.objects.exists()


def test_an_indicator_is_written_read_and_shown_against_its_target(sign_in, manager):
    goal = GoalFactory()
    client = sign_in(manager)
    client.post(f"/programme/goals/{goal.pk}/indicators/new/", KPI_TYPED)
    kpi = goal.kpis.get()

    typed = {"value": "9", "on": timezone.localdate().isoformat(), "words": "Three more are near."}
    page = text(client.post(f"/programme/indicators/{kpi.pk}/read/", typed, follow=True))

    assert re.search(r"9 of 12 companies on \d+ \w+ \d{4}\.", page)
    assert 'width="75.0"' in page
    assert "Three more are near." in page
    assert AuditEvent.objects.get(action="programme.kpi_read").details["value"] == "9"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"value": "nine"}, "This is no number."),
        ({"value": "9", "on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "This day is still to come."),
    ],
)
def test_a_reading_that_does_not_fit_is_told_beside_its_indicator(sign_in, manager, typed, told):
    kpi, other = KPIFactory(), KPIFactory()
    other.goal = kpi.goal
    other.save()
    typed = {"on": timezone.localdate().isoformat(), "words": "Three more are near."} | typed

    page = text(sign_in(manager).post(f"/programme/indicators/{kpi.pk}/read/", typed))

    assert told in page
    assert page.count("Three more are near.") == 1
    assert not Reading.objects.exists()


def test_a_second_reading_of_a_day_takes_the_place_of_the_first_and_the_trail_keeps_both(manager):
    kpi, today = KPIFactory(), timezone.localdate()

    for value in (3, 3, 4):
        goals.read_kpi(kpi=kpi, on=today, value=Decimal(value), by=manager)

    assert kpi.readings.get().value == 4
    told = AuditEvent.objects.filter(action="programme.kpi_read").order_by("pk")
    assert [(each.details["was"], each.details["value"]) for each in told] == [(None, "3"), ("3.00", "4")]


def row(value: int | None, *, baseline: str | None = None, target: str = "20", due_on: str = "2999-01-01"):
    kpi = {"id": 1, "name": "K", "unit": "", "baseline": baseline, "target": target, "due_on": due_on, "source": "S"}
    return kpi_row(kpi, [] if value is None else [Reading(value=Decimal(value), on=date(2026, 5, 3))])


@pytest.mark.parametrize(
    ("found", "standing", "said", "width"),
    [
        (lambda: row(12), "On the way", "12 of 20 on 3 May 2026.", 60),
        (lambda: row(25), "Reached", "25 of 20 on 3 May 2026.", 100),
        (lambda: row(None), "Not read yet", "Nothing was read yet. The target is 20.", 0),
        (lambda: row(12, due_on="2026-06-01"), "Not reached in time", "12 of 20 on 3 May 2026.", 60),
        (lambda: row(15, baseline="10"), "On the way", "15 on 3 May 2026, from 10 towards 20.", 50),
        (lambda: row(8, baseline="10"), "On the way", "8 on 3 May 2026, from 10 towards 20.", 0),
        (lambda: row(5, baseline="20", target="5"), "Reached", "5 on 3 May 2026, from 20 towards 5.", 100),
        (lambda: row(15, baseline="20", target="10"), "On the way", "15 on 3 May 2026, from 20 towards 10.", 50),
        (lambda: row(3, baseline="3", target="3"), "Reached", "3 on 3 May 2026, from 3 towards 3.", 100),
    ],
)
def test_actual_against_target_in_words(found, standing, said, width):
    shown = found()

    assert (shown["standing"], shown["said"], shown["width"]) == (standing, said, width)


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator"])
def test_goals_and_indicators_are_the_managers(request, sign_in, who):
    user, kpi = request.getfixturevalue(who), KPIFactory(name="Secret indicator")
    client = sign_in(user)

    for path in (f"goals/{kpi.goal_id}/", f"goals/{kpi.goal_id}/edit/", f"indicators/{kpi.pk}/edit/"):
        assert "Secret indicator" not in text(client.get(f"/programme/{path}"))
    client.post(f"/programme/indicators/{kpi.pk}/read/", {"value": "9", "on": "2026-01-01"})
    client.post(f"/programme/goals/{kpi.goal_id}/delete/")
    for act in (goals.delete_kpi, lambda **on: goals.read_kpi(on=date(2026, 1, 1), value=Decimal(1), **on)):
        with pytest.raises(PermissionDenied):
            act(kpi=kpi, by=user)
    assert not Reading.objects.exists()
    assert KPI.objects.get() == kpi
