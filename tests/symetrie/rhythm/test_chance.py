"""Chances of counts: those of the negative binomial, Poisson where nothing else varies, exact far out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.rhythm.chance import chance_of_at_least, chance_of_at_most


def of(function, seen, expected, spread):
    return float(function(np.array([float(seen)]), np.array([float(expected)]), np.array([spread]))[0])


def test_silence_without_over_dispersion_is_as_in_poisson():
    assert of(chance_of_at_most, 0, 10, 0.0) == pytest.approx(np.exp(-10), rel=1e-6)


def test_silence_of_a_geometric_count_is_one_in_one_more_than_expected():
    assert of(chance_of_at_most, 0, 9, 1.0) == pytest.approx(0.1)
    assert of(chance_of_at_least, 2, 9, 1.0) == pytest.approx(0.81)


def test_what_is_nearly_impossible_is_not_nothing():
    assert 0 < of(chance_of_at_most, 0, 10_000, 0.02) < 1e-100


@given(st.integers(0, 200), st.floats(0.1, 200), st.floats(0, 2))
def test_so_few_and_one_more_or_more_are_all_there_is(seen, expected, spread):
    below = of(chance_of_at_most, seen, expected, spread)
    assert below + of(chance_of_at_least, seen + 1, expected, spread) == pytest.approx(1)


def test_where_nothing_is_expected_nothing_is_improbable():
    assert of(chance_of_at_most, 0, 0, 0.1) == of(chance_of_at_least, 5, 0, 0.1) == 1
