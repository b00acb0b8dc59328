"""Weights to a known population: by hand, against two independent ways to the same weights, and by their laws."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from statsmodels.stats.proportion import proportion_confint

from evaluations.statistics import rake, weighted_share

SIZES = ["micro", "small", "medium"]
SECTORS = ["food", "wood"]


def frame(counts: dict[tuple[str, ...], int], strata: list[str]) -> pd.DataFrame:
    rows = itertools.chain.from_iterable([groups] * n for groups, n in counts.items())
    return pd.DataFrame(list(rows), columns=strata)


def by_size(**counts: int) -> pd.DataFrame:
    return frame({(size,): n for size, n in counts.items()}, ["size"])


def test_weight_of_a_group_is_its_firms_by_its_answers():
    found = rake(by_size(micro=10, small=5), by_size(micro=60, small=15), ["size"])

    assert found.values == pytest.approx([6] * 10 + [3] * 5)
    assert (found.population, found.covered, found.cut, found.fits_all) == (75, 75, 0, True)
    assert [(each.group, each.population, each.n) for each in found.margins] == [("micro", 60, 10), ("small", 15, 5)]
    assert [each.weighted for each in found.margins] == pytest.approx([60, 15])


def test_group_without_answers_is_named_and_left_out():
    found = rake(by_size(micro=10, small=5), by_size(micro=60, small=15, large=8), ["size"])

    assert [(each.stratum, each.group, each.population) for each in found.unreached] == [("size", "large", 8)]
    assert (found.population, found.covered, sum(found.values)) == (83, 75, pytest.approx(75))


def test_group_without_answers_leaves_the_margins_of_the_other_strata_in_step():
    """Its firms leave all margins: otherwise no weights could fit them all."""
    firms = frame({("micro", "food"): 20, ("micro", "wood"): 10, ("large", "wood"): 30}, ["size", "sector"])
    answered = frame({("micro", "food"): 4, ("micro", "wood"): 5}, ["size", "sector"])
    found = rake(answered, firms, ["size", "sector"])

    assert found.fits_all
    assert found.values == pytest.approx([5] * 4 + [2] * 5)


def test_too_large_a_weight_is_cut_and_the_rest_carries_the_difference():
    firms, answered = by_size(micro=100, small=900), by_size(micro=99, small=1)
    found = rake(answered, firms, ["size"])

    assert found.cut == 1
    assert found.values[-1] == pytest.approx(5 * 10)
    assert found.values[0] == pytest.approx(950 / 99)
    assert sum(found.values) == pytest.approx(1000)
    assert found.margins[1].weighted == pytest.approx(50), "and it is said that 900 were to be stood for"


def test_blank_is_a_group_of_its_own():
    answered, firms = pd.DataFrame({"size": ["micro", None]}), pd.DataFrame({"size": ["micro"] * 3 + [None] * 2})

    assert rake(answered, firms, ["size"]).values == pytest.approx([3, 2])


def test_margins_that_cannot_all_be_met_are_said_not_to_be():
    """Only wood of the medium ones and food of the small ones answered: either the sizes fit or the sectors."""
    strata = ["size", "sector"]
    firms = frame({("small", "food"): 1, ("medium", "food"): 1, ("medium", "wood"): 1}, strata)
    answered = frame({("small", "food"): 1, ("medium", "wood"): 1}, strata)
    found = rake(answered, firms, strata)

    assert not found.fits_all
    assert sum(found.values) == pytest.approx(3)


def test_margins_that_drive_weights_to_nought_end_before_they_get_there():
    strata = ["size", "sector"]
    firms = frame({("micro", "food"): 4, ("micro", "wood"): 1, ("small", "food"): 1, ("small", "wood"): 1}, strata)
    answered = frame({("micro", "wood"): 1, ("small", "food"): 1, ("small", "wood"): 1}, strata)
    found = rake(answered, firms, strata)

    assert not found.fits_all
    assert min(found.values) > 0
    assert sum(found.values) == pytest.approx(7)


@st.composite
def waves(draw):
    cells = list(itertools.product(SIZES, SECTORS))
    firms = {cell: draw(st.integers(0, 40)) for cell in cells}
    answered = {cell: draw(st.integers(0, n)) for cell, n in firms.items()}
    firms["small", "food"] += 1
    answered["small", "food"] += 1
    return frame(answered, ["size", "sector"]), frame(firms, ["size", "sector"])


@settings(deadline=None, max_examples=60)
@given(waves())
def test_weights_sum_to_the_covered_firms_and_fit_the_margins(wave):
    answered, firms = wave
    found = rake(answered, firms, ["size", "sector"])

    assert len(found.values) == len(answered)
    assert sum(found.values) == pytest.approx(found.covered)
    assert found.covered <= found.population == len(firms)
    assert 0 < min(found.values) <= max(found.values) <= 5 * found.covered / len(answered) * (1 + 1e-9)
    assert 1 - 1e-9 <= found.effective_n <= len(answered) + 1e-9
    if found.fits_all and not found.cut:
        covered = firms[firms["size"].isin(answered["size"]) & firms["sector"].isin(answered["sector"])]
        for margin in found.margins:
            expected = (covered[margin.stratum] == margin.group).sum() if margin.n else 0
            assert margin.weighted == pytest.approx(expected, rel=1e-6)


@settings(deadline=None, max_examples=40)
@given(waves())
def test_order_of_the_strata_and_of_the_rows_does_not_matter(wave):
    answered, firms = wave
    one = rake(answered, firms, ["size", "sector"])
    other = rake(answered[::-1], firms.sample(frac=1, random_state=3), ["sector", "size"])

    if one.fits_all and other.fits_all and not one.cut:
        assert other.values[::-1] == pytest.approx(one.values, rel=1e-5)


def test_raked_weights_are_those_nearest_to_equal_ones():
    """Raking is the solution of least relative entropy; a general optimiser finds the same without raking."""
    strata = ["size", "sector"]
    firms = frame({("micro", "food"): 40, ("micro", "wood"): 20, ("small", "food"): 15, ("small", "wood"): 25}, strata)
    answered = frame({("micro", "food"): 8, ("micro", "wood"): 5, ("small", "food"): 6, ("small", "wood"): 4}, strata)
    found = rake(answered, firms, strata)

    design = np.column_stack([answered["size"] == "micro", answered["size"] == "small", answered["sector"] == "food"])
    design, totals, start = design.astype(float), np.array([60, 40, 55.0]), 100 / 23
    dual = minimize(lambda x: start * np.exp(design @ x).sum() - totals @ x, np.zeros(3), method="BFGS", tol=1e-12)

    assert found.values == pytest.approx(start * np.exp(design @ dual.x), rel=1e-4)


@pytest.mark.parametrize(
    ("answered", "firms", "strata"),
    [
        (by_size(micro=3), by_size(micro=2, small=9), ["size"]),
        (by_size(huge=1), by_size(micro=2), ["size"]),
        (by_size(), by_size(micro=2), ["size"]),
        (by_size(micro=1), by_size(micro=2), []),
    ],
)
def test_weights_of_impossible_counts_are_refused(answered, firms, strata):
    with pytest.raises(ValueError, match=r"more answers than firms|weights need"):
        rake(answered, firms, strata)


# --- weighted shares -------------------------------------------------------------------------------------------------


def test_weighted_share_is_each_groups_share_by_its_firms():
    answers = [True] * 6 + [False] * 4 + [True] * 1 + [False] * 4
    weights = rake(by_size(micro=10, small=5), by_size(micro=60, small=40), ["size"])
    found = weighted_share(answers, weights.values, weights.covered)

    assert found.value == pytest.approx((60 * 0.6 + 40 * 0.2) / 100)
    assert found.effective_n == pytest.approx(100**2 / (10 * 6**2 + 5 * 8**2))
    size = found.effective_n * 99 / 85
    assert (found.low, found.high) == pytest.approx(proportion_confint(found.value * size, size, method="wilson"))


@given(st.lists(st.booleans(), min_size=1, max_size=50), st.data())
def test_weighted_share_keeps_the_laws_of_an_interval(answers, data):
    weights = [data.draw(st.floats(0.2, 30)) for _ in answers]
    endless = len(answers) * 10**6
    found = weighted_share(answers, weights, endless)
    equal = weighted_share(answers, [3.0] * len(answers), endless)

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.effective_n <= len(answers) + 1e-9
    assert (equal.value, equal.effective_n) == pytest.approx((sum(answers) / len(answers), len(answers)))


def test_weighted_share_of_everybody_is_certain():
    weights = rake(by_size(micro=3, small=2), by_size(micro=3, small=2), ["size"])
    found = weighted_share([True, True, False, False, True], weights.values, weights.covered)

    assert found.low == found.value == found.high == pytest.approx(0.6)


def test_interval_of_a_weighted_share_holds_the_truth_in_most_waves():
    """Waves drawn group by group from a population that is known, with groups that answer unlike."""
    drawn, held = np.random.default_rng(11), 0
    truth = {"micro": np.arange(120) < 84, "small": np.arange(60) < 24, "medium": np.arange(20) < 4}
    firms, answered = by_size(micro=120, small=60, medium=20), by_size(micro=20, small=30, medium=8)
    weights = rake(answered, firms, ["size"])
    for _ in range(1000):
        said = np.concatenate(
            [drawn.choice(truth[size], n, replace=False) for size, n in (("micro", 20), ("small", 30), ("medium", 8))]
        )
        found = weighted_share(said, weights.values, weights.covered)
        held += found.low <= 112 / 200 <= found.high

    assert held >= 950


def test_weighted_share_of_nobody_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        weighted_share([], [], 10)
