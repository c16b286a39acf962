"""How the mail stands: what waits, what is dead, and which mornings are late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.delivery.leasing import DEAD, SENT
from pipelines.delivery.mornings import owed_mails
from pipelines.warehouse.tables import outbox

if TYPE_CHECKING:
    from pipelines.settings import Settings

mail = outbox.c


@dataclass(frozen=True)
class Unsent:
    """A mail that has not left: whose, where to, since when, and what the server said last."""

    business_date: date
    recipient_id: str
    unit_id: str
    address: str
    due_at: datetime
    attempt_count: int
    words: str | None


@dataclass(frozen=True)
class Standing:
    """The mails of the last mornings that have not left."""

    waiting: tuple[Unsent, ...] = ()
    late: tuple[Unsent, ...] = ()
    dead: tuple[Unsent, ...] = ()
    sent_count: int = 0
    newly_dead_count: int = 0

    @property
    def is_well(self) -> bool:
        """Nothing is late and nothing is dead."""
        return not self.late and not self.dead

    def after(self, *, sent_count: int, newly_dead_count: int) -> Standing:
        """The same, with what one delivery has done."""
        return replace(self, sent_count=sent_count, newly_dead_count=newly_dead_count)


def read_standing(connection: sa.Connection, settings: Settings, now: datetime) -> Standing:
    """What has not left; a dead letter is forgotten once a later mail has reached the same person.

    Or once that person has another unit: it can then neither be sent again nor be followed by a later one.
    """
    delivery = settings.delivery
    if delivery is None:
        return Standing()
    people = {recipient.id for recipient in settings.recipients if recipient.email}
    waiting = _unsent(connection, people, sa.and_(mail.status.not_in((SENT, DEAD))))
    dead = _unsent(connection, people, sa.and_(mail.status == DEAD, ~_reached_since()))
    told = {(recipient.id, recipient.unit) for recipient in settings.recipients}
    owed = list(owed_mails(settings, delivery, now))
    queued = _queued(connection, {each.business_date for each in owed})
    never_queued = [
        Unsent(each.business_date, each.recipient_id, each.unit_id, each.address, each.due_at, 0, "not queued yet")
        for each in owed
        if each.key[:3] not in queued
    ]
    patience = timedelta(minutes=delivery.late_after_minutes)
    late = [each for each in (*waiting, *never_queued) if each.due_at + patience <= now]
    return Standing(
        waiting=tuple(waiting),
        late=tuple(sorted(late, key=_order)),
        dead=tuple(each for each in dead if (each.recipient_id, each.unit_id) in told),
    )


def _unsent(connection: sa.Connection, people: Collection[str], condition: sa.ColumnElement[bool]) -> list[Unsent]:
    found = connection.execute(
        sa.select(
            mail.business_date,
            mail.recipient_id,
            mail.unit_id,
            mail.address,
            mail.due_at,
            mail.attempt_count,
            mail.last_error,
        )
        .where(condition)
        .order_by(mail.due_at, mail.recipient_id, mail.unit_id)
    )
    return [Unsent(*row) for row in found if row.recipient_id in people]


def _reached_since() -> sa.ColumnElement[bool]:
    later = outbox.alias("later")
    return sa.exists(
        sa.select(sa.literal(1)).where(
            later.c.recipient_id == mail.recipient_id,
            later.c.unit_id == mail.unit_id,
            later.c.channel == mail.channel,
            later.c.status == SENT,
            later.c.business_date > mail.business_date,
        )
    )


def _queued(connection: sa.Connection, days: Collection[date]) -> set[tuple[date, str, str]]:
    found = connection.execute(
        sa.select(mail.business_date, mail.recipient_id, mail.unit_id).where(mail.business_date.in_(days))
    )
    return {(day, recipient_id, unit_id) for day, recipient_id, unit_id in found}


def _order(unsent: Unsent) -> tuple[datetime, str, str]:
    return unsent.due_at, unsent.recipient_id, unsent.unit_id
