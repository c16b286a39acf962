"""Answered and favourable, read from a frame in which either may be missing."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from symetrie.intervals import Floats
from symetrie.verdicts import Integers

Booleans = npt.NDArray[np.bool_]


class ShareCounts(NamedTuple):
    """The favourable and the answered of every row, both zero where they may not be shown or were not asked."""

    favourable: Integers
    answered: Integers
    is_missing: Booleans


def share_counts(frame: pd.DataFrame, favourable: str, answered: str) -> ShareCounts:
    """Read two columns of counts as integers, whichever type of number the warehouse's driver gave.

    The frame also holds unit_id and measure, by which the first wrong row is named.
    A negative or broken count, more favourable than answered, or one without the other is a ValueError.

    >>> frame = pd.DataFrame({"unit_id": "lyon-1", "measure": ["trust", "values"], "k": [12, None], "n": [20, None]})
    >>> counts = share_counts(frame, "k", "n")
    >>> counts.favourable.tolist(), counts.answered.tolist(), counts.is_missing.tolist()
    ([12, 0], [20, 0], [False, True])
    """
    k, n = numbers(frame[favourable]), numbers(frame[answered])
    is_missing = np.isnan(k) & np.isnan(n)
    can_be = (k >= 0) & (k <= n) & (n < np.inf) & (k == np.floor(k)) & (n == np.floor(n))
    wrong = ~(can_be | is_missing)
    if wrong.any():
        first = frame.iloc[int(wrong.argmax())]
        raise ValueError(
            f"{wrong.sum()} rows have {answered} and {favourable} that cannot be, the first for unit"
            f" {first['unit_id']!r}, measure {first['measure']!r}: recompute the counts"
        )
    whole = np.where(is_missing, 0, (k, n)).astype(np.int64)
    return ShareCounts(whole[0], whole[1], is_missing)


def numbers(column: "pd.Series[float]") -> Floats:
    """Read a column of any type of number or truth value as floats, nan where it is missing.

    >>> numbers(pd.Series([True, None], dtype=object)).tolist()
    [1.0, nan]
    """
    return pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
