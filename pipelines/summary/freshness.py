"""How fresh each source is at the business date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from pipelines.summary.figures import SourceFreshness
from pipelines.warehouse.ledger import CLIENT_FEEDBACK
from pipelines.warehouse.tables import client_response, run
from symetrie.windows import WINDOWS, window


def read_freshness(
    connection: sa.Connection, business_date: date, sources: Sequence[str]
) -> tuple[SourceFreshness, ...]:
    """The newest day each source has answers of, how late that is, and what came of its last run."""
    newest, statuses = _newest_days(connection, business_date), _last_statuses(connection)
    return tuple(
        SourceFreshness(
            source=source,
            newest_answer_on=newest.get(source),
            days_late=(business_date - newest[source]).days if source in newest else None,
            last_run_status=statuses.get(source),
        )
        for source in sources
    )


def _newest_days(connection: sa.Connection, business_date: date) -> dict[str, date]:
    answer = client_response.c
    found = connection.execute(
        sa.select(answer.source, sa.func.max(answer.business_date).label("newest"))
        .where(answer.business_date.between(*window(business_date, max(WINDOWS))))
        .group_by(answer.source)
    )
    return {row.source: row.newest for row in found}


def _last_statuses(connection: sa.Connection) -> dict[str, str]:
    order = (run.c.started_at.desc(), run.c.finished_at.desc(), run.c.run_id)
    place = sa.func.row_number().over(partition_by=run.c.source, order_by=order).label("place")
    runs = sa.select(run.c.source, run.c.status, place).where(run.c.pipeline == CLIENT_FEEDBACK).subquery("runs")
    found = connection.execute(sa.select(runs.c.source, runs.c.status).where(runs.c.place == 1))
    return {row.source: row.status for row in found}
