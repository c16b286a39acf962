"""How much more counts vary than chance alone would have it: from day to day, and slowly."""

from typing import NamedTuple

import numpy as np

from symetrie.intervals import Floats
from symetrie.rhythm.pattern import Rhythm
from symetrie.verdicts import Integers

OWN_VARIATION = 250.0
"""Sum of squared expected answers at which a row's own over-dispersion weighs as much as that of all rows.

Over half a year of one answer a day its error is about .13, of ten a day about .01, against .1 between shops; both
are worth about 250."""
LEAST_DRIFT, MOST_DRIFT = 0.01, 0.25  # a level that moves by 10 % within months is no news; above 50 % nothing is
MOST_DISPERSION = 4.0  # of a source that sends in bursts; above that no silence of days says anything


class Variation(NamedTuple):
    """Variance of a sum of counts with mean m over days e: m + daily · Σe² + drift · m²."""

    daily: Floats
    """Of each row."""
    drift: float
    """Of all rows: squared share by which a level moves from one stretch of weeks to another."""


def variation(rows: Rhythm, leaves: Integers, block: int) -> Variation:
    """Give the over-dispersion of every row, and the drift between blocks of so many steps.

    ``leaves``: the rows that are compared with one another, whose mean over-dispersion all rows are shrunk to.
    Moment estimates (Spiegelhalter 2005, section 12 of the method: allow for over-dispersion), peaks cut.

    Counts that alternate between 5 and 15 where 10 is usual vary by 25, of which chance explains 10:
    15 more for a square of 100.

    >>> seen = np.tile([5.0, 15.0], (1, 500))
    >>> days = Rhythm(seen, seen, np.full((1, 1000), 10.0), np.ones((1, 1000)))
    >>> variation(days, np.array([0]), 28).daily.round(3).tolist()
    [0.15]
    """
    expected, cut = rows.expected, rows.cut
    excess, square = ((cut - expected) ** 2 - expected).sum(1), (expected**2).sum(1)
    pooled = _pooled(excess[leaves], square[leaves], 0.0, MOST_DISPERSION)
    daily = np.clip((excess + OWN_VARIATION * pooled) / (square + OWN_VARIATION), 0.0, MOST_DISPERSION)
    return Variation(daily, _drift(expected[leaves], cut[leaves], daily[leaves], block))


def _drift(expected: Floats, cut: Floats, daily: Floats, block: int) -> float:
    """Between blocks, what neither chance nor the variation of days explains; the last block is the newest."""
    blocks = expected.shape[1] // block
    if blocks == 0:
        return LEAST_DRIFT
    came, usual, squares = (_blocks(values, block, blocks) for values in (cut, expected, expected**2))
    excess = ((came - usual) ** 2 - usual - daily[:, None] * squares).sum(1)
    return _pooled(excess, (usual**2).sum(1), LEAST_DRIFT, MOST_DRIFT)


def _blocks(values: Floats, block: int, blocks: int) -> Floats:
    return np.asarray(values[:, -block * blocks :].reshape(len(values), blocks, block).sum(2))


def _pooled(excess: Floats, square: Floats, least: float, most: float) -> float:
    """The mean of rows, each weighing by what it tells of itself: large ones do not speak for all."""
    told = (square / (square + OWN_VARIATION)).sum()
    return float(np.clip((excess / (square + OWN_VARIATION)).sum() / told, least, most)) if told > 0 else least
