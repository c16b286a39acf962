"""Correlations: scipy's numbers, the interval of the method, and when there is none."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from symetrie.correlation import fisher_interval, pearson, spearman

SITES = st.lists(st.tuples(st.integers(-100, 100), st.integers(0, 100)), min_size=4, max_size=40)


def varying(sites):
    x, y = np.array(sites, dtype=float).T
    assume(np.ptp(x) and np.ptp(y))
    return x, y


@given(SITES)
def test_pearson_agrees_with_scipy(sites):
    x, y = varying(sites)
    assert pearson(x, y) == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-12)


@given(SITES)
def test_spearman_agrees_with_scipy_ties_included(sites):
    x, y = varying(sites)
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)


@given(SITES, st.sampled_from([0.8, 0.95, 0.99]))
def test_fishers_interval_agrees_with_scipy(sites, confidence):
    x, y = varying(sites)
    found = stats.pearsonr(x, y)
    assume(abs(found.statistic) < 0.999_999)
    expected = found.confidence_interval(confidence)
    np.testing.assert_allclose(fisher_interval(found.statistic, len(x), confidence), expected, atol=1e-9)


def test_a_half_over_20_sites_lies_between_7_and_77_hundredths():
    low, high = fisher_interval(0.5, 20)
    assert (round(float(low), 2), round(float(high), 2)) == (0.07, 0.77)


def test_fishers_interval_needs_four_pairs_and_reads_arrays():
    low, high = fisher_interval(0.5, [2, 3, 4])
    assert np.isnan([low, high]).tolist() == [[True, True, False]] * 2
    assert (round(float(low[2]), 3), round(float(high[2]), 3)) == (-0.888, 0.987)


def test_a_line_has_no_interval_but_itself():
    assert [float(bound) for bound in fisher_interval(1.0, 10)] == [1.0, 1.0]


def test_spearman_sees_the_order_alone():
    assert spearman([1, 2, 3, 4], [1, 10, 100, 1000]) == 1.0
    assert pearson([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(0.824, abs=5e-4)


@pytest.mark.parametrize("coefficient", [pearson, spearman])
@pytest.mark.parametrize(
    ("x", "y"), [([], []), ([1, 2, 3], [1, 2, 3]), ([5, 5, 5, 5], [1, 2, 3, 4]), ([1, 2, 3, 4], [5, 5, 5, 5])]
)
def test_three_sites_or_a_side_that_does_not_vary_have_no_coefficient(coefficient, x, y):
    assert coefficient(x, y) is None


@pytest.mark.parametrize("coefficient", [pearson, spearman])
def test_a_site_without_one_of_the_two_scores_is_left_out(coefficient):
    x, y = [1, 2, 3, 4, 99, np.nan], [10, 20, 30, 40, np.nan, 7]
    assert coefficient(x, y) == pytest.approx(1.0)
    assert coefficient(x[1:], y[1:]) is None


@pytest.mark.parametrize("coefficient", [pearson, spearman])
def test_series_of_two_lengths_are_refused(coefficient):
    with pytest.raises(ValueError, match="series of 4 and 5 values make no pairs"):
        coefficient([1, 2, 3, 4], [1, 2, 3, 4, 5])
