"""The organisations that are measured, by their top units: what stands for each in the table of its sector."""

from __future__ import annotations

import pandas as pd
import structlog

log = structlog.get_logger(__name__)


def top_units(units: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """The top units of the organisations of every sector: unit_id, organisation_id, sector.

    A sector whose organisations stand in several partitions is left out: its row would join what must not be joined.
    """
    organisation = units.set_index("unit_id")["organisation_id"]
    parent = tree[tree["depth"] == 1].set_index("unit_id")["ancestor_id"]
    tops = units[units["sector"].notna() & units["organisation_id"].notna()]
    tops = tops[tops["organisation_id"] != tops["unit_id"].map(parent).map(organisation)]
    tops = tops[~tops["unit_id"].isin(_holdings(tops, tree))]
    partitions = tops.groupby("sector")["partition_id"].nunique(dropna=False)
    apart = partitions.index[partitions > 1]
    for sector in apart:
        log.warning("reflection.sector_left_out", sector=sector, reason="its organisations stand in several partitions")
    return tops.loc[~tops["sector"].isin(apart), ["unit_id", "organisation_id", "sector"]]


def _holdings(tops: pd.DataFrame, tree: pd.DataFrame) -> set[str]:
    """Top units above others of the same sector: their answers are those of the others, and would count twice."""
    sector = tops.set_index("unit_id")["sector"]
    pairs = tree[(tree["depth"] > 0) & tree["unit_id"].isin(sector.index) & tree["ancestor_id"].isin(sector.index)]
    is_same = pairs["unit_id"].map(sector) == pairs["ancestor_id"].map(sector)
    return set(pairs.loc[is_same, "ancestor_id"])
