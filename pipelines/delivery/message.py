"""A summary as a mail: text and HTML side by side, in headers that nothing from outside can break."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import TYPE_CHECKING

from pipelines.summary.cleaning import clean

if TYPE_CHECKING:
    from pipelines.delivery.outbox import Claimed

# Lines of a mail hold 998 bytes at most (RFC 5322, 2.1.1), and not every server takes 8 bits: both are encoded.
TEXT_ENCODING = "quoted-printable"
HTML_ENCODING = "base64"  # 30 kB of markup in 1 ms instead of 13

LIST_NAME = "symetrie"


def mail_message(mail: Claimed, *, name: str, sender: str, written_at: datetime) -> EmailMessage:
    """The whole message; names and subjects are cleaned, since they come from the settings and from sources."""
    from_ = mailbox(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = from_
    message["To"] = Address(header_text(name), *split_address(mail.address))
    message["Subject"] = header_text(mail.subject)
    message["Date"] = written_at
    message["Message-ID"] = mail.message_id
    # RFC 3834 and Exchange: nobody's "I am out of the office" comes back.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<{LIST_NAME}.{from_.domain}>"
    message.set_content(mail.body_text, cte=TEXT_ENCODING)
    message.add_alternative(mail.body_html, subtype="html", cte=HTML_ENCODING)
    message["Content-Language"] = mail.locale  # last: setting a content clears what is said about it
    return message


def mailbox(written: str) -> Address:
    """A sender as the settings write it: a name and an address, or the address alone."""
    name, address = parseaddr(written)
    return Address(header_text(name), *split_address(address))


def header_text(text: str) -> str:
    """A text from outside as it may stand in a header.

    Python decodes what looks like an encoded word, and the line end inside it would begin a header of its own.

    >>> header_text("Nice =?utf-8?q?=0D=0ABcc:_all=40example.org?=")
    'Nice = ?utf-8?q?=0D=0ABcc:_all=40example.org?='
    """
    return clean(text).replace("=?", "= ?")


def split_address(address: str) -> tuple[str, str]:
    """The part before the @ and the domain, the domain as mail servers spell it.

    >>> split_address("claire@crème.example")
    ('claire', 'xn--crme-6oa.example')
    """
    local, _, domain = address.rpartition("@")
    return local, domain.encode("idna").decode()


def envelope_address(address: str) -> str:
    """An address as it is given to a mail server."""
    return "@".join(split_address(address))
