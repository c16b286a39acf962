"""Rows that received far more than usual on the last step."""

from typing import NamedTuple

import numpy as np

from symetrie.counts import Booleans
from symetrie.intervals import Floats
from symetrie.rhythm.chance import chance_of_at_least
from symetrie.rhythm.pattern import Rhythm
from symetrie.rhythm.rules import SurgeRule
from symetrie.rhythm.variation import Variation

CROWD_TIMES = 2.0
"""Above so many times the usual in the rest of its parent, a step says nothing of a row: it is the parent's news."""


class Surge(NamedTuple):
    """Per row: whether it surges on the last step, and what came beside what was expected."""

    is_surge: Booleans
    seen: Floats
    expected: Floats
    chance: Floats


def surge(rows: Rhythm, shared: Floats, varies: Variation, rule: SurgeRule) -> Surge:
    """Find the rows that on the last step have received too much to be chance.

    ``shared``: as `rises_shared` gives it, of which the last step counts; it only ever raises what was to be
    expected. That is what comes on a usual day, also where a source was missing: another may have taken its place.

    Ninety answers where ten are usual, and twenty-five, which are not three times as many:

    >>> seen = np.full((2, 70), 10.0)
    >>> seen[:, -1] = 90, 25
    >>> days = Rhythm(seen, np.minimum(seen, 35), np.full((2, 70), 10.0), np.ones((2, 70)))
    >>> surge(days, np.ones((2, 70)), Variation(np.full(2, 0.1), 0.01), SurgeRule(3, 5.5e-06)).is_surge.tolist()
    [True, False]
    """
    past, could = rows.cut[:, :-1].sum(1), rows.expected[:, :-1].sum(1)
    level = np.divide(past, could, out=np.zeros_like(past), where=could > 0)
    seen, share = rows.seen[:, -1], shared[:, -1]
    expected = level * rows.usual[:, -1] * share
    has_past = ((rows.told[:, :-1] > 0).sum(1) >= rule.least_steps) & (past >= rule.least_answers)
    speaks = has_past & (rows.told[:, -1] > 0) & (share <= CROWD_TIMES) & (seen >= rule.times * expected)
    spread = varies.daily + varies.drift + 7 / np.maximum(past, 1.0)  # its own weekday is a seventh of its past
    chance = np.where(speaks, chance_of_at_least(seen, expected, spread), 1.0)
    return Surge(speaks & (chance <= rule.chance), seen, expected, chance)
