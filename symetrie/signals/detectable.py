"""How large a fall must be to be found in time: what a unit's volume allows one to see."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, ndtri

from symetrie.signals.network import Floats
from symetrie.signals.surprise import surprise

FOUND_SHARE = 0.8
"""A fall counts as detectable within so many days when four of five such falls are found by then."""

NOT_DETECTABLE = 60.0
"""No fall is looked for beyond so many points: the answer is then "none"."""


def detectable_points(rhythm: Floats, level: Floats, days: int, needed: float) -> Floats:
    """The smallest fall, in points of the score, that is found within so many days; infinite where there is none.

    `rhythm` is the information of a usual day, `level` the log odds of an unhappy answer, `needed` the surprise of a
    signal. After N days a fall of d log odds has given d² N rhythm / 2 of evidence, give or take d √(N rhythm); it is
    found when that passes the evidence that the surprise asks for. Its own size is taken as the tilt, so a little more
    is needed in truth.

    >>> daily = np.array([0.05, 0.5, 5.0])  # about 0.3, 3 and 30 answers a day, at 75 % favourable
    >>> detectable_points(daily, np.log(np.array([0.25, 0.25, 0.25]) / 0.75), 28, 9.0).round(0).tolist()
    [inf, 38.0, 11.0]
    """
    points = np.linspace(1, NOT_DETECTABLE, 237)[:, None]
    before = expit(level)
    after = np.minimum(before + points / 100, 0.999)
    tilt = np.log(after / (1 - after)) - level
    spread = np.sqrt(np.maximum(rhythm, 1e-9) * days)
    evidence = (tilt * spread) ** 2 / 2 - ndtri(FOUND_SHARE) * tilt * spread
    found = surprise(evidence, tilt, np.maximum(rhythm, 1e-9)) >= needed
    return np.where(found.any(axis=0), points[found.argmax(axis=0), 0], np.inf)
