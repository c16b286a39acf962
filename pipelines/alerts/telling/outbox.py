"""The outbox of channels' messages: they are queued with the notices of what they tell, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.alerts.telling.mornings import URGENT
from pipelines.delivery.leasing import DEAD, SENDING, SENT, WAITING, is_abandoned, may_be_taken
from pipelines.warehouse.tables import alert_outbox

if TYPE_CHECKING:
    from pipelines.alerts.telling.mornings import Owed
    from pipelines.warehouse import Warehouse

message = alert_outbox.c


@dataclass(frozen=True)
class ClaimedMessage:
    """A message that this sender has taken; its text is made of the alerts that it was queued with."""

    message_id: str
    business_date: date
    channel: str
    occasion: str
    noticed_at: datetime
    attempt_count: int
    created_at: datetime
    claimed_at: datetime


def queued_ids(connection: sa.Connection, days: Collection[date]) -> set[str]:
    """The messages about some days that are in the outbox, however they stand."""
    return set(connection.scalars(sa.select(message.message_id).where(message.business_date.in_(list(days)))))


def last_morning(connection: sa.Connection, channel_id: str, day: date) -> date | None:
    """The business date of the last message of a channel before that of a day, what was urgent left aside."""
    before = sa.and_(message.channel == channel_id, message.business_date < day, message.occasion != URGENT)
    last: date | None = connection.scalar(sa.select(sa.func.max(message.business_date)).where(before))
    return last


def has_work(connection: sa.Connection, channel_ids: Collection[str], now: datetime, lease: timedelta) -> bool:
    """Whether a message may be taken, or is left of a channel that is no longer."""
    may_go = sa.or_(may_be_taken(alert_outbox, now, lease), _is_strange(channel_ids, now, lease))
    return _is_any(connection, may_go)


def enqueue(connection: sa.Connection, owed: Owed, occasion: str, now: datetime) -> None:
    """Put a message into the outbox."""
    connection.execute(
        sa.insert(alert_outbox).values(
            message_id=owed.message_id,
            business_date=owed.business_date,
            channel=owed.channel.id,
            occasion=occasion,
            noticed_at=now,
            due_at=owed.due_at,
            status=WAITING,
            attempt_count=0,
            next_attempt_at=now,
            created_at=now,
        )
    )


def forget_strangers(connection: sa.Connection, channel_ids: Collection[str], now: datetime, lease: timedelta) -> None:
    """Take out what waits for channels that the settings no longer know, and what is dead of them."""
    connection.execute(sa.delete(alert_outbox).where(_is_strange(channel_ids, now, lease)))


def resend(connection: sa.Connection, message_ids: Iterable[str], now: datetime) -> None:
    """Let messages wait again that were sent or are dead."""
    again = {"status": WAITING, "attempt_count": 0, "next_attempt_at": now, "created_at": now}
    _update(connection, message_ids, message.status.in_((SENT, DEAD)), again)


def hasten(connection: sa.Connection, message_ids: Iterable[str], now: datetime) -> None:
    """Let messages wait no longer for their next try."""
    _update(connection, message_ids, message.status == WAITING, {"next_attempt_at": now})


def claim(warehouse: Warehouse, channel_ids: Collection[str], lease: timedelta) -> ClaimedMessage | None:
    """Take the message of some channels that has waited longest; none where nothing may be sent now."""
    with warehouse.reading() as connection:
        if not _is_any(connection, may_be_taken(alert_outbox, datetime.now(UTC), lease)):
            return None
    with warehouse.publishing(refreshes_readers=False) as connection:
        now = datetime.now(UTC)  # after the wait for the lock
        waiting = sa.select(message.message_id).where(
            may_be_taken(alert_outbox, now, lease), message.channel.in_(list(channel_ids))
        )
        found = connection.scalar(waiting.order_by(message.due_at, message.message_id).limit(1))
        if found is None:
            return None
        connection.execute(
            sa.update(alert_outbox).where(message.message_id == found).values(status=SENDING, claimed_at=now)
        )
        taken = sa.select(*(message[name] for name in ClaimedMessage.__dataclass_fields__))
        return ClaimedMessage(**connection.execute(taken.where(message.message_id == found)).mappings().one())


def discard(warehouse: Warehouse, claimed: ClaimedMessage) -> None:
    """Take out a message of which nothing is left to tell: what it told was erased."""
    with warehouse.publishing(refreshes_readers=False) as connection:
        own = sa.and_(message.message_id == claimed.message_id, message.claimed_at == claimed.claimed_at)
        connection.execute(sa.delete(alert_outbox).where(own, message.status == SENDING))


def _is_strange(channel_ids: Collection[str], now: datetime, lease: timedelta) -> sa.ColumnElement[bool]:
    waits = sa.or_(message.status.in_((WAITING, DEAD)), is_abandoned(alert_outbox, now, lease))
    return sa.and_(waits, message.channel.not_in(list(channel_ids)))


def _is_any(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> bool:
    return connection.scalar(sa.select(message.message_id).where(condition).limit(1)) is not None


def _update(
    connection: sa.Connection,
    message_ids: Iterable[str],
    condition: sa.ColumnElement[bool],
    values: dict[str, object],
) -> None:
    own = message.message_id.in_(list(message_ids))
    connection.execute(sa.update(alert_outbox).where(own, condition).values(values))
