"""Which messages channels may be owed at a moment: the morning's at their hour, an urgent one at any time."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from pipelines.delivery.mornings import MIDNIGHT, ONE_DAY, morning_after

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.settings.alert_channels import AlertChannels, Channel

Occasion = Literal["morning", "urgent"]

MORNING: Occasion = "morning"
URGENT: Occasion = "urgent"
CLEAR = "clear"
"""Of a message in the place of the morning's that has nothing to tell."""

USUAL_HOUR = time(7)
HASH_CHARACTERS = 32


@dataclass(frozen=True)
class Owed:
    """A message that a channel may be owed: of which day, on which occasion, and from what moment on."""

    channel: Channel
    unit_id: str
    business_date: date
    occasion: Occasion
    due_at: datetime

    @property
    def message_id(self) -> str:
        """Its identifier: one for a day, a channel and an occasion."""
        return message_id(self.business_date, self.channel.id, self.occasion)


def message_id(business_date: date, channel_id: str, occasion: Occasion) -> str:
    """The identifier of the message of a day, a channel and an occasion, the same at every try.

    >>> message_id(date(2026, 11, 20), "ops-lyon", "morning")
    'bd8eb4ce0d41237c70520d3e35be0801'
    """
    told = f"{business_date}\0{channel_id}\0{occasion}"
    return hashlib.sha256(told.encode()).hexdigest()[:HASH_CHARACTERS]


def unit_of(settings: Settings, channel: Channel) -> str:
    """The unit whose alerts a channel is told; by default the top."""
    return channel.unit or settings.network.roots[0]


def owed_messages(
    settings: Settings,
    alerts: AlertChannels,
    now: datetime,
    *,
    business_date: date | None = None,
    channel_ids: Collection[str] = (),
    at_once: bool = False,
) -> Iterator[Owed]:
    """What every channel may be owed about a day; without one about yesterday, by the clock of its unit."""
    for channel in alerts.channels:
        if channel_ids and channel.id not in channel_ids:
            continue
        unit_id = unit_of(settings, channel)
        zone = ZoneInfo(settings.network.timezone_of(unit_id))
        day = business_date or now.astimezone(zone).date() - ONE_DAY
        first, last = settings.network.validity[unit_id]
        if not first <= day <= last or morning_after(day, MIDNIGHT, zone) > now:
            continue
        due_at = morning_after(day, channel.hour or _house_hour(settings), zone)
        if at_once or due_at <= now:
            yield Owed(channel, unit_id, day, MORNING, due_at)
        if channel.urgent and business_date is None:
            yield Owed(channel, unit_id, day, URGENT, now)


def _house_hour(settings: Settings) -> time:
    return settings.delivery.hour if settings.delivery else USUAL_HOUR


def has_waited(owed: Owed, alerts: AlertChannels, now: datetime) -> bool:
    """Whether a message has waited long enough for a day that nobody has looked at yet."""
    return owed.due_at + timedelta(minutes=alerts.posting.late_after_minutes) <= now
