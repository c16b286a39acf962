"""What channels may have to be told: alerts that opened, grew worse, went up or ended these days, and where told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.alerts.reading import AlertRow, alerts_where, read_events, read_notices
from pipelines.alerts.telling.choosing import NEWS_DAYS
from pipelines.alerts.telling.record import OVER, WatchedAlert
from pipelines.warehouse.tables import alert, alert_event, alert_looked

if TYPE_CHECKING:
    from pipelines.alerts.reading import EventRow, NoticeRow
    from symetrie.alerts.finding import Kind, Lane

FINDER_OF: Mapping[Lane, str] = {"case": "cases", "signal": "signals", "news": "news"}
"""Who must have looked at a day before it can be called clear of a lane."""


@dataclass(frozen=True)
class Watch:
    """The alerts that any channel may have to be told of about some days, with what each channel was told of them."""

    rows: Sequence[AlertRow]
    events: Mapping[str, Sequence[EventRow]]
    notices: Mapping[str, Sequence[NoticeRow]]

    def of(self, channel_id: str) -> list[WatchedAlert]:
        """The same as one channel knows them."""
        return [
            WatchedAlert(
                row,
                worsened_on=_last_on(self.events.get(row.alert_id, ()), "worsened"),
                escalated_on=_last_on(self.events.get(row.alert_id, ()), "escalated"),
                told=tuple(
                    (notice.reason, notice.business_date)
                    for notice in self.notices.get(row.alert_id, ())
                    if notice.channel == channel_id
                ),
            )
            for row in self.rows
        ]


def read_watch(connection: sa.Connection, days: Collection[date], kinds: Collection[Kind] | None = None) -> Watch:
    """Read what may have to be told about some days, of some kinds or of all.

    What nothing has happened to for a week is left alone.
    """
    if not days:
        return Watch((), {}, {})
    first = min(days) - timedelta(days=NEWS_DAYS)
    happened = sa.select(alert_event.c.alert_id).where(
        alert_event.c.event.in_(("opened", "worsened", "escalated", *OVER)), alert_event.c.on_date >= first
    )
    wanted = sa.true() if kinds is None else alert.c.kind.in_(list(kinds))
    rows = alerts_where(connection, sa.and_(alert.c.alert_id.in_(happened), wanted))
    ids = [row.alert_id for row in rows]
    return Watch(rows, read_events(connection, ids), read_notices(connection, ids))


def open_count(connection: sa.Connection, units: Collection[str], lanes: Collection[Lane], severity: int) -> int:
    """How many alerts of some units stand open, however old."""
    counted = (
        sa.select(alert.c.unit_id, sa.func.count())
        .where(alert.c.state == "open", alert.c.lane.in_(list(lanes)), alert.c.severity >= severity)
        .group_by(alert.c.unit_id)
    )
    return sum(count for unit_id, count in connection.execute(counted) if unit_id in units)


def is_looked_at(connection: sa.Connection, day: date, lanes: Iterable[Lane]) -> bool:
    """Whether everything that a channel wants to hear of was looked for on a day."""
    looked = connection.scalars(sa.select(alert_looked.c.finder).where(alert_looked.c.business_date == day))
    return {FINDER_OF[lane] for lane in lanes} <= set(looked)


def _last_on(events: Iterable[EventRow], name: str) -> date | None:
    return max((event.on_date for event in events if event.event == name), default=None)
