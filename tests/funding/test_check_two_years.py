"""The public check asks for figures of the year before, and of partners, where they can change the answer."""

import pytest

from funding.models import FundingCall
from tests.factories.funding import FunderFactory, FundingCallFactory
from tests.funding.test_check import ALL, OWN, SMALL, asks, result

pytestmark = pytest.mark.django_db
LARGE = SMALL | {"own_headcount": "260", "own_turnover": "60000000", "own_balance": "50000000"}
NEAR = LARGE | {"own_headcount": "240", "own_turnover": "30000000"}


@pytest.fixture
def call(db) -> FundingCall:
    """One funder pays for SMEs alone; small and micro companies are one to it."""
    found = FundingCallFactory()
    FunderFactory(call=found, name="Havsfonden", sizes=["micro", "small", "medium"])
    return found


def next_step(client, call, **said: str) -> str:
    return asks(client, call, OWN | said | {"from": "size"}).context["walk"].form.name


@pytest.mark.parametrize(
    ("said", "step"),
    [
        (SMALL, "partners"),
        (SMALL | {"own_headcount": "48"}, "partners"),  # near a ceiling that no rule of this call looks at
        (NEAR, "year_before"),
        (LARGE, "year_before"),
        (LARGE | {"own_public": "on"}, "partners"),
    ],
)
def test_it_is_asked_only_where_it_can_change_the_answer(client, call, said, step):
    assert next_step(client, call, **said) == step


def test_a_ceiling_that_changes_the_share_of_a_funder_counts(client, call):
    call.funders.update(rates={"small": "0.7"})
    assert next_step(client, call, **SMALL | {"own_headcount": "48"}) == "year_before"


def test_it_is_not_asked_where_no_rule_looks_at_size(client, call):
    call.funders.update(sizes=[])
    assert next_step(client, call, **LARGE) == "partners"


BELOW = {"before_headcount": "200", "before_turnover": "30000000", "before_balance": "20000000"}
ABOVE = {"before_headcount": "255", "before_turnover": "60000000", "before_balance": "50000000"}


@pytest.mark.parametrize(
    ("own", "before", "verdict"),
    [
        (LARGE, {}, "fail"),
        (LARGE, BELOW, "pass"),  # one year above: it keeps its status
        (LARGE, ABOVE, "fail"),  # two in a row
        (LARGE, ABOVE | {"before_status": "medium"}, "fail"),
        (LARGE, {"before_status": "medium"}, "pass"),
        (NEAR, ABOVE, "fail"),  # one year below is not enough either
        (NEAR, ABOVE | {"before_status": "medium"}, "pass"),  # and one year above was not
        (NEAR, BELOW, "pass"),
        (LARGE, BELOW | {"before_status": "large"}, "fail"),
    ],
)
def test_two_years_in_a_row_decide(client, call, own, before, verdict):
    assert result(client, call, **own, **before)["Size"][0] == verdict


def test_it_says_that_two_years_count(client, call):
    told = result(client, call, **LARGE, **BELOW)["Size"][1]
    assert "a change counts after two years in a row" in told


def test_partners_figures_are_asked_for_only_where_smes_are_counted(client, call):
    said = OWN | SMALL | {"from": "size"}
    assert "p1_headcount" not in asks(client, call, said).context["walk"].form.fields
    FundingCall.objects.update(least_smes=1)
    assert "p1_headcount" in asks(client, call, said).context["walk"].form.fields


def test_without_an_answer_one_can_go_on(client, call):
    response = asks(client, call, ALL | LARGE | {"from": "year_before"})
    assert response.context["walk"].form.name == "partners"


def test_a_number_below_zero_is_told_at_its_field(client, call):
    page = asks(client, call, OWN | LARGE | {"before_headcount": "-1", "from": "year_before"}).content.decode()
    assert 'name="before_headcount"' in page
    assert "Write 0 or more." in page
