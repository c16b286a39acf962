"""Intervals around proportions, NPS and their differences; vectorised over arrays of counts."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Interval = tuple[Floats, Floats]


def wilson(k: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Give Wilson's score interval of ``k`` favourable among ``n`` answers, as proportions.

    Shapes broadcast; nan where nobody answered. Counts that cannot be are a ValueError.
    Wilson, E. B. (1927), JASA 22, 209-212.

    Nine of ten is the fewest whose interval lies above 55 % among ten answers:

    >>> low, high = wilson([8, 9], 10)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.49, 0.596], [0.943, 0.982])
    """
    k, n = _counts(k, n)
    z = _quantile(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = np.where(k == 0, 0.0, centre - half)  # exact at the ends, where rounding would not be
    high = np.where(k == n, 1.0, centre + half)
    return np.where(n == 0, np.nan, low), np.where(n == 0, np.nan, high)


def adjusted_wald_nps(
    promoters: npt.ArrayLike, detractors: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95
) -> Interval:
    """Give the adjusted Wald interval of an NPS, in points, within -100 and 100.

    Three answers are added, ¾ promoter and ¾ detractor among them; the variance is
    (p + d - (p - d)²) / n. Shapes broadcast; nan where nobody answered. From a single
    answer it leaves the NPS itself outside, one more reason to show none below five.
    Rocks, B. (2016), The American Statistician 70(4), 365-372.

    For an NPS of 30 made of 50 % promoters and 20 % detractors the half-widths are:

    >>> low, high = adjusted_wald_nps([5, 50, 500], [2, 20, 200], [10, 100, 1000])
    >>> ((high - low) / 2).round(1).tolist()
    [42.1, 15.1, 4.8]
    """
    promoters, n = _counts(promoters, n)
    detractors, n = _counts(detractors, n)
    _counts(promoters + detractors, n)
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = _quantile(confidence) * np.sqrt((p + d - (p - d) ** 2) / (n + 3))
    low = np.clip(100 * (p - d - half), -100, 100)
    high = np.clip(100 * (p - d + half), -100, 100)
    return np.where(n == 0, np.nan, low), np.where(n == 0, np.nan, high)


def newcombe(
    k1: npt.ArrayLike, n1: npt.ArrayLike, k2: npt.ArrayLike, n2: npt.ArrayLike, confidence: float = 0.95
) -> Interval:
    """Give Newcombe's hybrid score interval of the difference ``k1/n1 - k2/n2``, as proportions.

    Shapes broadcast; nan where either side has no answer.
    Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10; the numbers are its table II(a).

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    low1, high1 = wilson(k1, n1, confidence)
    low2, high2 = wilson(k2, n2, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share1, share2 = np.divide(k1, n1), np.divide(k2, n2)
    return difference(share1, low1, high1, share2, low2, high2)


def difference(
    score1: npt.ArrayLike,
    low1: npt.ArrayLike,
    high1: npt.ArrayLike,
    score2: npt.ArrayLike,
    low2: npt.ArrayLike,
    high2: npt.ArrayLike,
) -> Interval:
    """Give the interval of ``score1 - score2`` from the interval of each, in their own unit.

    This is the form common to Newcombe's hybrid and to MOVER (Zou & Donner 2008, Statistics in
    Medicine 27, 1693-1702), which needs no proportion: it serves the NPS too. A nan stays a nan.

    >>> low, high = difference(30.0, 15.0, 45.0, 10.0, -10.0, 30.0)
    >>> float(low), float(high)
    (-5.0, 45.0)
    """
    change = np.subtract(score1, score2)
    below = np.hypot(np.subtract(score1, low1), np.subtract(high2, score2))
    above = np.hypot(np.subtract(high1, score1), np.subtract(score2, low2))
    return np.asarray(change - below), np.asarray(change + above)


def _counts(k: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Bring counts to one shape, and refuse a part that is negative or larger than its whole."""
    part, whole = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if not np.all((part >= 0) & (part <= whole)):
        raise ValueError("a count must lie between 0 and the number of answers; check the counts handed in")
    return part, whole


def _quantile(confidence: float) -> float:
    """Give the two-sided quantile of the normal distribution: 1.96 for 95 %."""
    return NormalDist().inv_cdf((1 + confidence) / 2)
