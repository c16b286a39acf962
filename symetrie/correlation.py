"""How two series of one value per site move together, and how sure one can be of it."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from symetrie.intervals import Floats, Interval

FEWEST_PAIRS = 4  # Fisher's interval divides by the root of n - 3


def pearson(x: npt.ArrayLike, y: npt.ArrayLike) -> float | None:
    """Give Pearson's coefficient of two series of the same length.

    A pair of which one value is nan is left out; None with fewer than four pairs, or when one side
    does not vary. Two lengths are a ValueError.

    >>> round(pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]), 3)
    0.8
    """
    return _correlation(*_pairs(x, y))


def spearman(x: npt.ArrayLike, y: npt.ArrayLike) -> float | None:
    """Give Spearman's coefficient of two series: Pearson's of their ranks, ties at their average rank.

    Absent in the same cases as Pearson's. Spearman, C. (1904), American Journal of Psychology 15, 72-101.

    >>> round(spearman([1, 2, 3, 4], [10, 10, 20, 900]), 3)
    0.949
    """
    x, y = _pairs(x, y)
    return _correlation(_ranks(x), _ranks(y))


def fisher_interval(r: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Give Fisher's interval of a Pearson coefficient ``r`` over ``n`` pairs.

    The inverse hyperbolic tangent of r is normal with variance 1 / (n - 3). Shapes broadcast; nan with
    fewer than four pairs. Fisher, R. A. (1921), Metron 1, 3-32.

    Twenty sites say little, the first numbers being those of the method:

    >>> low, high = fisher_interval(0.5, [20, 200])
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.07, 0.39], [0.77, 0.6])
    """
    r, n = np.asarray(r, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.where(n < FEWEST_PAIRS, np.nan, z / np.sqrt(n - 3))
        return np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)


def _pairs(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if x.shape != y.shape:
        raise ValueError(f"series of {x.size} and {y.size} values make no pairs; hand in one value of each per site")
    is_whole = ~(np.isnan(x) | np.isnan(y))
    return x[is_whole], y[is_whole]


def _ranks(values: Floats) -> Floats:
    return np.asarray(pd.Series(values).rank(method="average"), dtype=np.float64)


def _correlation(x: Floats, y: Floats) -> float | None:
    if len(x) < FEWEST_PAIRS or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
