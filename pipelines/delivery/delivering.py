"""Delivering: the mails that are due are written, queued and sent, and what the server said is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from pipelines.delivery.connecting import longest_message
from pipelines.delivery.leasing import ACCEPTED, DEAD, REFUSED, SENT, Answer, Settled, settled_by
from pipelines.delivery.message import mail_message, mailbox
from pipelines.delivery.mornings import Owed, owed_mails
from pipelines.delivery.outbox import (
    BEGUN_WITHIN,
    Claimed,
    Queueing,
    claim,
    give_back,
    lease,
    queue,
    settle,
    unqueued,
)
from pipelines.delivery.session import Session
from pipelines.delivery.standing import Standing, read_standing
from pipelines.errors import SymetrieError
from pipelines.summary import write_summaries

if TYPE_CHECKING:
    from pipelines.connections import Connections
    from pipelines.settings import Settings
    from pipelines.settings.delivery import Delivery
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

SETTLED_AT_ONCE = 10
"""What a killed sender may send twice; a transaction on a large DuckDB file takes as long as a message."""

UNSETTLED_FOR = timedelta(minutes=1)
"""A slow server's mails are settled sooner: after so long, before another one is begun."""


def deliver(
    warehouse: Warehouse,
    settings: Settings,
    *,
    connections: Connections,
    business_date: date | None = None,
    recipient_ids: Collection[str] = (),
    resend: bool = False,
    at_once: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Standing:
    """Send what is due to whom it is owed, once each, with whatever is there; says how the mail stands afterwards."""
    delivery = set_up(settings)
    now = datetime.now(UTC)
    owed = owed_mails(settings, delivery, now, business_date=business_date, recipient_ids=recipient_ids)
    due = [each for each in owed if each.day_ends_at <= now and (at_once or each.due_at <= now)]
    _write_what_is_new(warehouse, settings, due)
    people = {recipient.id for recipient in settings.recipients if recipient.email}
    held_for = lease(longest_message(delivery))
    how = Queueing(mailbox(delivery.sender).domain, people, now, held_for, resend=resend, at_once=at_once)
    total = queue(warehouse, due, how)
    with closing(Session(connections(delivery.connection), delivery)) as session:
        sender = _Sender(warehouse, settings, delivery, session, held_for)
        sender.send_all(lambda done: on_progress(done, max(total, done)))
    with warehouse.reading() as connection:
        standing = read_standing(connection, settings, datetime.now(UTC))
    return standing.after(sent_count=sender.outcomes[SENT], newly_dead_count=sender.outcomes[DEAD])


def set_up(settings: Settings) -> Delivery:
    """The block `delivery` of the settings."""
    if settings.delivery is None:
        raise SymetrieError(
            f"nothing is mailed: {settings.path.name} has no block `delivery`; docs/delivery.md shows one"
        )
    return settings.delivery


def _write_what_is_new(warehouse: Warehouse, settings: Settings, due: list[Owed]) -> None:
    """Write the summaries of the days that somebody is told of for the first time, with whatever is there by now."""
    with warehouse.reading() as connection:
        news = unqueued(connection, due)
    for day in sorted({each.business_date for each in news}):
        write_summaries(warehouse, settings, day, run_id=f"summary-{day}")


class _Sender:
    """Claims mails, hands them over and settles them, until none is left."""

    def __init__(
        self,
        warehouse: Warehouse,
        settings: Settings,
        delivery: Delivery,
        session: Session,
        lease: timedelta,
    ) -> None:
        self._warehouse = warehouse
        self._names = {recipient.id: recipient.name for recipient in settings.recipients}
        self._delivery = delivery
        self._session = session
        self._lease = lease
        self.outcomes: Counter[str] = Counter()

    def send_all(self, on_progress: Callable[[int], None]) -> None:
        """Send all that may be sent now."""
        while claimed := claim(self._warehouse, self._lease):
            self._send_claimed(claimed, on_progress)
        log.info("mail.delivered", counts=dict(self.outcomes))

    def _send_claimed(self, claimed: list[Claimed], on_progress: Callable[[int], None]) -> None:
        """Send what was claimed; whatever stops that, the rest waits again at once."""
        left, words = list(claimed), None
        try:
            while left and datetime.now(UTC) < claimed[0].claimed_at + BEGUN_WITHIN:
                self._send_some(left, claimed[0].claimed_at + BEGUN_WITHIN)
                on_progress(self.outcomes.total())
        except SymetrieError as error:
            words = str(error)
            raise
        finally:
            give_back(self._warehouse, left, words)

    def _send_some(self, left: list[Claimed], until: datetime) -> None:
        """Send the first few and settle those that the server has answered, also when the next one fails.

        The clock is looked at before each: a server may be slow, and a machine may have slept.
        """
        settled: list[Settled] = []
        until = min(until, datetime.now(UTC) + UNSETTLED_FOR)
        try:
            while left and len(settled) < SETTLED_AT_ONCE and datetime.now(UTC) < until:
                settled.append(self._sent(left[0]))
                left.pop(0)
        finally:
            settle(self._warehouse, settled)
            self.outcomes.update(each.status for each in settled)

    def _sent(self, mail: Claimed) -> Settled:
        name, now = self._names[mail.recipient_id], datetime.now(UTC)
        try:
            message = mail_message(mail, name=name, sender=self._delivery.sender, written_at=now)
            answer = self._session.send(message, mail.address)
        except ValueError as error:  # one that cannot be written down stops none of the others
            answer = Answer(REFUSED, f"no mail can be made of it: {error}; check name and email of the recipient")
        if answer.verdict != ACCEPTED:
            log.warning("mail.not_accepted", verdict=answer.verdict, message_id=mail.message_id)
        return settled_by(answer, mail, self._delivery, datetime.now(UTC))
