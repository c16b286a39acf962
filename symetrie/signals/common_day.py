"""What all siblings share on a day, and what of each one's answers is left to say something about itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from symetrie.signals.counts import DayCounts
from symetrie.signals.network import Floats

WIDEST_STRAY, NARROWEST_STRAY = 0.25, 0.10
"""How far the common level of siblings strays on a day from its usual one, in log odds.

A large family is compared on the day alone; a small one, whose day says little, mostly with its usual level.
Of a unit without siblings it is learned, and is at least 2 points at 75 %: a week of bad weather is no fall.
"""

ITERATIONS = 3  # of Newton's method; the fourth changes nothing beyond 1e-6
LONGEST_STEP = 1.0


@dataclass(frozen=True)
class Expected:
    """What each row of a day was expected to be, its siblings' day taken into account."""

    share: Floats  # of unhappy answers
    information: Floats  # about the log odds, over-dispersion allowed for
    left: Floats  # share of that information which the common day has not used up
    common: Floats  # (groups,) the level that siblings shared
    family: Floats  # (groups,) information of the whole family
    said: Floats  # (groups,) how much the family's own day counted against its usual level, 0 to 1


def fit_common_day(day: DayCounts, level: Floats, start: Floats, stray: Floats, discount: Floats) -> Expected:
    """Estimate the level that siblings shared on a day, and from it what was expected of each.

    `level` and `discount`, what over-dispersion leaves of the answers, stand for each row; `start`, the level expected,
    and `stray` for each group. The common level maximises the likelihood of the family's answers, with a normal prior
    around the one expected; from what is expected of a row its own part in it is taken out again.
    """
    groups, prior = len(start), 1 / stray**2
    common = start.copy()
    for _ in range(ITERATIONS):
        share = expit(level + common[day.group])
        pull = _by_group(day, (day.unhappy - day.answers * share) * discount, groups) - prior * (common - start)
        family = _by_group(day, day.answers * share * (1 - share) * discount, groups)
        common = common + np.clip(pull / (family + prior), -LONGEST_STEP, LONGEST_STEP)
    share = expit(level + common[day.group])
    pull = (day.unhappy - day.answers * share) * discount
    information = day.answers * share * (1 - share) * discount
    whole = (_by_group(day, information, groups) + prior)[day.group]
    others = whole - information
    share = expit(level + common[day.group] - pull / others)
    return Expected(share, information, others / whole, common, family, family / (family + prior))


def first_level(day: DayCounts, usual: Floats) -> Floats:
    """The usual level of each group, or that of its first day, half an answer added to each side."""
    answers, unhappy = _by_group(day, day.answers, len(usual)), _by_group(day, day.unhappy, len(usual))
    seen = np.log((unhappy + 0.5) / (answers - unhappy + 0.5))
    return np.where(np.isnan(usual) & (answers > 0), seen, usual)


def _by_group(day: DayCounts, values: Floats, groups: int) -> Floats:
    return np.bincount(day.group, values, groups).astype(np.float64)
