"""The sample's funding calls are believable: invented names, numbers within the funders' rules, each phase once."""

import re
from collections import Counter
from decimal import Decimal

import pytest

from cluster_portal.sample.calls import content
from core import codelists
from funding import starts
from members.models import Organisation
from tests.sample.test_members_content import ORGANISATIONS, PEOPLE, size_class, slug
from tests.sample.test_rounds_content import GUESTS

TOLD = content()
CALLS, REVIEWERS = TOLD["call"], TOLD["reviewer"]
APPLICATIONS = [(call, row) for call in CALLS for row in call.get("application", ())]
HOME = {each["name"]: each for each in ORGANISATIONS}
PAST = {"over", "decided", "review"}

each_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call["key"])
each_application = pytest.mark.parametrize(
    ("call", "told"), APPLICATIONS, ids=[row["title"] for _, row in APPLICATIONS]
)


def parts(told):
    """(name, country, kind, size class, costs, grant) of each organisation of an application."""
    for row in [told | {"home": told["lead"]}, *told["partner"]]:
        of = HOME.get(row.get("home"), row)
        kind = of.get("kind", "company")
        size = size_class(of) if "headcount" in of else size_of(row.get("heads", 0))
        yield of["name"], of["country"], kind, size, sum(row["costs"].values()), row["grant"]


def size_of(heads):
    return "micro" if heads < 10 else "small" if heads < 50 else "medium"


def strangers():
    return {row["email"]: row for _, told in APPLICATIONS for row in told["partner"] if "home" not in row}.values()


def test_one_call_stands_in_each_phase_and_they_follow_each_other():
    assert [call["phase"] for call in CALLS] == ["over", "decided", "review", "open", "announced", "draft"]
    assert [call["opens"] for call in CALLS] == sorted(call["opens"] for call in CALLS)
    for field in ("name", "code"):
        assert len({call[field] for call in CALLS}) == len(CALLS)


@each_call
def test_days_of_a_call_are_those_of_its_phase(call):
    assert call["opens"] < call["deadline"] < call["decided"] - 1
    phase = {
        "over": call["decided"] < 0,
        "decided": call["decided"] < 0 <= call["decided"] + 3,
        "review": call["deadline"] < 0 < call["decided"] - 1,
        "open": call["opens"] < 0 < call["deadline"],
        "announced": call["opens"] > 0,
        "draft": call["opens"] > 0,
    }
    assert phase[call["phase"]]
    assert len(call["aim"].split()) <= 25
    assert call["text"] or call["phase"] == "draft"


@each_application
def test_each_grant_is_within_the_rules_of_its_funder(call, told):
    funders = {row["country"]: row for row in call["funders"]}
    pattern = {row["member_state"]: row for row in starts.joint_call().parts.funders}
    for name, country, kind, size, costs, grant in parts(told):
        rules = pattern["SE" if country == "SE" else "EE"]
        rate = Decimal(rules.get("rates", {}).get(size, rules["rate"]) if kind == "company" else rules["rate"])
        assert grant <= costs * rate, name
        assert grant <= funders[country]["largest"], name
        if grant and country != "SE":
            assert kind in rules["kinds"], name
            assert size in rules["sizes"] or kind != "company", name


@each_application
def test_each_consortium_is_as_the_call_asks(call, told):
    basics, found = starts.joint_call().basics, list(parts(told))
    assert len({slug(row[0]) for row in found}) == len(found) >= basics["least_organisations"]
    assert len({row[1] for row in found}) >= basics["least_countries"]
    assert any(row[2] == "company" and row[3] != "large" for row in found)
    assert HOME[told["lead"]]["kind"] in {"company", "cluster"}
    assert basics["shortest_months"] <= told["months"] <= basics["longest_months"]
    asked = [each for each in starts.joint_call().parts.questions if "asked_of" not in each]
    assert len(told["answers"]) == len(asked) or told.get("state") == "draft"
    for question, answer in zip(asked, told["answers"], strict=False):
        assert 2 <= len(answer.split()) <= question["most_words"]


@pytest.mark.parametrize("call", [c for c in CALLS if c["phase"] in {"over", "decided"}], ids=lambda call: call["key"])
def test_what_is_decided_is_within_each_budget_and_the_reserve_is_not(call):
    left = {row["country"]: row["budget"] for row in call["funders"]}
    for outcome in ("funded", "reserve"):
        rows = [row for row in call["application"] if row["outcome"] == outcome]
        assert rows
        for told in rows:
            for _name, country, _kind, _size, _costs, grant in parts(told):
                left[country] -= grant
        assert (min(left.values()) >= 0) == (outcome == "funded")
    for told in call["application"]:
        firsts = [scores[0] for scores in told["scores"].values()]
        assert len(firsts) == starts.joint_call().basics["reviews_each"]
        assert (sum(firsts) / len(firsts) >= 3) == (told["outcome"] != "rejected")


def test_one_appeals_and_one_project_is_completed_and_one_runs():
    assert [call["phase"] for call, row in APPLICATIONS if "appeal" in row] == ["decided"]
    assert Counter(row.get("status") for _, row in APPLICATIONS if "status" in row) == {"completed": 1, "running": 1}


def test_demos_reviewer_has_done_begun_and_not_answered():
    (demo,) = (row["key"] for row in REVIEWERS if row.get("demo") == "reviewer")
    rows = next(call for call in CALLS if call["phase"] == "review")["application"]
    assert sorted(len(row["scores"][demo]) for row in rows) == [0, 2, 4]


def test_scores_are_given_by_known_people_in_known_terms():
    keys = {row["key"] for row in REVIEWERS}
    for call, told in APPLICATIONS:
        assert set(told.get("scores", ())) <= keys
        assert set(told.get("remark", ())) <= set(told.get("scores", ()))
        assert ("scores" in told) == (call["phase"] in PAST)
        assert all(1 <= score <= 5 for scores in told.get("scores", {}).values() for score in scores)
    assert [len(rows) for rows in TOLD["said"]["criteria"]] == [5] * len(starts.joint_call().parts.criteria)
    assert len(TOLD["said"]["in_sum"]) == 5


def test_names_and_addresses_are_invented_and_unique():
    names = [each["name"] for each in (*ORGANISATIONS, *strangers())] + [guest["company"] for guest in GUESTS]
    people = [each["name"] for each in (*PEOPLE, *REVIEWERS)] + [each["person"] for each in (*GUESTS, *strangers())]
    emails = [each["email"] for each in (*PEOPLE, *REVIEWERS, *GUESTS, *strangers())]
    for values in ([slug(name) for name in names], people, emails):
        assert [value for value, times in Counter(values).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z.-]+@[a-z-]+\.example", email) for email in emails)
    employers = {row["employer"] for row in REVIEWERS}
    assert len(employers) == len(REVIEWERS)
    assert not {slug(each) for each in employers} & {slug(name) for name in names}


def test_organisations_and_countries_exist():
    for call, told in APPLICATIONS:
        assert {told["lead"], *(row["home"] for row in told["partner"] if "home" in row)} <= set(HOME)
        assert {row[1] for row in parts(told)} <= {row["country"] for row in call["funders"]}
    assert {row["country"] for row in strangers()} <= set(codelists.countries())
    assert {row.get("kind", "company") for row in strangers()} <= set(Organisation.Kind)
    for name in ("linked", "search"):
        assert TOLD[name]["organisation"] in HOME
    assert {TOLD["search"]["interested"], *TOLD["search"]["asked"], TOLD["linked"]["company"]} <= set(HOME)


def test_no_text_is_used_twice():
    lines = [line for rows in TOLD["said"]["criteria"] for line in rows] + TOLD["said"]["in_sum"]
    for call, told in APPLICATIONS:
        lines += [told["summary"], told["title"], *told["answers"], told.get("reasons", call["key"] + told["title"])]
        lines += [row["role"] for row in told["partner"]]
    assert [line for line, times in Counter(lines).items() if times > 1] == []
