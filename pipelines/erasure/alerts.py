"""The room of alerts: the case that an answer was, what people did about it, and that it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.alerts.pages.addresses import remove_pages, written_pages
from pipelines.alerts.reading import former_ids, read_events
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
    """Count the findings, alerts, events, actions, notices and pages of the answer."""
    cause = alert_cause.c
    with visit.warehouse.reading() as connection:
        units: dict[str, str] = dict(
            connection.execute(sa.select(cause.cause_id, cause.unit_id).where(_is_about(visit))).all()
        )
        count = sum(_count(connection, table, table.c.cause_id.in_(units)) for table in OF_A_CAUSE)
        count += _count(connection, alert_event, alert_event.c.alert_id.in_(_alert_ids(visit)))
        count += len(written_pages(visit.settings.home, _ids_of_pages(connection, visit)))
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
    """Remove them all, notes of people included; no later look finds the answer again.

    Pages go first, as nobody knows their names afterwards, and again at the end: one may have been written meanwhile.
    """
    with visit.warehouse.publishing() as connection:
        ids = _ids_of_pages(connection, visit)
        remove_pages(visit.settings.home, ids)
        connection.execute(sa.delete(alert_event).where(alert_event.c.alert_id.in_(_alert_ids(visit))))
        for table in OF_A_CAUSE:
            connection.execute(sa.delete(table).where(table.c.cause_id.in_(_cause_ids(visit))))
        connection.execute(sa.delete(alert_cause).where(_is_about(visit)))
    remove_pages(visit.settings.home, ids)


def _is_about(visit: Visit) -> sa.ColumnElement[bool]:
    return sa.and_(alert_cause.c.lane == "case", alert_cause.c.subject == f"{visit.source}/{visit.response_id}")


def _cause_ids(visit: Visit) -> sa.Select[tuple[str]]:
    return sa.select(alert_cause.c.cause_id).where(_is_about(visit))


def _alert_ids(visit: Visit) -> sa.Select[tuple[str]]:
    return sa.select(alert.c.alert_id).where(alert.c.cause_id.in_(_cause_ids(visit)))


def _ids_of_pages(connection: sa.Connection, visit: Visit) -> set[str]:
    """The ids that the alert has, and those that it had before late data moved it."""
    ids: set[str] = set(connection.scalars(_alert_ids(visit)))
    return ids.union(former_id for events in read_events(connection, ids).values() for former_id in former_ids(events))


def _count(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0
