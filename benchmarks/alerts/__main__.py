"""`make bench-alerts`: how often signals are false, how soon falls are found, and what rivals do at the same rate.

python benchmarks/alerts --seeds 10 --processes 2
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from calibrating import one_threshold, threshold_by_volume
from judged import Year, live
from measured import (
    as_record,
    cells,
    false_per_site_year,
    false_share,
    first_signals,
    over_seeds,
    redundant_per_site_year,
    truly_lower,
)
from rivals import FixedThreshold, Oracle, PChart, PlainCusum, Rival
from telling import write_chart, write_tables
from world import Scenario, World

from symetrie.signals.deciding import SMALLEST_POINTS

FILE = Path(__file__).with_name("results.json")
RIVALS = ("fixed", "p_chart", "cusum", "cusum_by_volume", "oracle_10", "oracle_20")
FIRST_SEED: dict[Scenario, int] = {"quiet": 100, "usual": 200, "storm": 300, "small": 400, "restless": 500}


def rivals() -> dict[str, Rival]:
    """Every rival, knowing nothing yet."""
    return {
        "fixed": FixedThreshold(),
        "p_chart": PChart(),
        "cusum": PlainCusum(),
        "cusum_by_volume": PlainCusum(),
        "oracle_10": Oracle(10),
        "oracle_20": Oracle(20),
    }


def quiet_year(seed: int) -> Year:
    """A year in which nothing happens."""
    return live(World(seed, "quiet"), rivals())


def other_year(scenario: Scenario, thresholds: dict[str, dict[str, list[float]]], seed: int) -> Year:
    """A year in which something does, each rival with its threshold."""
    world = World(seed, scenario)
    return live(world, rivals(), {name: _of_sites(each, world) for name, each in thresholds.items()})


def _of_sites(threshold: dict[str, list[float]], world: World) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(threshold["of_class"])[world.volume_class]


def main() -> None:
    """Simulate, judge, and write down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="years of the quiet and the usual scenario")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    few = max(asked.seeds // 3, 2)
    with ProcessPoolExecutor(asked.processes) as pool:
        quiet = list(pool.map(quiet_year, _seeds("quiet", asked.seeds)))
        rate = float(np.mean([false_per_site_year(year) for year in quiet]))
        thresholds = _thresholds(quiet, max(rate, 1 / (2000 * len(quiet))))
        judged = {
            scenario: list(pool.map(partial(other_year, scenario, thresholds), _seeds(scenario, count)))
            for scenario, count in (("restless", few), ("usual", asked.seeds), ("storm", few), ("small", few))
        }
    results = {
        "seeds": {"quiet": _seeds("quiet", asked.seeds)}
        | {name: _seeds(name, len(each)) for name, each in judged.items()},
        "thresholds": thresholds,
        "seconds_per_year": float(np.mean([year.seconds for year in quiet])) / 2,
        "scenarios": {name: _scenario(years) for name, years in {"quiet": quiet, **judged}.items()},
    }
    FILE.write_text(json.dumps(results, indent=1, default=float) + "\n", encoding="utf-8")
    write_tables(results)
    write_chart(results)


def _seeds(scenario: Scenario, count: int) -> list[int]:
    return [FIRST_SEED[scenario] + number for number in range(count)]


def _thresholds(quiet: list[Year], rate: float) -> dict[str, dict[str, list[float]]]:
    common = {name: one_threshold(quiet, name, rate) for name in ("fixed", "p_chart", "cusum")}
    by_volume = {name: threshold_by_volume(quiet, name, rate) for name in ("cusum_by_volume", "oracle_10", "oracle_20")}
    return {name: {"of_class": each.tolist()} for name, each in (common | by_volume).items()}


def _scenario(years: list[Year]) -> dict[str, object]:
    firsts = {"signals": [first_signals(year) for year in years]}
    firsts |= {name: [year.crossed[name] for year in years] for name in RIVALS}
    has_falls = bool(years[0].world.falls)
    return {
        "signals_per_year": float(np.mean([len(year.signals) for year in years])),
        "recovered_per_year": float(np.mean([year.recovered_count for year in years])),
        "false_per_site_year": as_record(over_seeds([false_per_site_year(year) for year in years])),
        "redundant_per_site_year": as_record(over_seeds([redundant_per_site_year(year) for year in years])),
        "false_share": as_record(over_seeds([false_share(year) for year in years])),
        "truly_lower": {
            points: as_record(over_seeds([truly_lower(year, points) for year in years]))
            for points in (0, SMALLEST_POINTS)
        }
        if years[0].world.scenario == "restless"
        else {},
        "cells": {name: [as_record(cell) for cell in cells(years, first)] for name, first in firsts.items()}
        if has_falls
        else {},
    }


def _truly_lower(years: list[Year]) -> dict[float, object]:
    return {
        points: as_record(over_seeds([truly_lower(year, points) for year in years])) for points in (0, SMALLEST_POINTS)
    }


if __name__ == "__main__":
    main()
