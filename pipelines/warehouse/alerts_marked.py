"""What people and messages did about alerts: written once, and never recomputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.alerts_found import DAY
from pipelines.warehouse.tables import alert_action, alert_notice, alert_outbox
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pipelines.alerts.reading import AlertRow
    from pipelines.warehouse.base import Warehouse
    from symetrie.alerts.marks import Reason

Told = tuple["AlertRow", str, "Reason"]
"""An alert, the channel that told it, and why."""


def write_action(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    """Write what a person did."""
    connection.execute(sa.insert(alert_action).values(**values))


def after_all_before(connection: sa.Connection, cause_id: str, now: datetime) -> datetime:
    """A moment after everything done about the alerts of a cause: a clock that was set back does not turn it around."""
    last = connection.scalar(sa.select(sa.func.max(alert_action.c.acted_at)).where(alert_action.c.cause_id == cause_id))
    return now if last is None else max(now, last + timedelta(microseconds=1))


def note_told(
    warehouse: Warehouse, connection: sa.Connection, told: Iterable[Told], business_date: date, noticed_at: datetime
) -> None:
    """Remember which alerts the messages about a business date tell; what is remembered already stays as it is.

    In the transaction that puts the messages into the outbox: then both are there, or neither.
    """
    import pandas as pd

    rows = [
        (
            row.alert_id, channel, reason, business_date, row.cause_id, row.opened_on, row.severity, row.size_points,
            noticed_at,
        )
        for row, channel, reason in dict.fromkeys(told)
    ]  # fmt: skip
    if not rows:
        return
    names = alert_notice.columns.keys()
    frame = pd.DataFrame(rows, columns=names)
    kinds = {"business_date": DAY, "opened_on": DAY, "size_points": "float64", "noticed_at": "datetime64[us, UTC]"}
    columns = [sa.Column(column.name, column.type) for column in alert_notice.columns]
    with temporary_table(connection, "incoming_notice", *columns) as incoming:
        warehouse.load(connection, incoming, frame.astype(kinds))
        same = sa.and_(*(alert_notice.c[each.name] == incoming.c[each.name] for each in alert_notice.primary_key))
        new = sa.select(incoming).where(~sa.exists(sa.select(sa.literal(1)).where(same)))
        connection.execute(sa.insert(alert_notice).from_select(names, new))


def actions_by_id(connection: sa.Connection, cause_id: str) -> dict[str, Any]:
    """What people did about the alerts of one cause, by the id of the action."""
    found = connection.execute(sa.select(alert_action).where(alert_action.c.cause_id == cause_id))
    return {row.action_id: row for row in found}


def notices_left_on(connection: sa.Connection, alert_ids: Sequence[str]) -> list[Any]:
    """The notices of alerts as they were told, in order of their days, and how the message of each stands."""
    notice, message = alert_notice.c, alert_outbox.c
    of_it = sa.and_(
        message.channel == notice.channel,
        message.business_date == notice.business_date,
        message.noticed_at == notice.noticed_at,
    )
    found = (
        sa.select(alert_notice, message.status)
        .select_from(alert_notice.outerjoin(alert_outbox, of_it))
        .where(notice.alert_id.in_(alert_ids))
    )
    return list(connection.execute(found.order_by(notice.business_date, notice.channel, notice.reason)))
