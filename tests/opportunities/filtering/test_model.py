"""The frozen model, vectors and queries: stable bytes, thin profiles, words that came later."""

from dataclasses import replace

import numpy as np
import pytest

from opportunities.filtering import (
    SCALE,
    Code,
    Feedback,
    Member,
    Opportunity,
    OpportunityVector,
    ScoreModel,
    fit,
    member_query,
    parts,
)
from opportunities.filtering.pack import pack, unpack
from opportunities.filtering.vectors import THEY_OFFER, THEY_WANT, word_feature
from tests.opportunities.filtering.cases import DIGESTER, MEMBERS, MEMBRANES, OPPORTUNITIES, SALMON, WATERWORKS, fitted


def test_a_stored_model_is_the_same_model() -> None:
    case = fitted()
    again = ScoreModel.from_bytes(case.model.to_bytes())
    assert again.sha256 == case.model.sha256
    assert fitted(model=again).ranked() == case.ranked()


def test_a_stored_vector_is_the_same_vector() -> None:
    vector = fitted().vectors[WATERWORKS.id]
    again = OpportunityVector.from_bytes(vector.to_bytes())
    assert again.to_bytes() == vector.to_bytes()
    assert np.array_equal(again.latent, vector.latent)


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\xff\xff\xff\xff{}", b"\x02\x00\x00\x00{}", pack("vector", {}, {})[:-1]]
)
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a packed vector"):
        OpportunityVector.from_bytes(data)


def test_truncated_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="not a packed score model"):
        ScoreModel.from_bytes(fitted().model.to_bytes()[:-3])


def test_bytes_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="not a packed score model"):
        ScoreModel.from_bytes(fitted().vectors[1].to_bytes())


def test_packing_keeps_values_types_and_shapes() -> None:
    values, arrays = unpack(
        "try", pack("try", {"a": 1.5}, {"x": np.arange(6, dtype=np.int8).reshape(2, 3), "y": np.zeros(0, "f4")})
    )
    assert values == {"a": 1.5}
    assert arrays["x"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (arrays["y"].shape, arrays["y"].dtype) == ((0,), np.float32)


def test_a_word_never_seen_has_the_idf_of_no_document() -> None:
    model = fit(OPPORTUNITIES)
    unseen, common = model.idf(np.array([word_feature("zirconia"), word_feature("sewag")], np.uint64))
    assert unseen == pytest.approx(np.log1p((6 + 0.5) / 0.5))
    assert 0 < common < unseen


def test_a_word_that_came_after_the_fit_still_matches() -> None:
    model = fit(OPPORTUNITIES, MEMBERS)
    case = fitted([*OPPORTUNITIES, Opportunity(20, text="Zirconia powder")], [Member(9, text="zirconia")], model)
    assert case.ranked()[0].matches[0].opportunity_id == 20


def test_a_fit_without_anything_scores_nothing() -> None:
    case = fitted([SALMON], [Member(9)], fit([]))
    assert [match.score for match in case.ranked()[0].matches] == [0]


def test_short_and_long_profiles_are_treated_alike() -> None:
    short = Member(1, text="salmon fillets")
    long = replace(short, id=2, text="salmon fillets " * 40)
    first, second = fitted(members=[short, long]).ranked()
    assert first.matches[0].opportunity_id == second.matches[0].opportunity_id == SALMON.id
    assert first.matches[0].score == pytest.approx(second.matches[0].score, rel=0.02)


def test_scores_are_a_share_of_what_the_member_asks_for() -> None:
    for found in fitted().ranked():
        assert all(0 <= match.score <= 1.02 * SCALE for match in found.matches)
    mirror = Member(9, text=f"{SALMON.title} {SALMON.title} {SALMON.text}")
    [found] = fitted(members=[mirror]).ranked()
    assert found.matches[0].score > 0.7 * SCALE


def test_offers_weigh_more_where_they_are_wanted() -> None:
    model = fit(OPPORTUNITIES, MEMBERS)
    query = member_query(model, Member(9, offers=("membranes",), seeks=("salmon",)))
    membrane = word_feature("membran")

    def weight(side: str) -> int:
        asked = query.sides[side]
        return int(asked.weights[asked.features == membrane][0])

    assert weight(THEY_WANT) > weight(THEY_OFFER)


def test_codes_of_two_systems_meet_through_their_labels() -> None:
    sewerage = Member(9, codes=(Code("nace", "37.00"),))
    tender = Opportunity(1, codes=(Code("cpv", "45232410"),))
    [found] = fitted([tender, replace(tender, id=2, codes=(Code("cpv", "15220000"),))], [sewerage]).ranked()
    assert [match.opportunity_id for match in found.matches] == [1, 2]
    assert found.matches[0].score > found.matches[1].score


def total(member: Member, opportunity: Opportunity) -> int:
    case = fitted(members=MEMBERS)
    query = member_query(case.model, member, feedback_vectors=case.vectors)
    return parts(query.sides["neutral"], case.vectors[opportunity.id]).total


def test_feedback_moves_the_query_towards_what_was_liked_and_away_from_what_was_not() -> None:
    plain = Member(9, text="treatment of sludge and fish")
    liked = replace(plain, feedback=(Feedback(WATERWORKS.id, "interested"),))
    disliked = replace(plain, feedback=(Feedback(WATERWORKS.id, "not_for_us", "topic"),))
    assert total(disliked, WATERWORKS) < total(plain, WATERWORKS) < total(liked, WATERWORKS)


@pytest.mark.parametrize("reason", ["place", "timing", "size", "other"])
def test_an_answer_that_names_another_reason_says_nothing_about_the_topic(reason: str) -> None:
    plain = Member(9, text="treatment of sludge")
    answered = replace(plain, feedback=(Feedback(WATERWORKS.id, "not_for_us", reason),))
    assert total(answered, DIGESTER) == total(plain, DIGESTER)


def test_more_costly_answers_move_more() -> None:
    plain = Member(9, text="treatment of sludge")
    moved = [
        total(replace(plain, feedback=(Feedback(1, kind),)), WATERWORKS) for kind in ("opened", "saved", "interested")
    ]
    assert total(plain, WATERWORKS) < moved[0] < moved[1] < moved[2]


def test_feedback_alone_makes_a_profile() -> None:
    [found] = fitted(members=[Member(9, feedback=(Feedback(WATERWORKS.id, "saved"),))]).ranked()
    assert found.matches[0].opportunity_id == WATERWORKS.id


def test_answers_to_opportunities_that_are_gone_are_left_out() -> None:
    model = fit(OPPORTUNITIES, MEMBERS)
    answered = replace(MEMBRANES, feedback=(Feedback(99, "interested"),))
    asked, plain = member_query(model, answered).sides["neutral"], member_query(model, MEMBRANES).sides["neutral"]
    assert np.array_equal(asked.weights, plain.weights)
