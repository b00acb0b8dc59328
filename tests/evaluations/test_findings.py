"""What a chart says in its title, and that it never says more than the chart shows."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluations.statistics import Asked, Code, Finding, compare, corrected, findings, scale, share


def test_option_that_most_firms_named_leads():
    found = findings.most_named({"money": share(12, 50), "time": share(36, 50), "staff": share(20, 50)}, "micro")

    assert found == Finding(Code.MOST_NAMED, ("time",), "micro", 0.72, 7, 50)


def test_options_that_look_the_same_in_the_chart_lead_together():
    found = findings.most_named({"time": share(715, 1000), "money": share(716, 1000), "staff": share(71, 1000)})

    assert (found.code, found.options) == (Code.MOST_NAMED, ("time", "money"))


def test_hidden_option_is_not_ranked():
    """It may be the one that most firms named: two were hidden so that nobody can subtract."""
    found = findings.most_named({"time": share(36, 50), "money": None, "staff": None})

    assert (found.code, found.options) == (Code.MOST_NAMED_OF_SHOWN, ("time",))
    assert findings.highest({"contacts": scale([3, 4]), "brand": None}).code is Code.HIGHEST_OF_SHOWN


def test_nothing_shown_and_nothing_named_are_two_things():
    assert findings.most_named({"time": None}, "large") == Finding(Code.TOO_FEW, group="large")
    assert findings.most_named({}).code is Code.TOO_FEW
    assert findings.most_named({"time": share(0, 30)}).code is Code.NONE_NAMED
    assert findings.most_named({"time": share(0, 30), "money": None}).code is Code.TOO_FEW
    assert findings.highest({"brand": None}).code is Code.TOO_FEW


def test_highest_mean_leads_with_those_that_look_the_same():
    found = findings.highest({"contacts": scale([4] * 51 + [3] * 49), "funding": scale([3, 4]), "brand": scale([2, 3])})

    assert (found.code, found.options, found.value) == (Code.HIGHEST, ("contacts", "funding"), pytest.approx(3.51))


@pytest.mark.parametrize(("part", "code"), [(45, Code.ROSE), (5, Code.FELL), (27, Code.NO_CLEAR_CHANGE)])
def test_change_is_said_only_where_it_is_clear(part, code):
    first = Asked("2025", "barriers", "Which?", ("time",), "time", 25, 60)
    second = Asked("2026", "barriers", "Which?", ("time",), "time", part, 60)
    comparison = compare(first, second, threshold=5)

    assert findings.change(comparison, "micro") == Finding(code, ("time",), "micro", comparison.difference)
    assert findings.change(corrected([comparison])[0]).code is code


@pytest.mark.parametrize(
    ("reference", "code"),
    [(0.5, Code.ABOVE_REFERENCE), (0.9, Code.BELOW_REFERENCE), (0.71, Code.LIKE_REFERENCE)],
)
def test_benchmark_outside_the_interval_is_said(reference, code):
    assert findings.beside_reference("results", share(36, 50), reference) == Finding(
        code, ("results",), "", 0.72, 7, 50
    )
    assert findings.beside_reference("results", None, reference).code is Code.TOO_FEW


@settings(deadline=None)
@example((97, 100))
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_ten_of_ten_means_all(counts):
    part, n = counts
    found = findings.of_ten(part / n)

    assert (found == 10) == (part == n)
    assert abs(found - 10 * part / n) <= 1
