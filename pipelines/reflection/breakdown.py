"""`mart.breakdown`: own and partner teams, and every other cut, on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from pipelines.reflection.day import Day
from pipelines.warehouse import Warehouse
from pipelines.warehouse.reflection_clients import counts_by_cut
from symetrie.judgement import judge

if TYPE_CHECKING:
    from pipelines.settings.pulse import Cut

CLIENT_CUTS = ("operated_by", "channel")
"""What clients' answers can be divided by; the relation is of employees alone."""


def breakdown_rows(warehouse: Warehouse, connection: sa.Connection, day: Day, cuts: Sequence[Cut]) -> pd.DataFrame:
    """One row per unit, value of a cut, side and measure: of employees as published, hidden ones with their reason."""
    employees = day.figures[day.figures["cut"].isin(cuts)]
    window_days = day.published_for(employees["unit_id"], "window_days")
    with day.asked(warehouse, connection) as asked:
        clients = [
            _judged(counts_by_cut(warehouse, connection, asked, day.as_of, day.client_days, cut), day, cut)
            for cut in cuts
            if cut in CLIENT_CUTS
        ]
    rows = pd.concat([employees.assign(window_days=window_days), *clients], ignore_index=True)
    return rows.assign(as_of=pd.Timestamp(day.as_of))


def _judged(counts: pd.DataFrame, day: Day, cut: str) -> pd.DataFrame:
    """Judge the clients of each value; a unit of one value only is told whole, as on the employees' side."""
    is_divided = counts.groupby("unit_id")["cut_value"].transform("nunique") > 1
    shown = counts[is_divided].assign(as_of=pd.Timestamp(day.as_of), window_days=day.client_days)
    return judge(shown).assign(
        cut=cut,
        cut_value=shown["cut_value"],
        side="client",
        publication_id=day.published_for(shown["unit_id"], "publication_id"),
        is_hidden=False,
    )
