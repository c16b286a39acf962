"""`mart.sector`: the sector table of a company that measures several organisations, from its own data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipelines.reflection.day import Day
from symetrie.counts import numbers
from symetrie.measures import measure
from symetrie.scores import interval, score

FEWEST_ORGANISATIONS = {"client": 2, "employee": 3, "perceived": 3}
"""Of employees three: of two, either would subtract its own figure and know the other's."""

COUNTS = ["answer_count", "favourable_count", "unfavourable_count", "precision_count"]


def sector_rows(day: Day) -> pd.DataFrame:
    """One row per sector of several organisations, side and measure: the sums over their top units."""
    clients = day.clients.assign(side="client", window_days=day.client_days)
    employees = day.shown_figures
    employees = employees.assign(window_days=day.published_for(employees["unit_id"], "window_days"))
    figures = pd.concat([clients, employees]).merge(day.tops, on="unit_id")
    for name in COUNTS:
        figures[name] = np.nan_to_num(numbers(figures[name])).astype(np.int64)
    keys = ["sector", "side", "measure", "window_days"]
    totals = figures.groupby(keys, as_index=False).agg(
        organisation_count=("organisation_id", "nunique"), **{name: (name, "sum") for name in COUNTS}
    )
    enough = totals[totals["organisation_count"] >= totals["side"].map(FEWEST_ORGANISATIONS)]
    return _scored(enough.reset_index(drop=True)).assign(as_of=pd.Timestamp(day.as_of))


def _scored(totals: pd.DataFrame) -> pd.DataFrame:
    """Score the sums, with bounds as wide as the precision of what was published leaves open."""
    scored = totals.assign(score=np.nan, low=np.nan, high=np.nan)
    for (side, key), rows in totals.groupby(["side", "measure"]):
        kind = measure(str(side), str(key)).kind
        answered, favourable, unfavourable, off = (
            rows[name].to_numpy()
            for name in ("answer_count", "favourable_count", "unfavourable_count", "precision_count")
        )
        fewest, most = np.maximum(favourable - off, 0), np.minimum(favourable + off, answered)
        fewest_against = np.maximum(unfavourable - off, 0)
        low, _ = interval(kind, fewest, np.minimum(unfavourable + off, answered - fewest), answered)
        _, high = interval(kind, np.minimum(most, answered - fewest_against), fewest_against, answered)
        scored.loc[rows.index, ["score", "low", "high"]] = np.column_stack(
            [score(kind, favourable, unfavourable, answered), low, high]
        )
    return scored
