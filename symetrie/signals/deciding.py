"""Which streams have moved, by how much, and what holds from then on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from symetrie.alerts.rules import RULES
from symetrie.signals.network import Floats, Positions, Watched
from symetrie.signals.state import Streams
from symetrie.signals.surprise import surprise, threshold
from symetrie.signals.tilts import FALLS, TILTS

SMALLEST_POINTS = 3.0
"""What is smaller is no news to a manager, however sure one is of it (issue: 3 points by default)."""

HALF = 0.5
"""Added to either side of a count, so that few answers shout less (Haldane and Anscombe)."""

SETTLED_DAYS = RULES["signal"].expires_days
"""After so long without a recovery the new level is the unit's own, as its alert expires."""

Z = NormalDist().inv_cdf(0.975)

FALSE_RECOVERIES_PER_YEAR = 0.05
"""How often a year a stream that is still down may be said to have recovered."""


@dataclass(frozen=True)
class Moved:
    """The streams in which a shift was confirmed on a day, and what is known of each."""

    stream: Positions
    is_fall: NDArray[np.bool_]
    points: Floats  # estimated change of the score; negative for a fall
    shift: Floats  # the same in log odds of an unhappy answer; positive for a fall
    information: Floats  # what the answers since tell of it: the inverse of its variance
    answers: Floats  # how many answers that are
    unhappy: Floats  # how many of them are unhappy
    days: Floats  # since how many days, this one included
    surprise: Floats

    def unhappy_between(self) -> tuple[Floats, Floats]:
        """The 95 % interval of the share of unhappy answers since, the day-to-day scatter allowed for."""
        middle, error = _log_odds(self.unhappy, self.answers), Z / np.sqrt(self.information)
        return expit(middle - error), expit(middle + error)

    def only(self, kept: NDArray[np.bool_]) -> Moved:
        """Some of them."""
        return Moved(*(getattr(self, each.name)[kept] for each in fields(self)))


def moved(streams: Streams, needed: float, scale: Floats, smallest_points: Floats | float = SMALLEST_POINTS) -> Moved:
    """Confirm the shifts that are surprising enough, and large enough to matter.

    `needed` is the surprise that chance alone reaches rarely enough, `scale` the points of one answer in a hundred:
    1, or 2 for an NPS. `smallest_points` may differ from stream to stream.
    """
    reached = surprise(streams.evidence, TILTS[:, None], streams.rhythm)
    candidates = np.flatnonzero(reached.max(axis=0) >= needed)
    at, reached = candidates, reached[:, candidates]
    answered, unhappy, expected = (each[:, at] for each in (streams.answered, streams.unhappy, streams.expected))
    shift = _log_odds(unhappy, answered) - _log_odds(expected, answered)
    points = 100 * scale[at] * (expected - unhappy) / np.maximum(answered, 1)
    matters = np.abs(points) >= np.broadcast_to(smallest_points, streams.level.shape)[at]
    tilt = np.where(matters, reached, -np.inf).argmax(axis=0)
    best = (tilt, np.arange(len(at)))
    holds = (reached[best] >= needed) & matters[best]
    kept = (tilt[holds], np.flatnonzero(holds))
    return Moved(
        at[holds],
        tilt[holds] < FALLS.stop,
        points[kept],
        shift[kept],
        (_variance(unhappy, answered) * streams.weighed[:, at])[kept],
        answered[kept],
        unhappy[kept],
        streams.since[:, at][kept],
        reached[kept],
    )


def explained_above(found: Moved, watched: Watched) -> NDArray[np.bool_]:
    """Which of those that moved only went where somebody above them went the same day: one signal is enough."""
    went = np.zeros(watched.streams)
    went[found.stream] = np.where(found.is_fall, 1, -1)
    direction, explained = went[found.stream], np.zeros(len(found.stream), dtype=bool)
    above = watched.above[found.stream]
    while (above >= 0).any():
        explained |= (above >= 0) & (went[above] == direction)
        above = np.where(above >= 0, watched.above[above], -1)
    return explained


def start_anew(streams: Streams, found: Moved, watched: Watched, day: date) -> None:
    """Let a confirmed shift start a new baseline, as well known as the answers since tell; a fall remembers the old.

    Parents expect it from then on as part of their mix: what a unit has lost is no news of its region. Children expect
    it as what they have in common, and what was held against them until then counts no more.
    """
    below = np.flatnonzero(np.isin(watched.above, found.stream))
    shift = np.zeros(watched.streams)
    shift[found.stream] = found.shift
    streams.around[below] += shift[watched.above[below]]
    measure, unit = np.divmod(found.stream, watched.units)
    is_head = np.isin(unit, watched.heads)
    family = measure[is_head] * watched.families + np.searchsorted(watched.heads, unit[is_head])
    streams.usual.reshape(-1, watched.strata)[family] += found.shift[is_head, None]
    _forget(streams, below)
    at = found.stream
    falls = found.is_fall & np.isnan(streams.fallen_from[at])
    streams.fallen_from[at[falls]], streams.known_then[at[falls]] = streams.level[at[falls]], streams.known[at[falls]]
    streams.fallen_on[at[falls]] = day.toordinal()
    streams.fallen_from[at[~found.is_fall]] = np.nan
    streams.level[at] += found.shift
    streams.known[at] = np.minimum(streams.known[at], found.information)
    _forget(streams, at)


def settled(streams: Streams, day: date, after_days: int = SETTLED_DAYS) -> Positions:
    """The streams that fell so long ago that the new level has become their own."""
    is_down = ~np.isnan(streams.fallen_from)
    return np.flatnonzero(is_down & (day.toordinal() - streams.fallen_on > after_days))


def recovered(streams: Streams) -> Positions:
    """The fallen streams whose old level explains the answers since better than the new one, beyond chance."""
    fallen = np.flatnonzero(~np.isnan(streams.fallen_from))
    back = streams.fallen_from[fallen] - streams.level[fallen]
    reached = surprise(streams.recovering[fallen], back, streams.rhythm[fallen])
    return fallen[reached >= threshold(FALSE_RECOVERIES_PER_YEAR)]


def take_back(streams: Streams, at: Positions) -> None:
    """Give recovered streams their old level again."""
    streams.level[at], streams.known[at] = streams.fallen_from[at], streams.known_then[at]
    streams.fallen_from[at] = np.nan
    _forget(streams, at)


def _forget(streams: Streams, at: Positions) -> None:
    counts = (streams.answered, streams.unhappy, streams.expected, streams.weighed)
    for memory in (streams.evidence, *counts, streams.since):
        memory[:, at] = 0
    streams.recovering[at] = 0


def _log_odds(unhappy: Floats, answers: Floats) -> Floats:
    """The log odds of an unhappy answer, half an answer added to each side."""
    return np.asarray(np.log((unhappy + HALF) / (answers - unhappy + HALF)))


def _variance(unhappy: Floats, answers: Floats) -> Floats:
    """The variance of one answer, half an answer added to each side."""
    share = (unhappy + HALF) / (answers + 2 * HALF)
    return np.asarray(share * (1 - share))
