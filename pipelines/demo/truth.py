"""What must come out of the demo: signed counts and ledger rows per delivery, and what was planted."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.demo.answers import Company
from pipelines.demo.deliveries import Delivery
from pipelines.demo.drops import copy_parquet
from pipelines.demo.personal import planted
from pipelines.demo.rows import EDIT, NEW, REFUSED, REPEAT, SECOND_TWIN, Rows
from pipelines.demo.sources import LATE_DAYS, REASONS, SPOILS
from symetrie.measures import Measure, client_measure

COUNTS = """
SELECT (day + INTERVAL 1 DAY)::DATE AS delivery_day, source::VARCHAR AS source,
    (day - to_days(days_ago::INTEGER))::DATE AS business_date, unit_id::VARCHAR AS unit_id,
    measure::VARCHAR AS measure, answer_delta, favourable_delta, unfavourable_delta
FROM deltas ORDER BY ALL"""
DAYS_IN_A_DELIVERY = len(LATE_DAYS) + 1


def write_counts(
    connection: duckdb.DuckDBPyConnection, company: Company, deliveries: Sequence[Delivery], path: Path
) -> None:
    """Write what loading the deliveries of a morning adds to, and takes from, each count of a day, site and measure."""
    connection.register("deltas", pd.concat([_deltas(company, each) for each in deliveries]))
    copy_parquet(connection, COUNTS, path)
    connection.unregister("deltas")


def _deltas(company: Company, delivery: Delivery) -> pd.DataFrame:
    site_count, measures = len(company.network.sites), delivery.source.measures
    gained = delivery.rows[np.isin(delivery.rows["role"], (NEW, EDIT))]
    deltas = _counts(gained, delivery, site_count) - _counts(delivery.replaced, delivery, site_count)
    measure, days_ago, site = np.nonzero(deltas.any(axis=1))
    changed = deltas[measure, :, days_ago, site]
    return pd.DataFrame(
        {
            "source": delivery.source.name,
            "measure": np.array(measures, dtype=object)[measure],
            "day": np.datetime64(delivery.day, "s"),
            "days_ago": days_ago,
            "unit_id": company.site_ids[site],
            **dict(zip(("answer_delta", "favourable_delta", "unfavourable_delta"), changed.T, strict=True)),
        }
    )


def _counts(answers: Rows, delivery: Delivery, site_count: int) -> NDArray[np.int64]:
    """Count by measure; answered, favourable, unfavourable; days ago; site."""
    days_ago = (np.datetime64(delivery.day, "D") - answers["day"]).astype(np.int64)
    cells = days_ago * site_count + answers["site"]
    shape = (DAYS_IN_A_DELIVERY, site_count)
    counts = [
        np.bincount(cells[kind], minlength=shape[0] * shape[1]).reshape(shape)
        for key in delivery.source.measures
        for kind in _kinds(client_measure(key), answers[key])
    ]
    return np.array(counts, dtype=np.int64).reshape(len(delivery.source.measures), 3, *shape)


def _kinds(measure: Measure, marks: NDArray[np.int8]) -> tuple[NDArray[np.bool_], ...]:
    answered = marks >= measure.lowest
    return answered, answered & (marks >= measure.favourable_from), answered & (marks <= measure.unfavourable_to)


def ledger_row(delivery: Delivery) -> dict[str, Any]:
    """Say how the rows of a delivery end when it is loaded alone, after all earlier ones."""
    rows = delivery.rows
    role = np.bincount(rows["role"], minlength=REFUSED + 1).tolist()
    spoils = np.bincount(rows["spoil"][rows["spoil"] >= 0], minlength=len(SPOILS)).tolist()
    refused = {reason: count for (_, reason), count in zip(REASONS.items(), spoils, strict=True) if reason and count}
    return {
        "received": len(rows),
        "new": role[NEW],
        "edited": role[EDIT],
        "repeated": role[REPEAT],
        "twins": role[SECOND_TWIN],
        "quarantined": refused,
        "late": int(((rows["role"] == NEW) & (rows["day"] < np.datetime64(delivery.day, "D"))).sum()),
        "unknown_channel": spoils[SPOILS.index("unknown_channel")],
    }


def write_json(content: Any, path: Path) -> None:
    """Write a truth that a person may want to read."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def changes_record(company: Company) -> list[dict[str, Any]]:
    """Describe every deterioration and improvement."""
    sites = company.network.sites
    return [
        {
            "unit_id": sites[change.site].id,
            "name": sites[change.site].name,
            "kind": "deterioration" if change.points < 0 else "improvement",
            "start_day": change.start.isoformat(),
            "size_points": change.points,
            "measures": list(change.measures),
        }
        for change in company.network.changes
    ]


def personal_record() -> dict[str, list[str]]:
    """List every value that may be planted in a verbatim."""
    return {kind: list(values) for kind, values in planted().items()}
