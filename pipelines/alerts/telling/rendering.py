"""From a claimed message to what its channel is sent: its alerts as they stand now, in its language, as many as fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.alerts.annotations import ONE_DAY, read_annotations
from pipelines.alerts.reading import read_by_id, units_under, words_of
from pipelines.alerts.telling.as_mail import fits_mail, mail_html
from pipelines.alerts.telling.as_slack import fits_slack, slack_document
from pipelines.alerts.telling.as_teams import fits_teams, teams_document
from pipelines.alerts.telling.as_text import message_text
from pipelines.alerts.telling.as_webhook import MOST_ALERTS, webhook_document
from pipelines.alerts.telling.choosing import NEWS_DAYS
from pipelines.alerts.telling.fitting import fitted
from pipelines.alerts.telling.making import make_message
from pipelines.alerts.telling.mornings import URGENT, unit_of
from pipelines.alerts.telling.outbox import last_morning
from pipelines.alerts.telling.record import Telling, ToldAlert
from pipelines.alerts.telling.watching import open_count
from pipelines.warehouse.tables import alert_notice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.alerts.annotations import Annotation
    from pipelines.alerts.reading import AlertRow
    from pipelines.alerts.telling.message import Message
    from pipelines.alerts.telling.outbox import ClaimedMessage
    from pipelines.settings import Settings
    from pipelines.settings.alert_channels import AlertChannels, Channel


@dataclass(frozen=True)
class MailBody:
    """A message as a mail."""

    subject: str
    text: str
    html: str


def read_telling(
    connection: sa.Connection, settings: Settings, alerts: AlertChannels, channel: Channel, claimed: ClaimedMessage
) -> Telling:
    """Read what a message tells, as it stands now; alerts that were erased since are no longer in it."""
    notice = alert_notice.c
    noticed = connection.execute(
        sa.select(notice.alert_id, notice.reason).where(
            notice.channel == channel.id,
            notice.business_date == claimed.business_date,
            notice.noticed_at == claimed.noticed_at,
        )
    ).all()
    rows = read_by_id(connection, [row.alert_id for row in noticed])
    words = words_of(connection, rows.values()) if channel.words else {}
    unit_id, day = unit_of(settings, channel), claimed.business_date
    told = tuple(
        ToldAlert(rows[each.alert_id], each.reason, words.get(rows[each.alert_id].alert_id, ""))
        for each in noticed
        if each.alert_id in rows
    )
    units = frozenset(connection.scalars(units_under(unit_id, day)))
    return Telling(
        message_id=claimed.message_id,
        channel_id=channel.id,
        business_date=day,
        unit_id=unit_id,
        alerts=told,
        open_count=open_count(connection, units, channel.lanes, channel.severity),
        unit_names={each: settings.network.unit(each, day).name for each in settings.network.unit_ids},
        reason_titles=settings.alerts.reason_titles(channel.locale or settings.locale),
        page_url=alerts.page_url,
        unwatched_sources=unwatched_sources(settings, rows.values()),
        annotations=() if claimed.occasion == URGENT else tuple(_annotations(connection, settings, claimed, unit_id)),
    )


def unwatched_sources(settings: Settings, alerts: Iterable[AlertRow]) -> frozenset[str]:
    """The sources of some news that nobody waits for any more."""
    watched = frozenset(("", *settings.alerts.news.waited_for(settings.names_of("client"))))
    return frozenset(row.subject for row in alerts if row.lane == "news") - watched


def _annotations(
    connection: sa.Connection, settings: Settings, claimed: ClaimedMessage, unit_id: str
) -> Iterable[Annotation]:
    """What else happened since the message before: its own day at least, and no more than is news."""
    day, former = claimed.business_date, last_morning(connection, claimed.channel, claimed.business_date)
    first = max(former + ONE_DAY, day - timedelta(days=NEWS_DAYS)) if former else day
    sources = settings.names_of("client") if unit_id in settings.network.roots else ()
    return read_annotations(connection, first, day, unit_id, sources)


def rendered(telling: Telling, channel: Channel, locale: str) -> dict[str, Any] | MailBody:
    """The message in the form of its channel, as large as the channel takes."""
    make, most = partial(make_message, telling, locale), len(telling.alerts)
    if channel.kind == "slack":
        return fitted(make, most, slack_document, fits_slack)
    if channel.kind == "teams":
        return fitted(make, most, teams_document, fits_teams)
    if channel.kind == "webhook":
        return webhook_document(telling, make(min(most, MOST_ALERTS)))
    return fitted(make, most, _mail, lambda mail: fits_mail(mail.html))


def _mail(message: Message) -> MailBody:
    return MailBody(message.headline, message_text(message), mail_html(message))
