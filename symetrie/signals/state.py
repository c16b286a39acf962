"""What is carried from one business date to the next: as large as the network, whatever the length of its history."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from symetrie.signals.common_day import WIDEST_STRAY
from symetrie.signals.discovery import DAYS_REMEMBERED
from symetrie.signals.network import Floats, Watched
from symetrie.signals.season import no_past
from symetrie.signals.tilts import TILTS

BETWEEN_SIBLINGS = 0.45
"""Spread of siblings around their parent, in log odds; what is not known of a unit is shrunk to it.

Measured: 0.56 to 0.63 over the sites of the demo, 0.3 to 0.5 over the shops of real feedback.
"""


@dataclass
class Streams:
    """The memory of all streams. Levels are log odds of an unhappy answer, against what siblings have in common."""

    level: Floats  # (streams,) where the stream usually stands among its siblings
    known: Floats  # (streams,) how well that is known: the inverse of its variance
    around: Floats  # (streams,) what siblings have in common, and the mix, on a usual day
    rhythm: Floats  # (streams,) information of a usual day
    busyness: Floats  # (streams,) answers of a usual day
    evidence: Floats  # (tilts, streams) of a shift of that size since `since`; never below 0
    answered: Floats  # (tilts, streams) answers since then
    unhappy: Floats  # (tilts, streams) the unhappy ones among them, plainly counted
    expected: Floats  # (tilts, streams) how many of them were expected to be
    weighed: Floats  # (tilts, streams) the answers again, each by what it says of the stream itself
    since: Floats  # (tilts, streams) days since then
    fallen_from: Floats  # (streams,) the level before a confirmed fall; NaN where there is none
    known_then: Floats  # (streams,) how well that level was known
    fallen_on: Floats  # (streams,) the day of the first fall, counted from the year 1
    recovering: Floats  # (streams,) evidence that it is back there
    usual: Floats  # (groups,) common level of siblings, slowly followed; NaN before the first answers
    days_seen: Floats  # (groups,) how many days it has been followed, fading
    stray: Floats  # (groups,) how far a day strays from it
    past: Floats  # (streams of units without siblings, days) how far each day of the last year strayed
    spread: Floats  # (measures, 5) sums from which over-dispersion is estimated
    found: Floats  # (days,) new signals on each day of the last year
    days: int = 0  # how many have been looked at

    @classmethod
    def of(cls, watched: Watched) -> Streams:
        """Nothing has been seen yet."""
        streams, groups, by_tilt = watched.streams, watched.groups, (len(TILTS), watched.streams)
        return cls(
            level=np.zeros(streams),
            known=np.full(streams, 1 / BETWEEN_SIBLINGS**2),
            around=np.zeros(streams),
            rhythm=np.zeros(streams),
            busyness=np.zeros(streams),
            evidence=np.zeros(by_tilt),
            answered=np.zeros(by_tilt),
            unhappy=np.zeros(by_tilt),
            expected=np.zeros(by_tilt),
            weighed=np.zeros(by_tilt),
            since=np.zeros(by_tilt),
            fallen_from=np.full(streams, np.nan),
            known_then=np.zeros(streams),
            fallen_on=np.zeros(streams),
            recovering=np.zeros(streams),
            usual=np.full(groups, np.nan),
            days_seen=np.zeros(groups),
            stray=np.full(groups, WIDEST_STRAY),
            past=no_past(watched.measures * len(watched.alone)),
            spread=np.zeros((watched.measures, 5)),
            found=np.zeros(DAYS_REMEMBERED),
        )

    def copied(self) -> Streams:
        """A copy that shares nothing, so that a day can be looked at again."""
        return deepcopy(self)
