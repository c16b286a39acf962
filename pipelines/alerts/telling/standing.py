"""How the channels' messages stand: what waits, what is late, and what is dead until somebody sends it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.alerts.telling.mornings import unit_of
from pipelines.delivery.leasing import DEAD, SENT
from pipelines.delivery.standing import Standing, Unsent
from pipelines.warehouse.tables import alert_outbox

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.settings.alert_channels import AlertChannels


def read_untold(connection: sa.Connection, settings: Settings, alerts: AlertChannels, now: datetime) -> Standing:
    """What has not left; a dead letter stays, since no later message tells its alerts again."""
    channels = {channel.id: channel for channel in alerts.channels}
    message = alert_outbox.c
    found = connection.execute(
        sa.select(
            message.status,
            message.business_date,
            message.channel,
            message.due_at,
            message.attempt_count,
            message.last_error,
        )
        .where(message.status != SENT, message.channel.in_(list(channels)))
        .order_by(message.due_at, message.channel, message.message_id)
    )
    unsent = [
        (
            row.status,
            Unsent(
                business_date=row.business_date,
                recipient_id=row.channel,
                unit_id=unit_of(settings, channels[row.channel]),
                address=channels[row.channel].kind,
                due_at=row.due_at,
                attempt_count=row.attempt_count,
                words=row.last_error,
            ),
        )
        for row in found
    ]
    waiting = tuple(each for status, each in unsent if status != DEAD)
    patience = timedelta(minutes=alerts.posting.late_after_minutes)
    return Standing(
        waiting=waiting,
        late=tuple(each for each in waiting if each.due_at + patience <= now),
        dead=tuple(each for status, each in unsent if status == DEAD),
    )
