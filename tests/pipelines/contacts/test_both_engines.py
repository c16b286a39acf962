"""What the engine decides of contacts: which version counts, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from pipelines.warehouse import Warehouse
from pipelines.warehouse.contact_ratings import store_ratings
from pipelines.warehouse.tables import contact_rating

Version = tuple[str, int, int, str]  # contact, day of the page, estimate, content key
OLD, NEW, SAME_DAY = ("c1", 1, 2, "k-a"), ("c1", 2, 3, "k-b"), ("c1", 2, 4, "k-c")


def store(warehouse: Warehouse, folder: Path, *versions: Version) -> dict[str, int]:
    """Load one batch of contacts."""
    frame = pd.DataFrame(
        {
            "source": "calls", "contact_id": [each[0] for each in versions], "unit_id": "lyon",
            "business_date": pd.Series([date(2026, 11, 5)] * len(versions)).astype("datetime64[us]"),
            "agent_key": "agent",
            "agent_estimate": pd.Series([each[2] for each in versions], dtype="Int16"), "client_source": "survey",
            "client_response_id": "r1",
            "version_at": pd.Series([datetime(2026, 11, each[1], tzinfo=UTC) for each in versions]),
            "content_key": [each[3] for each in versions],
        }
    ).assign(verbatim=None)  # fmt: skip
    file = folder / "accepted.parquet"
    _as_parquet(frame.astype({"version_at": "datetime64[us, UTC]", "verbatim": "str"}), file)
    with warehouse.publishing(refreshes_readers=False) as connection:
        return store_ratings(warehouse, connection, file, "test")


def _as_parquet(frame: pd.DataFrame, file: Path) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.from_df(frame).write_parquet(str(file))


def held(warehouse: Warehouse) -> Sequence[tuple[Any, ...]]:
    stored = contact_rating.c
    with warehouse.reading() as connection:
        found = connection.execute(sa.select(stored.contact_id, stored.agent_estimate, stored.version_at))
        return sorted((id_, estimate, at.day) for id_, estimate, at in found)


def test_the_newest_version_of_a_contact_counts_in_whatever_order_they_come(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    for order in permutations((OLD, NEW, SAME_DAY)):
        with warehouse.publishing(refreshes_readers=False) as connection:
            connection.execute(sa.delete(contact_rating))
        counts = [store(warehouse, tmp_path, version) for version in order]
        assert held(warehouse) == [("c1", 4, 2)]
        assert all(sum(each.values()) == 1 for each in counts)


def test_of_several_versions_in_one_batch_the_newest_counts(warehouse: Warehouse, tmp_path: Path) -> None:
    counts = store(warehouse, tmp_path, SAME_DAY, OLD, NEW, ("c2", 1, 1, "k-d"))
    assert counts == {"loaded": 2, "unchanged": 0, "superseded": 2}
    assert held(warehouse) == [("c1", 4, 2), ("c2", 1, 1)]


def test_what_comes_again_changes_nothing_but_is_known_to_stand(warehouse: Warehouse, tmp_path: Path) -> None:
    store(warehouse, tmp_path, OLD)
    assert store(warehouse, tmp_path, OLD) == {"loaded": 0, "unchanged": 1, "superseded": 0}
    assert store(warehouse, tmp_path, ("c1", 3, 2, "k-a")) == {"loaded": 0, "unchanged": 1, "superseded": 0}
    assert store(warehouse, tmp_path, NEW) == {"loaded": 0, "unchanged": 0, "superseded": 1}
    assert held(warehouse) == [("c1", 2, 3)]
