"""Over-dispersion and drift: found where they are, none where chance explains all."""

import numpy as np
import pytest

from symetrie.rhythm.pattern import Rhythm
from symetrie.rhythm.variation import variation


def days_of(seen, usual):
    return Rhythm(seen, seen, np.full(seen.shape, usual), np.ones(seen.shape))


def test_counts_of_chance_alone_have_no_over_dispersion():
    seen = np.random.default_rng(1).poisson(10, (200, 182)).astype(float)
    found = variation(days_of(seen, 10.0), np.arange(200), 28)
    assert found.daily.mean() < 0.005
    assert found.drift == pytest.approx(0.01)


def test_over_dispersion_is_found():
    stream = np.random.default_rng(2)
    seen = stream.poisson(10 * stream.gamma(5, 0.2, (200, 182))).astype(float)
    found = variation(days_of(seen, 10.0), np.arange(200), 28)
    assert found.daily.mean() == pytest.approx(0.2, abs=0.02)


def test_few_answers_borrow_the_over_dispersion_of_all():
    stream = np.random.default_rng(3)
    large = stream.poisson(10 * stream.gamma(5, 0.2, (200, 182)))
    usual = np.vstack([np.full((200, 182), 10.0), np.full((1, 182), 0.3)])
    seen = np.vstack([large, stream.poisson(0.3, (1, 182))]).astype(float)
    found = variation(Rhythm(seen, seen, usual, np.ones(seen.shape)), np.arange(201), 28)
    assert found.daily[-1] == pytest.approx(0.2, abs=0.04)


def test_a_level_that_moves_for_months_is_drift():
    level = np.repeat([8.0, 12.0, 8.0, 12.0, 8.0, 12.0], 28)
    seen = np.random.default_rng(4).poisson(level, (200, 168)).astype(float)
    assert variation(days_of(seen, 10.0), np.arange(200), 28).drift == pytest.approx(0.04, abs=0.01)


def test_less_than_one_block_tells_no_drift():
    assert variation(days_of(np.full((1, 5), 3.0), 3.0), np.array([0]), 28).drift == 0.01
