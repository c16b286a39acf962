"""Handing one message to its channel; what another channel suffers from never stops it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.alerts.posting import judged, post, signed_headers, webhook_address
from pipelines.alerts.posting.request import NoAnswer
from pipelines.alerts.telling.rendering import MailBody
from pipelines.delivery.connecting import longest_message
from pipelines.delivery.leasing import POSTPONED, REFUSED, Answer
from pipelines.delivery.message import mail_message, mailbox
from pipelines.delivery.outbox import Claimed
from pipelines.delivery.session import Session
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from pipelines.alerts.telling.outbox import ClaimedMessage
    from pipelines.connections import Connections
    from pipelines.settings import Settings
    from pipelines.settings.alert_channels import AlertChannels, Channel

MADE_WITHIN = timedelta(minutes=10)
"""More than a sender needs to make a message and to note what came of it, the wait for the warehouse included."""


class Postman:
    """Takes messages to their channels: each webhook by a request of its own, mails over one connection."""

    def __init__(self, settings: Settings, alerts: AlertChannels, connections: Connections) -> None:
        self._settings, self._alerts, self._connections = settings, alerts, connections
        self._session: Session | None = None

    @property
    def lease(self) -> timedelta:
        """How long a claim holds: until the slowest message has been handed over and noted."""
        mail = longest_message(self._settings.delivery) if self._settings.delivery else timedelta()
        return MADE_WITHIN + max(mail, timedelta(seconds=self._alerts.posting.timeout_seconds))

    def hand_over(self, channel: Channel, claimed: ClaimedMessage, made: dict[str, Any] | MailBody) -> Answer:
        """Hand over one message, and say what the channel made of it."""
        try:
            if isinstance(made, MailBody):
                return self._mail(channel, claimed, made)
            return self._post(channel, claimed, made)
        except SymetrieError as error:  # a person can mend it, as a wrong connection: the message waits for that
            return Answer(POSTPONED, str(error))

    def close(self) -> None:
        """End the session with the mail server."""
        if self._session is not None:
            self._session.close()

    def _post(self, channel: Channel, claimed: ClaimedMessage, document: dict[str, Any]) -> Answer:
        address = webhook_address(channel, self._connections(channel.connection or ""))
        body = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        headers = (
            signed_headers(claimed.message_id, body, address.signing_secret, datetime.now(UTC))
            if channel.kind == "webhook"
            else {}
        )
        try:
            posted = post(address, body, headers, self._alerts.posting.timeout_seconds)
        except NoAnswer as error:
            return Answer(POSTPONED, f"{address.where}: {error}")
        return judged(channel.kind, address, posted)

    def _mail(self, channel: Channel, claimed: ClaimedMessage, body: MailBody) -> Answer:
        delivery = self._settings.delivery
        if delivery is None:
            raise SymetrieError(f"channel {channel.id} is email, and the settings have no block `delivery`; add one")
        if self._session is None:
            self._session = Session(self._connections(delivery.connection), delivery)
        mail = Claimed(
            message_id=f"<{claimed.message_id}@{mailbox(delivery.sender).domain}>",
            recipient_id=channel.id,
            address=channel.to or "",
            locale=channel.locale or self._settings.locale,
            attempt_count=claimed.attempt_count,
            created_at=claimed.created_at,
            claimed_at=claimed.claimed_at,
            subject=body.subject,
            body_text=body.text,
            body_html=body.html,
        )
        try:
            message = mail_message(mail, name="", sender=delivery.sender, written_at=datetime.now(UTC))
            return self._session.send(message, mail.address)
        except ValueError as error:
            return Answer(REFUSED, f"no mail can be made of it: {error}; check `to` of channel {channel.id}")
