"""Windows of days: inclusive of the business date, and disjoint from the previous one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.windows import LONGEST_LOOKBACK, WINDOWS, baseline_window, previous_window, window

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_the_windows_are_a_day_a_week_four_weeks_and_a_quarter():
    assert WINDOWS == (1, 7, 28, 91)


def test_a_window_of_one_day_is_the_day():
    assert window(date(2026, 3, 1), 1) == (date(2026, 3, 1), date(2026, 3, 1))


def test_a_window_crosses_a_leap_day():
    assert window(date(2028, 3, 1), 7) == (date(2028, 2, 24), date(2028, 3, 1))


@given(DAYS, st.sampled_from(WINDOWS))
def test_a_window_and_the_previous_one_have_the_same_length_and_touch(as_of, days):
    first, last = window(as_of, days)
    previous_first, previous_last = previous_window(as_of, days)
    assert last == as_of
    assert (last - first).days + 1 == (previous_last - previous_first).days + 1 == days
    assert previous_last + timedelta(days=1) == first


@given(DAYS)
def test_the_longest_lookback_holds_the_longest_window_and_the_previous_one(as_of):
    first, _ = previous_window(as_of, max(WINDOWS))
    assert (as_of - first).days + 1 == LONGEST_LOOKBACK == 182


@given(DAYS, st.sampled_from(WINDOWS))
def test_the_baseline_is_the_28_days_before_the_window_of_the_answer(as_of, days):
    first, _ = window(as_of, days)
    assert baseline_window(as_of, days) == (first - timedelta(days=28), first - timedelta(days=1))


def test_a_window_without_a_day_is_refused():
    with pytest.raises(ValueError, match="a window of 0 days holds no day"):
        window(date(2026, 3, 1), 0)
