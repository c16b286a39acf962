"""Over-dispersion: answers of one site and day are more alike than chance would have them."""

from __future__ import annotations

import numpy as np

from symetrie.signals.network import Floats, Positions

FEWEST_DAYS = 28
"""Before, the values to start with hold."""

START_VARIANCE, START_LIKENESS = 1.0, 0.01
MEMORY_DAYS = 365

MOSTLY_ITS_OWN = 0.5
"""A row of which less is left, once its siblings' day is taken out, says more of that day than of itself."""

FEWEST_EXPECTED = 0.5
"""Rows with less variance than this say nothing reliable about it."""


def estimated(spread: Floats, days: int) -> tuple[Floats, Floats]:
    """Variance of one answer against a yes-or-no's, and the likeness of answers of one day, per measure.

    The variance of a day's count of n answers is p (1 - p) n v (1 + r (n - 1)), after Williams (1982); of several sites
    together, n - 1 is how many others of its own site an answer has. v and r are fitted by weighted least squares on
    squared residuals. For an NPS, whose passives count half, v is about 0.7.
    """
    weight, by_size, by_square, squares, squares_by_size = spread.T
    determinant = weight * by_square - by_size**2
    fits = (days >= FEWEST_DAYS) & (determinant > 0)
    divisor = np.where(fits, determinant, 1)
    base = np.where(fits, (by_square * squares - by_size * squares_by_size) / divisor, START_VARIANCE).clip(0.3, 2)
    slope = np.where(fits, (weight * squares_by_size - by_size * squares) / divisor, START_LIKENESS * base)
    return base, (slope / base).clip(0, 0.5)


def learned(
    spread: Floats, measure: Positions, alike: Floats, squared: Floats, variance: Floats, discount: Floats
) -> Floats:
    """Add a day's squared residuals, each in units of its own binomial `variance`, to the fading sums."""
    weight = np.where(variance > FEWEST_EXPECTED, discount**2, 0)
    terms = (weight, weight * alike, weight * alike**2, weight * squared, weight * alike * squared)
    added = [np.bincount(measure, term, len(spread)) for term in terms]
    return np.asarray(spread * (1 - 1 / MEMORY_DAYS) + np.stack(added, axis=1))
