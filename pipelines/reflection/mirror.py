"""`mart.mirror`: clients, employees, and what employees think that clients feel, side by side."""

from __future__ import annotations

import pandas as pd

from pipelines.reflection.day import Day
from symetrie.mirror import LEGS, MIRROR_MEASURES, mirror

KEYS = ["unit_id", "measure"]


def mirror_rows(day: Day) -> pd.DataFrame:
    """One row per unit and measure that either side was asked; a side that is hidden, or was not asked, stays empty."""
    clients = day.clients[day.clients["unit_id"].isin(day.standing.index)].assign(side="client", precision_count=0)
    asked = pd.concat([clients, day.whole_figures], ignore_index=True)[KEYS].drop_duplicates()
    counts = asked[asked["measure"].isin(MIRROR_MEASURES)].sort_values(KEYS).assign(as_of=pd.Timestamp(day.as_of))
    legs = pd.concat([clients, day.shown_figures], ignore_index=True)
    for leg in LEGS:
        names = {"answer_count": f"{leg}_count", "favourable_count": f"{leg}_favourable"}
        names["precision_count"] = f"{leg}_precision"
        of_leg = legs.loc[legs["side"] == leg, [*KEYS, *names]].rename(columns=names)
        counts = counts.merge(of_leg, on=KEYS, how="left")
    return mirror(counts).assign(
        publication_id=day.published_for(counts["unit_id"], "publication_id"),
        window_days=day.client_days,
        dimension_count=day.published_for(counts["unit_id"], "dimension_count"),
    )
