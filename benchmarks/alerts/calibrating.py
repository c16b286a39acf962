"""Thresholds with which rivals give false signals as rarely as the signals do, in the quiet scenario."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from judged import Year
from world import SITES, VOLUMES

from symetrie.signals.network import Floats

ENOUGH = 20
COMMON, SURER = 0.3, 0.05
"""False signals per site and year between which the tail is taken to be exponential, and goes on so."""


def one_threshold(quiet: Sequence[Year], name: str, rate: float) -> Floats:
    """One threshold for all streams, as people set it."""
    highest = np.concatenate([year.highest[name].ravel() for year in quiet])
    return np.full(SITES, _threshold(highest, SITES * len(quiet), rate))


def threshold_by_volume(quiet: Sequence[Year], name: str, rate: float) -> Floats:
    """One threshold per class of volume, each as rarely wrong: more than anybody has."""
    return np.array(
        [
            _threshold(
                np.concatenate([year.highest[name][:, year.world.volume_class == each].ravel() for year in quiet]),
                sum(int((year.world.volume_class == each).sum()) for year in quiet),
                rate,
            )
            for each in range(len(VOLUMES))
        ]
    )


def _threshold(highest: Floats, site_years: int, rate: float) -> float:
    """What no more a site and year reach: read off where enough years were simulated, else off the tail."""
    descending = np.sort(highest)[::-1]
    if rate * site_years >= ENOUGH:
        return float(np.nextafter(descending[int(rate * site_years)], np.inf))
    common, surer = (max(int(each * site_years), 1) for each in (COMMON, SURER))
    slope = (descending[surer] - descending[common]) / np.log(common / surer)
    return float(np.nextafter(descending[surer] + slope * np.log(surer / site_years / rate), np.inf))
