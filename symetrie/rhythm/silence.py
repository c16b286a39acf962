"""Sources that give nothing: how long, how implausibly so, and whether all of them fell silent together."""

from typing import NamedTuple

import numpy as np

from symetrie.counts import Booleans
from symetrie.intervals import Floats
from symetrie.rhythm.chance import chance_of_at_most
from symetrie.rhythm.pattern import Rhythm, rhythm, since_first
from symetrie.rhythm.variation import Variation, variation
from symetrie.verdicts import Integers

MISSING_CHANCE = 1e-3
"""A source that gives nothing on a day on which chance would have it so more rarely than that is missing."""
USUAL_GAPS = 2  # times that a source paused so long before it counts as its rhythm: once is a breakdown
A_DAY = 0.1  # of what comes on a usual day: a day on which less is expected, as a Sunday, is none that is waited for
BLOCK = 28


class Silence(NamedTuple):
    """Per source: days up to the last one without any answer, the chance of that, what was expected in them."""

    days: Integers  # days on which it was to be heard of
    expected: Floats
    chance: Floats
    is_beyond_gaps: Booleans
    """Whether it has paused for longer than it has usually done."""


class Sources(NamedTuple):
    """The rhythm of every source, fitted up to its last answer, so that its silence is not taken for its rhythm."""

    rows: Rhythm
    varies: Variation
    past: Floats


def source_rhythm(seen: Floats, told: Floats, cycle: Integers) -> Sources:
    """Fit the rhythm of sources, (sources, days) both, between their first and their last answer."""
    has_spoken_since = np.cumsum(seen[:, ::-1], axis=1)[:, ::-1] > 0
    fitted = rhythm(seen, told * since_first(seen) * has_spoken_since, cycle)
    heard = fitted._replace(seen=seen, told=told * since_first(seen))  # also what came on days closed ends a silence
    return Sources(heard, variation(fitted, np.arange(len(seen)), BLOCK), fitted.cut.sum(1))


def silence(sources: Sources, leave_out: Integers) -> Silence:
    """Give how long each source has been silent, its newest `leave_out` days apart (what usually comes later).

    A source of a hundred answers a day gives none on the last two days:

    >>> seen = np.full((1, 70), 100.0)
    >>> seen[:, -2:] = 0
    >>> fitted = source_rhythm(seen, np.ones((1, 70)), np.arange(70) % 7)
    >>> found = silence(fitted, np.array([0]))
    >>> found.days.tolist(), found.expected.round().tolist(), bool(found.chance[0] < 1e-5)
    ([2], [200.0], True)
    """
    rows, last = sources.rows, sources.rows.seen.shape[1]
    is_after = np.cumsum(rows.seen[:, ::-1] > 0, axis=1)[:, ::-1] == 0
    is_waited_for = np.arange(last)[None, :] < last - leave_out[:, None]
    quiet = is_after & is_waited_for & (rows.told > 0) & (sources.past > 0)[:, None]
    expected = np.where(quiet, rows.expected, 0.0)
    days = (expected > A_DAY * rows.usual.mean(1, keepdims=True)).sum(1)
    chance = chance_of_at_most(np.zeros(len(days)), expected.sum(1), _spread(sources, expected))
    return Silence(days, expected.sum(1), chance, expected.sum(1) > _usual_gap(rows))


def missing(sources: Sources) -> Booleans:
    """Give the days (sources, days) on which a source that should have spoken gave nothing."""
    rows = sources.rows
    spread = sources.varies.daily[:, None] + sources.varies.drift + 7 / np.maximum(sources.past, 1.0)[:, None]
    none = chance_of_at_most(np.zeros_like(rows.seen), rows.expected, np.broadcast_to(spread, rows.seen.shape))
    return np.asarray((rows.told > 0) & (rows.seen == 0) & (none < MISSING_CHANCE))


def together(sources: Sources, is_missing: Booleans) -> Booleans:
    """Give the days on which a source is missing with all others that should have spoken, two or more at once.

    That is no news of a source: the shops were closed, or nothing at all came in. A source that was missing before
    the others stays its own news; so does the one that stays away when others are back.
    """
    shown = np.zeros_like(is_missing)
    should = is_missing | (sources.rows.seen > 0)
    begun = np.zeros(is_missing.shape, np.int64)  # first day of the run of missing days
    for day in range(is_missing.shape[1]):
        goes_on = is_missing[:, day - 1] & is_missing[:, day] if day else np.zeros(len(is_missing), bool)
        begun[:, day] = np.where(goes_on, begun[:, day - 1] if day else day, day)
        for first in np.unique(begun[is_missing[:, day], day]):
            group = is_missing[:, day] & (begun[:, day] == first)
            before = is_missing[:, first - 1] if first else np.zeros(len(is_missing), bool)
            if group.sum() > 1 and not (should[:, first] & ~group & ~before).any():
                shown[:, day] |= group
    return shown


def _spread(sources: Sources, expected: Floats) -> Floats:
    of_days = (expected**2).sum(1) / np.maximum(expected.sum(1), 1e-12) ** 2
    return np.asarray(sources.varies.daily * of_days + sources.varies.drift + 1 / np.maximum(sources.past, 1.0))


def _usual_gap(rows: Rhythm) -> Floats:
    """What was expected in the longest pause that each source has made at least twice, before the current one."""
    return np.array([_second_most(seen > 0, usual) for seen, usual in zip(rows.seen, rows.expected, strict=True)])


def _second_most(speaks: Booleans, expected: Floats) -> float:
    """The second most that was expected in the pauses between two days with answers.

    >>> _second_most(np.array([1, 0, 0, 0, 1, 0, 1, 0, 0], bool), np.ones(9))
    1.0
    """
    heard = np.flatnonzero(speaks)
    until = np.cumsum(expected)
    gaps = np.sort(np.diff(until[heard]) - expected[heard[1:]])
    return float(gaps[-USUAL_GAPS]) if len(gaps) >= USUAL_GAPS else 0.0
