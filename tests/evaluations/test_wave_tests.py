"""Tests between waves, response rates and times to a step: against independent implementations, and what is refused."""

import warnings
from dataclasses import replace
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from evaluations.statistics import (
    Asked,
    Comparison,
    Dispositions,
    Method,
    Refusal,
    Step,
    compare,
    corrected,
    response_rate,
    time_to_step,
)

FIRST = Asked("2025", "barriers", "Which barriers do you meet?", ("time", "money"), "time", 20, 50)
SECOND = replace(FIRST, wave="2026", part=32, n=52)

# --- two waves -------------------------------------------------------------------------------------------------------


def exact(a: int, n: int, b: int, m: int) -> float:
    """Fisher's test by counting every table with the same margins."""
    tables = {k: comb(n, k) * comb(m, a + b - k) for k in range(max(0, a + b - m), min(n, a + b) + 1)}
    return sum(ways for ways in tables.values() if ways <= tables[a]) / sum(tables.values())


@settings(deadline=None)
@given(st.integers(5, 120), st.integers(5, 120), st.data())
def test_change_is_tested_as_statsmodels_and_counting_do(n, m, data):
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    found = compare(replace(FIRST, part=a, n=n), replace(SECOND, part=b, n=m), threshold=5)

    smallest = min(n, m) * min(a + b, n + m - a - b) / (n + m)
    if smallest < 5:
        assert found.method is Method.FISHER
        assert found.p == pytest.approx(exact(a, n, b, m), abs=1e-9)
    else:
        assert found.method is Method.Z
        assert found.p == pytest.approx(proportions_ztest([b, a], [m, n])[1], abs=1e-12)
    assert (found.before, found.after, found.difference) == pytest.approx((a / n, b / m, b / m - a / n))
    assert (found.low, found.high) == pytest.approx(confint_proportions_2indep(b, m, a, n, method="newcomb"), abs=1e-9)
    assert -1 - 1e-9 <= found.low <= found.difference <= found.high <= 1 + 1e-9


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"wave": "2025"}, Refusal.SAME_WAVE),
        ({"question": "helped"}, Refusal.OTHER_QUESTION),
        ({"option": "money"}, Refusal.OTHER_QUESTION),
        ({"wording": "Which barriers did you meet?"}, Refusal.OTHER_WORDING),
        ({"options": ("time", "money", "staff")}, Refusal.OTHER_OPTIONS),
        ({"base": "exporters"}, Refusal.OTHER_BASE),
        ({"part": None}, Refusal.HIDDEN),
        ({"part": 3, "n": 9}, Refusal.TOO_FEW),
    ],
)
def test_waves_that_do_not_compare_are_refused(change, refusal):
    assert compare(FIRST, replace(SECOND, **change), threshold=10) is refusal
    if "wave" not in change:
        assert compare(replace(FIRST, **change), SECOND, threshold=10) is refusal


def test_options_in_another_order_and_known_overlap_do_compare():
    found = compare(FIRST, replace(SECOND, options=("money", "time")), threshold=50, overlap=41)

    assert isinstance(found, Comparison)
    assert found.overlap == 41
    assert found.is_clear


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_family_is_corrected_as_statsmodels_does(chances):
    base = compare(FIRST, SECOND, threshold=5)
    family = corrected([replace(base, p=p) for p in chances])

    assert [each.corrected for each in family] == pytest.approx(multipletests(chances, method="holm")[1], abs=1e-12)
    assert [each.p for each in family] == chances


def test_correction_takes_back_what_may_be_chance():
    base = compare(FIRST, SECOND, threshold=5)

    assert base.is_clear
    assert not any(each.is_clear for each in corrected([base, replace(base, p=0.5), replace(base, p=0.6)]))
    assert corrected([]) == ()


# --- response rates --------------------------------------------------------------------------------------------------


def test_response_rate_counts_all_but_those_known_to_be_outside():
    found = response_rate(Dispositions(complete=30, partial=5, refused=4, silent=50, not_reached=11, not_eligible=9))

    assert (found.complete.part, found.complete.n, found.complete.value) == (30, 100, 0.3)
    assert (found.with_partial.part, found.with_partial.n) == (35, 100)
    assert (found.complete.low, found.complete.high) == pytest.approx(proportion_confint(30, 100, method="wilson"))


def test_response_rate_of_nobody_is_refused():
    with pytest.raises(ValueError, match="no share"):
        response_rate(Dispositions(not_eligible=3))


# --- time to a step --------------------------------------------------------------------------------------------------

STEPS = st.lists(st.builds(Step, st.integers(1, 40), st.booleans()), min_size=1, max_size=40)


@settings(deadline=None)
@given(STEPS)
def test_time_to_a_step_is_the_one_of_statsmodels(steps):
    found = time_to_step(steps)
    if not found.reached:
        assert (found.median, found.low, found.high, found.estimate) == (None, None, None, 0)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer divides by nought where nobody is left
        peer = SurvfuncRight([step.days for step in steps], [int(step.reached) for step in steps])
    # The peer takes the first day with fewer than half left, we the first with at most half.
    at = np.flatnonzero(peer.surv_prob <= 0.5 + 1e-12)
    assert found.median == (peer.surv_times[at[0]] if at.size else None)
    assert found.estimate == pytest.approx(1 - peer.surv_prob[-1])


def test_band_of_the_median_is_the_one_of_statsmodels():
    steps = [Step(day, day % 4 != 0) for day in range(3, 63)]
    found = time_to_step(steps)
    peer = SurvfuncRight([step.days for step in steps], [int(step.reached) for step in steps])

    with np.errstate(divide="ignore", invalid="ignore"):
        band = peer.quantile_ci(0.5, method="cloglog")
    assert found.median == peer.quantile(0.5)
    assert (found.low, found.high) == band


def test_those_still_on_their_way_are_counted_for_as_long_as_they_were_watched():
    """Two of four after 10 and 20 days, one lost from sight on day 15, one after 30: half are there on day 20."""
    found = time_to_step([Step(10, True), Step(15, False), Step(20, True), Step(30, True)])

    assert (found.n, found.reached, found.median, found.estimate) == (4, 3, 20, 1)


def test_median_is_missing_where_fewer_than_half_have_come():
    found = time_to_step([Step(10, True), Step(90, False), Step(90, False)])

    assert found.median is None
    assert found.estimate == pytest.approx(1 / 3)


def test_time_to_a_step_of_nobody_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        time_to_step([])
