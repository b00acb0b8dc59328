"""Whoever has read what the rules say changes one answer and is back with the next tap; a stranger can go on, too."""

from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlencode

import pytest
from django.utils import timezone

from funding.models import FundingCall
from tests.factories.funding import FunderFactory, FundingCallFactory
from tests.factories.members import MembershipFactory
from tests.funding.call_ground import page
from tests.funding.test_check import ALL, asks, go_on, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(db) -> FundingCall:
    found = FundingCallFactory(longest_months=18)
    FunderFactory(call=found, name="Havsfonden", sizes=["micro", "small", "medium"], is_de_minimis=True)
    return found


def back_to(client, call, said: dict[str, str], rule: str):
    """Follows the link beside a rule."""
    groups = asks(client, call, said).context["verdict"]["groups"]
    url = next(line.url for group in groups for line in group["lines"] if line.rule == rule)
    return client.get(page("check_call", call.slug) + url)


def test_a_rule_that_is_not_kept_leads_to_its_answer_and_back_at_once(client, call):
    step = back_to(client, call, ALL | {"months": "19"}, "Length of the project")
    assert step.context["walk"].form.name == "project"

    shown = go_on(client, call, step, months="12", costs="80000", grant="40000")

    assert "verdict" in shown.context
    assert "12 months fit." in shown.content.decode()


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ({"own_headcount": ""}, "size"),
        ({"own_owner": "linked", "linked_headcount": "", "linked_turnover": "", "linked_balance": ""}, "around"),
        ({"own_headcount": "260", "before_headcount": "240", "before_turnover": "60000000"}, "year_before"),
    ],
)
def test_what_is_not_known_of_a_size_leads_to_where_it_is_asked(client, call, said, step):
    assert back_to(client, call, ALL | said, "Size").context["walk"].form.name == step


def test_an_answer_that_makes_new_questions_leads_to_those_alone(client, call):
    """The owners were not asked for before: now they are, and nothing that was answered comes again."""
    step = back_to(client, call, ALL | {"own_headcount": "250"}, "Size")
    linked = {"own_headcount": "20", "own_turnover": "1", "own_balance": "1", "own_owner": "linked"}

    asked = go_on(client, call, step, **linked)
    assert asked.context["walk"].form.name == "around"
    assert "error-summary" not in asked.content.decode()

    shown = go_on(client, call, asked, linked_headcount="5", linked_turnover="1", linked_balance="1")
    assert "verdict" in shown.context


def test_two_relations_need_both_answers(client, call):
    """What was said of one company does not stand for the other."""
    around = {"linked_headcount": "5", "linked_turnover": "1", "linked_balance": "1"}
    said = ALL | {"own_owner": "linked"} | around | {"from": "before", "at": "size"}
    step = asks(client, call, said)

    asked = go_on(client, call, step, own_headcount="20", own_turnover="1", own_balance="1", own_owner="both")

    assert asked.context["walk"].form.name == "around"
    assert "error-summary" not in asked.content.decode()
    assert 'name="linked_headcount" value="5"' in asked.content.decode()


def test_rules_that_are_kept_lead_nowhere(client, call):
    groups = asks(client, call, ALL).context["verdict"]["groups"]
    assert {line.url for group in groups for line in group["lines"] if line.verdict == "pass"} == {""}
    assert result(client, call)["Size"][0] == "pass"


def test_a_stranger_signs_in_from_the_answer_and_comes_back_to_it(client, call):
    shown = unescape(asks(client, call, ALL).content.decode())
    link = shown.partition('href="/accounts/login/?next=')[2].partition('"')[0]

    assert "Sign in to apply" in shown
    there = dict(parse_qsl(f"next={link}"))["next"]
    assert there == f"{page('check_call', call.slug)}?{urlencode(ALL)}"


def test_the_page_of_a_call_lets_a_stranger_sign_in_while_it_is_open(client, sign_in, call):
    of_call = page("call", call.slug)
    assert f"/accounts/login/?next={of_call}" in client.get(of_call).content.decode()

    member = sign_in(MembershipFactory(role="owner").user)
    assert "Sign in to apply" not in member.get(of_call).content.decode()


def test_after_the_deadline_nobody_is_asked_to_sign_in(client, call):
    FundingCall.objects.filter(pk=call.pk).update(deadline=timezone.now() - timedelta(seconds=1))

    assert "Sign in to apply" not in client.get(page("call", call.slug)).content.decode()
    assert "Sign in to apply" not in asks(client, call, ALL).content.decode()
