"""A judged year: what the signals and their rivals said, beside what truly happened."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from rivals import Rival
from world import HISTORY_DAYS, NETWORK, NPS, REGIONS, SITES, Day, World

from pipelines.demo.rows import MEASURES
from symetrie.signals.counts import Answers
from symetrie.signals.network import Floats, Positions
from symetrie.signals.state import Streams
from symetrie.signals.watch import Watch, watch_day

NEVER = 10_000


@dataclass(frozen=True)
class Signal:
    """A new signal of a fall."""

    day: int
    measure: int
    unit: int


@dataclass
class Year:
    """What was said of a judged year."""

    world: World
    signals: list[Signal] = field(default_factory=list)
    recovered_count: int = 0
    seconds: float = 0.0  # of the processor, for both years
    answers: Floats = field(default_factory=lambda: np.zeros((0, SITES)))  # by day and site
    highest: dict[str, Floats] = field(default_factory=dict)  # of each rival, the year's highest alarm of each stream
    crossed: dict[str, Positions] = field(default_factory=dict)  # when it first passed its threshold after the fall

    @property
    def starts(self) -> Positions:
        """The first day on which something befell each stream itself; `NEVER` where nothing does."""
        start = np.full((len(MEASURES), NETWORK + 1), NEVER)
        for fall in self.world.falls:
            start[fall.measures, fall.unit] = np.minimum(start[fall.measures, fall.unit], fall.start)
        return start

    @property
    def starts_with_those_above(self) -> Positions:
        """The first day on which something befell each stream, or somebody above it."""
        start = self.starts
        for units, above in (
            (slice(SITES, NETWORK), [NETWORK] * REGIONS),
            (slice(0, SITES), SITES + self.world.region),
        ):
            start[:, units] = np.minimum(start[:, units], start[:, above])
        return start


def live(world: World, rivals: Mapping[str, Rival], thresholds: Mapping[str, Floats] | None = None) -> Year:
    """Live both years. Of rivals keep the highest alarms; with thresholds also when they pass them after a fall."""
    watched = world.watched
    scale = np.ones((len(MEASURES), watched.units))
    scale[NPS] = 2
    watch, streams, year, answers = Watch(watched, scale.ravel()), Streams.of(watched), Year(world), []
    starts = year.starts[:, :SITES]
    for name in rivals:
        year.highest[name] = np.full((len(MEASURES), SITES), -np.inf)
        year.crossed[name] = np.full((len(MEASURES), SITES), NEVER)
    for day in world.days():
        began = time.process_time()
        seen = watch_day(streams, _came(day), watch)
        year.seconds += time.process_time() - began
        answers.append(day.answers)
        alarms = {name: rival.alarm(day) for name, rival in rivals.items()}
        if day.number < HISTORY_DAYS:
            continue
        new = seen.moved.stream[seen.is_new]
        year.signals += [Signal(day.number, int(at) // watched.units, int(at) % watched.units) for at in new]
        year.recovered_count += len(seen.recovered)
        for name, alarm in alarms.items():
            np.maximum(year.highest[name], alarm, out=year.highest[name])
            if thresholds is not None:
                passed = (alarm >= thresholds[name]) & (day.number >= starts) & (year.crossed[name] == NEVER)
                year.crossed[name][passed] = day.number
    year.answers = np.array(answers, dtype=float)
    return year


def _came(day: Day) -> Answers:
    busy, measures = np.flatnonzero(day.answers), len(MEASURES)
    return Answers(
        day=day.date,
        measure=np.repeat(np.arange(measures), len(busy)),
        unit=np.tile(busy, measures),
        stratum=np.zeros(measures * len(busy), dtype=np.intp),
        answers=np.tile(day.answers[busy], measures).astype(float),
        unhappy=day.unhappy[:, busy].ravel(),
    )
