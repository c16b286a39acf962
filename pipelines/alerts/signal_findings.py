"""What a day's movements are told as: falls, and that they are over, with the numbers a person can check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from scipy.special import expit

from symetrie.alerts.finding import Cause, Finding, Severity
from symetrie.measures import NPS
from symetrie.signals.naming import Names
from symetrie.signals.state import Streams
from symetrie.signals.surprise import FALSE_PER_YEAR
from symetrie.signals.watch import Seen

GRAVE_POINTS, SERIOUS_POINTS = 15.0, 8.0
"""A fall of so many points is of severity 3, or 2; of a unit with others below it, one more."""

LONGEST_CHANCE_YEARS = 1000
LISTED_CHILDREN = 20
"""Children listed in the evidence, the busiest first; their number is given beside."""


@dataclass(frozen=True)
class Told:
    """A day that was lived, its memory, and what it showed."""

    day: date
    names: Names
    streams: Streams
    seen: Seen

    def cause(self, stream: int) -> Cause:
        """The fall of a stream."""
        measure, unit = divmod(stream, len(self.names.units))
        return Cause("signal", "fall", self.names.units[unit], self.names.measures[measure])

    def has_children(self, stream: int) -> bool:
        """Whether others stand below its unit."""
        return self.names.units[stream % len(self.names.units)] in self.names.parents

    def points(self, stream: int, unhappy_share: float) -> float:
        """The score that a share of unhappy answers comes to."""
        is_nps = self.names.measures[stream // len(self.names.units)] == NPS.key
        return round(100 * (1 - (2 if is_nps else 1) * unhappy_share), 1)

    def usual(self, stream: int, level: float) -> float:
        """The score at a level, on a usual day of its siblings."""
        return self.points(stream, float(expit(level + self.streams.around[stream])))


def findings_of(told: Told) -> Iterator[Finding]:
    """Falls that were confirmed, first or further ones, and falls that are over; rises are remembered, not told."""
    for at in np.flatnonzero(told.seen.moved.is_fall):
        yield _fall(told, int(at))
    seen = told.seen
    for why, over in (("recovered", seen.recovered), ("improved", seen.improved), ("settled", seen.settled)):
        for stream in over:
            score = told.usual(int(stream), float(told.streams.level[stream]))
            yield Finding(told.day, told.cause(int(stream)), 1, None, {"score": score, "why": why}, is_over=True)


def lost_findings(day: date, lost: Mapping[tuple[str, str], str]) -> Iterator[Finding]:
    """Falls that cannot be seen any more, by unit and measure, and why."""
    for (unit, measure), why in lost.items():
        yield Finding(day, Cause("signal", "fall", unit, measure), 1, None, {"why": why}, is_over=True)


def _fall(told: Told, at: int) -> Finding:
    moved, streams = told.seen.moved, told.streams
    stream, answers, unhappy = int(moved.stream[at]), float(moved.answers[at]), float(moved.unhappy[at])
    score = told.points(stream, unhappy / answers)
    since_before = told.usual(stream, float(streams.level[stream]) - float(moved.shift[at]))
    earlier = since_before - told.usual(stream, float(streams.fallen_from[stream]))  # of a fall before this one
    size = round(float(moved.points[at]) + earlier, 1)
    before_score = round(score - size, 1)
    high, low = (told.points(stream, float(side[at])) for side in moved.unhappy_between())
    evidence: dict[str, Any] = {
        "since": str(told.day - timedelta(days=int(moved.days[at]) - 1)),
        "answer_count": int(answers),
        "score": score,
        "low": low,
        "high": high,
        "before_score": before_score,
        "low_points": round(low - before_score, 1),
        "high_points": round(high - before_score, 1),
        "chance_years": _chance_years(float(moved.surprise[at])),
    }
    if told.has_children(stream):
        children = _children(told, stream)
        evidence |= {"children": children[:LISTED_CHILDREN], "children_affected_count": len(children)}
    return Finding(
        told.day, told.cause(stream), _severity(size, has_children=told.has_children(stream)), size, evidence
    )


def _chance_years(surprise: float) -> int:
    """Once in how many years chance alone takes one measure of one unit that far."""
    return int(min(np.exp(surprise) / FALSE_PER_YEAR, LONGEST_CHANCE_YEARS))


def _severity(points: float, *, has_children: bool) -> Severity:
    own = 3 if points <= -GRAVE_POINTS else 2 if points <= -SERIOUS_POINTS else 1
    return 3 if own + has_children >= 3 else 2 if own + has_children == 2 else 1


def _children(told: Told, stream: int) -> list[str]:
    """The units just below, the busiest first: the fall is theirs together."""
    measure, unit = divmod(stream, len(told.names.units))
    below = [at for at, parent in enumerate(told.names.parents) if parent == told.names.units[unit]]
    busyness = told.streams.busyness[measure * len(told.names.units) + np.array(below)]
    return [told.names.units[below[at]] for at in np.argsort(-busyness, kind="stable")]
