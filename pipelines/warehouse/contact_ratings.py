"""What agents noted of their contacts, into `core`: one row per contact, the newest, in whatever order they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.warehouse.facts import outcome_counts
from pipelines.warehouse.newest import Facts, arrival, replace
from pipelines.warehouse.tables import contact_rating

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

    from pipelines.warehouse.base import Warehouse

RATINGS = Facts(contact_rating, ("source", "contact_id"), "content_key")


def store_ratings(warehouse: Warehouse, connection: sa.Connection, ratings: Path, run_id: str) -> dict[str, int]:
    """Store the contacts of a Parquet file; gives how many were loaded, unchanged and superseded."""
    # Every saved batch has the column of words, and contacts leave it empty.
    with arrival(warehouse, connection, RATINGS, ratings, beside=("verbatim",)) as arrived:
        replace(connection, RATINGS, arrived, run_id)
        return outcome_counts(connection, arrived)
