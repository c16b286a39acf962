"""How surprising a stream is: the logarithm of how rarely chance alone takes it that far."""

from __future__ import annotations

import numpy as np

from symetrie.signals.network import Floats

DAYS_OF_A_YEAR = 365
OVERSHOOT = 1.166
"""A sum that is looked at once a day passes its threshold by so many standard deviations of a day (Siegmund 1985)."""

FALSE_PER_YEAR = 2.4
"""False signals per stream and year at surprise 0: at surprise s there are this many times exp(-s).

Measured on quiet networks by `make bench-alerts`: see docs/alerts.md.
"""


def surprise(evidence: Floats, tilt: Floats, rhythm: Floats) -> Floats:
    """Put the evidence of a tilt on one scale, whatever the stream's volume.

    A sum of log likelihood ratios that restarts at 0 passes h about I exp(-h) times a day without a change, where I is
    half the variance of a day's sum, less what looking once a day leaves unseen. `rhythm` is the information of a usual
    day.

    >>> surprise(np.array([12.0]), np.array([0.55]), np.array([5.0])).round(2).tolist()
    [7.81]
    """
    daily = tilt**2 * rhythm / 2
    yearly = DAYS_OF_A_YEAR * daily * np.exp(-OVERSHOOT * np.sqrt(2 * daily))
    return np.asarray(evidence - np.log(np.maximum(yearly, 1e-9)))


def threshold(false_per_year: float) -> float:
    """The surprise that chance alone reaches so many times per stream and year.

    >>> round(threshold(0.02 / 14), 2)
    7.43
    """
    return float(np.log(FALSE_PER_YEAR / false_per_year))
