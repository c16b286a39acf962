"""Read alerts: how they stand, what happened to them, and what the clients behind cases said, redacted."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.settings.suggestions import did_you_mean
from pipelines.warehouse.alerts_looked import last_looked
from pipelines.warehouse.alerts_marked import notices_left_on
from pipelines.warehouse.dated import stands_last
from pipelines.warehouse.tables import alert, alert_cause, alert_event, client_response, unit_ancestor
from symetrie.alerts.finding import Cause, Kind, Lane, Severity
from symetrie.alerts.kinds import KINDS, LANES
from symetrie.alerts.states import ACTIVE, EventName, State

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyCompoundSelect
    from symetrie.alerts.marks import Reason

ASKED_AT_ONCE = 1000
"""Values that one statement is given, so that none grows without bounds."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as it stands."""

    alert_id: str
    cause_id: str
    lane: Lane
    kind: Kind
    unit_id: str
    measure: str
    subject: str
    opened_on: date
    state: State
    severity: Severity
    size_points: float | None
    evidence: Mapping[str, Any]
    last_seen_on: date
    recovered_on: date | None
    ended_on: date | None
    deadline_on: date
    due_on: date | None
    escalated_to_unit_id: str | None
    snoozed_until: date | None

    def __hash__(self) -> int:
        """An alert is known by its id; its evidence is no key."""
        return hash(self.alert_id)

    @property
    def cause(self) -> Cause:
        """What it is about."""
        return Cause(self.lane, self.kind, self.unit_id, self.measure, self.subject)

    @property
    def is_active(self) -> bool:
        """Whether it still waits for somebody, or for its recovery."""
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened to an alert."""

    alert_id: str
    number: int
    on_date: date
    event: EventName
    from_state: State | None
    to_state: State
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """That an alert was told."""

    channel: str
    reason: Reason
    business_date: date
    message_status: str | None = None  # as in ops.alert_outbox; None where that is no longer known


def worst_first(row: AlertRow) -> tuple[Any, ...]:
    """Give the order in which people read alerts: severity, then lane, cases first, then age, unit and kind.

    The newest client comes first, who can still be called today; of the other lanes the oldest alert does.
    """
    opened_on = row.opened_on.toordinal()
    age = -opened_on if row.lane == "case" else opened_on
    kind = KINDS.index(row.kind)
    return -row.severity, LANES.index(row.lane), age, row.unit_id, kind, row.measure, row.alert_id


def read_alerts(
    connection: sa.Connection,
    *,
    states: Collection[State] | None = None,
    unit: str | None = None,
    lane: Lane | None = None,
    as_of: date | None = None,
) -> list[AlertRow]:
    """Read alerts, worst first: of some states, of a unit and everything under it, of one lane.

    `as_of` a business date, they stand as they did on it: those that had opened by then, in the state of then.
    What they stand on is what the data show of them today.
    """
    select = _alerts(as_of)
    if lane is not None:
        select = select.where(alert.c.lane == lane)
    if unit is not None:
        select = select.where(alert.c.unit_id.in_(units_under(unit, as_of or last_looked(connection) or date.max)))
    rows = [_row(each) for each in connection.execute(select)]
    return sorted((row for row in rows if states is None or row.state in states), key=worst_first)


def read_alert(connection: sa.Connection, alert_id: str) -> AlertRow:
    """Read one alert by its id, by the beginning of it, or by the id that it had before late data moved it."""
    written = alert_id.strip().lower()
    if not written:
        raise SymetrieError("alerts: no id was given; see symetrie alerts list")
    begins = alert.c.alert_id.startswith(written, autoescape=True)
    ids = sorted(connection.scalars(sa.select(alert.c.alert_id).where(begins)))
    if not ids:
        ids = _moved_from(connection, written)
    if len(ids) == 1:
        return _row(connection.execute(_alerts(None).where(alert.c.alert_id == ids[0])).one())
    if ids:
        more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
        raise SymetrieError(f"alerts: {written!r} begins {len(ids)} ids: {', '.join(ids[:5])}{more}; write more of it")
    known = connection.scalars(sa.select(alert.c.alert_id).where(alert.c.state.in_(ACTIVE))).all()
    hint = did_you_mean(written, known)
    raise SymetrieError(f"alerts: there is no alert {written!r}{hint}; see symetrie alerts list --all")


def read_by_id(connection: sa.Connection, alert_ids: Iterable[str]) -> dict[str, AlertRow]:
    """Read alerts by the ids that they were told under, also those that late data have moved since.

    Of an alert that was erased nothing is found.
    """
    asked = set(alert_ids)
    found = {row.alert_id: row for ids in _portions(sorted(asked)) for row in alerts_where(connection, _is_one_of(ids))}
    now = {each: moved[0] for each in asked - found.keys() if (moved := _moved_from(connection, each))}
    rows = {row.alert_id: row for ids in _portions(now.values()) for row in alerts_where(connection, _is_one_of(ids))}
    return found | {former: rows[alert_id] for former, alert_id in now.items()}


def alerts_where(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[AlertRow]:
    """Read the alerts that meet a condition, by id."""
    return [_row(each) for each in connection.execute(_alerts(None).where(condition).order_by(alert.c.alert_id))]


def read_events(connection: sa.Connection, alert_ids: Iterable[str]) -> dict[str, list[EventRow]]:
    """Read what happened to some alerts, in order, by alert."""
    found: dict[str, list[EventRow]] = {}
    for ids in _portions(alert_ids):
        select = sa.select(alert_event).where(alert_event.c.alert_id.in_(ids))
        for row in connection.execute(select.order_by(alert_event.c.alert_id, alert_event.c.number)):
            found.setdefault(row.alert_id, []).append(_event(row))
    return found


def former_ids(events: Iterable[EventRow]) -> tuple[str, ...]:
    """Give the ids that an alert had before late data moved it: messages still lead there."""
    return tuple(each.detail["former_alert_id"] for each in events if each.event == "moved")


def read_notices(connection: sa.Connection, alert_ids: Iterable[str]) -> dict[str, list[NoticeRow]]:
    """Read where and why some alerts were told, by alert; also what was told of them before late data moved them."""
    found: dict[str, list[NoticeRow]] = {}
    for ids in _portions(alert_ids):
        now = {each: each for each in ids}
        moved = sa.select(alert_event).where(alert_event.c.alert_id.in_(ids), alert_event.c.event == "moved")
        now |= {json.loads(row.detail)["former_alert_id"]: row.alert_id for row in connection.execute(moved)}
        for row in notices_left_on(connection, list(now)):
            told = NoticeRow(row.channel, row.reason, row.business_date, row.status)
            found.setdefault(now[row.alert_id], []).append(told)
    return found


def words_of(connection: sa.Connection, alerts: Iterable[AlertRow]) -> dict[str, str]:
    """Read what the clients behind cases said, redacted, by alert; nothing where they wrote nothing."""
    by_source: dict[str, dict[str, list[str]]] = {}
    for row in alerts:
        if row.lane == "case":
            source, _, response_id = row.subject.partition("/")
            by_source.setdefault(source, {}).setdefault(response_id, []).append(row.alert_id)
    answer, found = client_response.c, dict[str, str]()
    for source, ids_of in by_source.items():
        for response_ids in _portions(ids_of):
            said = sa.select(answer.response_id, answer.verbatim).where(
                answer.source == source, answer.response_id.in_(response_ids), answer.verbatim.is_not(None)
            )
            for response_id, verbatim in connection.execute(said):
                found |= dict.fromkeys(ids_of[response_id], verbatim)
    return found


def _alerts(as_of: date | None) -> sa.Select[Any]:
    """Every alert with its subject; as of a day, with the state that it had then."""
    columns: dict[str, sa.ColumnElement[Any]] = {
        each.name: alert.c.get(each.name, alert_cause.c.subject) for each in fields(AlertRow)
    }
    joined: sa.FromClause = alert.join(alert_cause, alert_cause.c.cause_id == alert.c.cause_id)
    if as_of is not None:
        stood = _states_on(as_of)
        joined = joined.join(stood, stood.c.alert_id == alert.c.alert_id)
        columns["state"] = stood.c.to_state
    return sa.select(*(column.label(name) for name, column in columns.items())).select_from(joined)


def _states_on(day: date) -> sa.Subquery:
    """The state that each alert had reached at the end of a day; none of those that opened later."""
    place = sa.func.row_number().over(partition_by=alert_event.c.alert_id, order_by=alert_event.c.number.desc())
    by_then = (
        sa.select(alert_event.c.alert_id, alert_event.c.to_state, place.label("place"))
        .where(alert_event.c.on_date <= day)
        .subquery("by_then")
    )
    return sa.select(by_then.c.alert_id, by_then.c.to_state).where(by_then.c.place == 1).subquery("stood")


def units_under(unit: str, day: date) -> AnyCompoundSelect:
    """The unit and everything under it on a day; of one that has closed, on its own last day."""
    return sa.union_all(
        sa.select(sa.literal(unit, sa.Text)),
        sa.select(unit_ancestor.c.unit_id).where(unit_ancestor.c.ancestor_id == unit, stands_last(unit_ancestor, day)),
    )


def _is_one_of(alert_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    return alert.c.alert_id.in_(alert_ids)


def _moved_from(connection: sa.Connection, former: str) -> list[str]:
    """The alerts that had an id before late data moved them: messages still link to it."""
    event = alert_event.c
    named = sa.select(event.alert_id).where(
        event.event == "moved", event.detail.contains(f'"former_alert_id": "{former}', autoescape=True)
    )
    return sorted(set(connection.scalars(named)))


def _event(found: Any) -> EventRow:
    return EventRow(**found._asdict() | {"detail": json.loads(found.detail)})


def _row(found: Any) -> AlertRow:
    values = found._asdict()
    return AlertRow(**values | {"evidence": json.loads(values["evidence"])})


def _portions(values: Iterable[str]) -> Iterable[Sequence[str]]:
    listed = list(values)
    return (listed[start : start + ASKED_AT_ONCE] for start in range(0, len(listed), ASKED_AT_ONCE))
