"""Rows that are unusually quiet against their own rhythm, over the stretch that says so most."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from symetrie.counts import Booleans
from symetrie.intervals import Floats
from symetrie.rhythm.chance import chance_of_at_most
from symetrie.rhythm.pattern import Rhythm
from symetrie.rhythm.rules import QuietRule
from symetrie.rhythm.variation import Variation
from symetrie.verdicts import Integers

CROWD_SHARE = 0.5
"""Below this share of the usual in the rest of its parent, a step says nothing of a row: it is the parent's news."""


class Quiet(NamedTuple):
    """Per row: whether it is quiet on the last step, for how many steps, and what came beside what was expected."""

    is_quiet: Booleans
    steps: Integers
    seen: Floats
    expected: Floats
    chance: Floats


class _Stretch(NamedTuple):
    start: int
    end: int


class _Sums(NamedTuple):
    """Running sums over the steps, a nought first, so that a stretch is a difference."""

    seen: Floats
    expected: Floats
    squares: Floats
    past: Floats
    past_expected: Floats
    past_steps: Floats

    def level(self, until: int) -> Floats:
        """What came for each answer expected before a step: 1 where the row has not changed within the time read."""
        expected = self.past_expected[:, until]
        return np.divide(self.past[:, until], expected, out=np.zeros_like(expected), where=expected > 0)


def quiet(rows: Rhythm, shared: Floats, varies: Variation, rule: QuietRule) -> Quiet:
    """Find the rows that on the last step have received too little, for a day or for months, to be chance.

    ``rows``: (rows, steps), the last step is the one that is looked at; ``shared``: as `falls_shared` gives it, which
    only ever lowers what was to be expected. A stretch is held against the row's own steps before it; its chance
    knows over-dispersion, drift, and the error of that past. A row is back as soon as more than the rule's share of
    the usual came on its newest steps; steps that say nothing bring none back.

    A shop of ten answers a day is silent for the last three days of seventy:

    >>> seen = np.full((1, 70), 10.0)
    >>> seen[:, -3:] = 0
    >>> days = Rhythm(seen, seen, np.full((1, 70), 10.0), np.ones((1, 70)))
    >>> found = quiet(days, np.ones((1, 70)), Variation(np.array([0.1]), 0.01), QuietRule(0.5, 1.6e-06))
    >>> found.is_quiet.tolist(), found.steps.tolist(), found.expected.round(1).tolist()
    ([True], [3], [30.0])
    """
    sums, count, last = _sums(rows, shared), len(rows.seen), rows.seen.shape[1]
    newest = _newest(sums, rule)
    found = Quiet(
        np.zeros(count, bool), np.zeros(count, np.int64), np.zeros(count), np.zeros(count), np.ones(count)
    )  # filled in place, stretch by stretch
    for stretch in _stretches(rule, last):
        _keep_the_most_telling(found, _looked_at(sums, newest, stretch, varies, rule), last - stretch.start)
    return found


def _stretches(rule: QuietRule, last: int) -> Iterator[_Stretch]:
    """Those that end on the last step first, so that of two as telling the current one stands."""
    for end in range(last, max(last - rule.kept, 0), -1):
        for steps in rule.stretches:
            if end - steps >= rule.least_steps:
                yield _Stretch(end - steps, end)


def _looked_at(
    sums: _Sums, newest: tuple[Floats, Floats], stretch: _Stretch, varies: Variation, rule: QuietRule
) -> tuple[Integers, Floats, Floats, Floats]:
    """The rows quiet over a stretch and not back: which, what came, what was expected up to now, the chance."""
    start, end = stretch
    last = sums.seen.shape[1] - 1
    level = sums.level(start)
    came, expected = _between(sums.seen, start, end), level * _between(sums.expected, start, end)
    has_past = (sums.past_steps[:, start] >= rule.least_steps) & (sums.past[:, start] >= rule.least_answers)
    since, usual_since = _between(sums.seen, end, last), level * _between(sums.expected, end, last)
    is_back = (newest[0] > rule.share * level * newest[1]) | (since > rule.share * usual_since)
    rows = np.flatnonzero(has_past & (came <= rule.share * expected) & (expected > 0) & ~is_back)
    mean = expected[rows]
    past = sums.past[rows, start] * min(end - start, rule.cycle) / rule.cycle
    squares = level[rows] ** 2 * _between(sums.squares, start, end)[rows]
    spread = varies.daily[rows] * squares / mean**2 + varies.drift + 1 / past
    chance = chance_of_at_most(came[rows], mean, spread)
    rare = chance <= rule.chance
    rows = rows[rare]
    up_to_now = level * _between(sums.expected, start, last)
    return rows, _between(sums.seen, start, last)[rows], up_to_now[rows], chance[rare]


def _newest(sums: _Sums, rule: QuietRule) -> tuple[Floats, Floats]:
    """What came to each row and what was expected on the newest steps that tell whether it is back."""
    last = sums.seen.shape[1] - 1
    at_most = min(rule.back_steps, last)
    backwards = sums.expected[:, [last]] - sums.expected[:, last - at_most : last + 1]
    enough = backwards >= rule.back_answers
    start = last - at_most + np.where(enough.any(1), at_most - np.argmax(enough[:, ::-1], axis=1), 0)
    every = np.arange(len(start))
    return sums.seen[:, last] - sums.seen[every, start], sums.expected[:, last] - sums.expected[every, start]


def _keep_the_most_telling(found: Quiet, looked_at: tuple[Integers, Floats, Floats, Floats], steps: int) -> None:
    rows, seen, expected, chance = looked_at
    better = chance < found.chance[rows]
    rows = rows[better]
    found.is_quiet[rows], found.steps[rows] = True, steps
    found.seen[rows], found.expected[rows], found.chance[rows] = seen[better], expected[better], chance[better]


def _sums(rows: Rhythm, shared: Floats) -> _Sums:
    speaks = (shared >= CROWD_SHARE) & (rows.told > 0)
    expected = np.where(speaks, rows.expected * shared, 0.0)
    return _Sums(
        *(
            np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1)])
            for values in (
                np.where(speaks, rows.seen, 0.0),
                expected,
                expected**2,
                rows.cut,
                rows.expected,
                (rows.told > 0).astype(float),
            )
        )
    )


def _between(running: Floats, start: int, end: int) -> Floats:
    return np.asarray(running[:, end] - running[:, start])
