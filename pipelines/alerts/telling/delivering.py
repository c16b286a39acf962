"""Telling: what channels are owed is queued, handed over and settled, and what has not arrived is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import structlog

from pipelines.alerts.telling.handing_over import Postman
from pipelines.alerts.telling.mornings import CLEAR, owed_messages
from pipelines.alerts.telling.outbox import ClaimedMessage, claim, discard
from pipelines.alerts.telling.queueing import Queueing, queue
from pipelines.alerts.telling.rendering import read_telling, rendered
from pipelines.alerts.telling.standing import read_untold
from pipelines.delivery.leasing import ACCEPTED, DEAD, POSTPONED, SENT, Answer, Settled, settle_in, settled_by
from pipelines.warehouse.tables import alert_outbox

if TYPE_CHECKING:
    from pipelines.alerts.telling.record import Telling
    from pipelines.connections import Connections
    from pipelines.delivery.standing import Standing
    from pipelines.settings import Settings
    from pipelines.settings.alert_channels import AlertChannels, Channel
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)


def tell(
    warehouse: Warehouse,
    settings: Settings,
    alerts: AlertChannels,
    *,
    connections: Connections,
    business_date: date | None = None,
    channel_ids: Collection[str] = (),
    resend: bool = False,
    at_once: bool = False,
) -> Standing:
    """Tell every channel what it is owed, once each, with whatever is there; says how the messages stand afterwards."""
    with closing(Postman(settings, alerts, connections)) as postman:
        now = datetime.now(UTC)
        asked = owed_messages(
            settings, alerts, now, business_date=business_date, channel_ids=channel_ids, at_once=at_once
        )
        queue(warehouse, list(asked), Queueing(alerts, now, postman.lease, resend=resend, at_once=at_once))
        outcomes = _send_all(warehouse, settings, alerts, postman)
    with warehouse.reading() as connection:
        standing = read_untold(connection, settings, alerts, datetime.now(UTC))
    return standing.after(sent_count=outcomes[SENT], newly_dead_count=outcomes[DEAD])


def _send_all(warehouse: Warehouse, settings: Settings, alerts: AlertChannels, postman: Postman) -> Counter[str]:
    """Send all that may be sent now, one after another: there are few, and each is settled before the next."""
    outcomes: Counter[str] = Counter()
    channel_ids = [channel.id for channel in alerts.channels]
    while claimed := claim(warehouse, channel_ids, postman.lease):
        settled = _sent(warehouse, settings, alerts, postman, claimed)
        if settled is None:
            discard(warehouse, claimed)
            continue
        settle_in(warehouse, alert_outbox, [settled])
        outcomes[settled.status] += 1
    if outcomes:
        log.info("alerts.delivered", counts=dict(outcomes))
    return outcomes


def _sent(
    warehouse: Warehouse, settings: Settings, alerts: AlertChannels, postman: Postman, claimed: ClaimedMessage
) -> Settled | None:
    """Make one message and hand it over; nothing of it is left where all that it told was erased."""
    channel = next(each for each in alerts.channels if each.id == claimed.channel)
    with warehouse.reading() as connection:
        telling = read_telling(connection, settings, alerts, channel, claimed)
    if not telling.alerts and claimed.occasion != CLEAR:
        return None
    answer = _handed_over(telling, channel, channel.locale or settings.locale, postman, claimed)
    if answer.verdict != ACCEPTED:
        log.warning("alerts.not_accepted", verdict=answer.verdict, channel=channel.id, message_id=claimed.message_id)
    return settled_by(answer, claimed, alerts.posting, datetime.now(UTC))


def _handed_over(telling: Telling, channel: Channel, locale: str, postman: Postman, claimed: ClaimedMessage) -> Answer:
    """Hand a message over; one that cannot be made stops none of the others."""
    try:
        made = rendered(telling, channel, locale)
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may quote a client
        return Answer(POSTPONED, f"the message cannot be made ({type(error).__name__}); this is a defect of symetrie")
    return postman.hand_over(channel, claimed, made)
