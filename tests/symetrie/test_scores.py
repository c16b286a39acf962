"""The score: percent favourable, or points of promoters less detractors; and when its interval is shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.scores import interval, score


def test_the_top_two_box_is_the_percent_of_favourable_answers():
    assert score("top_two_box", 11, 4, 20) == 55.0


def test_the_nps_is_the_points_of_promoters_less_detractors():
    assert score("nps", 50, 20, 100) == 30.0
    assert score("nps", 0, 7, 7) == -100.0


@pytest.mark.parametrize("kind", ["top_two_box", "nps"])
def test_nobody_answered_has_no_score_and_no_interval(kind):
    assert np.isnan(score(kind, 0, 0, 0))
    assert np.isnan(interval(kind, 0, 0, 0)).all()


@pytest.mark.parametrize("kind", ["top_two_box", "nps"])
def test_no_interval_is_shown_below_five_answers(kind):
    low, high = interval(kind, [4, 5], [0, 0], [4, 5])
    assert np.isnan([low, high]).tolist() == [[True, False], [True, False]]


def test_the_interval_is_in_the_unit_of_the_score():
    assert np.round(interval("top_two_box", 22, 2, 30), 1).tolist() == [55.6, 85.8]
    assert np.round(interval("nps", 50, 20, 100), 1).tolist() == [14.1, 44.2]


def test_counts_come_in_arrays():
    assert score("nps", np.array([5, 9]), np.array([2, 0]), np.array([10, 10])).tolist() == [30.0, 90.0]


@given(st.lists(st.integers(0, 10), min_size=5), st.randoms())
def test_the_order_of_the_answers_does_not_matter(marks, random):
    def from_marks(given):
        marks = np.array(given)
        counts = (marks >= 9).sum(), (marks <= 6).sum(), len(marks)
        return float(score("nps", *counts)), *map(float, interval("nps", *counts))

    assert from_marks(random.sample(marks, len(marks))) == from_marks(marks)
