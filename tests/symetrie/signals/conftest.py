"""Small networks whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from symetrie.signals.counts import Answers
from symetrie.signals.network import Floats, Watched
from symetrie.signals.state import Streams
from symetrie.signals.watch import Watch, watch_day

FIRST = date(2025, 1, 6)
Truth = Callable[[int], tuple[Any, Any]]
"""Of a day's number: the answers and the share of unhappy ones of each site, one row per stratum."""


class Life:
    """A network of regions with sites, watched in one measure; sites come first, then regions, then the network."""

    def __init__(self, regions: int, sites_each: int, strata: int = 1, seed: int = 1) -> None:
        self.sites = regions * sites_each
        above = np.repeat(np.arange(regions), sites_each) + self.sites
        self.network = self.sites + regions
        self.watched = Watched(1, np.concatenate([above, np.full(regions, self.network), [-1]]), strata)
        self.watch = Watch(self.watched, np.ones(self.watched.streams))
        self.streams = Streams.of(self.watched)
        self.random = np.random.default_rng(seed)
        self.moved: list[tuple[int, int, float]] = []  # day, unit, points
        self.recovered: list[tuple[int, int]] = []
        self.improved: list[int] = []
        self.settled: list[int] = []
        self.new: list[int] = []
        self.number = 0

    def live(self, days: int, truth: Truth) -> None:
        """Look at so many more days."""
        for came in self.days(days, truth):
            self.look_at(came)

    def days(self, days: int, truth: Truth) -> Iterator[Answers]:
        """The answers of the days to come."""
        for number in range(self.number, self.number + days):
            yield self._answers(number, *truth(number))

    def look_at(self, came: Answers) -> None:
        """Look at one more day."""
        seen = watch_day(self.streams, came, self.watch)
        found = seen.moved
        self.improved += seen.improved.tolist()
        self.settled += seen.settled.tolist()
        self.new += found.stream[seen.is_new].tolist()
        self.recovered += [(self.number, int(unit)) for unit in seen.recovered]
        self.moved += [(self.number, int(unit), float(by)) for unit, by in zip(found.stream, found.points, strict=True)]
        self.number += 1

    def _answers(self, number: int, answers: Any, share: Any) -> Answers:
        shape = (self.watched.strata, self.sites)
        came = self.random.poisson(np.broadcast_to(answers, shape))
        unhappy = self.random.binomial(came, np.broadcast_to(share, shape))
        stratum, unit = np.nonzero(came)
        seen: Floats = came[stratum, unit].astype(float)
        none = np.zeros_like(unit)
        return Answers(FIRST + timedelta(days=number), none, unit, stratum, seen, unhappy[stratum, unit].astype(float))


@pytest.fixture
def life() -> type[Life]:
    """Makes networks."""
    return Life
