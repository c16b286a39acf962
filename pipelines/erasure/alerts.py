"""The room of alerts: the case that an answer was, what people did about it, and that it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.erasure.visit import Found, Visit
from pipelines.warehouse.tables import (
    alert,
    alert_action,
    alert_cause,
    alert_event,
    alert_finding,
    alert_notice,
)

if TYPE_CHECKING:
    from pipelines.erasure.visit import Place

OF_A_CAUSE = (alert_finding, alert_action, alert_notice, alert)


def find(visit: Visit) -> Found:
    """Count the findings, alerts, events, actions and notices of the answer."""
    cause = alert_cause.c
    with visit.warehouse.reading() as connection:
        units: dict[str, str] = dict(
            connection.execute(sa.select(cause.cause_id, cause.unit_id).where(_is_about(visit))).all()
        )
        count = sum(_count(connection, table, table.c.cause_id.in_(units)) for table in OF_A_CAUSE)
        count += _count(connection, alert_event, alert_event.c.alert_id.in_(_alert_ids(visit)))
        days = [(alert_finding.c.business_date, alert_finding), (alert_action.c.opened_on, alert_action)]
        places: set[Place] = {
            (day, units[cause_id])
            for column, table in [*days, (alert_notice.c.opened_on, alert_notice)]
            for day, cause_id in connection.execute(
                sa.select(column, table.c.cause_id).where(table.c.cause_id.in_(units))
            )
        }
    return Found(count, frozenset(places))


def clear(visit: Visit) -> None:
    """Remove them all, notes of people included; no later look finds the answer again."""
    with visit.warehouse.publishing() as connection:
        connection.execute(sa.delete(alert_event).where(alert_event.c.alert_id.in_(_alert_ids(visit))))
        for table in OF_A_CAUSE:
            connection.execute(sa.delete(table).where(table.c.cause_id.in_(_cause_ids(visit))))
        connection.execute(sa.delete(alert_cause).where(_is_about(visit)))


def _is_about(visit: Visit) -> sa.ColumnElement[bool]:
    return sa.and_(alert_cause.c.lane == "case", alert_cause.c.subject == f"{visit.source}/{visit.response_id}")


def _cause_ids(visit: Visit) -> sa.Select[tuple[str]]:
    return sa.select(alert_cause.c.cause_id).where(_is_about(visit))


def _alert_ids(visit: Visit) -> sa.Select[tuple[str]]:
    return sa.select(alert.c.alert_id).where(alert.c.cause_id.in_(_cause_ids(visit)))


def _count(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0
