"""The public check asks for the companies around a company where their figures decide what it counts as."""

import pytest

from funding.models import FundingCall
from tests.factories.funding import FunderFactory, FundingCallFactory
from tests.funding.test_check import OWN, SMALL, asks, result

pytestmark = pytest.mark.django_db
LARGE = SMALL | {"own_headcount": "260", "own_turnover": "60000000", "own_balance": "50000000"}
MEDIUM = SMALL | {"own_headcount": "150"}
LINKED, PARTNER, BOTH = {"own_owner": "linked"}, {"own_owner": "partner"}, {"own_owner": "both"}
BELOW = {"before_headcount": "200", "before_turnover": "30000000", "before_balance": "20000000"}
ABOVE = {"before_headcount": "255", "before_turnover": "60000000", "before_balance": "50000000"}


@pytest.fixture
def call(db) -> FundingCall:
    """One funder pays for SMEs alone."""
    found = FundingCallFactory()
    FunderFactory(call=found, name="Havsfonden", sizes=["micro", "small", "medium"])
    return found


def people(relation: str, number: int) -> dict[str, str]:
    """That many people, and no money that would matter."""
    return {f"{relation}_headcount": str(number), f"{relation}_turnover": "0", f"{relation}_balance": "0"}


def steps(client, call, **said: str) -> list[str]:
    """The steps about size, in their order, for somebody who answers like this."""
    walk = asks(client, call, OWN | said | {"from": "around_before"}).context["walk"]
    return [step["name"] for step in walk.steps if step["name"] in ("around", "year_before", "around_before")]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (SMALL, []),
        (SMALL | LINKED | people("linked", 5), ["around"]),
        (SMALL | LINKED | {"own_public": "on"}, []),
        # With its owners it comes near to a ceiling: then the year before is asked for, and theirs where they decide.
        (MEDIUM | LINKED | people("linked", 60), ["around", "year_before"]),
        (MEDIUM | LINKED | people("linked", 60) | BELOW, ["around", "year_before", "around_before"]),
        (MEDIUM | LINKED | people("linked", 60) | ABOVE, ["around", "year_before"]),
        # Large by its own figures: whoever is around it changes nothing about this year.
        (LARGE, ["year_before"]),
        (LARGE | LINKED, ["year_before"]),
        (LARGE | LINKED | {"own_public": "on"}, []),
        # But they may make the year before a large one, too.
        (LARGE | LINKED | BELOW, ["year_before", "around_before"]),
        (LARGE | PARTNER | BELOW, ["year_before", "around_before"]),
        (LARGE | LINKED | ABOVE, ["year_before"]),
        (LARGE | LINKED | BELOW | {"before_status": "large"}, ["year_before"]),
        (LARGE | LINKED | BELOW | {"before_status": "medium"}, ["year_before", "around_before"]),
    ],
)
def test_they_are_asked_for_where_they_decide(client, call, said, asked):
    assert steps(client, call, **said) == asked


@pytest.mark.parametrize(("own_headcount", "asked"), [("40", ["around"]), ("60", [])])
def test_they_are_not_asked_for_where_no_rule_looks_at_the_difference(client, call, own_headcount, asked):
    """Only small companies get a larger share: a medium one is not small with anybody around it."""
    call.funders.update(sizes=[], rates={"small": "0.7"})
    assert steps(client, call, **SMALL | LINKED | people("linked", 200) | {"own_headcount": own_headcount}) == asked


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (LARGE | LINKED, "fail"),
        (LARGE | LINKED | BELOW | people("linked_before", 49), "pass"),
        (LARGE | LINKED | BELOW | people("linked_before", 50), "fail"),
        (LARGE | LINKED | BELOW | {"linked_before_headcount": ""}, "unknown"),
        (LARGE | PARTNER | BELOW | people("partner_before", 100) | {"partner_share": "49.99"}, "pass"),
        (LARGE | PARTNER | BELOW | people("partner_before", 100) | {"partner_share": "50"}, "fail"),
        # 150, 60 linked people and half of 80 partners are 250.
        (MEDIUM | BOTH | people("linked", 60) | people("partner", 79) | {"partner_share": "50"}, "pass"),
        (MEDIUM | BOTH | people("linked", 60) | people("partner", 80) | {"partner_share": "50"}, "fail"),
        (MEDIUM | BOTH | people("linked", 100) | {"partner_share": "25"}, "fail"),  # enough without the other
        (MEDIUM | BOTH | people("linked", 60) | {"partner_share": "25"}, "unknown"),
    ],
)
def test_linked_companies_count_in_full_and_partners_by_their_share(client, call, said, verdict):
    assert result(client, call, **said)["Size"][0] == verdict


def test_what_is_missing_of_the_year_before_is_named(client, call):
    told = result(client, call, **LARGE | LINKED | BELOW, linked_before_headcount="")["Size"][1]
    assert "Say: the figures of the companies with more than half for the year before." in told


def test_each_relation_is_asked_about_and_no_other(client, call):
    def fields(**said: str) -> set[str]:
        return {name.rpartition("_")[0] for name in asks(client, call, OWN | said).context["walk"].form.fields}

    assert fields(**SMALL | LINKED | {"from": "size"}) == {"linked"}
    assert fields(**SMALL | PARTNER | {"from": "size"}) == {"partner"}
    assert fields(**SMALL | BOTH | {"from": "size"}) == {"linked", "partner"}
    assert fields(**LARGE | PARTNER | BELOW | {"from": "year_before"}) == {"partner", "partner_before"}


def test_the_year_before_begins_with_what_was_said_of_this_one(client, call):
    said = OWN | MEDIUM | PARTNER | people("partner", 130) | {"partner_share": "40"} | BELOW
    shown = asks(client, call, said | {"from": "year_before"})

    assert shown.context["walk"].form.name == "around_before"
    assert 'name="partner_before_headcount" value="130"' in shown.content.decode()
    assert "partner_share" not in shown.context["walk"].form.fields  # said once
