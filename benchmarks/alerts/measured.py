"""What is reported: rates of false signals, and how many falls were found how soon, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from judged import NEVER, Year
from scipy import stats
from scipy.special import ndtr
from world import DAYS, QUALITY, SITES, VOLUMES

from symetrie.intervals import wilson
from symetrie.signals.network import Floats, Positions

WITHIN = (7, 14, 28, 91)
FORTNIGHT, MONTHS_BEFORE = 14, (200, 60)  # days up to a signal, and the days before that it is held against


@dataclass(frozen=True)
class Rate:
    """A mean over seeds with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Cell:
    """How soon falls of one size were found in sites of one volume; of those that had 91 days left to be found."""

    points: float
    volume: float
    falls: int
    found: dict[int, tuple[float, float, float]]  # share within so many days, with its 95 % interval
    median_days: float | None  # None where fewer than half were found
    median_answers: float | None


def over_seeds(values: Sequence[float]) -> Rate:
    """The mean, with Student's interval."""
    mean = float(np.mean(values))
    half = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)) if len(values) > 1 else float("nan")
    return Rate(mean, max(mean - half, 0.0), mean + half)


def false_per_site_year(year: Year) -> float:
    """New signals of units at any level that are not down, themselves or with those above them, per site."""
    return _false(year) / SITES


def false_share(year: Year) -> float:
    """Of the year's new signals, the share of false ones."""
    return _false(year) / max(len(year.signals), 1)


def redundant_per_site_year(year: Year) -> float:
    """New signals of units that are down only because somebody above them is, per site."""
    down, itself = year.starts_with_those_above, year.starts
    return sum(down[at.measure, at.unit] <= at.day < itself[at.measure, at.unit] for at in year.signals) / SITES


def _false(year: Year) -> int:
    starts = year.starts_with_those_above
    return sum(signal.day < starts[signal.measure, signal.unit] for signal in year.signals)


def truly_lower(year: Year, points: float) -> float:
    """Of the signals of sites, the share of those that stood so many points lower than some months before."""
    of_sites = [signal for signal in year.signals if signal.unit < SITES]
    wandered = year.world.wanderings
    fell = [
        _share_at(wandered[at.day - MONTHS_BEFORE[0] : at.day - MONTHS_BEFORE[1], at.unit])
        - _share_at(wandered[at.day - FORTNIGHT : at.day + 1, at.unit])
        for at in of_sites
    ]
    return float(np.mean(np.array(fell) >= points))


def _share_at(wandered: Floats) -> float:
    """The favourable share of a usual site, in percent, over days on which it had wandered so far."""
    return float(100 * ndtr(QUALITY + wandered.mean()))


def first_signals(year: Year) -> Positions:
    """When each site's stream was first signalled after its fall."""
    starts, first = year.starts[:, :SITES], np.full((len(year.starts), SITES), NEVER)
    for signal in reversed(year.signals):
        if signal.unit < SITES and signal.day >= starts[signal.measure, signal.unit]:
            first[signal.measure, signal.unit] = signal.day
    return first


def cells(years: Sequence[Year], firsts: Sequence[Positions]) -> list[Cell]:
    """How soon the falls of sites were found, by size and volume."""
    delays: dict[tuple[float, int], list[tuple[int, float]]] = {}
    for year, first in zip(years, firsts, strict=True):
        of_region = {(unit, measure) for unit, measure in _regional(year)}
        cumulated = np.vstack([np.zeros(SITES), year.answers.cumsum(axis=0)])
        for fall in year.world.falls:
            if fall.kind != "site" or fall.start > DAYS - max(WITHIN):
                continue
            for measure in fall.measures:
                if (fall.unit, measure) in of_region:
                    continue
                seen = int(first[measure, fall.unit])
                days = seen - fall.start + 1 if seen < NEVER else NEVER
                answers = cumulated[seen + 1, fall.unit] - cumulated[fall.start, fall.unit] if seen < NEVER else np.inf
                key = (fall.points, int(year.world.volume_class[fall.unit]))
                delays.setdefault(key, []).append((days, float(answers)))
    return [_cell(points, VOLUMES[at], np.array(found)) for (points, at), found in sorted(delays.items())]


def _cell(points: float, volume: float, delays: np.ndarray[Any, Any]) -> Cell:
    days, answers = delays.T
    found = {}
    for within in WITHIN:
        count = int((days <= within).sum())
        low, high = wilson(count, len(days))
        found[within] = (100 * count / len(days), float(low), float(high))
    half = (days < NEVER).mean() > 0.5
    median = (float(np.median(days)), float(np.median(answers))) if half else (None, None)
    return Cell(points, float(volume), len(days), found, *median)


def _regional(year: Year) -> set[tuple[int, int]]:
    return {
        (int(site), int(measure))
        for fall in year.world.falls
        if fall.kind == "region"
        for site in np.flatnonzero(year.world.region == fall.unit - SITES)
        for measure in fall.measures
    }


def as_record(value: Any) -> Any:
    """A figure as JSON has it."""
    return asdict(value)
