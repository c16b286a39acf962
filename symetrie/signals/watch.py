"""A day of the watch, whole: look at it, say who has recovered, say who has moved, and go on from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symetrie.signals.counts import Answers
from symetrie.signals.deciding import (
    SETTLED_DAYS,
    SMALLEST_POINTS,
    Moved,
    explained_above,
    moved,
    recovered,
    settled,
    start_anew,
    take_back,
)
from symetrie.signals.discovery import DAYS_REMEMBERED, Tolerance, allowed_per_unit_year
from symetrie.signals.network import Floats, Positions, Watched
from symetrie.signals.state import Streams
from symetrie.signals.surprise import threshold
from symetrie.signals.watching import look_at

LEARNING_DAYS = 91
"""So many days are watched before anything is said: levels, days and over-dispersion are not known before."""


@dataclass(frozen=True)
class Watch:
    """What is watched, and when it is said."""

    watched: Watched
    scale: Floats  # (streams,) points of the score of one answer in a hundred: 1, or 2 for an NPS
    smallest_points: Floats | float = SMALLEST_POINTS  # of all, or (streams,); infinite where nothing is told
    tolerance: Tolerance = Tolerance()
    settled_days: int = SETTLED_DAYS


@dataclass(frozen=True)
class Seen:
    """What a day showed."""

    moved: Moved
    is_new: np.ndarray[tuple[int], np.dtype[np.bool_]]  # of those that moved: falls of streams that were not down
    recovered: Positions
    improved: Positions  # streams that were down and have clearly risen, wherever they stood before
    settled: Positions  # streams that are down no more because their new level is now their own
    needed: float  # the surprise that a signal needed


def watch_day(streams: Streams, came: Answers, watch: Watch) -> Seen:
    """Take a day into the memory of the streams, in place, and say what it shows.

    Deterministic: the same memory and the same answers give the same, in whatever order the answers stand.
    """
    look_at(streams, came, watch.watched)
    back = recovered(streams)
    take_back(streams, back)
    own = settled(streams, came.day, watch.settled_days)
    streams.fallen_from[own] = np.nan
    place = came.day.toordinal() % DAYS_REMEMBERED
    streams.found[place] = 0
    needed = needed_surprise(streams, watch) if streams.days > LEARNING_DAYS else np.inf
    every = moved(streams, needed, watch.scale, watch.smallest_points)
    found = every.only(~explained_above(every, watch.watched))
    is_new = found.is_fall & np.isnan(streams.fallen_from[found.stream])
    streams.found[place] = is_new.sum()
    rises = found.stream[~found.is_fall]
    improved = rises[~np.isnan(streams.fallen_from[rises])]
    start_anew(streams, found, watch.watched, came.day)
    return Seen(found, is_new, back, improved, own, needed)


def needed_surprise(streams: Streams, watch: Watch) -> float:
    """The surprise that a signal needs, after what was found in the last year."""
    allowed = allowed_per_unit_year(int(streams.found.sum()), watch.watched.units, watch.tolerance)
    return threshold(allowed / watch.watched.measures)
