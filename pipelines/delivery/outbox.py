"""The outbox: which mails wait, are being sent, were sent or are dead; several senders never take the same one.

A sender claims a few mails for the length of a lease, lets go of the warehouse while it talks to the mail server, and
settles what came of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.delivery.leasing import (
    DEAD,
    SENDING,
    SENT,
    WAITING,
    Settled,
    give_back_to,
    is_abandoned,
    may_be_taken,
    settle_in,
)
from pipelines.delivery.message_id import message_id
from pipelines.delivery.mornings import Key, Owed
from pipelines.warehouse.tables import outbox, summary

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse
    from pipelines.warehouse.typing import AnyRow

CLAIMED_AT_ONCE = 100
BEGUN_WITHIN = timedelta(minutes=10)
"""For so long a sender begins mails of its claim; what it has not begun by then, it gives back."""

SETTLED_WITHIN = timedelta(minutes=5)
"""More than a sender waits for the warehouse to note what came of its last mail."""

ROWS_AT_ONCE = 1000

mail = outbox.c
SAME_SUMMARY = sa.and_(
    summary.c.business_date == mail.business_date,
    summary.c.recipient_id == mail.recipient_id,
    summary.c.unit_id == mail.unit_id,
)


@dataclass(frozen=True)
class Claimed:
    """A mail that this sender has taken, with the newest words of its summary."""

    message_id: str
    recipient_id: str
    address: str
    locale: str
    attempt_count: int
    created_at: datetime
    claimed_at: datetime
    subject: str
    body_text: str
    body_html: str


def lease(longest_message: timedelta) -> timedelta:
    """How long a claim holds: until the mail that was begun last has been sent, however slowly, and is noted."""
    return BEGUN_WITHIN + longest_message + SETTLED_WITHIN


def unqueued(connection: sa.Connection, mails: Sequence[Owed]) -> list[Owed]:
    """Those of the mails owed that are not in the outbox yet, or whose summary is not there."""
    known = _known(connection, mails)
    written = _summaries(connection, mails)
    return [each for each in mails if each.key not in known or each.key[:3] not in written]


@dataclass(frozen=True)
class Queueing:
    """How mails are queued: in whose name, for whom at all, how long a claim holds, and whether again or at once."""

    domain: str
    people: Collection[str]
    now: datetime
    lease: timedelta
    resend: bool = False
    at_once: bool = False


def queue(warehouse: Warehouse, mails: Sequence[Owed], how: Queueing) -> int:
    """Put the mails owed into the outbox, once each; gives how many may be sent now, those from before included.

    Addresses that the settings have changed since are taken over, and what waits for people whom the settings no
    longer know is taken out: they may have left the house.
    `resend` lets those wait again that were sent or are dead, `at_once` those that wait for their next try.
    """
    with warehouse.publishing(refreshes_readers=False) as connection:
        _forget_strangers(connection, how)
        known, written = _known(connection, mails), _summaries(connection, mails)
        news = [each for each in mails if each.key not in known and each.key[:3] in written]
        if news:
            _insert(warehouse, connection, news, written, how)
        held = {known[each.key].message_id: each for each in mails if each.key in known}
        _readdress(connection, known.values(), held)
        if how.resend:
            again = {"status": WAITING, "attempt_count": 0, "next_attempt_at": how.now, "created_at": how.now}
            _update(connection, held, mail.status.in_((SENT, DEAD)), **again)
        if how.at_once:
            _update(connection, held, mail.status == WAITING, next_attempt_at=how.now)
        return connection.scalar(sa.select(sa.func.count()).where(may_be_taken(outbox, how.now, how.lease))) or 0


def _forget_strangers(connection: sa.Connection, how: Queueing) -> None:
    waits = sa.or_(mail.status.in_((WAITING, DEAD)), is_abandoned(outbox, how.now, how.lease))
    waiting = connection.scalars(sa.select(mail.recipient_id).where(waits).distinct())
    if strangers := set(waiting) - set(how.people):
        connection.execute(sa.delete(outbox).where(waits, mail.recipient_id.in_(strangers)))


def claim(warehouse: Warehouse, lease: timedelta, most: int = CLAIMED_AT_ONCE) -> list[Claimed]:
    """Take the mails that have waited longest, with what their summary says now."""
    with warehouse.publishing(refreshes_readers=False) as connection:
        now = datetime.now(UTC)  # after the wait for the lock: a claim that begins old has no room for a mail
        ready = sa.select(mail.message_id).join(summary, SAME_SUMMARY).where(may_be_taken(outbox, now, lease))
        ids = connection.scalars(ready.order_by(mail.due_at, mail.message_id).limit(most)).all()
        if not ids:
            return []
        newest = sa.select(summary.c.content_hash).where(SAME_SUMMARY).scalar_subquery()
        connection.execute(
            sa.update(outbox)
            .where(mail.message_id.in_(ids))
            .values(status=SENDING, claimed_at=now, content_hash=newest)
        )
        taken = connection.execute(
            sa.select(
                mail.message_id,
                mail.recipient_id,
                mail.address,
                summary.c.locale,
                mail.attempt_count,
                mail.created_at,
                mail.claimed_at,
                summary.c.subject,
                summary.c.body_text,
                summary.c.body_html,
            )
            .join(summary, SAME_SUMMARY)
            .where(mail.message_id.in_(ids))
            .order_by(mail.due_at, mail.message_id)
        )
        return [Claimed(**row) for row in taken.mappings()]


def settle(warehouse: Warehouse, settled: Sequence[Settled]) -> None:
    """Write down what came of some tries."""
    settle_in(warehouse, outbox, settled)


def give_back(warehouse: Warehouse, mails: Sequence[Claimed], words: str | None) -> None:
    """Let mails wait as before that were claimed and not tried; `words` say what kept them."""
    give_back_to(warehouse, outbox, mails, words)


def _known(connection: sa.Connection, mails: Iterable[Owed]) -> dict[Key, AnyRow]:
    days = {each.business_date for each in mails}
    found = connection.execute(
        sa.select(
            mail.business_date, mail.recipient_id, mail.unit_id, mail.channel, mail.message_id, mail.address
        ).where(mail.business_date.in_(days))
    )
    return {(row.business_date, row.recipient_id, row.unit_id, row.channel): row for row in found}


def _summaries(connection: sa.Connection, mails: Iterable[Owed]) -> dict[tuple[date, str, str], AnyRow]:
    told = summary.c
    found = connection.execute(
        sa.select(told.business_date, told.recipient_id, told.unit_id, told.locale, told.content_hash).where(
            told.business_date.in_({each.business_date for each in mails})
        )
    )
    return {(row.business_date, row.recipient_id, row.unit_id): row for row in found}


def _insert(
    warehouse: Warehouse,
    connection: sa.Connection,
    news: Sequence[Owed],
    written: Mapping[tuple[date, str, str], AnyRow],
    how: Queueing,
) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "message_id": message_id(*each.key, how.domain),
            "business_date": pd.Timestamp(each.business_date),
            "recipient_id": each.recipient_id,
            "unit_id": each.unit_id,
            "channel": each.channel,
            "address": each.address,
            "locale": written[each.key[:3]].locale,
            "content_hash": written[each.key[:3]].content_hash,
            "due_at": each.due_at,
            "status": WAITING,
            "attempt_count": 0,
            "next_attempt_at": how.now,
            "created_at": how.now,
        }
        for each in news
    )
    warehouse.load(connection, outbox, frame)


def _readdress(connection: sa.Connection, known: Iterable[AnyRow], held: Mapping[str, Owed]) -> None:
    for row in known:
        owed = held.get(row.message_id)
        if owed and owed.address != row.address:
            _update(connection, [row.message_id], mail.status.in_((WAITING, DEAD, SENT)), address=owed.address)


def _update(
    connection: sa.Connection, message_ids: Iterable[str], condition: sa.ColumnElement[bool], **values: object
) -> None:
    ids = list(message_ids)
    for first in range(0, len(ids), ROWS_AT_ONCE):
        part = ids[first : first + ROWS_AT_ONCE]
        connection.execute(sa.update(outbox).where(mail.message_id.in_(part), condition).values(values))
