"""Intervals: the published numbers, an independent implementation, and what must hold for any counts."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from symetrie.intervals import adjusted_wald_nps, difference, newcombe, wilson

EDGE_SIZES = (0, 1, 5, 12_500)
SIZES = st.one_of(st.sampled_from(EDGE_SIZES), st.integers(0, 12_500))
ANSWERED = SIZES.filter(bool)
SHOWN = SIZES.filter(lambda n: n >= 5)


@st.composite
def shares(draw, sizes=ANSWERED):
    """Draw favourable among answered."""
    n = draw(sizes)
    return draw(st.integers(0, n)), n


@st.composite
def nps_counts(draw, sizes=SHOWN):
    """Draw promoters and detractors among answered."""
    n = draw(sizes)
    promoters = draw(st.integers(0, n))
    return promoters, draw(st.integers(0, n - promoters)), n


# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_numbers(k, n, low, high):
    assert np.round(wilson(k, n), 4).tolist() == [low, high]


@pytest.mark.parametrize(("n", "fewest"), [(10, 9), (30, 22), (100, 65), (400, 240)])
def test_the_fewest_favourable_answers_that_lie_surely_above_55_percent(n, fewest):
    low, _ = wilson(np.arange(n + 1), n)
    assert np.flatnonzero(low > 0.55)[0] == fewest


@pytest.mark.parametrize("n", [1, 5, 12_500])
def test_wilson_agrees_with_an_independent_computation(n):
    k = np.unique(np.linspace(0, n, 200).astype(int))
    expected = proportion_confint(k, n, alpha=0.05, method="wilson")
    np.testing.assert_allclose(wilson(k, n), expected, atol=1e-12)


def test_wilson_takes_another_confidence():
    np.testing.assert_allclose(wilson(7, 10, 0.9), proportion_confint(7, 10, 0.1, "wilson"), atol=1e-12)


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("k1", "n1", "k2", "n2", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_numbers(k1, n1, k2, n2, low, high):
    assert np.round(newcombe(k1, n1, k2, n2), 4).tolist() == [low, high]


@given(shares(), shares())
def test_newcombe_agrees_with_an_independent_computation(one, two):
    assume(0 < one[0] < one[1] and 0 < two[0] < two[1])
    expected = confint_proportions_2indep(*one, *two, method="newcomb", compare="diff", alpha=0.05)
    np.testing.assert_allclose(newcombe(*one, *two), expected, atol=1e-9)


@pytest.mark.parametrize("confidence", [0.8, 0.99])
def test_newcombe_takes_any_confidence(confidence):
    """Both shares are taken at the confidence that was asked."""
    expected = confint_proportions_2indep(30, 40, 15, 50, method="newcomb", compare="diff", alpha=1 - confidence)
    np.testing.assert_allclose(newcombe(30, 40, 15, 50, confidence), expected, atol=1e-9)


@pytest.mark.parametrize(("n", "half_width"), [(10, 42), (100, 15)])
def test_an_nps_of_30_is_surer_with_more_answers(n, half_width):
    low, high = adjusted_wald_nps(n * 0.5, n * 0.2, n)
    assert round(float(high - low) / 2) == half_width


def test_an_nps_of_30_from_a_thousand_answers_is_known_to_5_points():
    low, high = adjusted_wald_nps(500, 200, 1000)
    assert round(float(high - low) / 2, 1) == 4.8


def test_the_nps_interval_adds_three_quarters_of_a_promoter_and_of_a_detractor():
    p, d, n = 5.75 / 13, 2.75 / 13, 13
    half = 1.959963984540054 * ((p + d - (p - d) ** 2) / n) ** 0.5
    np.testing.assert_allclose(adjusted_wald_nps(5, 2, 10), (100 * (p - d - half), 100 * (p - d + half)))


def test_the_nps_interval_stays_within_its_range():
    assert adjusted_wald_nps(5, 0, 5)[1] == 100
    assert adjusted_wald_nps(0, 5, 5)[0] == -100


def test_nobody_answered_has_no_interval():
    assert np.isnan(wilson(0, 0)).all()
    assert np.isnan(adjusted_wald_nps(0, 0, 0)).all()
    assert np.isnan(newcombe(0, 0, 5, 10)).all()
    assert np.isnan(newcombe(5, 10, 0, 0)).all()


def test_arrays_are_read_at_once_beside_the_empty_ones():
    low, high = wilson([0, 9], [0, 10])
    assert np.isnan(low[0])
    assert np.round([low[1], high[1]], 3).tolist() == [0.596, 0.982]


@pytest.mark.parametrize(("k", "n"), [(6, 5), (-1, 5), (1, 0), (float("nan"), 5)])
def test_counts_that_cannot_be_are_refused(k, n):
    with pytest.raises(ValueError, match="a count must lie between 0 and the number of answers"):
        wilson(k, n)


def test_promoters_and_detractors_are_not_more_than_the_answers():
    with pytest.raises(ValueError, match="a count must lie between"):
        adjusted_wald_nps(3, 3, 5)


@given(shares())
def test_wilson_holds_the_share_and_stays_between_0_and_1(counts):
    k, n = counts
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1


@given(shares())
def test_wilson_of_unfavourable_is_the_mirror_of_favourable(counts):
    k, n = counts
    low, high = wilson(k, n)
    mirrored_low, mirrored_high = wilson(n - k, n)
    np.testing.assert_allclose([1 - mirrored_high, 1 - mirrored_low], [low, high], atol=1e-12)


@pytest.mark.parametrize("n", [1, 5, 12_500])
def test_one_more_favourable_answer_raises_both_bounds(n):
    low, high = wilson(np.arange(n + 1), n)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) > 0).all()


@given(shares(st.integers(1, 6_000)))
def test_twice_the_answers_at_the_same_share_are_surer(counts):
    k, n = counts
    low, high = wilson([k, 2 * k], [n, 2 * n])
    assert high[1] - low[1] < high[0] - low[0]


@given(nps_counts())
def test_the_nps_interval_holds_the_nps_and_stays_within_100_points(counts):
    promoters, detractors, n = counts
    low, high = adjusted_wald_nps(promoters, detractors, n)
    assert -100 <= low <= 100 * (promoters - detractors) / n <= high <= 100


@given(nps_counts())
def test_the_nps_interval_of_detractors_is_the_mirror_of_promoters(counts):
    promoters, detractors, n = counts
    low, high = adjusted_wald_nps(promoters, detractors, n)
    assert adjusted_wald_nps(detractors, promoters, n) == (pytest.approx(-high), pytest.approx(-low))


@given(nps_counts())
def test_a_detractor_turned_promoter_never_lowers_the_interval(counts):
    promoters, detractors, n = counts
    assume(detractors)
    low, high = adjusted_wald_nps([promoters, promoters + 1], [detractors, detractors - 1], n)
    assert low[1] >= low[0]
    assert high[1] >= high[0]


@given(shares(), shares())
def test_a_change_seen_backwards_is_the_opposite_change(one, two):
    low, high = newcombe(*one, *two)
    assert newcombe(*two, *one) == (pytest.approx(-high), pytest.approx(-low))


@given(shares(), shares())
def test_the_interval_of_a_change_holds_the_change_and_stays_between_minus_1_and_1(one, two):
    low, high = newcombe(*one, *two)
    change = one[0] / one[1] - two[0] / two[1]
    assert -1 - 1e-12 <= low <= change <= high <= 1 + 1e-12


@given(nps_counts(), nps_counts())
def test_the_hybrid_serves_the_change_of_an_nps(one, two):
    def estimate(promoters, detractors, n):
        low, high = adjusted_wald_nps(promoters, detractors, n)
        return 100 * (promoters - detractors) / n, low, high

    low, high = difference(*estimate(*one), *estimate(*two))
    change = estimate(*one)[0] - estimate(*two)[0]
    assert -200 - 1e-9 <= low <= change <= high <= 200 + 1e-9
