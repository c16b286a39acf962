"""Who is told of alerts beside the managers: channels of the operations team, each with its perimeter and its hour."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pipelines.settings.delivery import Hour
from pipelines.settings.document import Document, KeyPath
from pipelines.settings.entry import Email, Entry, Key, Text
from pipelines.settings.errors import Problems
from pipelines.settings.network import Network
from pipelines.settings.recipients import Locale
from pipelines.settings.suggestions import listed
from symetrie.alerts.finding import Kind, Lane, Severity

ChannelKind = Literal["slack", "teams", "webhook", "email"]

PLACE_OF_THE_ID, PLACE_OF_THE_LANGUAGE = "{alert_id}", "{locale}"


def _page_url(written: str) -> str:
    is_address = urlsplit(written).scheme in ("http", "https") and urlsplit(written).hostname
    places = sorted(re.findall(r"[{}].*?[{}]", written))
    is_whole = places in ([PLACE_OF_THE_ID], [PLACE_OF_THE_ID, PLACE_OF_THE_LANGUAGE])
    if not is_address or not is_whole or re.search(r"\s", written):
        raise ValueError(
            f"must be an address with {PLACE_OF_THE_ID} in it, and {PLACE_OF_THE_LANGUAGE} if need be,"
            " as https://voice.example.com/alerts/{alert_id}.{locale}.html"
        )
    return written


def _number(written: object) -> object:
    """Take a digit as the number that it is: of the settings file every value is read as it is written."""
    return int(written) if isinstance(written, str) and written.isdecimal() else written


PageUrl = Annotated[Text, AfterValidator(_page_url)]


def page_of(alert_id: str, page_url: str | None, locale: str) -> str | None:
    """Give the address where an alert can be read in a language; None in a house without such pages.

    >>> page_of("3f9a2c41d0", "https://voice.example.com/alerts/{alert_id}.{locale}.html", "fr")
    'https://voice.example.com/alerts/3f9a2c41d0.fr.html'
    """
    if page_url is None:
        return None
    return page_url.replace(PLACE_OF_THE_ID, alert_id).replace(PLACE_OF_THE_LANGUAGE, locale)


class Channel(Entry):
    """A place where alerts are told: a channel of Slack or Teams, a program, or a mailbox."""

    id: Key = Field(description="Identifier of the channel, for ever: what was told is remembered under it.")
    kind: ChannelKind = Field(description="slack, teams, webhook (JSON for a program of yours), or email.")
    connection: Text | None = Field(
        default=None,
        description="Id of the connection that holds the webhook's address as its password (AIRFLOW_CONN_<ID>).",
    )
    to: Email | None = Field(default=None, description="Address of an email channel; `delivery` says by which server.")
    unit: Text | None = Field(
        default=None, description="Alerts of this unit and of all below are told; by default of the whole network."
    )
    lanes: tuple[Lane, ...] = Field(
        default=("case", "signal", "news"),
        min_length=1,
        description="Which lanes are told: case (an unhappy client), signal (a measure moved), news (no news).",
    )
    severity: Annotated[Severity, BeforeValidator(_number)] = Field(
        default=1, description="Least severity that is told: 1, 2 or 3, the worst."
    )
    locale: Locale | None = Field(default=None, description="Language of the messages; by default the file's.")
    hour: Hour | None = Field(
        default=None,
        description="Hour of the message, in the time zone of the unit; by default that of `delivery`, else 07:00.",
    )
    # A source that has stopped spoils every figure of the morning; all else can wait for it.
    urgent: tuple[Kind, ...] = Field(
        default=("source_silent",), description="Kinds that are told as soon as they are found, before the hour."
    )
    all_clear: bool = Field(default=False, description="Whether a morning with nothing to tell is told as well.")
    words: bool = Field(default=True, description="Whether a case is told with what the client said, redacted.")

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.kind == "email" and (self.to is None or self.connection is not None):
            raise ValueError("of kind email needs to, an address, and no connection: `delivery` names the mail server")
        if self.kind != "email" and (self.connection is None or self.to is not None):
            raise ValueError(f"of kind {self.kind} needs connection, where the webhook's address is, and no `to`")
        return self


class Posting(Entry):
    """How patiently messages are handed to channels."""

    timeout_seconds: float = Field(default=30, gt=0, description="How long a whole answer of a webhook is waited for.")
    retry_minutes: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(5, 15, 30, 60),
        min_length=1,
        description="Minutes before each new try; the last one is repeated. A longer Retry-After is honoured.",
    )
    give_up_after_hours: float = Field(
        default=24, gt=0, description="A message that is not taken after so many hours becomes a dead letter."
    )
    late_after_minutes: float = Field(
        default=60, ge=15, description="A message that is not taken so long after it was due is late."
    )


class AlertChannels(Entry):
    """Who is told of alerts, and where an alert can be read."""

    page_url: PageUrl | None = Field(
        default=None,
        description="Address of an alert's page, with {alert_id} in it, and {locale} if need be; with one, the pages"
        " are written to pages/alerts, without one, messages name the command.",
    )
    channels: tuple[Channel, ...] = Field(default=(), description="Where alerts are told.")
    posting: Posting = Field(default=Posting(), description="How patiently messages are handed over.")


def check_channels(
    alerts: AlertChannels, network: Network, *, has_mail_server: bool, document: Document, problems: Problems
) -> None:
    """Note which channels name what is not there, and which share an id."""
    lines: dict[str, int | None] = {}
    for index, channel in enumerate(alerts.channels):
        key: KeyPath = ("alerts", "channels", index)
        place = document.place((*key, "id"))
        if channel.id in lines:
            problems.add(place, f"{channel.id!r} also stands on line {lines[channel.id]}; choose another")
        lines.setdefault(channel.id, place.line)
        if channel.unit is not None and channel.unit not in network.unit_ids:
            problems.add_unknown(document.place((*key, "unit")), "unit", channel.unit, network.unit_ids)
        if channel.unit is None and len(network.roots) > 1:
            tops = listed(network.roots[:5])
            problems.add(
                document.place((*key, "unit")), f"is missing; there are several top units: write one of {tops}"
            )
        if channel.kind == "email" and not has_mail_server:
            problems.add(
                document.place((*key, "kind")), "is email, and there is no block `delivery` with a mail server"
            )
