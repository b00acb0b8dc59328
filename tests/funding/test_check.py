"""A visitor checks whether a call is for them, step by step, without an account and without a trace."""

import re
from datetime import timedelta
from string import Formatter
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from funding import sentences
from funding.eligibility import RULES
from funding.eligibility import sentences as english
from funding.models import FundingCall
from tests.factories.funding import ActivityTypeFactory, FunderFactory, FundingCallFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.call_ground import page, ready

OWN = {"own_name": "Klarflod", "own_kind": "company", "own_country": "SE"}
SMALL = {"own_headcount": "20", "own_turnover": "3000000", "own_balance": "2000000", "own_owner": "none"}
PARTNERS = {"rows": "2", "p1_kind": "cluster", "p1_country": "EE", "p2_kind": "company", "p2_country": "EE"} | {
    "p2_headcount": "5", "p2_turnover": "100000", "lead": "1",
}  # fmt: skip
PROJECT = {"months": "12", "costs": "80000", "grant": "40000"}
ALL = OWN | SMALL | PARTNERS | PROJECT | {"aid": "0", "from": "before"}


@pytest.fixture
def call(db) -> FundingCall:
    found = FundingCallFactory(
        least_organisations=3, least_countries=2, least_smes=1, lead_kinds=["cluster"], longest_months=18
    )
    FunderFactory(
        call=found, name="Havsfonden", is_de_minimis=True, sizes=["micro", "small", "medium"], rates={"small": "0.5"}
    )
    FunderFactory(call=found, name="Merefond", member_state="EE")
    return found


def asks(client, call, said):
    return client.get(page("check_call", call.slug), said)


def result(client, call, **said) -> dict[str, tuple[str, str]]:
    response = asks(client, call, ALL | said)
    groups = response.context["verdict"]["groups"]
    return {line.rule: (line.verdict, " ".join(line.told)) for group in groups for line in group["lines"]}


def go_on(client, call, response, **answers):
    """Fills in the form of a page and sends it, with all its hidden fields, as a browser does."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', response.content.decode())
    return asks(client, call, dict(hidden) | answers)


def test_a_visitor_comes_through_step_by_step(client, call):
    response = asks(client, call, {})
    steps = []
    for answers in (OWN, SMALL, PARTNERS, PROJECT, {"aid": "100000"}):
        steps.append(response.context["walk"].form.name)
        response = go_on(client, call, response, **answers)

    assert steps == ["own", "size", "partners", "project", "before"]
    shown = response.content.decode()
    assert "You can apply." in shown
    assert "With EUR 100,000 granted before, EUR 40,000 stay within the ceiling of EUR 300,000 in Sweden." in shown
    assert "Commission Regulation (EU) 2023/2831, article 3" in shown


def test_nothing_is_written(client, call):
    with CaptureQueriesContext(connection) as queries:
        asks(client, call, ALL)

    assert not [each["sql"] for each in queries if not each["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


def test_a_step_can_be_gone_back_to_with_all_answers(client, call):
    shown = asks(client, call, ALL)
    back = next(step["url"] for step in shown.context["walk"].steps if step["name"] == "size")

    step = client.get(page("check_call", call.slug) + back)
    assert step.context["walk"].form.name == "size"
    assert 'value="20"' in step.content.decode()
    kept = dict(parse_qsl(urlencode(step.context["walk"].hidden)))
    assert kept.items() >= (PARTNERS | PROJECT | OWN).items() - {("rows", "2")}


@pytest.mark.parametrize(
    ("said", "rule", "verdict", "told"),
    [
        ({"own_headcount": "250"}, "Size", "fail", "It is of size large; Havsfonden pays for: micro, small, medium."),
        ({"own_public": "on"}, "Size", "fail", "A quarter or more of it is in public hands"),
        ({"own_headcount": ""}, "Size", "unknown", "Say: how many people it employs."),
        ({"lead": "0"}, "Who leads", "fail", "the lead must be one of: cluster organisation."),
        ({"p1_country": "SE", "p2_country": "SE"}, "Number of countries", "fail", "Partners from Sweden;"),
        ({"p2_kind": "", "p2_country": ""}, "Number of organisations", "fail", "Organisations so far: 2."),
        ({"months": "19"}, "Length of the project", "fail", "The project takes 19 months"),
        ({"months": ""}, "Length of the project", "unknown", "Say how many months"),
        ({"grant": "40000.01"}, "Own share of the costs", "fail", "pays 50 % of the costs: EUR 40,000 of EUR 80,000."),
        # As people of many countries type an amount.
        ({"grant": "40 000,00", "costs": "EUR 80 000"}, "Own share of the costs", "pass", "within 50 % of the costs"),
        ({"own_turnover": "3 000 000 000", "own_balance": "2.000.000.000"}, "Size", "fail", "It is of size large"),
        ({"costs": "200000", "grant": "60000.01"}, "Size of the grant", "fail", "EUR 60,000.01"),
        ({"aid": "260000.01"}, "De minimis aid", "fail", "EUR 39,999.99 are left"),
        ({"aid": "260000"}, "De minimis aid", "pass", "stay within the ceiling"),
        ({"aid": ""}, "De minimis aid", "unknown", "Declare all de minimis aid"),
        ({"own_country": "LV"}, "Who pays", "fail", "No funder of the call pays in Latvia."),
        ({"own_owner": "linked", "linked_headcount": "230"}, "Size", "fail", "It is of size large"),
        ({"own_owner": "partner", "partner_headcount": "400", "partner_share": "50"}, "Size", "pass", "of size medium"),
    ],
)
def test_each_rule_says_what_is_wrong(client, call, said, rule, verdict, told):
    around = {"linked_turnover": "60000000", "linked_balance": "50000000"} if said.get("own_owner") == "linked" else {}
    if said.get("own_owner") == "partner":
        around = {"partner_turnover": "1", "partner_balance": "1"}

    found = result(client, call, **said | around)

    assert found[rule][0] == verdict
    assert told in found[rule][1]


def test_companies_around_are_asked_for_only_where_they_decide(client, call):
    sized = OWN | SMALL | {"from": "size"}
    asked = {
        "none": sized,
        "linked": sized | {"own_owner": "linked"},
        "large already": sized | {"own_owner": "linked", "own_headcount": "300"},
        "public": sized | {"own_owner": "linked", "own_public": "on"},
    }

    names = {name: asks(client, call, said).context["walk"].form.name for name, said in asked.items()}

    assert names == {"none": "partners", "linked": "around", "large already": "year_before", "public": "partners"}


def test_the_region_is_asked_for_where_a_funder_names_regions(client, call):
    call.funders.filter(name="Havsfonden").update(regions=["SE23"])

    step = asks(client, call, OWN | {"from": "own"})
    assert step.context["walk"].form.name == "region"
    assert result(client, call, own_region="SE23")["Who pays"] == ("pass", "Havsfonden pays.")
    assert result(client, call, own_region="SEZZZ")["Who pays"] == ("fail", "Havsfonden does not pay there.")
    assert asks(client, call, OWN | {"own_country": "EE", "from": "own"}).context["walk"].form.name == "size"


@pytest.mark.parametrize(
    ("said", "step", "sentence"),
    [
        ({"own_country": "XX"}, "own", "Choose from the list."),
        ({"own_kind": ""}, "own", "We need this."),
        ({"own_headcount": "-1"}, "size", "Write 0 or more."),
        ({"own_headcount": "many"}, "size", "number"),
        ({"p2_country": ""}, "partners", "Say both, what it is and where."),
        ({"lead": "9"}, "partners", "Choose from the list."),
        ({"p1_kind": "", "p1_country": ""}, "partners", "Say what the lead is"),
        ({"grant": "90000"}, "project", "It is more than your part costs."),
        ({"costs": "1e99"}, "project", "Write the amount in figures"),
        ({"costs": "80.000"}, "project", "can be read in two ways"),
        ({"own_turnover": "2000000000000"}, "size", "more than any company has"),
        ({"aid": "-5"}, "before", "An amount is not below zero."),
        ({"rows": "99999999"}, "partners", "9 or less"),
        ({"own_name": "<b>x</b>" * 40}, "own", "&lt;b&gt;"),
    ],
)
def test_an_answer_that_cannot_be_leads_to_its_step(client, call, said, step, sentence):
    response = asks(client, call, ALL | said)

    assert response.context["walk"].form.name == step
    assert sentence in response.content.decode()


def test_a_shortened_address_leads_to_what_is_missing(client, call):
    assert asks(client, call, {"from": "before"}).context["walk"].form.name == "own"
    assert asks(client, call, {"from": "nowhere", "at": "elsewhere"}).context["walk"].form.name == "own"


def test_one_more_partner_keeps_what_was_typed(client, call):
    step = asks(client, call, OWN | SMALL | PARTNERS | {"from": "partners", "more": "1"})

    shown = step.content.decode()
    assert "Partner 3" in shown
    assert 'name="p2_headcount" value="5"' in shown


def test_names_are_no_markup(client, call):
    shown = asks(client, call, ALL | {"own_name": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in shown


def test_the_profile_of_an_owner_is_filled_in_and_says_so(sign_in, call, client):
    organisation = OrganisationFactory(name="Klarflod", kind="company", country="EE", headcount=33, turnover_eur=70)
    person = sign_in(MembershipFactory(organisation=organisation, role="owner").user)

    first = asks(person, call, {})
    assert "Filled in from your profile." in first.content.decode()
    assert 'value="Klarflod"' in first.content.decode()
    second = go_on(person, call, first, own_name="Klarflod", own_kind="company", own_country="EE")
    assert 'name="own_headcount" value="33"' in second.content.decode()
    assert "profile" not in asks(client, call, {}).content.decode()


def test_only_calls_that_one_can_see_are_checked(client, sign_in, manager, call):
    draft = ready()
    bare = FundingCallFactory()

    assert client.get(page("check_call", draft.slug)).status_code == 404
    assert client.get(page("check_call", bare.slug)).status_code == 404
    assert "Your organisation" in sign_in(manager).get(page("check_call", draft.slug)).content.decode()


def test_the_deadline_is_looked_at(client, call):
    FundingCall.objects.filter(pk=call.pk).update(deadline=timezone.now() - timedelta(seconds=1))

    assert result(client, call)["Deadline"][0] == "fail"


def test_before_a_call_opens_one_asks_whether_to_prepare(client, call):
    FundingCall.objects.filter(pk=call.pk).update(opens_at=timezone.now() + timedelta(days=1))

    assert result(client, call)["Deadline"][0] == "pass"


def test_activities_are_asked_for_where_a_funder_names_them(client, call):
    call.funders.get(name="Havsfonden").activity_types.add(ActivityTypeFactory(call=call, name="Pilots"))
    call.funders.get(name="Merefond").activity_types.add(ActivityTypeFactory(call=call, name="Fairs"))

    assert result(client, call, activities=["Pilots"])["What the project does"][0] == "pass"
    assert "does not pay for Fairs" in result(client, call, activities=["Pilots", "Fairs"])["What the project does"][1]


def test_earlier_grants_are_counted(client, call):
    call.funders.filter(name="Havsfonden").update(most_previous_grants=1, previous_grants_years=3)

    assert result(client, call, previous="1")["Earlier grants"][0] == "pass"
    assert result(client, call, previous="2")["Earlier grants"][0] == "fail"
    assert result(client, call, previous="")["Earlier grants"][0] == "unknown"


def places(text: object) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(str(text)) if name}


def test_the_words_of_the_interface_are_those_of_the_rules():
    """The same codes, and each with the same places to fill."""
    assert sentences.TEMPLATES.keys() == english.TEMPLATES.keys()
    assert {
        code for code, text in english.TEMPLATES.items() if places(text) != places(sentences.TEMPLATES[code])
    } == set()
    assert sentences.MISSING.keys() == english.MISSING.keys()
    assert sentences.RULES.keys() == {rule.name for rule in RULES}
    assert sentences.TO_DO.keys() <= sentences.TEMPLATES.keys()


def test_every_failure_says_what_to_do():
    from inspect import getsource

    from funding.eligibility import rules

    source = getsource(rules)
    failing = set(re.findall(r'Finding\("fail", "(\w+)"', source))
    failing |= set(re.findall(r'else "(\w+_(?:excluded|passed|room)|too_\w+)"', source))

    assert len(failing) >= 18
    assert failing - sentences.TO_DO.keys() == set()
