"""Which mails are owed at a moment: each recipient's last morning, by the clock of their unit."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipelines.delivery.message_id import EMAIL

if TYPE_CHECKING:
    from pipelines.settings import Recipient, Settings
    from pipelines.settings.delivery import Delivery

ONE_DAY = timedelta(days=1)
MIDNIGHT = time()

Key = tuple[date, str, str, str]
"""What a message is the only one of: business date, recipient, unit, channel."""


@dataclass(frozen=True)
class Owed:
    """A mail that a recipient is to have: of which day and unit, where to, and from what moment on.

    Before the day is over there is nothing to tell: its mail would stand in the place of the one that tells it.
    """

    business_date: date
    recipient_id: str
    unit_id: str
    address: str
    due_at: datetime
    day_ends_at: datetime
    channel: str = EMAIL

    @property
    def key(self) -> Key:
        """What it is the only one of."""
        return self.business_date, self.recipient_id, self.unit_id, self.channel


def owed_mails(
    settings: Settings,
    delivery: Delivery,
    now: datetime,
    *,
    business_date: date | None = None,
    recipient_ids: Collection[str] = (),
) -> Iterator[Owed]:
    """The mail of every recipient for a day; without one, for the last day whose morning hour has passed for them."""
    for recipient in settings.recipients:
        if recipient.email is None or (recipient_ids and recipient.id not in recipient_ids):
            continue
        zone, hour = ZoneInfo(settings.network.timezone_of(recipient.unit)), recipient.hour or delivery.hour
        day = business_date or _last_told(now, hour, zone)
        if _stands(settings, recipient, day):
            due_at, day_ends_at = morning_after(day, hour, zone), morning_after(day, MIDNIGHT, zone)
            yield Owed(day, recipient.id, recipient.unit, recipient.email, due_at, day_ends_at)


def morning_after(business_date: date, hour: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, when the clocks of a zone show an hour on the day after.

    >>> morning_after(date(2026, 11, 20), time(7), ZoneInfo("Europe/Paris")).isoformat()
    '2026-11-21T06:00:00+00:00'
    """
    return datetime.combine(business_date + ONE_DAY, hour, zone).astimezone(UTC)


def _last_told(now: datetime, hour: time, zone: ZoneInfo) -> date:
    """The newest day whose morning hour has come."""
    yesterday = now.astimezone(zone).date() - ONE_DAY
    return yesterday if morning_after(yesterday, hour, zone) <= now else yesterday - ONE_DAY


def _stands(settings: Settings, recipient: Recipient, day: date) -> bool:
    """A unit that had not opened yet, or is closed for good, has no summary."""
    first, last = settings.network.validity[recipient.unit]
    return first <= day <= last
