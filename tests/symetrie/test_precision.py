"""A count told to within a few answers lies between two others, and within what was answered."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.counts import share_counts
from symetrie.precision import ends


def ends_of(*rows, **columns):
    """Give the ends of rows of (favourable, answered)."""
    frame = pd.DataFrame([*rows], columns=["k", "n"]).assign(unit_id="lyon-1", measure="trust", **columns)
    found = ends(frame, share_counts(frame, "k", "n"), "off")
    return [*zip(found.fewest.tolist(), found.most.tolist(), strict=True)]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 60))
def test_the_ends_hold_the_count_and_stay_within_the_answered(k, rest, off):
    ((fewest, most),) = ends_of((k, k + rest), off=off)
    assert (fewest, most) == (max(0, k - off), min(k + rest, k + off))


def test_without_a_precision_both_ends_are_the_count():
    assert ends_of((3, 8)) == ends_of((3, 8), off=None) == ends_of((3, 8), off=0) == [(3, 3)]


def test_what_is_not_shown_has_no_answers_at_either_end():
    assert ends_of((None, None), off=2) == [(0, 0)]


def test_the_first_wrong_row_is_named():
    with pytest.raises(
        ValueError, match="2 rows have off that cannot be, the first for unit 'lyon-1', measure 'trust'"
    ):
        ends_of((3, 8), (3, 8), (3, 8), off=[1, -1, 0.5])
