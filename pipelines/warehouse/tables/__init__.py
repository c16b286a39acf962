"""Every table of the warehouse, by schema: `mart` is public, `core` and `ops` are the pipeline's own.

Names: `_id`, `_at` instants in UTC, `business_date` a date, `_pct` percent 0–100, `_points`, `_count`, `is_…`.
"""

from pipelines.warehouse.tables.base import METADATA, PRIVATE_SCHEMAS, PUBLIC_SCHEMA, SCHEMAS
from pipelines.warehouse.tables.core import (
    RESPONSE_COLUMNS,
    WITHDRAWN,
    client_response,
    opening_day,
    tombstone,
    unit,
    unit_ancestor,
    unit_parent,
)
from pipelines.warehouse.tables.mart import daily_count, score, summary
from pipelines.warehouse.tables.ops import (
    complete_pull,
    correction,
    erasure,
    outbox,
    quarantine,
    received_page,
    run,
    stale_score,
)

__all__ = [
    "METADATA",
    "PRIVATE_SCHEMAS",
    "PUBLIC_SCHEMA",
    "RESPONSE_COLUMNS",
    "SCHEMAS",
    "WITHDRAWN",
    "client_response",
    "complete_pull",
    "correction",
    "daily_count",
    "erasure",
    "opening_day",
    "outbox",
    "quarantine",
    "received_page",
    "run",
    "score",
    "stale_score",
    "summary",
    "tombstone",
    "unit",
    "unit_ancestor",
    "unit_parent",
]
