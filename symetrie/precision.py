"""Counts that are told to within a few answers: the fewest and the most that they can be."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from symetrie.counts import ShareCounts, numbers
from symetrie.verdicts import Integers


class Ends(NamedTuple):
    """The fewest and the most favourable answers that each row can have; the same where its count is exact."""

    fewest: Integers
    most: Integers


def ends(frame: pd.DataFrame, counts: ShareCounts, precision: str) -> Ends:
    """Read by how many answers, either way, each row's count of favourable ones may be off.

    Never below none nor above all of the answered; a column or a value that is missing is 0, an exact count.
    The frame also holds unit_id and measure, by which the first wrong row is named: a precision that is negative or
    broken is a ValueError.

    Six, seven or eight of eight, and exactly five of eight:

    >>> frame = pd.DataFrame({"unit_id": "lyon-1", "measure": ["trust", "values"], "k": [7, 5], "n": 8, "off": [1, 0]})
    >>> from symetrie.counts import share_counts
    >>> low, high = ends(frame, share_counts(frame, "k", "n"), "off")
    >>> low.tolist(), high.tolist()
    ([6, 5], [8, 5])
    """
    given = numbers(frame[precision]) if precision in frame else np.zeros(len(frame))
    off = np.where(np.isnan(given), 0, given)
    can_be = (off >= 0) & (off == np.floor(off)) & (off < np.inf)
    if not can_be.all():
        first = frame.iloc[int(can_be.argmin())]
        raise ValueError(
            f"{(~can_be).sum()} rows have {precision} that cannot be, the first for unit {first['unit_id']!r},"
            f" measure {first['measure']!r}: give a whole number of answers"
        )
    most_off = off.astype(np.int64)
    return Ends(np.maximum(counts.favourable - most_off, 0), np.minimum(counts.favourable + most_off, counts.answered))
