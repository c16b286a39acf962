"""What a morning has seen of sources that were late: kept, as nobody can look at that morning again."""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa

from pipelines.warehouse.tables import alert_cause, alert_finding, alert_looked
from symetrie.alerts.finding import Cause, Finding, Kind

LATE: Kind = "source_late"


def has_looked(connection: sa.Connection, finder: str, day: date) -> bool:
    """Whether a finder has looked at a date before."""
    looked = sa.select(sa.func.count()).where(alert_looked.c.finder == finder, alert_looked.c.business_date == day)
    return bool(connection.scalar(looked))


def seen_late(connection: sa.Connection, finder: str, day: date) -> list[Finding]:
    """The sources that were found late on a date when it was first looked at, as they were found."""
    finding, cause = alert_finding.c, alert_cause.c
    kept = (
        sa.select(finding.severity, finding.evidence, cause.unit_id, cause.subject)
        .select_from(alert_finding.join(alert_cause, finding.cause_id == cause.cause_id))
        .where(finding.finder == finder, finding.business_date == day, cause.kind == LATE)
        .order_by(cause.subject)
    )
    return [
        Finding(
            business_date=day,
            cause=Cause("news", LATE, row.unit_id, subject=row.subject),
            severity=row.severity,
            size_points=None,
            evidence=json.loads(row.evidence),
        )
        for row in connection.execute(kept)
    ]
