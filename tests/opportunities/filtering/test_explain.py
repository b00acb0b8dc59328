"""Reasons: exact parts of the score, told as sentences that are true."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opportunities.filtering import (
    TEMPLATES,
    Code,
    Feedback,
    Member,
    Opportunity,
    ScoreModel,
    explain,
    fit,
    parts,
    sentence,
)
from opportunities.filtering.rank import score_pairs
from opportunities.filtering.vectors import side_of
from tests.opportunities.filtering.cases import (
    DIGESTER,
    HORIZON,
    MEMBERS,
    MEMBRANES,
    OPPORTUNITIES,
    SALMON,
    SOFTWARE,
    TODAY,
    WATERWORKS,
    WORDS,
    fitted,
    random_member,
    random_opportunity,
    rng,
)


def told(member: Member, opportunity: Opportunity) -> list[str]:
    case = fitted()
    reasons = explain(case.model, member, opportunity, today=TODAY, feedback_vectors=case.vectors)
    return [sentence(reason) for reason in reasons]


def test_a_request_meets_what_the_member_offers() -> None:
    assert told(MEMBRANES, WATERWORKS) == [
        "They look for: ceramic membrane modules. You offer: ceramic membranes and membrane modules.",
        "In your target market Finland.",
        "Deadline in 5 weeks fits your capacity.",
    ]


def test_an_offer_meets_what_the_member_seeks() -> None:
    (reason,) = told(MEMBRANES, SOFTWARE)
    assert reason == (
        "They offer: software that predicts when pumps in sewage networks need maintenance. "
        "You look for: software for maintenance of pumps."
    )


def test_a_funding_topic_meets_what_the_member_offers() -> None:
    assert told(MEMBRANES, HORIZON)[0] == ("It is close to what you offer: pilot plants for wastewater.")


def test_shared_words_are_named_when_no_line_of_the_member_carries_them() -> None:
    assert told(Member(9, text="We smoke fish and sell salmon."), SALMON) == ["You both name: salmon."]


SCANS = Opportunity(
    8,
    title="Roof survey",
    text="Roof survey by laser. Send a scan of the form by October. A directorate of the town owns the house.",
    codes=(Code("cpv", "45232421"),),
)


def both_speak_of(text: str, opportunity: Opportunity, **more: object) -> list[str]:
    member = Member(9, text=text, **more)
    case = fitted([*OPPORTUNITIES, opportunity], [member])
    return [sentence(each) for each in explain(case.model, member, opportunity, today=None)]


def test_a_shared_code_says_more_than_a_word_that_is_shared_by_chance() -> None:
    told = both_speak_of("We scan archives.", SCANS, codes=(Code("cpv", "45232421"),))
    assert told == ["CPV 45232421 sewage treatment works is in your field."]


def test_a_word_shared_by_chance_is_named_when_nothing_else_is() -> None:
    assert both_speak_of("We scan archives.", SCANS) == ["Only single words are shared: scan."]


def test_a_shared_code_is_named_with_its_label() -> None:
    plant = Member(9, text="Concrete works", codes=(Code("cpv", "45232421"),))
    assert "CPV 45232420 sewage work is in your field." in told(plant, DIGESTER)


def test_labels_of_two_code_systems_are_words_that_both_share() -> None:
    sewage = Opportunity(8, codes=(Code("cpv", "45232410"),))
    case = fitted([*OPPORTUNITIES, sewage], [Member(9, text="sewerage work")])
    reasons = explain(case.model, Member(9, text="sewerage work"), sewage, today=None)
    assert [sentence(each) for each in reasons] == ["You both name: sewerage work."]


def test_an_unlabelled_code_and_an_identifier_are_named_as_they_are_written() -> None:
    topical = replace(HORIZON, id=8, codes=(Code("programme", "H2020-EU.3.4."), Code("topic", "MG-4.1-2014")))
    member = Member(9, codes=(Code("programme", "H2020-EU.3.4.2."), Code("topic", "MG-4.2-2015")))
    case = fitted([*OPPORTUNITIES, topical], [member])
    assert [sentence(each) for each in explain(case.model, member, topical, today=None)] == [
        "Programme H2020-EU.3.4 is in your field.",
        "It belongs to the same family of calls as your topics: MG-4.",
    ]


def test_what_came_from_an_answer_is_told_as_such() -> None:
    member = Member(9, text="Concrete works", feedback=(Feedback(WATERWORKS.id, "saved"),))
    assert told(member, replace(DIGESTER, codes=())) == ["It is close to what you liked before: sewage."]


def test_a_pair_with_nothing_in_common_has_no_reasons_even_in_a_target_market() -> None:
    assert told(Member(9), SALMON) == []
    assert told(replace(MEMBRANES, seeks=()), SALMON) == []


def crowd() -> list[Opportunity]:
    """Sixty texts on five topics of six words: enough for latent directions."""
    topics = [WORDS[start : start + 6] for start in range(0, 30, 6)]
    texts = [" ".join(rng(number).sample(topics[number % 5], 3)) for number in range(60)]
    return [Opportunity(number, text=text) for number, text in enumerate(texts, start=1)]


def latent_pair() -> tuple[ScoreModel, Member, Opportunity]:
    case = fitted(crowd(), [])
    first, second = WORDS[0], WORDS[5]
    return case.model, Member(9, text=first), Opportunity(99, text=second)


def test_similar_topic_is_told_when_no_word_is_shared() -> None:
    model, member, opportunity = latent_pair()
    reasons = explain(model, member, opportunity, today=None)
    assert [sentence(each) for each in reasons] == ["Similar topic, though no keyword is shared."]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_parts_add_up_to_the_score_and_reasons_stay_within_bounds(seed: int) -> None:
    random = rng(seed)
    offered = [random_opportunity(random, number) for number in range(1, 16)]
    member = random_member(random, 1, range(1, 16))
    case = fitted(offered, [member])
    scores = score_pairs(case.index, case.queries)[0]
    rows = dict(zip(case.index.ids.tolist(), scores.tolist(), strict=True))
    for opportunity in offered:
        vector = case.vectors[opportunity.id]
        assert parts(case.queries[0].sides[side_of(opportunity)], vector).total == rows[opportunity.id]
        reasons = explain(case.model, member, opportunity, today=TODAY, feedback_vectors=case.vectors)
        assert len(reasons) <= 3
        assert len(set(map(str, reasons))) == len(reasons)
        for reason in reasons:
            assert reason.code in TEMPLATES
            assert sentence(reason)[0].isupper()


def test_reasons_are_the_same_with_the_stored_vector_and_query() -> None:
    case = fitted()
    for member, query in zip(MEMBERS, case.queries, strict=True):
        for opportunity in OPPORTUNITIES:
            given_both = explain(
                case.model, member, opportunity, today=TODAY,
                query=query.sides[side_of(opportunity)], vector=case.vectors[opportunity.id],
            )  # fmt: skip
            assert given_both == explain(case.model, member, opportunity, today=TODAY)


@pytest.mark.parametrize(
    ("days", "told"),
    [(38, "Deadline in 5 weeks fits your capacity."), (13, ""), (60, "Deadline in 8 weeks fits your capacity.")],
)
def test_a_deadline_is_praised_only_when_the_hours_suffice(days: int, told: str) -> None:
    opportunity = replace(WATERWORKS, deadline=TODAY + timedelta(days=days))
    model = fit(OPPORTUNITIES, MEMBERS)
    sentences = [sentence(each) for each in explain(model, MEMBRANES, opportunity, today=TODAY)]
    assert [each for each in sentences if "Deadline" in each] == ([told] if told else [])


def test_a_deadline_without_a_day_or_an_effort_is_not_praised() -> None:
    model = fit(OPPORTUNITIES, MEMBERS)
    for opportunity, today in ((WATERWORKS, None), (replace(WATERWORKS, effort_hours=None), TODAY)):
        assert not [each for each in explain(model, MEMBRANES, opportunity, today=today) if "deadline" in each.code]
