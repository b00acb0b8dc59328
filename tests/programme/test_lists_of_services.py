"""Requests, action plans and stakeholders as lists: filtered, and as files without formulas."""

import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.members import OrganisationFactory
from tests.factories.programme import (
    ActionItemFactory,
    EndorsementFactory,
    ServiceFactory,
    ServiceRequestFactory,
    StrategyFactory,
)
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
REQUESTS, REQUESTS_FILE = reverse("programme:service_requests"), reverse("programme:service_requests_csv")
PLANS, PLANS_FILE = reverse("programme:plans"), reverse("programme:plans_csv")


def lines(response) -> list[list[str]]:
    return list(csv.reader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines()))


@pytest.fixture
def asked():
    market, check = ServiceFactory(name="Market desk"), ServiceFactory(name="Partner check")
    rannu, vesi = OrganisationFactory(name="Rannu"), OrganisationFactory(name="Vesi")
    return {
        "waits": ServiceRequestFactory(service=market, organisation=rannu, words="Who buys pumps?"),
        "agreed": ServiceRequestFactory(service=check, organisation=vesi, agreed=True),
        "done": ServiceRequestFactory(service=check, organisation=rannu, delivered=True, satisfied=4),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"waits", "agreed"}),
        ({"state": "all"}, {"waits", "agreed", "done"}),
        ({"state": "delivered"}, {"done"}),
        ({"state": "all", "q": "partner"}, {"agreed", "done"}),
        ({"state": "all", "q": "rannu"}, {"waits", "done"}),
        ({"q": "PUMPS"}, {"waits"}),
        ({"state": "lost", "q": "x" * 3}, set()),
        ({"state": "lost"}, {"waits", "agreed"}),
    ],
)
def test_requests_are_found_by_words_and_state_on_the_page_and_in_the_file(sign_in, manager, asked, query, found):
    client = sign_in(manager)

    page = client.get(REQUESTS, query)
    _head, *rows = lines(client.get(REQUESTS_FILE, query))

    assert {row["request"].pk for row in page.context["rows"]} == {asked[name].pk for name in found}
    assert {(row[0], row[1]) for row in rows} == {
        (asked[name].service.name, asked[name].organisation.name) for name in found
    }


def test_file_of_requests_runs_no_formula(sign_in, manager):
    ServiceRequestFactory(
        service__name="=Market", organisation__name="+Rannu", words="@SUM(A1)", delivered=True, answer="-cmd",
        delivered_hours=Decimal("7.5"), satisfied=4, satisfied_words="=cmd()",
    )  # fmt: skip

    [_head, row] = lines(sign_in(manager).get(REQUESTS_FILE, {"state": "all"}))

    assert (row[0], row[1], row[4], row[8], row[12]) == ("'=Market", "'+Rannu", "'@SUM(A1)", "'-cmd", "'=cmd()")
    assert (row[5], row[10], row[11]) == ("Delivered", "7.5", "4")


def test_plans_are_found_by_member_and_how_far_they_are(sign_in, manager):
    late, open_, none = (OrganisationFactory(name=name) for name in ("Rannu", "Vesi", "Tuul"))
    ActionItemFactory(organisation=late, due_on=timezone.localdate() - timedelta(days=1), what="=cmd()")
    ActionItemFactory(organisation=open_, what="Visit the fair", done_on=None)
    ActionItemFactory(organisation=open_, what="Read four pages", done_on=timezone.localdate())
    client = sign_in(manager)

    def found(query) -> list[str]:
        return [each.name for each in client.get(PLANS, query).context["page"]]

    assert found({"plan": "late"}) == ["Rannu"]
    assert found({"plan": "open"}) == ["Rannu", "Vesi"]
    assert {none.name} <= set(found({"plan": "none"})) <= set(found({})) - {"Rannu", "Vesi"}
    assert found({"q": "ves"}) == ["Vesi"]
    assert found({"plan": "lost"}) == found({})
    assert "No member fits." in client.get(PLANS, {"q": "nobody"}).content.decode()
    rows = [(row[0], row[1], bool(row[5])) for row in lines(client.get(PLANS_FILE))[1:]]
    assert rows == [("Rannu", "'=cmd()", False), ("Vesi", "Visit the fair", False), ("Vesi", "Read four pages", True)]
    assert [row[1] for row in lines(client.get(PLANS_FILE, {"plan": "late"}))[1:]] == ["'=cmd()"]


def test_file_of_stakeholders_holds_every_version_and_no_formula(sign_in, manager):
    strategy = StrategyFactory(consulted=True, number=2)
    EndorsementFactory(strategy=strategy, number=1, answer="objected", words="=cmd()", answered_at=timezone.now())
    EndorsementFactory(strategy=strategy, number=2, name="Region Sydkust", is_key_company=True)
    client = sign_in(manager)
    url = reverse("programme:stakeholders_csv", args=[strategy.slug])
    assert url in client.get(reverse("programme:stakeholders", args=[strategy.slug])).content.decode()

    [_head, newest, first] = lines(client.get(url))

    assert (newest[0], newest[1], newest[4], newest[6]) == ("2", "Region Sydkust", "yes", "Not answered yet")
    assert (first[0], first[6], first[8]) == ("1", "Objects", "'=cmd()")


def test_files_are_the_teams_alone(sign_in, owner, evaluator):
    ServiceRequestFactory(words="A secret plan")
    strategy = StrategyFactory(anchored=True)
    EndorsementFactory(strategy=strategy)
    for user in (owner, evaluator):
        for url in (REQUESTS_FILE, PLANS_FILE, reverse("programme:stakeholders_csv", args=[strategy.slug])):
            assert sign_in(user).get(url).status_code == 403
    page = sign_in(owner).get(REQUESTS, {"state": "all"}).content.decode()
    assert REQUESTS_FILE not in page
    assert "A secret plan" not in page


@pytest.mark.parametrize(("url", "make"), [(REQUESTS_FILE, ServiceRequestFactory), (PLANS_FILE, ActionItemFactory)])
def test_files_ask_as_often_for_many(sign_in, manager, url, make):
    client = sign_in(manager)

    assert_constant_queries(lambda: lines(client.get(url)), make, at_most=6, shows=lambda rows: len(rows) - 1)
