"""`mart.symmetry`: the two curves, client scores of the sites of a unit beside the engagement of their employees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipelines.reflection.day import WHOLE, Day
from pipelines.warehouse.reflection import Published
from symetrie.curve_sites import LAGS, pair_periods
from symetrie.curves import Symmetry, symmetry
from symetrie.measures import ENGAGEMENT, NPS, OVERALL

COLUMNS = ["as_of", "unit_id", "measure_pair", "lag", *Symmetry.__dataclass_fields__]
THIS_CAMPAIGN = 0
"""Its number in the row of campaigns of its source; the one before it is -1."""


def symmetry_rows(day: Day, employee_minimum: int) -> pd.DataFrame:
    """One row per unit above sites whose employees were asked about engagement, and per lag that can be read."""
    clients, employees = _clients(day), _employees(day)
    sites = day.below[day.below["unit_id"].isin(day.sites) & day.below["ancestor_id"].isin(day.standing.index)]
    rows = [
        {"as_of": pd.Timestamp(day.as_of), "unit_id": unit_id, **row}
        for unit_id, below in sites.groupby("ancestor_id", sort=True)
        for row in _compared(
            clients[clients["unit_id"].isin(below["unit_id"])],
            employees[employees["unit_id"].isin(below["unit_id"])],
            day.published[day.standing[unit_id]],
            employee_minimum,
        )
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _compared(
    clients: pd.DataFrame, employees: pd.DataFrame, published: Published, employee_minimum: int
) -> Iterator[dict[str, Any]]:
    """Compare the sites of one unit at each lag: engagement with the NPS, or with overall where that is not asked."""
    measure = NPS if clients["measure"].eq(NPS.key).any() else OVERALL
    of_clients = clients[clients["measure"] == measure.key].assign(period=THIS_CAMPAIGN)
    periods = {published.publication_id: THIS_CAMPAIGN, published.previous_id: THIS_CAMPAIGN - 1}
    of_employees = employees[employees["publication_id"].isin([id_ for id_ in periods if id_])]
    of_employees = of_employees.assign(period=of_employees["publication_id"].map(periods))
    for lag in LAGS:
        if of_employees["period"].eq(THIS_CAMPAIGN - lag).any():
            pairs = pair_periods(of_clients, of_employees, lag).sort_values("unit_id")
            found = symmetry(pairs, measure.kind, employee_minimum=employee_minimum)
            yield {"measure_pair": f"{measure.key}~{ENGAGEMENT.key}", "lag": lag, **asdict(found)}


def _clients(day: Day) -> pd.DataFrame:
    of_measures = day.clients[day.clients["measure"].isin([NPS.key, OVERALL.key])]
    counts = {f"{name}_count": f"client_{name}" for name in ("favourable", "unfavourable")}
    return of_measures.rename(columns=counts | {"answer_count": "client_count"})


def _employees(day: Day) -> pd.DataFrame:
    """Engagement of every unit in every publication at hand; without counts where it is hidden."""
    told = day.told[day.told["cut"].eq(WHOLE) & day.told["measure"].eq(ENGAGEMENT.key)]
    return pd.DataFrame(
        {
            "unit_id": told["unit_id"],
            "publication_id": told["publication_id"],
            "employee_count": told["answer_count"].mask(told["is_hidden"]),
            "employee_favourable": told["favourable_count"].mask(told["is_hidden"]),
        }
    )
