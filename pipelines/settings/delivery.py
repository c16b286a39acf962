"""How the morning answer is mailed: through which server, in whose name, at what hour, and for how long it is tried."""

import re
from datetime import time
from email.utils import getaddresses
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from pipelines.settings.entry import EMAIL_PATTERN, Entry, Text

Security = Literal["starttls", "tls", "none"]


def _hour(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value.strip()):
        hours, minutes = value.split(":")
        return time(int(hours), int(minutes))
    if isinstance(value, time):
        return value
    raise ValueError('must be an hour of the day written HH:MM, as "07:00"')


def _mailbox(written: str) -> str:
    addresses = getaddresses([written])
    address = addresses[0][1] if len(addresses) == 1 else ""
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError:
        address = ""
    if "\n" in written or not re.fullmatch(EMAIL_PATTERN, address):
        raise ValueError("must be one address, with a name or without: Symétrie <bonjour@example.com>")
    return written


Hour = Annotated[time, BeforeValidator(_hour, json_schema_input_type=str)]
Mailbox = Annotated[Text, AfterValidator(_mailbox)]


class Delivery(Entry):
    """The mail server and the hours; host, port, login and password stand in the connection."""

    connection: Text = Field(description="Id of the connection to the SMTP server (AIRFLOW_CONN_<ID>).")
    sender: Mailbox = Field(description="Who writes, as Symétrie <bonjour@example.com>; bounces come back there.")
    hour: Hour = Field(
        default=time(7), description="Hour at which mails are sent, in the time zone of each recipient's unit."
    )
    security: Security = Field(
        default="starttls",
        description="starttls, tls from the first byte, or none: without encryption, and then without a login.",
    )
    timeout_seconds: float = Field(default=60, gt=0, description="How long an answer of the server is waited for.")
    # The second try after 5 minutes passes greylisting; RFC 5321 (4.5.4.1) wants half an hour and more after that.
    retry_minutes: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(5, 15, 30, 60),
        min_length=1,
        description="Minutes before each new try after a temporary refusal; the last one is repeated.",
    )
    give_up_after_hours: float = Field(
        default=24, gt=0, description="A mail that is still refused after so many hours becomes a dead letter."
    )
    late_after_minutes: float = Field(
        default=60,
        ge=15,
        description="A mail that is not sent so long after its hour is late: `symetrie status` says so.",
    )
