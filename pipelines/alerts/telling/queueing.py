"""Queueing: what channels are owed is chosen, noted as told and put into the outbox, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.alerts.reading import units_under
from pipelines.alerts.telling.choosing import Interest, to_be_told
from pipelines.alerts.telling.mornings import CLEAR, MORNING, URGENT, Owed, has_waited
from pipelines.alerts.telling.outbox import enqueue, forget_strangers, has_work, hasten, queued_ids, resend
from pipelines.alerts.telling.watching import is_looked_at, read_watch
from pipelines.warehouse.alerts_marked import note_told

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.alerts.telling.record import ToldAlert
    from pipelines.settings.alert_channels import AlertChannels
    from pipelines.warehouse import Warehouse
    from symetrie.alerts.finding import Kind


@dataclass(frozen=True)
class Queueing:
    """How messages are queued: for which channels, when, how long a claim holds, and whether again or at once."""

    alerts: AlertChannels
    now: datetime
    lease: timedelta
    resend: bool = False
    at_once: bool = False

    @property
    def channel_ids(self) -> list[str]:
        """The channels that the settings know."""
        return [channel.id for channel in self.alerts.channels]


@dataclass(frozen=True)
class Choice:
    """A message to be queued, on which occasion, and the alerts that it tells."""

    owed: Owed
    occasion: str
    told: tuple[ToldAlert, ...]


def queue(warehouse: Warehouse, owed: Sequence[Owed], how: Queueing) -> None:
    """Queue what is owed and not yet queued, once each; the warehouse is left alone where there is nothing to do."""
    with warehouse.reading() as connection:
        has_more = how.resend or how.at_once or has_work(connection, how.channel_ids, how.now, how.lease)
        if not has_more and not choose(connection, owed, how):
            return
    with warehouse.publishing(refreshes_readers=False) as connection:
        forget_strangers(connection, how.channel_ids, how.now, how.lease)
        ids = [each.message_id for each in owed]
        if how.resend:
            resend(connection, ids, how.now)
        if how.at_once:
            hasten(connection, ids, how.now)
        for choice in choose(connection, owed, how):
            enqueue(connection, choice.owed, choice.occasion, how.now)
            channel = choice.owed.channel.id
            told = [(each.row, channel, each.reason) for each in choice.told]
            note_told(warehouse, connection, told, choice.owed.business_date, how.now)


def choose(connection: sa.Connection, owed: Sequence[Owed], how: Queueing) -> list[Choice]:
    """Choose what each message tells; a morning's message leaves nothing to tell at once."""
    days = {each.business_date for each in owed}
    queued = queued_ids(connection, days)
    new = [each for each in owed if each.message_id not in queued]
    watch = read_watch(connection, {each.business_date for each in new}, _kinds(new))
    chosen = list[Choice]()
    for each in new:
        if each.occasion == URGENT and any(other.owed.channel is each.channel for other in chosen):
            continue
        is_ready = each.occasion == URGENT or how.at_once or has_waited(each, how.alerts, how.now)
        is_looked = is_looked_at(connection, each.business_date, each.channel.lanes)
        if not (is_ready or is_looked):
            continue
        told = to_be_told(watch.of(each.channel.id), _interest(connection, each), each.business_date)
        if told:
            chosen.append(Choice(each, each.occasion, tuple(told)))
        elif each.occasion == MORNING and each.channel.all_clear and is_looked:
            chosen.append(Choice(each, CLEAR, ()))
    return chosen


def _kinds(owed: Sequence[Owed]) -> set[Kind] | None:
    """Which kinds are asked for: all in the morning, afterwards only those that are urgent somewhere."""
    if any(each.occasion == MORNING for each in owed):
        return None
    return {kind for each in owed for kind in each.channel.urgent}


def _interest(connection: sa.Connection, owed: Owed) -> Interest:
    channel = owed.channel
    return Interest(
        unit_id=owed.unit_id,
        units=frozenset(connection.scalars(units_under(owed.unit_id, owed.business_date))),
        lanes=channel.lanes,
        severity=channel.severity,
        kinds=channel.urgent if owed.occasion == URGENT else None,
    )
