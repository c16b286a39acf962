"""The score of a measure and its interval, from counts alone."""

import numpy as np
import numpy.typing as npt

from symetrie.intervals import Floats, Interval, adjusted_wald_nps, wilson
from symetrie.measures import MeasureKind

SHOWN_INTERVAL_MINIMUM = 5  # answers; no interval is shown below


def score(kind: MeasureKind, favourable: npt.ArrayLike, unfavourable: npt.ArrayLike, answered: npt.ArrayLike) -> Floats:
    """Give percent favourable (top-two-box) or points of promoters less detractors (NPS).

    Shapes broadcast; nan where nobody answered.

    >>> float(score("top_two_box", 11, 3, 20))
    55.0
    >>> float(score("nps", 5, 2, 10))
    30.0
    """
    counted = np.subtract(favourable, unfavourable) if kind == "nps" else np.asarray(favourable)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(100 * counted / np.asarray(answered, dtype=np.float64))


def interval(
    kind: MeasureKind, favourable: npt.ArrayLike, unfavourable: npt.ArrayLike, answered: npt.ArrayLike
) -> Interval:
    """Give the 95 % interval of a score, in its own unit: Wilson's for percent, adjusted Wald for points.

    Shapes broadcast; nan below five answers.

    >>> low, high = interval("top_two_box", [4, 4], [0, 0], [4, 5])
    >>> low.round(1).tolist(), high.round(1).tolist()
    ([nan, 37.6], [nan, 96.4])
    """
    if kind == "nps":
        low, high = adjusted_wald_nps(favourable, unfavourable, answered)
    else:
        low, high = (100 * bound for bound in wilson(favourable, answered))
    too_few = np.asarray(answered) < SHOWN_INTERVAL_MINIMUM
    return np.where(too_few, np.nan, low), np.where(too_few, np.nan, high)
