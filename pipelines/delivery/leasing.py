"""What the outboxes share: a message waits, is claimed for the length of a lease, and then sent, dead or waiting again.

A sender that dies leaves its claim behind; when the lease is over the message is taken again, so that each is sent at
least once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

if TYPE_CHECKING:
    from pipelines.warehouse import Warehouse

WAITING, SENDING, SENT, DEAD = "waiting", "sending", "sent", "dead"
ACCEPTED, POSTPONED, REFUSED = "accepted", "postponed", "refused"


@dataclass(frozen=True)
class Answer:
    """What a server made of a message: accepted, postponed or refused, in which words, and how long it asks to wait."""

    verdict: str
    words: str | None = None
    retry_after_seconds: float | None = None


class Claim(Protocol):
    """A message that a sender has taken."""

    @property
    def message_id(self) -> str: ...
    @property
    def attempt_count(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def claimed_at(self) -> datetime: ...


class Patience(Protocol):
    """How often a message is tried, and for how long."""

    @property
    def retry_minutes(self) -> Sequence[int]: ...
    @property
    def give_up_after_hours(self) -> float: ...


@dataclass(frozen=True)
class Settled:
    """What came of an attempt: sent, waiting for the next one, or dead."""

    mail: Claim
    status: str
    at: datetime
    next_attempt_at: datetime
    words: str | None = None


def settled_by(answer: Answer, mail: Claim, patience: Patience, now: datetime) -> Settled:
    """What an answer means for a message: sent, dead, or waiting for its next try until the house gives up."""
    if answer.verdict == ACCEPTED:
        return Settled(mail, SENT, now, now)
    if answer.verdict == REFUSED:
        return Settled(mail, DEAD, now, now, answer.words)
    pauses, last = patience.retry_minutes, mail.created_at + timedelta(hours=patience.give_up_after_hours)
    next_attempt = now + timedelta(minutes=pauses[min(mail.attempt_count, len(pauses) - 1)])
    if answer.retry_after_seconds is not None and now < last:
        # Whoever asks for more than the house has patience for is asked once more at its end.
        asked = timedelta(seconds=min(answer.retry_after_seconds, (last - now).total_seconds()))
        next_attempt = max(min(next_attempt, last), now + asked)
    if next_attempt > last:
        return Settled(mail, DEAD, now, next_attempt, f"given up after {mail.attempt_count + 1} tries: {answer.words}")
    return Settled(mail, WAITING, now, next_attempt, answer.words)


def may_be_taken(outbox: sa.Table, now: datetime, lease: timedelta) -> sa.ColumnElement[bool]:
    """The messages whose next try has come, and those that a sender took and never settled."""
    return sa.or_(
        sa.and_(outbox.c.status == WAITING, outbox.c.next_attempt_at <= now),
        is_abandoned(outbox, now, lease),
    )


def is_abandoned(outbox: sa.Table, now: datetime, lease: timedelta) -> sa.ColumnElement[bool]:
    """The messages whose claim is over."""
    return sa.and_(outbox.c.status == SENDING, outbox.c.claimed_at < now - lease)


def settle_in(warehouse: Warehouse, outbox: sa.Table, settled: Sequence[Settled]) -> None:
    """Write down what came of some tries; what another sender has taken since stays its own, unless it was sent.

    Sent is sent, whoever holds it; who was slower changes nothing of what the other one noted about it.
    """
    mail, sent = outbox.c, [each for each in settled if each.status == SENT]
    with warehouse.publishing(refreshes_readers=False) as connection:
        if sent:
            connection.execute(
                sa.update(outbox)
                .where(mail.message_id.in_([each.mail.message_id for each in sent]), mail.status != SENT)
                .values(status=SENT, sent_at=sent[-1].at, attempt_count=mail.attempt_count + 1, last_error=None)
            )
        for each in settled:
            if each.status != SENT:
                _settle_unsent(connection, outbox, each)


def _settle_unsent(connection: sa.Connection, outbox: sa.Table, each: Settled) -> None:
    mail = outbox.c
    own = sa.and_(mail.status == SENDING, mail.claimed_at == each.mail.claimed_at)
    connection.execute(
        sa.update(outbox)
        .where(mail.message_id == each.mail.message_id, own)
        .values(
            status=each.status,
            attempt_count=mail.attempt_count + 1,
            next_attempt_at=each.next_attempt_at,
            last_error=each.words,
        )
    )


def give_back_to(warehouse: Warehouse, outbox: sa.Table, mails: Sequence[Claim], words: str | None) -> None:
    """Let messages wait as before that were claimed and not tried; `words` say what kept them."""
    if not mails:
        return
    with warehouse.publishing(refreshes_readers=False) as connection:
        connection.execute(
            sa.update(outbox)
            .where(
                outbox.c.message_id.in_([each.message_id for each in mails]),
                outbox.c.status == SENDING,
                outbox.c.claimed_at == mails[0].claimed_at,
            )
            .values(status=WAITING, **({"last_error": words} if words else {}))
        )
