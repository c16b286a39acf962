"""Alerts as they stood on the morning after a business date, whatever has become of them since."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pipelines.alerts.reading import worst_first
from pipelines.warehouse.tables import alert, alert_cause, alert_event, alert_finding
from symetrie.alerts.states import State
from symetrie.windows import LONGEST_LOOKBACK

WAITING: tuple[State, ...] = ("open", "acknowledged")
"""States that a manager reads of; what was corrected waits for nobody."""

SETTLED = "settled"
"""Why a fall is over that has lasted until it was the unit's own level: nothing is as it was before."""


def read_standing(connection: sa.Connection, day: date) -> Sequence[sa.Row[Any]]:
    """The alerts that waited for somebody, in the order people read them, with what days had shown by then."""
    rows: list[Any] = [*connection.execute(_standing(day))]
    told = (row for row in rows if row.snoozed is None or not _is_snoozed(row.snoozed, day))
    return sorted(told, key=worst_first)


def read_recovered(connection: sa.Connection, day: date, watched: Collection[str]) -> Sequence[sa.Row[Any]]:
    """The signals and news of before that a day has shown to be over, the worst first.

    A source that nobody waits for any more has not come back.
    """
    rows: list[Any] = [*connection.execute(_recovered(day))]
    return sorted((row for row in rows if _is_as_before(row, watched)), key=worst_first)


def _is_as_before(row: sa.Row[Any], watched: Collection[str]) -> bool:
    return json.loads(row.over or "{}").get("why") != SETTLED and row.subject in ("", *watched)


def _standing(day: date) -> sa.Select[Any]:
    stands = _stands(day)
    events, shown = _events(stands, day), _newest_finding(stands, day)
    state = sa.select(events).where(events.c.place == 1).subquery("state")
    snoozed = sa.select(events).where(events.c.event == "snoozed", events.c.place_of_kind == 1).subquery("snoozed")
    return (
        sa.select(*_as_shown(shown), state.c.to_state.label("state"), snoozed.c.detail.label("snoozed"))
        .select_from(
            alert.join(shown, shown.c.alert_id == alert.c.alert_id)
            .join(state, state.c.alert_id == alert.c.alert_id)
            .outerjoin(snoozed, snoozed.c.alert_id == alert.c.alert_id)
        )
        .where(state.c.to_state.in_(WAITING), shown.c.place == 1)
    )


def _recovered(day: date) -> sa.Select[Any]:
    over = alert_finding.alias("over")
    said_over = sa.and_(over.c.cause_id == alert.c.cause_id, over.c.business_date == day, over.c.is_over)
    return (
        sa.select(*_as_shown(alert), alert.c.state, alert_cause.c.subject, over.c.evidence.label("over"))
        .select_from(alert.join(alert_cause, alert_cause.c.cause_id == alert.c.cause_id).outerjoin(over, said_over))
        .where(alert.c.state == "recovered", alert.c.ended_on == day, alert.c.opened_on < day)
    )


def _stands(day: date) -> sa.ColumnElement[bool]:
    """Alerts that had opened and not ended; what time alone ends, it ends on the morning that reads of the day.

    Cases of longer ago than an erasure looks for summaries to write anew are left out.
    """
    last = sa.case((alert.c.state == "expired", day + timedelta(days=1)), else_=day)
    return sa.and_(
        alert.c.opened_on <= day,
        sa.or_(alert.c.ended_on.is_(None), alert.c.ended_on > last),
        sa.or_(alert.c.lane != "case", alert.c.opened_on > day - timedelta(days=LONGEST_LOOKBACK)),
    )


def _events(stands: sa.ColumnElement[bool], day: date) -> sa.CTE:
    """What had happened to them, with its place among all from the last one on, and among those of its kind."""
    event = alert_event.c
    each, of_kind = (event.alert_id,), (event.alert_id, event.event)
    return (
        sa.select(
            event.alert_id,
            event.event,
            event.to_state,
            event.detail,
            sa.func.row_number().over(partition_by=each, order_by=event.number.desc()).label("place"),
            sa.func.row_number().over(partition_by=of_kind, order_by=event.number.desc()).label("place_of_kind"),
        )
        .select_from(alert_event.join(alert, alert.c.alert_id == event.alert_id))
        .where(stands, event.on_date <= day)
        .cte("happened")
    )


def _newest_finding(stands: sa.ColumnElement[bool], day: date) -> sa.Subquery:
    """What days had shown of them, with its place from the newest on."""
    finding = alert_finding.c
    same_life = sa.and_(
        finding.cause_id == alert.c.cause_id, finding.business_date.between(alert.c.opened_on, day), ~finding.is_over
    )
    newest = sa.func.row_number().over(partition_by=alert.c.alert_id, order_by=finding.business_date.desc())
    return (
        sa.select(alert.c.alert_id, finding.severity, finding.size_points, finding.evidence, newest.label("place"))
        .select_from(alert.join(alert_finding, same_life))
        .where(stands)
        .subquery("shown")
    )


def _as_shown(shown: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    """What is told of an alert, its weight and its evidence by what had been shown."""
    known = (alert.c[name] for name in ("alert_id", "lane", "kind", "unit_id", "measure", "opened_on", "deadline_on"))
    return (*known, shown.c.severity, shown.c.size_points, shown.c.evidence)


def _is_snoozed(detail: str, day: date) -> bool:
    """Whether it is not to be told on the morning after a day."""
    return date.fromisoformat(json.loads(detail)["until_on"]) > day
