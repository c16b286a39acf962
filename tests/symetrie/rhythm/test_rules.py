"""Thresholds: what is asked for is what one look may be."""

import pytest

from symetrie.rhythm.rules import DAY_STRETCHES, DAYS_OF_PAST, WEEK_STRETCHES, QuietRule, chance_per_look


def test_a_rate_is_shared_out_over_the_days_of_a_year():
    assert chance_per_look(0.365) == pytest.approx(0.001)


def test_stretches_share_it_too_but_for_those_that_overlap():
    assert chance_per_look(0.365, 8) == pytest.approx(0.0005)
    assert chance_per_look(0.365, 2) == pytest.approx(0.001)


def test_the_longest_stretch_leaves_enough_past():
    assert DAYS_OF_PAST - max(DAY_STRETCHES) - QuietRule(0.5, 0.1).kept >= 28
    assert DAYS_OF_PAST / 7 - max(WEEK_STRETCHES) >= 8
