"""Hard rules forbid with a reason; what is not known never forbids; soft factors only take away."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opportunities.filtering import (
    RULES,
    SOFT_FACTORS,
    TEMPLATES,
    Feedback,
    Member,
    Opportunity,
    Reason,
    sentence,
    why_not,
)
from opportunities.filtering.rules import FULL
from opportunities.filtering.sentences import ABOUT
from opportunities.filtering.trl import trl_range
from tests.opportunities.filtering.cases import (
    DIGESTER,
    HORIZON,
    MEMBRANES,
    OPPORTUNITIES,
    TODAY,
    fitted,
    random_member,
    random_opportunity,
    rng,
)

seeds = st.integers(0, 2**32)

FORBIDDEN = [
    ("eligible_country", {"target_countries": ("FI", "EE")}, "It is not open to organisations from Sweden."),
    ("eligible_kind", {"target_kinds": ("research",)}, "It is not open to your kind of organisation."),
    ("eligible_size", {"target_sizes": ("micro", "large")}, "It is not open to companies of your size."),
    ("deadline_passed", {"deadline": date(2027, 4, 19)}, "The deadline was 19 April 2027."),
    (
        "deadline_too_soon",
        {"deadline": TODAY + timedelta(days=5), "effort_hours": 60.0},
        "It takes about 60 hours, more than you have in the 5 days until the deadline.",
    ),
    ("kind_wanted", {"kind": "event"}, "You did not ask for opportunities of this kind."),
    ("language_read", {"language": "de"}, "It is written in German, which is not among your languages."),
    ("own_organisation", {"organisation": "KALMAR  membran"}, "It comes from your own organisation."),
    ("already_answered", {"id": 77}, "You have already answered it."),
]
CHOOSY = replace(MEMBRANES, kinds=("partnering", "tender", "funding"), feedback=(Feedback(77, "not_for_us"),))


@pytest.mark.parametrize(("rule", "change", "told"), FORBIDDEN, ids=[rule for rule, _, _ in FORBIDDEN])
def test_each_rule_forbids_and_says_why(rule: str, change: dict[str, object], told: str) -> None:
    allowed = replace(DIGESTER, organisation="Tartu Vesi")
    assert why_not(CHOOSY, allowed, today=TODAY) == ()
    [refusal] = why_not(CHOOSY, replace(allowed, **change), today=TODAY)  # type: ignore[arg-type]
    assert refusal.rule == rule
    assert sentence(refusal.reason) == told


def test_each_rule_has_a_case_above() -> None:
    assert [rule.name for rule in RULES] == [rule for rule, _, _ in FORBIDDEN]


@pytest.mark.parametrize(("rule", "change", "told"), FORBIDDEN, ids=[rule for rule, _, _ in FORBIDDEN])
def test_what_a_member_did_not_say_never_forbids(rule: str, change: dict[str, object], told: str) -> None:
    if rule == "deadline_passed":
        assert why_not(Member(1), replace(DIGESTER, **change), today=None) == ()  # type: ignore[arg-type]
    else:
        assert why_not(Member(1), replace(DIGESTER, **change), today=TODAY) == ()  # type: ignore[arg-type]


def test_an_opportunity_that_says_nothing_is_open_to_everyone() -> None:
    assert why_not(CHOOSY, Opportunity(5), today=TODAY) == ()


def test_a_saved_or_opened_opportunity_stays_in_the_list() -> None:
    looked = replace(MEMBRANES, feedback=(Feedback(DIGESTER.id, "saved"), Feedback(DIGESTER.id, "opened")))
    assert why_not(looked, DIGESTER, today=TODAY) == ()


def test_several_rules_are_all_named() -> None:
    late = replace(HORIZON, deadline=date(2020, 1, 1), target_countries=("FI",))
    assert [refusal.rule for refusal in why_not(MEMBRANES, late, today=TODAY)] == [
        "eligible_country",
        "deadline_passed",
    ]


def test_deadline_of_today_is_still_open() -> None:
    assert why_not(Member(1), replace(DIGESTER, deadline=TODAY), today=TODAY) == ()


@settings(deadline=None)
@given(seeds)
def test_forbidden_pairs_never_appear_and_allowed_ones_always_do(seed: int) -> None:
    random = rng(seed)
    offered = [random_opportunity(random, number) for number in range(1, 25)]
    member = random_member(random, 3, range(1, 25))
    [found] = fitted(offered, [member]).ranked(keep=1000)
    allowed = {each.id for each in offered if not why_not(member, each, today=TODAY)}
    assert {match.opportunity_id for match in found.matches} == allowed


@settings(deadline=None)
@given(seeds, st.integers(1, 400))
def test_time_only_ever_forbids_more(seed: int, days: int) -> None:
    random = rng(seed)
    member, opportunity = random_member(random, 1), random_opportunity(random, 1)
    before = {refusal.rule for refusal in why_not(member, opportunity, today=TODAY)}
    after = {refusal.rule for refusal in why_not(member, opportunity, today=TODAY + timedelta(days=days))}
    too_late = {"deadline_passed", "deadline_too_soon"}
    assert before - too_late == after - too_late
    assert bool(after & too_late) >= bool(before & too_late)


@settings(deadline=None)
@given(seeds)
def test_soft_factors_lie_between_one_and_full(seed: int) -> None:
    random = rng(seed)
    member, opportunity = random_member(random, 1), random_opportunity(random, 1)
    for factor in SOFT_FACTORS:
        assert 1 <= factor.weigh(factor.of_member(member), factor.of_opportunity(opportunity)) <= FULL
        assert factor.weigh(factor.of_member(Member(1)), factor.of_opportunity(opportunity)) == FULL
        assert factor.weigh(factor.of_member(member), factor.of_opportunity(Opportunity(1))) == FULL


SOFT = [
    ("market", {"markets": ("FI",)}, {"countries": ("EE",)}, 208),
    ("market", {"markets": ("FI",)}, {"countries": ("EE", "FI")}, FULL),
    ("market", {"markets": ("FI",), "country": "EE"}, {"countries": ("EE",)}, FULL),
    ("budget", {"cofinance_eur_a_year": 30_000.0}, {"kind": "funding", "budget_min_eur": 2_000_000.0}, 160),
    ("budget", {"cofinance_eur_a_year": 30_000.0}, {"kind": "funding", "budget_min_eur": 200_000.0}, FULL),
    ("budget", {"cofinance_eur_a_year": 30_000.0}, {"kind": "tender", "budget_min_eur": 2_000_000.0}, FULL),
    ("effort", {"hours_a_month": 10.0}, {"effort_hours": 31.0}, 224),
    ("effort", {"hours_a_month": 10.0}, {"effort_hours": 30.0}, FULL),
    ("effort", {"hours_a_month": 10.0}, {"effort_hours": 100.0}, 192),
    ("readiness", {"trl_min": 6, "trl_max": 9}, {"text": "TRL 2 to 4"}, 176),
    ("readiness", {"trl_min": 5}, {"text": "TRL 2 to 4"}, 224),
    ("readiness", {"trl_max": 4}, {"text": "from TRL 4"}, FULL),
]


@pytest.mark.parametrize(("name", "mine", "theirs", "share"), SOFT)
def test_soft_factor(name: str, mine: dict[str, object], theirs: dict[str, object], share: int) -> None:
    factor = next(each for each in SOFT_FACTORS if each.name == name)
    member, opportunity = Member(1, **mine), Opportunity(1, **theirs)  # type: ignore[arg-type]
    assert factor.weigh(factor.of_member(member), factor.of_opportunity(opportunity)) == share


def test_a_far_market_costs_a_fifth_of_the_score() -> None:
    near, far = replace(DIGESTER, countries=("FI",)), replace(DIGESTER, id=9, countries=("PT",))
    [found] = fitted([near, far], [MEMBRANES]).ranked()
    scores = {match.opportunity_id: match.score for match in found.matches}
    assert scores[9] == scores[DIGESTER.id] * 208 // 256


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Activities start at TRL 4 and reach TRL 6-7.", (4, 7)),
        ("TRLs between 3 and 5", (3, 5)),
        ("TRL5", (5, 5)),
        ("trl 4–6", (4, 6)),
        ("We met 5 times.", None),
        ("TRL 12", None),
        ("control 5", None),
    ],
)
def test_readiness_levels_are_read_from_text(text: str, levels: tuple[int, int] | None) -> None:
    assert trl_range(text) == levels


def test_each_rule_and_factor_describes_itself_for_the_page() -> None:
    for each in (*RULES, *SOFT_FACTORS):
        assert each.description.endswith(".")
    assert len({each.name for each in (*RULES, *SOFT_FACTORS)}) == len(RULES) + len(SOFT_FACTORS)


def test_every_template_can_be_filled() -> None:
    values = {
        "theirs": "a", "yours": "b", "words": "c", "scheme": "cpv", "code": "d", "label": "e", "country": "SE",
        "weeks": 5, "days": 5, "hours": 7, "date": "2027-05-03", "language": "fi",
    }  # fmt: skip
    for code in TEMPLATES:
        told = sentence(Reason(code, values))
        assert "{" not in told
        assert told.endswith(".")


def test_what_was_written_stands_behind_a_colon() -> None:
    """Whatever stands there, with an article or without, it reads as a sentence."""
    quoted = 0
    for template in (*TEMPLATES.values(), *ABOUT.values()):
        for before in re.findall(r"(.)\s*\{(?:theirs|yours|words)\}", template):
            assert before == ":", template
            quoted += 1
    assert quoted >= 20


def test_sentences_are_translated_by_template_and_names_by_language() -> None:
    swedish = {"In your target market {country}.": "På er målmarknad {country}."}
    told = sentence(Reason("target_market", {"country": "FI"}), translate=lambda text: swedish[text], language="sv")
    assert told == "På er målmarknad Finland."
    assert OPPORTUNITIES[0].countries == ("FI",)
