"""Counts are read whole, whichever type they come in, and wrong ones are refused by the name of their unit."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from symetrie.counts import numbers, share_counts


def frame(*rows, dtype=object):
    """Make counts of (favourable, answered), a unit each."""
    counts = pd.DataFrame(rows, columns=["favourable", "answered"], dtype=dtype)
    return counts.assign(unit_id=[f"site-{number}" for number in range(len(rows))], measure="trust")


def read(*rows, dtype=object):
    return share_counts(frame(*rows, dtype=dtype), "favourable", "answered")


@pytest.mark.parametrize("dtype", [object, "float64", "Int64"])
def test_counts_come_as_any_type_of_number(dtype):
    counts = read((12, 20), (None, None), (0, 0), dtype=dtype)
    assert counts.favourable.tolist() == [12, 0, 0]
    assert counts.answered.tolist() == [20, 0, 0]
    assert counts.is_missing.tolist() == [False, True, False]
    assert {counts.favourable.dtype, counts.answered.dtype} == {np.dtype("int64")}


def test_counts_come_as_decimals():
    assert read((Decimal(12), Decimal(20)), (None, None)).answered.tolist() == [20, 0]


def test_truth_values_are_read_as_one_and_zero():
    assert numbers(pd.Series([True, False, None], dtype="boolean")).tolist()[:2] == [1.0, 0.0]
    assert np.isnan(numbers(pd.Series([True, None], dtype=object))[1])


@pytest.mark.parametrize(
    "wrong", [(-1, 5), (-2, -1), (6, 5), (2.5, 5), (2, 5.5), (2, float("inf")), (None, 5), (2, None)]
)
def test_counts_that_cannot_be_are_refused_by_name_and_without_their_values(wrong):
    said = (
        "2 rows have answered and favourable that cannot be, the first for unit 'site-1', measure 'trust':"
        " recompute the counts"
    )
    with pytest.raises(ValueError, match=f"^{said}$"):
        read((12, 20), wrong, wrong)


def test_no_rows_give_no_counts():
    assert read().answered.tolist() == []
