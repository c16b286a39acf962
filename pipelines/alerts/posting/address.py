"""The address of a webhook: whoever knows it may post there, so it is a secret as any password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.connections import HIDDEN
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from pipelines.connections import Connection
    from pipelines.settings.alert_channels import Channel

SIGNING_SECRET = "signing_secret"  # noqa: S105 - the name of the key in `extra`, no secret
HERE = frozenset({"localhost", "127.0.0.1", "::1"})

SHORTEST_SECRET = 6
"""Pieces of an address below that are words as `services` has, or nothing that opens a door."""


@dataclass(frozen=True)
class WebhookAddress:
    """Where a channel's messages are posted, and what they are signed with; its text shows neither."""

    url: str = field(repr=False)
    connection: Connection = field(repr=False)

    @property
    def where(self) -> str:
        """The server as errors name it."""
        return urlsplit(self.url).hostname or ""

    @property
    def signing_secret(self) -> str | None:
        """What a generic webhook's messages are signed with."""
        return self.connection.extra.get(SIGNING_SECRET) or None

    def hide(self, text: str) -> str:
        """A text from outside without the address: a server's error page repeats its path."""
        for secret in sorted(self._pieces(), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return self.connection.hide_secrets(text)

    def _pieces(self) -> set[str]:
        parts = urlsplit(self.url)
        pieces = {self.url, parts.path, parts.query, f"{parts.path}?{parts.query}", *parts.path.split("/")}
        pieces |= {value for _, value in parts_of_query(parts.query)} | {unquote(piece) for piece in pieces}
        return {piece for piece in pieces if len(piece) >= SHORTEST_SECRET}


def parts_of_query(query: str) -> list[tuple[str, str]]:
    """Names and values, as written and as meant."""
    written = [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&"))]
    return written + parse_qsl(query)


def webhook_address(channel: Channel, connection: Connection) -> WebhookAddress:
    """The address that the connection of a channel holds as its password; Airflow's Slack form is read too."""
    url = (connection.password or "").strip()
    if channel.kind == "slack" and url and "://" not in url and (connection.host or "").startswith("http"):
        url = f"{(connection.host or '').rstrip('/')}/{url.lstrip('/')}"
    parts = _parts(url)
    if parts is None:
        raise SymetrieError(
            f"channel {channel.id}: connection {channel.connection!r} holds no address of a webhook; "
            "give it whole, https://…, as the connection's password"
        )
    scheme, host = parts
    if scheme == "http" and channel.kind != "webhook" and host not in HERE:
        raise SymetrieError(
            f"channel {channel.id}: the address in connection {channel.connection!r} is not encrypted; "
            "write https:// as the service gave it"
        )
    return WebhookAddress(url, connection)


def _parts(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname or "") if is_address and re.fullmatch(r"[!-~]+", url) else None
