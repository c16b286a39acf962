"""Opening a connection to the mail server, encrypted and logged in, or one line that says why not."""

from __future__ import annotations

import smtplib
import ssl
from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.errors import SymetrieError, Unreachable
from pipelines.summary.cleaning import shorten

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from pipelines.connections import Connection
    from pipelines.settings.delivery import Delivery

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Submission (RFC 6409), submission over TLS (RFC 8314), and the relay of the house."""

DATA_PATIENCE = 10
"""RFC 5321 (4.5.3.2.6) lets a server take ten minutes over a message: whoever leaves earlier sends it twice."""

QUICK_ANSWERS = 20
"""More than a message waits for besides: a connection, its encryption, a login, the envelope, once more after 421."""

END_OF_MESSAGE = b"\r\n.\r\n"

LONGEST_WORDS = 300


class PatientSMTP(smtplib.SMTP):
    """SMTP that waits longer for the answer to a message than for any other."""

    def send(self, s: Buffer | str) -> None:
        super().send(s)
        if self.sock is not None and isinstance(s, bytes) and s.endswith(END_OF_MESSAGE):
            self.sock.settimeout(self.timeout * DATA_PATIENCE)

    def data(self, msg: Buffer | str) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)


class PatientSMTPOverTLS(PatientSMTP, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def longest_message(delivery: Delivery) -> timedelta:
    """What one message takes at the most, from a server that gives every answer at the last moment."""
    return timedelta(seconds=delivery.timeout_seconds * (QUICK_ANSWERS + DATA_PATIENCE))


def open_connection(server: Connection, delivery: Delivery) -> smtplib.SMTP:
    """A connection ready for messages; `Unreachable` is what time may heal, any other SymetrieError is not."""
    where = where_is(server, delivery)
    _check(server, delivery, where)
    try:
        return _connect(server, delivery)
    except ssl.SSLError as error:
        raise SymetrieError(
            f"{where}: TLS failed: {reason(server, error)}; check host, port and delivery.security, "
            "or name the certificate of a private authority in SSL_CERT_FILE"
        ) from None
    except smtplib.SMTPAuthenticationError as error:
        kind = SymetrieError if error.smtp_code >= 500 else Unreachable
        raise kind(
            f"{where} refuses the login: {reason(server, error)}; check connection {delivery.connection!r}"
        ) from None
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise SymetrieError(
            f"{where}: {reason(server, error)}; check delivery.security and connection {delivery.connection!r}"
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"{where} cannot be reached: {reason(server, error)}; the mails wait") from None


def where_is(server: Connection, delivery: Delivery) -> str:
    """The server as errors name it."""
    return f"mail server {server.host}:{server.port or PORTS[delivery.security]}"


def reason(server: Connection, error: Exception) -> str:
    """What a server or the network said, on one line and without a secret."""
    if isinstance(error, smtplib.SMTPResponseException):
        return said(server, error.smtp_code, error.smtp_error)
    return _shown(server, str(error) or type(error).__name__)


def said(server: Connection, code: int, words: bytes | str) -> str:
    """An answer of the server, on one line and without a secret."""
    return _shown(server, f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}")


def _shown(server: Connection, text: str) -> str:
    return shorten(server.hide_secrets(text), LONGEST_WORDS)


def _check(server: Connection, delivery: Delivery, where: str) -> None:
    if not server.host:
        raise SymetrieError(f"connection {delivery.connection!r} names no host; write smtp://login:password@host:587")
    if server.login and delivery.security == "none":
        raise SymetrieError(
            f"{where}: security: none would send the password in clear; set delivery.security to starttls or tls"
        )


def _connect(server: Connection, delivery: Delivery) -> smtplib.SMTP:
    host, port = server.host or "", server.port or PORTS[delivery.security]
    timeout, context = delivery.timeout_seconds, ssl.create_default_context()
    smtp = (
        PatientSMTPOverTLS(host, port, timeout=timeout, context=context)
        if delivery.security == "tls"
        else PatientSMTP(host, port, timeout=timeout)
    )
    try:
        if delivery.security == "starttls":
            smtp.starttls(context=context)
        if server.login:
            smtp.login(server.login, server.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp
