"""Every table of the warehouse, by schema: `mart` is public, `core` and `ops` are the pipeline's own.

Names: `_id`, `_at` instants in UTC, `business_date` a date, `_pct` percent 0–100, `_points`, `_count`, `is_…`.
"""

from pipelines.warehouse.tables.alert_outbox import alert_outbox
from pipelines.warehouse.tables.alerts import (
    alert,
    alert_action,
    alert_cause,
    alert_event,
    alert_finding,
    alert_looked,
    alert_notice,
    changed_day,
)
from pipelines.warehouse.tables.base import METADATA, PRIVATE_SCHEMAS, PUBLIC_SCHEMA, SCHEMAS
from pipelines.warehouse.tables.core import (
    RESPONSE_COLUMNS,
    WITHDRAWN,
    client_response,
    invitation_count,
    opening_day,
    tombstone,
    unit,
    unit_ancestor,
    unit_parent,
)
from pipelines.warehouse.tables.mart import daily_count, score, summary
from pipelines.warehouse.tables.mirror import agreement, breakdown, label, mirror, sector, symmetry
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
from pipelines.warehouse.tables.publications import participation, publication, publication_score, pulse_verbatim
from pipelines.warehouse.tables.pulse import (
    benchmark,
    campaign,
    campaign_headcount,
    contact_rating,
    employee_cell,
    employee_count,
    employee_response,
)
from pipelines.warehouse.tables.signals import signal_state

__all__ = [
    "METADATA",
    "PRIVATE_SCHEMAS",
    "PUBLIC_SCHEMA",
    "RESPONSE_COLUMNS",
    "SCHEMAS",
    "WITHDRAWN",
    "agreement",
    "alert",
    "alert_action",
    "alert_cause",
    "alert_event",
    "alert_finding",
    "alert_looked",
    "alert_notice",
    "alert_outbox",
    "benchmark",
    "breakdown",
    "campaign",
    "campaign_headcount",
    "changed_day",
    "client_response",
    "complete_pull",
    "contact_rating",
    "correction",
    "daily_count",
    "employee_cell",
    "employee_count",
    "employee_response",
    "erasure",
    "invitation_count",
    "label",
    "mirror",
    "opening_day",
    "outbox",
    "participation",
    "publication",
    "publication_score",
    "pulse_verbatim",
    "quarantine",
    "received_page",
    "run",
    "score",
    "sector",
    "signal_state",
    "stale_score",
    "summary",
    "symmetry",
    "tombstone",
    "unit",
    "unit_ancestor",
    "unit_parent",
]
