"""Reliability: recovered from simulated sites, and absent where it cannot be estimated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.correlation import pearson
from symetrie.reliability import binomial_reliability, disattenuated, split_half_reliability
from symetrie.scores import score

SITE_COUNT = 3000


@pytest.fixture
def rng():
    return np.random.default_rng(20260307)


def true_shares(rng, spread=0.08):
    """Draw the true share of each site around 60 %."""
    return np.clip(rng.normal(0.6, spread, SITE_COUNT), 0.01, 0.99)


# p (1 - p) / n around .6 with a spread of .08: .2336 / 40 = .00584 of sampling beside .0064 between sites.
def test_the_reliability_of_a_percent_is_recovered(rng):
    favourable = rng.binomial(40, true_shares(rng))
    assert binomial_reliability("top_two_box", favourable, 0, 40) == pytest.approx(0.523, abs=0.03)


def test_the_reliability_is_recovered_from_sites_of_very_different_sizes(rng):
    shares, answered = true_shares(rng), rng.integers(5, 200, SITE_COUNT)
    favourable = rng.binomial(answered, shares)
    truth = shares.var() / (favourable / answered).var()
    assert binomial_reliability("top_two_box", favourable, 0, answered) == pytest.approx(truth, abs=0.03)


# Passives 30 %: promoters .7 q, detractors .7 (1 - q). The NPS of a site is 140 q - 70, its spread 14 points;
# p + d - (p - d)² is .7 - .14² - .14² = .6608, over 50 answers 132.2 points² beside 196.
def test_the_reliability_of_an_nps_is_recovered(rng):
    q = np.clip(rng.normal(0.6, 0.1, SITE_COUNT), 0, 1)
    counts = rng.multinomial(50, np.column_stack([0.7 * q, 0.7 * (1 - q), np.full(SITE_COUNT, 0.3)]))
    assert binomial_reliability("nps", counts[:, 0], counts[:, 1], 50) == pytest.approx(0.597, abs=0.03)


def test_an_nps_without_detractors_is_as_reliable_as_the_percent_of_promoters():
    counts = [10, 20, 30, 40], 0, [40, 50, 60, 70]
    assert binomial_reliability("nps", *counts) == binomial_reliability("top_two_box", *counts)


# Shares .2 .4 .6 .8 of 6: sampling (.16 + .24 + .24 + .16) / 4 / 5 = .04; between the sites .2 / 3.
def test_the_binomial_reliability_in_fractions():
    assert binomial_reliability("top_two_box", [1.2, 2.4, 3.6, 4.8], 0, 6) == pytest.approx(0.4)


def test_unfavourable_answers_play_no_part_in_the_reliability_of_a_percent():
    alone = binomial_reliability("top_two_box", [10, 20, 30, 40], 0, 50)
    assert binomial_reliability("top_two_box", [10, 20, 30, 40], [9, 8, 7, 6], 50) == alone


def test_sites_that_differ_by_chance_alone_are_not_reliable():
    assert binomial_reliability("top_two_box", [4, 5, 5, 6], 0, 10) == 0.0


@pytest.mark.parametrize(
    ("favourable", "answered"),
    [([], []), ([1, 2, 3], 10), ([5, 5, 5, 5], 10), ([1, 2, 3, 4], [10, 10, 10, 0]), ([0, 1, 2, 3], [1, 10, 10, 10])],
    ids=["no site", "three sites", "no variance", "a site without answers", "a site of one answer"],
)
def test_a_reliability_that_cannot_be_estimated_is_none(favourable, answered):
    assert binomial_reliability("top_two_box", favourable, 0, answered) is None


def test_the_halves_tell_what_the_counts_tell(rng):
    shares = true_shares(rng)
    first, second = rng.binomial(20, shares), rng.binomial(20, shares)
    by_halves = split_half_reliability(5 * first, 5 * second)
    assert by_halves == pytest.approx(0.523, abs=0.04)
    assert by_halves == pytest.approx(binomial_reliability("top_two_box", first + second, 0, 40), abs=0.03)


# Halves that correlate .5: twice as long a test has a reliability of 2 x .5 / 1.5 (Spearman-Brown).
def test_the_spearman_brown_correction_doubles_the_respondents():
    assert pearson([1, 2, 3, 4, 5], [3, 1, 2, 5, 4]) == pytest.approx(0.6)
    assert split_half_reliability([1, 2, 3, 4, 5], [3, 1, 2, 5, 4]) == pytest.approx(0.75)


def test_halves_that_contradict_each_other_are_not_reliable():
    assert split_half_reliability([1, 2, 3, 4], [4, 3, 2, 1]) == 0.0


@pytest.mark.parametrize(("first", "second"), [([1, 2, 3], [1, 2, 3]), ([5, 5, 5, 5], [1, 2, 3, 4])])
def test_halves_that_cannot_be_correlated_give_no_reliability(first, second):
    assert split_half_reliability(first, second) is None


def test_the_correlation_without_noise_is_recovered(rng):
    latent = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], SITE_COUNT)
    clients, employees = rng.binomial([[40, 15]], np.clip(0.6 + 0.1 * latent, 0, 1)).T
    observed = pearson(score("top_two_box", clients, 0, 40), score("top_two_box", employees, 0, 15))
    reliabilities = (
        binomial_reliability("top_two_box", clients, 0, 40),
        binomial_reliability("top_two_box", employees, 0, 15),
    )
    assert observed < 0.4
    assert disattenuated(observed, *reliabilities) == pytest.approx(0.6, abs=0.06)


# Spearman (1904): an observed .3 between two sides of reliability .5 and .72 is .3 / √.36.
def test_the_disattenuated_value_divides_by_the_root_of_both_reliabilities():
    assert disattenuated(0.3, 0.5, 0.72) == pytest.approx(0.5)
    assert disattenuated(-0.3, 0.5, 0.72) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    "missing", [(None, 0.5, 0.5), (0.3, None, 0.5), (0.3, 0.5, None), (0.3, 0, 0.5), (0.3, 0.5, 0)]
)
def test_without_a_reliability_there_is_no_disattenuated_value(missing):
    assert disattenuated(*missing) is None


def test_no_correlation_at_all_stays_none_whatever_the_noise():
    assert disattenuated(0.0, 0.5, 0.5) == 0.0


@given(st.floats(-1, 1), st.floats(0.01, 1), st.floats(0.01, 1))
def test_the_disattenuated_value_is_never_nearer_to_0_and_never_beyond_1(r, one, other):
    assert abs(r) <= abs(disattenuated(r, one, other)) <= 1
