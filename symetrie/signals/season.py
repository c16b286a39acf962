"""The season of units that have nobody to be compared with: how the same weeks of last year went."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from symetrie.signals.network import Floats

A_YEAR = timedelta(days=364)  # whole weeks, so that the days compared are the same weekdays
KEPT_DAYS = 400

AROUND_DAYS = 10
"""So many days before and after the same day of last year are averaged: three weeks."""

FEWEST_DAYS = 7
SHRINK_DAYS = 2
"""A mean over n days is trusted as n / (n + 2)."""


def no_past(streams: int) -> Floats:
    """The past of streams of which nothing has been seen."""
    return np.full((streams, KEPT_DAYS), np.nan)


def seasonal_shift(past: Floats, day: date) -> Floats:
    """How far from the usual level each stream was in these weeks a year ago; 0 where that is not known."""
    around = [_place(day - A_YEAR + timedelta(days=off)) for off in range(-AROUND_DAYS, AROUND_DAYS + 1)]
    seen = past[:, around]
    count = (~np.isnan(seen)).sum(axis=1)
    return np.where(count >= FEWEST_DAYS, np.nansum(seen, axis=1) / (count + SHRINK_DAYS), 0)


def keep(past: Floats, day: date, strayed: Floats) -> None:
    """Keep how far a day strayed from the usual level, in the place of the day 400 days before it."""
    past[:, _place(day)] = strayed


def _place(day: date) -> int:
    return day.toordinal() % KEPT_DAYS
