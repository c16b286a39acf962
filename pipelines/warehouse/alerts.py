"""`mart.alert` and `mart.alert_event`: what they are made of, which of them must be told anew, and how they change."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.alerts_found import DAY, as_json
from pipelines.warehouse.tables import (
    alert,
    alert_action,
    alert_cause,
    alert_event,
    alert_finding,
    alert_looked,
    alert_notice,
    signal_state,
)
from pipelines.warehouse.temporary import temporary_table
from symetrie.alerts.finding import Cause, Finding
from symetrie.alerts.marks import Action, Mark, Notice
from symetrie.alerts.states import ACTIVE

if TYPE_CHECKING:
    from pipelines.warehouse.base import Warehouse
    from symetrie.alerts.living import Life

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """All that the lives of one cause are told from."""

    cause: Cause
    findings: list[Finding] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    finder: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What writing lives has changed: alerts that are new, that are gone, that differ, and the days of all of it."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    differing: tuple[str, ...]
    opening_days: frozenset[date]
    event_days: frozenset[date]


def causes_to_tell(connection: sa.Connection, today: date, newly_looked: Collection[date]) -> set[str]:
    """The causes whose alerts may change by a morning though no finding of theirs has: time passes, silence speaks.

    An alert that nobody has ended falls due. News is over on a day that was looked at and shows nothing: a new one, or
    one in the past that nobody had looked at. And a mark may have been left on what was taken away meanwhile.
    """
    asked = [sa.and_(alert.c.state.in_(ACTIVE), alert.c.due_on <= today)]
    if newly_looked:
        over_on = sa.func.coalesce(alert.c.recovered_on, date.max)
        may_be_over = sa.and_(alert.c.opened_on < max(newly_looked), over_on > min(newly_looked))
        asked.append(sa.and_(alert.c.lane == "news", alert.c.state != "withdrawn", may_be_over))
    known = sa.select(alert.c.alert_id)
    lost = [sa.select(marks.c.cause_id).where(marks.c.alert_id.not_in(known)) for marks in (alert_action, alert_notice)]
    return set(connection.scalars(sa.union(sa.select(alert.c.cause_id).where(sa.or_(*asked)), *lost)))


def forget_after(connection: sa.Connection, last: date) -> set[str]:
    """Forget what days after one have shown; gives the causes whose alerts that had touched, or the time until then."""
    of_findings = sa.select(alert_finding.c.cause_id).where(alert_finding.c.business_date > last)
    of_events = sa.select(alert.c.cause_id).where(
        alert.c.alert_id.in_(sa.select(alert_event.c.alert_id).where(alert_event.c.on_date > last + timedelta(days=1)))
    )
    touched = set(connection.scalars(sa.union(of_findings, of_events)))
    for table in (alert_finding, alert_looked, signal_state):
        connection.execute(sa.delete(table).where(table.c.business_date > last))
    return touched


@contextmanager
def chosen_causes(warehouse: Warehouse, connection: sa.Connection, cause_ids: Collection[str]) -> Iterator[sa.Table]:
    """Some causes as a table, for the length of a `with` block."""
    import pandas as pd

    with temporary_table(connection, "chosen_cause", sa.Column("cause_id", sa.Text)) as chosen:
        if cause_ids:
            warehouse.load(connection, chosen, pd.DataFrame({"cause_id": sorted(cause_ids)}))
        yield chosen


def material(connection: sa.Connection, chosen: sa.Table) -> dict[str, Material]:
    """What the lives of the chosen causes are told from, by cause."""
    found = {row.cause_id: Material(_cause(row)) for row in _of_chosen(connection, alert_cause, chosen)}
    finders = _read_findings(connection, chosen, found)
    for row in _of_chosen(connection, alert_action, chosen):
        found[row.cause_id].marks.append(_action(row))
    for row in _of_chosen(connection, alert_notice, chosen):
        found[row.cause_id].marks.append(_notice(row))
    return {
        cause_id: Material(each.cause, each.findings, each.marks, finders.get(cause_id))
        for cause_id, each in found.items()
    }


def _read_findings(connection: sa.Connection, chosen: sa.Table, found: Mapping[str, Material]) -> dict[str, str]:
    """Read the findings of the chosen causes; gives the finder of each cause."""
    finders: dict[str, str] = {}
    for row in _of_chosen(connection, alert_finding, chosen):
        into = found[row.cause_id]
        into.findings.append(
            Finding(row.business_date, into.cause, row.severity, row.size_points, json.loads(row.evidence), row.is_over)
        )
        finders[row.cause_id] = row.finder
    return finders


def write_lives(
    warehouse: Warehouse, connection: sa.Connection, chosen: sa.Table, lives: Mapping[str, Sequence[Life]]
) -> Changes:
    """Put the lives of the chosen causes in the place of what stands there; only what differs is written."""
    alerts = {life.alert_id: _alert_row(cause_id, life) for cause_id, told in lives.items() for life in told}
    events = {life.alert_id: _event_rows(life) for told in lives.values() for life in told}
    former = {row[0]: tuple(row) for row in _of_chosen(connection, alert, chosen)}
    former_events = _former_events(connection, chosen)
    new, gone = alerts.keys() - former.keys(), former.keys() - alerts.keys()
    differing = {
        each
        for each in alerts.keys() & former.keys()
        if (alerts[each], events[each]) != (former[each], former_events.get(each, []))
    }
    _delete(warehouse, connection, gone | differing)
    written = sorted(new | differing)
    _load(warehouse, connection, alert, [alerts[each] for each in written])
    _load(warehouse, connection, alert_event, [row for each in written for row in events[each]])
    changed = new | gone | differing
    return Changes(
        new=tuple(sorted(new)),
        gone=tuple(sorted(gone)),
        differing=tuple(sorted(differing)),
        opening_days=frozenset(_opened_on(rows[each]) for rows in (alerts, former) for each in changed & rows.keys()),
        event_days=frozenset(
            _event_day(row) for rows in (events, former_events) for each in changed & rows.keys() for row in rows[each]
        ),
    )


def _of_chosen(connection: sa.Connection, table: sa.Table, chosen: sa.Table) -> Sequence[Any]:
    """The rows of a table about the chosen causes; fetched at once, which takes half the time of one by one."""
    return connection.execute(sa.select(table).join(chosen, chosen.c.cause_id == table.c.cause_id)).all()


def _former_events(connection: sa.Connection, chosen: sa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    held = alert.join(chosen, chosen.c.cause_id == alert.c.cause_id)
    select = sa.select(alert_event).select_from(held.join(alert_event, alert_event.c.alert_id == alert.c.alert_id))
    for row in connection.execute(select.order_by(alert_event.c.alert_id, alert_event.c.number)):
        found.setdefault(row[0], []).append(tuple(row))
    return found


def _delete(warehouse: Warehouse, connection: sa.Connection, alert_ids: Collection[str]) -> None:
    if not alert_ids:
        return
    import pandas as pd

    with temporary_table(connection, "gone_alert", sa.Column("alert_id", sa.Text)) as gone:
        warehouse.load(connection, gone, pd.DataFrame({"alert_id": sorted(alert_ids)}))
        for table in (alert, alert_event):
            connection.execute(sa.delete(table).where(table.c.alert_id.in_(sa.select(gone.c.alert_id))))


def _load(warehouse: Warehouse, connection: sa.Connection, table: sa.Table, rows: Iterable[Row]) -> None:
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=table.columns.keys())
    if frame.empty:
        return
    kinds: dict[str, Any] = {column.name: DAY for column in table.columns if isinstance(column.type, sa.Date)}
    kinds |= {column.name: "float64" for column in table.columns if isinstance(column.type, sa.Double)}
    warehouse.load(connection, table, frame.astype(kinds))


def _alert_row(cause_id: str, life: Life) -> Row:
    """The columns of `mart.alert`, in their order."""
    cause = life.cause
    return (
        life.alert_id, cause_id, cause.lane, cause.kind, cause.unit_id, cause.measure, life.opened_on, life.state,
        life.severity, life.size_points, as_json(life.evidence), life.last_seen_on, life.recovered_on, life.ended_on,
        life.deadline_on, life.due_on, life.escalated_to, life.snoozed_until,
    )  # fmt: skip


def _event_rows(life: Life) -> list[Row]:
    """The columns of `mart.alert_event`, in their order, one row per event."""
    return [
        (life.alert_id, number, each.on_date, each.name, each.from_state, each.to_state, as_json(each.detail))
        for number, each in enumerate(life.events, start=1)
    ]


def _opened_on(row: Row) -> date:
    day: date = row[list(alert.columns.keys()).index("opened_on")]
    return day


def _event_day(row: Row) -> date:
    day: date = row[list(alert_event.columns.keys()).index("on_date")]
    return day


def _cause(row: Any) -> Cause:
    return Cause(row.lane, row.kind, row.unit_id, row.measure, row.subject)


def _action(row: Any) -> Action:
    return Action(
        action_id=row.action_id,
        opened_on=row.opened_on,
        name=row.action,
        acted_at=row.acted_at.astimezone(UTC),
        acted_on=row.acted_on,
        until_on=row.until_on,
        severity=row.severity,
        size_points=row.size_points,
    )


def _notice(row: Any) -> Notice:
    return Notice(
        opened_on=row.opened_on,
        reason=row.reason,
        business_date=row.business_date,
        noticed_at=row.noticed_at.astimezone(UTC),
        severity=row.severity,
        size_points=row.size_points,
    )
