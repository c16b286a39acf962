"""Participation: how many of the invited have answered, where that is enough of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from symetrie.anonymity import told_whole

if TYPE_CHECKING:
    from pipelines.settings.campaigns import Campaign
    from pipelines.warehouse.employee_counts import People
    from symetrie.anonymity import AnonymityRule


def participation_of(people: People, earlier: pd.DataFrame, campaign: Campaign, rule: AnonymityRule) -> pd.DataFrame:
    """Count the invited and those who answered, of every unit: as far as publications have counted them."""
    answered = pd.concat([people.respondents, earlier]).groupby("unit_id")["answer_count"].sum()
    invited = pd.Series(campaign.headcounts, dtype="float64")
    units = pd.DataFrame({"response_count": answered, "invited_count": invited}).rename_axis("unit_id").reset_index()
    placed = units.merge(people.ancestors[["unit_id", "ancestor_id"]], on="unit_id")
    counts = placed.groupby("ancestor_id")[["response_count", "invited_count"]].sum(min_count=1).reset_index()
    counts = counts.rename(columns={"ancestor_id": "unit_id"})
    is_hidden = ~counts["unit_id"].isin(told_whole(answered.reset_index(), people.ancestors, rule))
    shown = counts[["response_count", "invited_count"]].mask(is_hidden)
    return counts[["unit_id"]].assign(
        response_count=shown["response_count"].astype("Int64"),
        invited_count=shown["invited_count"].astype("Int64"),
        participation_pct=100 * shown["response_count"] / shown["invited_count"],
        is_hidden=is_hidden,
    )
