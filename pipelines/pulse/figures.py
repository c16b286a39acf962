"""Figures as they are told: a score, with all that its precision and its sample leave open, or why there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from symetrie.measures import measure
from symetrie.scores import interval, score
from symetrie.verdicts import SAMPLE_TIERS, is_solid

KEY = ["unit_id", "cut", "cut_value", "side", "measure"]


def told_scores(cells: pd.DataFrame) -> pd.DataFrame:
    """Make of the figures that `release` gives what `mart.publication_score` holds, without the publication."""
    shown = cells["hidden_reason"].isna()
    parts = [_of_measure(side, key, rows) for (side, key), rows in cells[shown].groupby(["side", "measure"])]
    hidden = cells.loc[~shown, [*KEY, "hidden_reason"]].assign(is_hidden=True)
    told = pd.concat([*(part.assign(is_hidden=False) for part in parts), hidden])
    return told.sort_values(KEY, ignore_index=True)


def _of_measure(side: object, key: object, cells: pd.DataFrame) -> pd.DataFrame:
    """The figures of one measure; bounds hold wherever in their range the counts lie."""
    asked = measure(str(side), str(key))
    answered = cells["answer_count"].to_numpy(dtype=np.int64)
    low, high = _range(cells, "favourable")
    bad_low, bad_high = _range(cells, "unfavourable")
    middle, bad_middle = low + (high - low) // 2, bad_low + (bad_high - bad_low) // 2
    bad_middle = np.minimum(bad_middle, answered - middle)
    lower, _ = interval(asked.kind, low, np.minimum(bad_high, answered - low), answered)
    _, upper = interval(asked.kind, high, np.minimum(bad_low, answered - high), answered)
    verdicts = np.array(["not_solid", None, "solid"], dtype=object)
    verdict = verdicts[is_solid(low, answered).astype(int) + is_solid(high, answered).astype(int)]
    tiers = np.searchsorted([*SAMPLE_TIERS.values()], answered, side="right") - 1
    return cells[KEY].assign(
        answer_count=answered,
        favourable_count=middle,
        unfavourable_count=bad_middle if asked.kind == "nps" else None,
        precision_count=-(-np.maximum(high - low, bad_high - bad_low) // 2),
        score=score(asked.kind, middle, bad_middle, answered),
        low=lower,
        high=upper,
        sample_tier=np.array([*SAMPLE_TIERS], dtype=object)[tiers],
        verdict=verdict if asked.is_judged else None,
    )


def _range(cells: pd.DataFrame, part: str) -> tuple[np.ndarray, np.ndarray]:
    """What is told of a part of the answers; nothing where the part itself is not told."""
    low, high = (cells[f"{part}_{end}"].fillna(0).to_numpy(dtype=np.int64) for end in ("low", "high"))
    return low, high
