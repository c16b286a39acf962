"""What the signals are held against: three that people use, and one that knows the truth."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
from world import HISTORY_DAYS, SITE_DAY, SITES, Day, unhappy_share

from pipelines.demo.rows import MEASURES
from symetrie.signals.network import Floats
from symetrie.signals.tilts import log_likelihood_ratio

STREAM_SHAPE = (len(MEASURES), SITES)
LIKENESS = 0.0115  # of the answers of one site and day in this world; only the oracle is told
NPS_VARIANCE = 0.75


class Rival(Protocol):
    """Follows all streams of sites; the higher its alarm, the surer it is of a fall."""

    def alarm(self, day: Day) -> Floats:
        """The alarm of each stream after a day, by measure and site."""
        ...


class FixedThreshold:
    """(a) The 7-day score, on five answers and more, against one threshold for everybody."""

    FEWEST = 5

    def __init__(self) -> None:
        self.week: deque[tuple[Floats, Floats]] = deque(maxlen=7)

    def alarm(self, day: Day) -> Floats:
        """The share of unhappy answers of the week."""
        self.week.append((day.answers.astype(float), day.unhappy))
        answers, unhappy = (sum(each) for each in zip(*self.week, strict=True))
        return np.where(answers >= self.FEWEST, unhappy / np.maximum(answers, 1), 0.0)


class _OwnPast:
    """Knows the share of unhappy answers of each stream in the year of history."""

    def __init__(self) -> None:
        self.answers, self.unhappy = np.zeros(STREAM_SHAPE), np.zeros(STREAM_SHAPE)

    def share(self, day: Day) -> Floats:
        """The share of the past, half an answer added to each side; the past ends with the history."""
        if day.number < HISTORY_DAYS:
            self.answers += day.answers
            self.unhappy += day.unhappy
        return (self.unhappy + 0.5) / (self.answers + 1)


class PChart(_OwnPast):
    """(b) Each day's share against the stream's own past, in standard errors."""

    def alarm(self, day: Day) -> Floats:
        """How many standard errors the day lies above the past."""
        share = self.share(day)
        spread = np.sqrt(np.maximum(day.answers * share * (1 - share), 1e-9))
        return np.where(day.answers > 0, (day.unhappy - day.answers * share) / spread, 0)


class PlainCusum(_OwnPast):
    """(c) A Bernoulli CUSUM per stream, against its own past, tuned to falls of about ten points."""

    TILT = 0.55

    def __init__(self) -> None:
        super().__init__()
        self.sum = np.zeros(STREAM_SHAPE)

    def alarm(self, day: Day) -> Floats:
        """The sum; it begins with the judged year."""
        share = self.share(day)
        if day.number >= HISTORY_DAYS:
            ratio = log_likelihood_ratio(day.unhappy, day.answers.astype(float), share, self.TILT)
            self.sum = np.maximum(self.sum + ratio, 0)
        return self.sum


class Oracle:
    """(d) A CUSUM that knows the true share of every stream and day, how alike days are, and the size of the fall."""

    def __init__(self, points: float) -> None:
        self.points, self.sum = points, np.zeros(STREAM_SHAPE)

    def alarm(self, day: Day) -> Floats:
        """The sum of the log likelihood ratios, weighed as what days share asks for."""
        share = unhappy_share(day.level, float(np.sqrt(1 + SITE_DAY**2)))
        after = np.minimum(share + self.points / 100, 0.96)
        tilt = np.log(after / (1 - after)) - np.log(share / (1 - share))
        weight = 1 / (1 + LIKENESS * np.maximum(day.answers - 1, 0)) * np.ones(STREAM_SHAPE)
        weight[MEASURES.index("nps")] /= NPS_VARIANCE
        ratio = log_likelihood_ratio(day.unhappy, day.answers.astype(float), share, tilt)
        self.sum = np.maximum(self.sum + weight * ratio, 0)
        return self.sum
