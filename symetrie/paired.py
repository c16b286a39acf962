"""Two yes-or-no judgements of the same cases: Cohen's kappa and the difference of paired shares, from four counts."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from symetrie.intervals import Floats, Interval, wilson


def cohens_kappa(
    both: npt.ArrayLike,
    first_only: npt.ArrayLike,
    second_only: npt.ArrayLike,
    neither: npt.ArrayLike,
    confidence: float = 0.95,
) -> tuple[Floats, Floats, Floats]:
    """Give Cohen's kappa, the agreement beyond chance, with its large-sample interval within -1 and 1.

    Shapes broadcast; nan where there is no case, or where all are in one agreeing cell. The bounds are nan too
    where the standard error is 0: with perfect agreement, or when one judge always says the same, it knows no doubt.
    A negative count is a ValueError.
    Cohen, J. (1960), Educational and Psychological Measurement 20, 37-46; standard error of Fleiss, Cohen &
    Everitt (1969), Psychological Bulletin 72, 323-327. The numbers are those of R's statpsych, ci.kappa.

    >>> [round(float(number), 4) for number in cohens_kappa(58, 4, 12, 31)]
    [0.6757, 0.5317, 0.8196]
    """
    table = _table(both, first_only, second_only, neither)
    a, b, c, d = table
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = 2 * (a * d - b * c) / ((a + b) * (b + d) + (a + c) * (c + d))
        half = NormalDist().inv_cdf((1 + confidence) / 2) * _kappa_error(table, kappa)
    # Where the error is 0 in truth, rounding may leave a trace of it.
    is_constant = (a + b) * (c + d) * (a + c) * (b + d) == 0
    is_extreme = ((b == 0) & (c == 0)) | ((a == 0) & (d == 0) & (b == c))
    half = np.where(is_constant | is_extreme, np.nan, half)
    return kappa, np.clip(kappa - half, -1, 1), np.clip(kappa + half, -1, 1)


def newcombe_paired(
    both: npt.ArrayLike,
    first_only: npt.ArrayLike,
    second_only: npt.ArrayLike,
    neither: npt.ArrayLike,
    confidence: float = 0.95,
) -> Interval:
    """Give Newcombe's interval of the first judge's share less the second's over the same cases, as proportions.

    It joins their two Wilson intervals, allowing for the correlation of the pairs. Shapes broadcast; nan where there
    is no case. A negative count is a ValueError.
    Newcombe, R. G. (1998), Statistics in Medicine 17, 2635-2650, method 10; the numbers are of its table III.

    >>> low, high = newcombe_paired(20, 12, 2, 16)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0562, 0.3292)
    """
    table = _table(both, first_only, second_only, neither)
    n, (a, b, c, _) = table.sum(axis=0), table
    low1, high1 = wilson(a + b, n, confidence)
    low2, high2 = wilson(a + c, n, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share1, share2, change = (a + b) / n, (a + c) / n, (b - c) / n
    phi = _phi(table)
    below = _joined(share1 - low1, high2 - share2, phi)
    above = _joined(high1 - share1, share2 - low2, phi)
    return np.clip(change - below, -1, 1), np.clip(change + above, -1, 1)


def _table(*counts: npt.ArrayLike) -> Floats:
    """Stack the four counts, brought to one shape: both, first only, second only, neither."""
    table = np.stack(np.broadcast_arrays(*(np.asarray(count, dtype=np.float64) for count in counts)))
    if not np.all(table >= 0):
        raise ValueError("a count of judgements must be 0 or more; check the counts handed in")
    return table


def _kappa_error(table: Floats, kappa: Floats) -> Floats:
    """Give the standard error of kappa of Fleiss, Cohen & Everitt, as the spread of what each cell pulls."""
    n = table.sum(axis=0)
    shares = table / n
    both, first_only, second_only, _ = shares
    first, second = both + first_only, both + second_only
    expected = first * second + (1 - first) * (1 - second)
    w = 1 - kappa
    pull = np.stack(
        [
            1 - w * (first + second),
            -w * (1 - first + second),
            -w * (1 + first - second),
            1 - w * (2 - first - second),
        ]
    )
    spread = (shares * (pull - (shares * pull).sum(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt(spread / n) / (1 - expected))


def _phi(table: Floats) -> Floats:
    """Give the correlation of the pairs as method 10 takes it: a positive one is shrunk, an undefined one is 0."""
    a, b, c, d = table
    product = a * d - b * c
    shrunk = np.where(product > 0, np.maximum(product - table.sum(axis=0) / 2, 0), product)
    margins = np.sqrt((a + b) * (c + d) * (a + c) * (b + d))
    return np.asarray(np.divide(shrunk, margins, out=np.zeros_like(margins), where=margins > 0))


def _joined(half1: Floats, half2: Floats, phi: Floats) -> Floats:
    """Join two half-widths by the law of cosines, so that what moves together cancels out."""
    return np.asarray(np.sqrt(half1**2 - 2 * phi * half1 * half2 + half2**2))
