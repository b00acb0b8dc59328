"""Shares and means with their intervals: against independent implementations, by brute force and by their laws."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap, norm, t
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from evaluations.statistics import scale, share
from evaluations.statistics.shares import effective_n


@st.composite
def counts(draw, most: int = 400) -> tuple[int, int, int]:
    population = draw(st.integers(1, most))
    n = draw(st.integers(1, population))
    return draw(st.integers(0, n)), n, population


# --- shares ----------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(counts(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_share_of_an_endless_population_is_the_one_of_statsmodels(numbers, confidence):
    part, n, _ = numbers
    found = share(part, n, confidence=confidence)

    assert (found.low, found.high) == pytest.approx(
        proportion_confint(part, n, 1 - confidence, method="wilson"), abs=1e-12
    )


@pytest.mark.parametrize(
    ("part", "n", "population"), [(12, 40, 90), (0, 10, 30), (10, 10, 30), (7, 59, 60), (1, 5, 6), (120, 250, 2000)]
)
def test_share_of_a_known_population_is_the_one_of_statsmodels_at_the_corrected_size(part, n, population):
    size = n * (population - 1) / (population - n)
    expected = proportion_confint(part / n * size, size, method="wilson")
    found = share(part, n, population)

    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("part", "n", "population"), [(3, 8, 20), (30, 80, 200), (0, 12, 40), (12, 12, 40), (9, 10, 11)]
)
def test_share_holds_exactly_what_the_score_test_does_not_reject(part, n, population):
    """The interval by trying every share, without any formula of its ends."""
    candidates = np.linspace(0, 1, 200_001)
    deviation = np.sqrt(candidates * (1 - candidates) / n * (population - n) / (population - 1))
    held = candidates[np.abs(part / n - candidates) <= norm.ppf(0.975) * deviation + 1e-15]
    found = share(part, n, population)

    assert (found.low, found.high) == pytest.approx((held.min(), held.max()), abs=6e-6)


@pytest.mark.parametrize("population", [30, 60, 120])
def test_share_holds_the_truth_as_often_as_it_is_said_to(population):
    """Every sample from every population of that size, weighed by how often it is drawn."""
    for n in (5, population // 3, population // 2):
        found = [share(part, n, population) for part in range(n + 1)]
        coverage = []
        for named in range(population + 1):
            drawn = [comb(named, k) * comb(population - named, n - k) / comb(population, n) for k in range(n + 1)]
            truth = named / population
            held = [each.low - 1e-9 <= truth <= each.high + 1e-9 for each in found]
            coverage.append(sum(chance for chance, is_held in zip(drawn, held, strict=True) if is_held))

        assert 0.945 <= np.mean(coverage) <= 0.985
        assert min(coverage) >= 0.79


@settings(deadline=None)
@given(counts())
def test_share_keeps_the_laws_of_an_interval(numbers):
    part, n, population = numbers
    endless, known = share(part, n), share(part, n, population)

    assert 0 <= endless.low <= known.low <= part / n <= known.high <= endless.high <= 1
    assert (known.high - known.low < endless.high - endless.low) or n == 1
    mirrored = share(n - part, n, population)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((known.low, known.high), abs=1e-12)


@settings(deadline=None)
@given(counts())
def test_share_of_everybody_is_certain(numbers):
    part, n, _ = numbers
    found = share(part, n, n)

    assert found.low == found.value == found.high == part / n


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(0, 300))
def test_more_answers_from_the_same_population_tell_more(n, more):
    assert effective_n(n + more, n + more, 601) >= effective_n(n, n, 601) >= n


@pytest.mark.parametrize(("part", "n", "population"), [(0, 0, 10), (3, 2, 10), (-1, 2, 10), (1, 11, 10)])
def test_share_of_impossible_counts_is_refused(part, n, population):
    with pytest.raises(ValueError, match=r"no share|from 10 firms"):
        share(part, n, population)


# --- scales ----------------------------------------------------------------------------------------------------------

ANSWERS = st.lists(st.integers(1, 5), min_size=2, max_size=60)


@settings(deadline=None)
@given(ANSWERS, st.sampled_from([0.9, 0.95]))
def test_mean_of_an_endless_population_is_the_one_of_statsmodels(answers, confidence):
    found = scale(answers, confidence=confidence)
    peer = DescrStatsW(answers)

    assert found.mean == pytest.approx(peer.mean)
    assert found.median == np.median(answers)
    assert (found.lower_quartile, found.upper_quartile) == tuple(np.percentile(answers, [25, 75]))
    if len(set(answers)) == 1:
        assert (found.low, found.high) == (None, None), "answers that are all the same say nothing of their spread"
    else:
        assert (found.low, found.high) == pytest.approx(peer.tconfint_mean(1 - confidence))


def test_mean_of_a_known_population_is_as_cochran_writes_it():
    answers = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4]
    found = scale(answers, 25)
    error = np.std(answers, ddof=1) / np.sqrt(10) * np.sqrt(1 - 10 / 25)

    assert (found.low, found.high) == pytest.approx(t.interval(0.95, 9, loc=3, scale=error))


def test_mean_is_near_what_drawing_again_and_again_gives():
    answers = np.repeat([1, 2, 3, 4], [10, 20, 40, 30])
    found = scale(answers)
    again = bootstrap((answers,), np.mean, random_state=np.random.default_rng(7)).confidence_interval

    assert (found.low, found.high) == pytest.approx((again.low, again.high), abs=0.02)


@settings(deadline=None)
@given(ANSWERS, st.integers(0, 500))
def test_mean_keeps_the_laws_of_an_interval(answers, others):
    population = len(answers) + others
    found, endless = scale(answers, population, ends=(1, 5)), scale(answers, ends=(1, 5))

    if not others:
        assert found.low == found.mean == found.high
    elif found.low is not None:
        assert 1 <= endless.low <= found.low <= found.mean <= found.high <= endless.high <= 5


def test_interval_of_a_mean_stops_at_the_ends_of_the_scale():
    wide, cut = scale([1, 1, 1, 4]), scale([1, 1, 1, 4], ends=(1, 4))

    assert wide.low < 1 < wide.high
    assert (cut.low, cut.high) == (1, 4)


def test_one_answer_has_no_spread_unless_it_is_all_there_is():
    assert (scale([3], 10).deviation, scale([3], 10).low) == (None, None)
    assert (scale([3], 1).low, scale([3], 1).high) == (3, 3)


@pytest.mark.parametrize(("answers", "population"), [([], 10), ([1, 2, 3], 2), ([0, 3], None), ([2, 6], None)])
def test_scale_of_impossible_answers_is_refused(answers, population):
    with pytest.raises(ValueError, match="answers from"):
        scale(answers, population, ends=(1, 5))
