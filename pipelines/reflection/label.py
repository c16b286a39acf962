"""`mart.label`: whether the criteria of the label are met; the project never awards one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.reflection.day import Day
from symetrie.dimensions import DIMENSIONS
from symetrie.label import LABEL_SIDES, LabelRule, MeanOver, labels

LABEL_RULE_VERSION = 1  # of how the mean is taken, whatever it is taken over


def label_rule(mean_over: MeanOver) -> LabelRule:
    """The rule of a house: its version names what the mean is taken over.

    >>> label_rule("each_side").version
    'each_side-1'
    """
    return LabelRule(f"{mean_over}-{LABEL_RULE_VERSION}", mean_over)


DIMENSION_KEYS = [dimension.key for dimension in DIMENSIONS]


def label_rows(day: Day, rule: LabelRule, probability: Mapping[str, float]) -> pd.DataFrame:
    """One row per unit of which all eleven dimensions of the employees may be seen, or that already fails."""
    scores = pd.concat([day.clients.assign(side="client"), day.shown_figures])
    scores = scores[
        scores["unit_id"].isin(day.standing.index)
        & scores["side"].isin(LABEL_SIDES)
        & scores["measure"].isin(DIMENSION_KEYS)
    ].sort_values(["unit_id", "side", "measure"])
    said = labels(scores, rule)
    shown = scores[scores["side"] == "employee"].groupby("unit_id").size()
    is_whole = said["unit_id"].map(shown).eq(len(DIMENSION_KEYS))
    rows = said[is_whole | said["state"].eq("not_met")]
    return rows.assign(
        as_of=pd.Timestamp(day.as_of),
        window_days=day.client_days,
        publication_id=day.published_for(rows["unit_id"], "publication_id"),
        probability=rows["unit_id"].map(dict(probability)).astype("float64"),
    )
