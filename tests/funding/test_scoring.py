"""From reviewers' scores to totals, thresholds and disagreement."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding import scoring
from funding.scoring import Criterion, leanings, outliers, total_of

IMPACT = Criterion(key=1, most=5, weight=Decimal(2), threshold=Decimal(3))
QUALITY = Criterion(key=2, most=10, weight=Decimal(1))
REGIONAL = Criterion(key=3, most=5, weight=Decimal(1), funder=7)


def test_total_is_the_weighted_mean_of_shares_of_the_scale():
    found = total_of([IMPACT, QUALITY], [{1: 4, 2: 5}, {1: 5, 2: 8}])

    # Impact 4.5 of 5 twice, quality 6.5 of 10 once: (2 x 0.9 + 0.65) / 3.
    assert found.total == Decimal("81.67")
    assert [each.value for each in found.values] == [Decimal("4.50"), Decimal("6.50")]
    assert (found.passes, found.below, found.reviews) == (True, (), 2)


def test_moderated_score_takes_the_place_of_the_mean_and_keeps_the_spread():
    found = total_of([IMPACT], [{1: 1}, {1: 5}], {1: Decimal("3.5")})

    assert found.total == Decimal("70.00")
    assert found.values[0].is_moderated
    assert found.values[0].spread == 4
    assert found.apart == ()


def test_what_people_read_is_what_is_compared_with_the_threshold():
    close = Criterion(key=1, most=10, weight=Decimal(1), threshold=Decimal("3.33"))

    assert total_of([close], [{1: 3}, {1: 3}, {1: 4}]).passes
    assert total_of([close], [{1: 3}, {1: 3}, {1: 3}]).below == (1,)
    assert total_of([IMPACT], [{1: 3}]).passes, "a threshold is met by its own value"


def test_application_without_all_its_values_has_no_total():
    assert total_of([IMPACT, QUALITY], []).total is None
    assert total_of([IMPACT, QUALITY], [{1: 4}]).total is None
    assert not total_of([IMPACT, QUALITY], [{1: 4}]).passes


def test_funders_own_criteria_count_where_it_pays():
    reviews = [{1: 5, 3: 0}]

    assert total_of([IMPACT, REGIONAL], reviews).total == Decimal("100.00")
    assert total_of([IMPACT, REGIONAL], reviews, funders=[7]).total == Decimal("66.67")
    assert total_of([IMPACT, REGIONAL], reviews, funders=[8]).total == Decimal("100.00")


def test_criteria_of_no_weight_add_nothing():
    free = Criterion(key=4, most=5, weight=Decimal(0), threshold=Decimal(2))

    found = total_of([IMPACT, free], [{1: 5, 4: 1}])
    assert (found.total, found.below) == (Decimal("100.00"), (4,))
    assert total_of([free], [{4: 5}]).total is None


@pytest.mark.parametrize(("scores", "apart"), [((1, 3), False), ((1, 4), True), ((0, 5), True), ((3,), False)])
def test_more_than_two_points_of_five_is_disagreement(scores, apart):
    assert total_of([IMPACT], [{1: each} for each in scores]).apart == ((1,) if apart else ())


def test_score_beyond_the_scale_is_refused():
    with pytest.raises(ValueError, match="between 0 and 5"):
        total_of([IMPACT], [{1: 6}])
    with pytest.raises(ValueError, match="between 0 and 5"):
        total_of([IMPACT], [], {1: Decimal("5.01")})


def test_outlier_needs_three_reviewers_and_stands_far_from_the_median():
    assert outliers(IMPACT, {1: 0, 2: 5}) == frozenset()
    assert outliers(IMPACT, {1: 4, 2: 5, 3: 1}) == {3}
    assert outliers(IMPACT, {1: 4, 2: 5, 3: 2}) == frozenset()


def test_leaning_is_the_median_difference_to_the_others():
    given_scores = [(who, on, 1, score) for on in (1, 2, 3) for who, score in ((1, 1), (2, 3), (3, 3), (4, 4))]
    found = leanings([IMPACT], given_scores)

    # The others of reviewer 1 gave 10 / 3 in the mean: (1 - 3.33) / 5.
    assert found[1].points == Decimal("-46.7")
    assert found[4].points == Decimal("33.3")
    assert found[1].deviation < Decimal(-2) < found[2].deviation
    assert found[2].comparisons == 3


def test_reviewers_with_few_comparisons_are_not_judged():
    found = leanings([IMPACT], [(1, 1, 1, 0), (2, 1, 1, 5), (3, 2, 1, 5)])

    assert found[1].points is None
    assert found[3].comparisons == 0
    once_high = [(who, on, 1, score) for on, score in enumerate((3, 3, 5)) for who, score in ((1, score), (2, 3))]
    assert leanings([IMPACT], once_high)[1].points == 0, "a single high score is no leaning"
    alike = leanings([IMPACT], [(who, on, 1, 3) for who in (1, 2) for on in (1, 2, 3)])
    assert (alike[1].points, alike[1].deviation) == (Decimal("0.0"), None)


whole_reviews = st.lists(st.fixed_dictionaries({1: st.integers(0, 5), 2: st.integers(0, 10)}), min_size=1, max_size=6)


@given(whole_reviews)
def test_total_lies_between_those_of_the_single_reviews(reviews):
    single = [total_of([IMPACT, QUALITY], [each]).total for each in reviews]
    total = total_of([IMPACT, QUALITY], reviews).total

    assert min(single) - Decimal("0.2") <= total <= max(single) + Decimal("0.2")
    assert 0 <= total <= 100


@given(whole_reviews)
def test_order_of_reviews_says_nothing(reviews):
    assert total_of([IMPACT, QUALITY], reviews) == total_of([IMPACT, QUALITY], reviews[::-1])


def test_half_is_rounded_up():
    assert scoring.rounded(scoring.Fraction(469, 200)) == Decimal("2.35")
    assert scoring.rounded(scoring.Fraction(-1, 20), Decimal("0.1")) == Decimal("0.0")
