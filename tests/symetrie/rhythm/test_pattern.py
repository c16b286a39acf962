"""The rhythm of rows: what usually comes, by weekday, of what could be heard."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from symetrie.rhythm.pattern import rhythm, since_first

WEEKDAYS = np.arange(56) % 7


@given(arrays(np.int64, (3, 56), elements=st.integers(0, 40)))
def test_what_is_expected_of_a_row_adds_up_to_what_came(counts):
    days = rhythm(counts.astype(float), np.ones((3, 56)), WEEKDAYS)
    assert days.expected.sum(1) == pytest.approx(days.cut.sum(1))


def test_a_weekday_is_expected_as_it_has_been():
    seen = np.where(WEEKDAYS == 6, 0.0, 50.0)[None, :]
    days = rhythm(seen, np.ones((1, 56)), WEEKDAYS)
    assert days.expected[0, :7].round(1).tolist() == [50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 0.0]


def test_few_answers_are_given_the_weekdays_of_all_rows():
    seen = np.vstack([np.where(WEEKDAYS == 6, 0.0, 50.0)] * 20 + [np.where(WEEKDAYS == 1, 0.25, 0.0)])
    usual = rhythm(seen, np.ones(seen.shape), WEEKDAYS).usual[-1, :7]
    assert usual[6] < 0.01
    assert usual[0] > 0.5 * usual[1] > 0


def test_a_closed_day_neither_lowers_what_is_usual_nor_is_expected():
    told = np.ones((1, 56))
    told[0, 20:30] = 0
    days = rhythm(np.where(told > 0, 10.0, 0.0), told, WEEKDAYS)
    assert days.usual.round(6).tolist() == [[10.0] * 56]
    assert days.expected[0, 20:30].tolist() == [0.0] * 10


def test_a_peak_counts_as_no_more_than_three_times_the_usual():
    seen = np.full((1, 56), 10.0)
    seen[0, 7] = 1000
    assert rhythm(seen, np.ones((1, 56)), WEEKDAYS).cut[0, 7] == pytest.approx(3 * (1550 / 56) + 5)


def test_a_row_without_answers_has_no_rhythm():
    days = rhythm(np.zeros((1, 56)), np.ones((1, 56)), WEEKDAYS)
    assert not days.usual.any()
    assert np.isfinite(days.expected).all()


def test_a_rhythm_begins_after_the_first_answer():
    assert since_first(np.array([[0.0, 0, 1, 0]])).tolist() == [[0.0, 0.0, 0.0, 1.0]]


def test_days_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="give one per step"):
        rhythm(np.zeros((1, 3)), np.ones((1, 3)), np.arange(2))
