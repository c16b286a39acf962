"""What is looked for: how much worse, or better, the odds of an unhappy answer have become."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WORSE = (0.30, 0.55, 1.00)
"""Log odds ratios: falls of about 5, 10 and 20 points from 75 % favourable."""

TILTS = np.array([*WORSE, *(-tilt for tilt in WORSE)])
"""Falls first, then rises of the same sizes."""

FALLS, RISES = slice(0, len(WORSE)), slice(len(WORSE), None)


def log_likelihood_ratio(unhappy: Floats, answers: Floats, expected: Floats, tilt: float | Floats) -> Floats:
    """How much more likely the day's answers are when the odds of an unhappy one have moved by `tilt`.

    `expected` is the share of unhappy answers without a change. One answer gives log((1 - p1) / (1 - p0)) when it is
    favourable and log(p1 / p0) when it is not (Bernoulli CUSUM; method, section 12); a day is the sum of its answers.

    >>> both = log_likelihood_ratio(np.array([1.0, 0.0]), np.array([1.0, 1.0]), np.array([0.25, 0.25]), np.log(2))
    >>> both.round(4).tolist()  # p1 is 0.4: log(0.4 / 0.25), log(0.6 / 0.75)
    [0.47, -0.2231]
    """
    return np.asarray(tilt * unhappy - answers * np.log1p(expected * np.expm1(tilt)))
