"""News of absence on simulated years: how often it is false when nothing happens, and how soon it is told when it does.

python benchmarks/alerts/news.py --sites 2000 --seeds 5

A year after half a year of history, sites of 0.3 to 300 answers a day in regions of fifty, from two sources, with what
makes real counts differ from chance: weekdays of each site's own, season, days and weeks of network, region and site,
Sundays closed that the settings know of or do not, four holidays that they do not know and two on which seven sites of
ten are closed. A finding counts as new on a date when the date before does not show it.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import stats

from pipelines.alerts.news_sources import source_days
from pipelines.alerts.news_units import find_quiet, find_surge, unit_days
from pipelines.alerts.news_window import Window
from pipelines.demo.seasons import MONTHS, WEEKDAYS
from pipelines.settings.alert_news import AlertNews
from symetrie.alerts.finding import Finding
from symetrie.rhythm.rules import DAYS_OF_PAST

FIRST = date(2025, 1, 1)
YEAR = 365
SOURCES = ("survey", "web")
REGION_SIZE = 50
HOLIDAYS, PARTIAL_HOLIDAYS = (40, 121, 205, 300), (86, 250)
DAY_ERROR, REGION_ERROR, WEEK_ERROR, MEMORY = 0.08, 0.08, 0.15, 0.9
DISPERSION = (0.02, 0.3)
VOLUMES = (0.3, 300.0)
SILENT_EVERY, SILENT_FROM, WATCHED = 20, 130, 120
BANDS = (0.3, 1, 3, 10, 30, 300)


class Relation(NamedTuple):
    """A unit under itself or its parent, always."""

    unit_id: str
    ancestor_id: str
    depth: int
    valid_from: date = date.min
    valid_to: date = date.max


@dataclass(frozen=True, eq=False)
class Network:
    """Sites in regions under one root."""

    sites: int

    @property
    def units(self) -> tuple[str, ...]:
        """Root, regions, sites: in the order of the alphabet, as they are read."""
        regions = -(-self.sites // REGION_SIZE)
        return ("a-root", *(f"b-{n:04}" for n in range(regions)), *(f"c-{n:05}" for n in range(self.sites)))

    @property
    def relations(self) -> list[Relation]:
        """Who stands under whom."""
        above = [Relation(unit, "a-root", 1) for unit in self.units if unit.startswith("b")]
        above += [Relation(f"c-{n:05}", f"b-{n // REGION_SIZE:04}", 1) for n in range(self.sites)]
        return [Relation(unit, unit, 0) for unit in self.units] + above


@dataclass(frozen=True, eq=False)
class Years:
    """What every site receives from each source, (sites, days), and what is known of its opening."""

    volumes: np.ndarray
    counts: np.ndarray
    is_open_known: np.ndarray


def simulate(sites: int, seed: int) -> Years:
    """Draw a history and a quiet year."""
    stream = np.random.default_rng(seed)
    count = DAYS_OF_PAST + YEAR
    dates = [FIRST + timedelta(days=n) for n in range(count)]
    weekday = np.array([day.weekday() for day in dates])
    volumes = np.exp(stream.uniform(*np.log(VOLUMES), sites))
    weekly = WEEKDAYS * np.exp(stream.normal(0, 0.2, (sites, 7)))
    closes = stream.uniform(size=sites)
    weekly[closes < 0.7, 6] = 0  # of these, two of seven without the settings knowing it
    is_open = np.ones((sites, count), bool)
    is_open[np.ix_(closes < 0.5, weekday == 6)] = False
    season = np.interp([day.timetuple().tm_yday for day in dates], np.arange(12) * 30.4 + 15, MONTHS)
    mean = volumes[:, None] * weekly[:, weekday] / weekly.mean(1, keepdims=True) * season
    mean *= np.exp(stream.normal(0, DAY_ERROR, count))
    regions = np.arange(sites) // REGION_SIZE
    mean *= np.exp(stream.normal(0, REGION_ERROR, (regions.max() + 1, count)))[regions]
    mean *= np.exp(_weeks(stream, sites, count))
    for day in HOLIDAYS:
        mean[:, DAYS_OF_PAST + day] = 0
    for day in PARTIAL_HOLIDAYS:
        mean[stream.uniform(size=sites) < 0.7, DAYS_OF_PAST + day] = 0
    kappa = stream.uniform(*DISPERSION, sites)[:, None]
    mean *= stream.gamma(1 / kappa, kappa, mean.shape)
    shares = stream.beta(7, 3, (sites, 1))
    return Years(volumes, np.stack([stream.poisson(mean * shares), stream.poisson(mean * (1 - shares))]), is_open)


def _weeks(stream: np.random.Generator, sites: int, count: int) -> np.ndarray:
    """A level of each site that wanders from week to week, and comes back."""
    weeks = -(-count // 7)
    level = np.zeros((sites, weeks))
    level[:, 0] = stream.normal(0, WEEK_ERROR, sites)
    steps = stream.normal(0, WEEK_ERROR * np.sqrt(1 - MEMORY**2), (sites, weeks))
    for week in range(1, weeks):
        level[:, week] = MEMORY * level[:, week - 1] + steps[:, week]
    return np.repeat(level, 7, axis=1)[:, :count]


def looked_at(years: Years, rules: AlertNews, days: range) -> Iterator[tuple[int, list[Finding]]]:
    """What each day of the year shows of units."""
    network = Network(len(years.volumes))
    above = len(network.units) - network.sites
    sites = np.arange(network.sites) + above
    is_open = np.vstack([np.ones((above, years.is_open_known.shape[1]), bool), years.is_open_known])
    window = Window(
        first=FIRST,
        units=network.units,
        sources=SOURCES,
        unit_of=np.concatenate([sites, sites]),
        source_of=np.repeat(np.arange(2), network.sites),
        cells=years.counts.reshape(-1, years.counts.shape[2]).astype(float),
        is_open=is_open,
        relations=network.relations,
    )
    for day in days:
        seen = window.day(FIRST + timedelta(days=DAYS_OF_PAST + day))
        units = unit_days(seen, source_days(seen))
        yield day, [*find_quiet(units, rules), *find_surge(units, rules)]


def quiet_year(sites: int, seed: int, rules: AlertNews) -> Counter[tuple[str, str, bool]]:
    """New findings of a quiet year: by kind, level of the unit, and whether the day was one of the holidays."""
    found, before = Counter[tuple[str, str, bool]](), set[object]()
    for day, findings in looked_at(simulate(sites, seed), rules, range(YEAR)):
        now = {finding.cause for finding in findings}
        is_holiday = day in HOLIDAYS or day in PARTIAL_HOLIDAYS
        found.update((cause.kind, cause.unit_id[0], is_holiday) for cause in now - before)
        before = now
    return found


def days_to_tell(sites: int, seed: int, rules: AlertNews) -> list[tuple[float, int | None]]:
    """One site of twenty falls silent for good: its usual answers a day, and after how many days that was told."""
    years = simulate(sites, seed)
    silent = np.arange(seed % SILENT_EVERY, sites, SILENT_EVERY)
    years.counts[:, silent, DAYS_OF_PAST + SILENT_FROM :] = 0
    told: dict[str, int] = {}
    for day, findings in looked_at(years, rules, range(SILENT_FROM, SILENT_FROM + WATCHED)):
        for finding in findings:
            if finding.cause.kind == "unit_quiet":
                told.setdefault(finding.cause.unit_id, day - SILENT_FROM + 1)
    return [(float(years.volumes[site]), told.get(f"c-{site:05}")) for site in silent]


def main() -> None:
    """Simulate, and print the rates with their intervals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rate", type=float, default=AlertNews().false_per_unit_year)
    asked = parser.parse_args()
    rules, found, started = (
        AlertNews(false_per_unit_year=asked.rate),
        Counter[tuple[str, str, bool]](),
        time.monotonic(),
    )
    for seed in range(asked.seeds):
        of_seed = quiet_year(asked.sites, seed, rules)
        print(f"seed {seed}: {dict(of_seed)}  ({time.monotonic() - started:.0f} s)", flush=True)
        found.update(of_seed)
    _print_rates(found, asked.sites * asked.seeds)
    _print_delays([each for seed in range(asked.seeds) for each in days_to_tell(asked.sites, seed, rules)])


def _print_rates(found: Counter[tuple[str, str, bool]], years: int) -> None:
    for kind in ("unit_quiet", "unit_surge"):
        false = sum(count for (of, level, is_holiday), count in found.items() if of == kind and not is_holiday)
        print(f"{kind}: {false} false new findings in {years:,} site-years, {_rate(false, years)} a site-year")


def _print_delays(told: list[tuple[float, int | None]]) -> None:
    for low, high in pairwise(BANDS):
        days = [WATCHED if day is None else day for volume, day in told if low <= volume < high]
        known, (median, most) = np.mean(np.less(days, WATCHED)), np.percentile(days, [50, 90])
        print(f"{low} to {high} a day: {len(days)} silent, {known:.0%} told, median {median:.0f} days, 90 % {most:.0f}")


def _rate(count: int, years: int) -> str:
    """A Poisson rate with its exact 95 % interval."""
    low = stats.chi2.ppf(0.025, 2 * count) / 2 / years if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2 / years
    return f"{count / years:.5f} ({low:.5f} to {high:.5f})"


if __name__ == "__main__":
    main()
