"""A session with the mail server: one connection for many messages, and what the server's answers mean."""

from __future__ import annotations

import contextlib
import smtplib
from email.message import EmailMessage
from typing import TYPE_CHECKING

from pipelines.delivery.connecting import open_connection, reason, said, where_is
from pipelines.delivery.leasing import ACCEPTED, POSTPONED, REFUSED, Answer
from pipelines.delivery.message import envelope_address, mailbox
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from pipelines.connections import Connection
    from pipelines.settings.delivery import Delivery

CLOSING, NEEDS_LOGIN, TOO_BIG = 421, 530, 552


class Session:
    """A connection to the mail server, opened with the first message and again after it was lost."""

    def __init__(self, server: Connection, delivery: Delivery) -> None:
        self._server = server
        self._delivery = delivery
        self._sender = envelope_address(mailbox(delivery.sender).addr_spec)
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, address: str) -> Answer:
        """Hand over one message, and say what the server made of it.

        Raises SymetrieError when it is not about this message: the server cannot be reached, or does not let us in.
        """
        is_reused = self._smtp is not None
        smtp = self._smtp = self._smtp or open_connection(self._server, self._delivery)
        try:
            smtp.send_message(message, from_addr=self._sender, to_addrs=[envelope_address(address)])
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == CLOSING and is_reused:  # some servers end a connection after so many messages
                self._drop()
                return self.send(message, address)
            return self._sender_refused(error)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, words),) = error.recipients.values()
            return self._judged(code, words)
        except smtplib.SMTPDataError as error:
            self._reset()
            return self._judged(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError:
            return Answer(REFUSED, "the mail server takes no address with letters outside ASCII (SMTPUTF8)")
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer(POSTPONED, f"connection lost, the message taken or not: {reason(self._server, error)}")
        return Answer(ACCEPTED)

    def close(self) -> None:
        """End the session; whatever the server thinks of it, all is said."""
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    def _judged(self, code: int, words: bytes | str) -> Answer:
        """4xx is for now, 5xx for ever (RFC 5321, 4.2.1); anything else is no SMTP and worth another try."""
        if code == NEEDS_LOGIN:
            raise self._locked_out(code, words)
        if code == CLOSING or not 400 <= code < 600:
            self._drop()
        return Answer(REFUSED if 500 <= code < 600 else POSTPONED, said(self._server, code, words))

    def _sender_refused(self, error: smtplib.SMTPSenderRefused) -> Answer:
        """A sender that is refused for ever concerns every mail, and none of those who wait for one."""
        if error.smtp_code >= 500 and error.smtp_code != TOO_BIG:
            raise self._locked_out(error.smtp_code, error.smtp_error)
        return self._judged(error.smtp_code, error.smtp_error)

    def _locked_out(self, code: int, words: bytes | str) -> SymetrieError:
        return SymetrieError(
            f"{where_is(self._server, self._delivery)} lets {self._sender} send nothing: "
            f"{said(self._server, code, words)}; check delivery.sender and connection {self._delivery.connection!r}"
        )

    def _reset(self) -> None:
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None
