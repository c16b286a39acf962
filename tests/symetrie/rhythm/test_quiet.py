"""Rows that are quiet against their own rhythm: soon for busy ones, after weeks for others, and none by chance."""

import numpy as np
import pytest

from symetrie.rhythm.pattern import Rhythm
from symetrie.rhythm.quiet import quiet
from symetrie.rhythm.rules import QuietRule, SurgeRule
from symetrie.rhythm.surge import surge
from symetrie.rhythm.variation import Variation

RULE = QuietRule(0.5, 1.6e-6)
DAYS = 182


def a_day(usual, since=0, to=0.0, told=None):
    """One row that receives `usual` a day, and `to` of it on the last days."""
    seen = np.full((1, DAYS), float(usual))
    if since:
        seen[0, -since:] *= to
    return Rhythm(seen, seen, np.full((1, DAYS), float(usual)), np.ones((1, DAYS)) if told is None else told)


def found(rows, shared=None, daily=0.1, drift=0.03, rule=RULE):
    return quiet(
        rows, np.ones(rows.seen.shape) if shared is None else shared, Variation(np.array([daily]), drift), rule
    )


@pytest.mark.parametrize(("usual", "told_after"), [(100, 1), (30, 2), (10, 3), (3, 7), (1, 21), (0.3, 70)])
def test_silence_is_told_after_days_or_weeks_by_how_much_is_usual(usual, told_after):
    assert found(a_day(usual, told_after)).is_quiet[0]
    assert not found(a_day(usual, told_after - 1)).is_quiet[0]


def test_a_shop_with_few_answers_is_not_quiet_for_a_day_or_a_week():
    assert not found(a_day(0.3, 7)).is_quiet[0]


def test_what_is_above_half_of_the_usual_is_not_quiet_however_sure():
    assert not found(a_day(1000, 28, to=0.55), daily=0.0, drift=0.01).is_quiet[0]
    assert found(a_day(1000, 28, to=0.2), daily=0.0, drift=0.01).is_quiet[0]


def test_what_varies_more_needs_more_to_be_quiet():
    assert found(a_day(10, 3), daily=0.1).is_quiet[0]
    assert not found(a_day(10, 3), daily=1.0).is_quiet[0]


def test_the_stretch_that_says_most_is_told_with_what_was_expected():
    quiet_now = found(a_day(10, 5))
    assert quiet_now.steps.tolist() == [5]
    assert quiet_now.seen.tolist() == [0.0]
    assert quiet_now.expected.round(6).tolist() == [50.0]


def test_a_row_that_is_back_above_half_is_not_quiet_any_more():
    rows = a_day(30, 6)
    rows.seen[0, -1] = 16
    assert not found(rows).is_quiet[0]


def test_a_row_at_a_fifth_of_the_usual_stays_quiet_after_one_better_day():
    rows = a_day(10, 20, to=0.2)
    rows.seen[0, -1] = 6
    assert found(rows).is_quiet[0]


def test_a_small_row_is_back_after_some_answers():
    rows = a_day(1, 42)
    rows.seen[0, -1] = 2
    assert found(rows).is_quiet[0]
    rows.seen[0, -14:-6] = 1
    assert not found(rows).is_quiet[0]


def test_one_answer_after_a_long_silence_is_no_recovery():
    rows = a_day(10, 20)
    rows.seen[0, -1] = 1
    assert found(rows).is_quiet[0]


def test_a_day_that_says_nothing_ends_no_quietness():
    told = np.ones((1, DAYS))
    told[0, -1] = 0
    rows = a_day(10, 4, told=told)
    assert found(rows).is_quiet[0]
    assert found(rows).expected.round(6).tolist() == [30.0]


def test_closed_days_are_no_silence():
    told = np.ones((1, DAYS))
    told[0, -20:] = 0
    assert not found(a_day(50, 20, told=told)).is_quiet[0]


def test_what_the_rest_shares_is_not_told():
    shared = np.ones((1, DAYS))
    shared[0, -3:] = 0.3
    assert not found(a_day(1000, 3), shared).is_quiet[0]


def test_what_the_rest_shares_in_part_lowers_what_was_expected():
    shared = np.ones((1, DAYS))
    shared[0, -3:] = 0.6
    assert found(a_day(1000, 3), shared).expected.round(6).tolist() == [1800.0]


def test_one_weak_day_after_usual_ones_brings_no_silence_back():
    rows = a_day(100)
    rows.seen[0, -5:] = 0, 100, 100, 100, 45
    assert not found(rows).is_quiet[0]


def test_a_row_without_enough_past_is_neither_quiet_nor_loud():
    seen = np.full((1, 40), 10.0)
    seen[0, -12:] = 0
    young = Rhythm(seen, seen, np.full((1, 40), 10.0), np.hstack([np.zeros((1, 12)), np.ones((1, 28))]))
    assert not found(young).is_quiet[0]
    peak = Rhythm(seen * 0 + 100, seen, np.full((1, 40), 10.0), np.hstack([np.zeros((1, 20)), np.ones((1, 20))]))
    assert not surge(peak, np.ones((1, 40)), Variation(np.array([0.1]), 0.03), SurgeRule(3, 5.5e-6)).is_surge[0]


def test_nothing_at_all_is_not_quiet():
    assert not found(a_day(0, 5)).is_quiet[0]


def looked_at(last, shared=1.0, usual=10.0, daily=0.1):
    rows = a_day(usual)
    rows.seen[0, -1] = last
    days = rows._replace(cut=np.minimum(rows.seen, 35))
    return surge(days, np.full((1, DAYS), shared), Variation(np.array([daily]), 0.03), SurgeRule(3, 5.5e-6))


def test_ten_times_the_usual_is_a_surge_and_less_than_three_times_is_none():
    assert looked_at(100).is_surge[0]
    assert looked_at(100).expected.round(6).tolist() == [10.0]
    assert not looked_at(29, daily=0.0).is_surge[0]


def test_three_answers_where_a_third_is_usual_are_no_surge():
    assert not looked_at(3, usual=0.3).is_surge[0]


def test_a_surge_of_all_is_none_of_one():
    assert not looked_at(100, shared=9.0).is_surge[0]
