"""Where answers come from: what the blocks of all kinds of sources share."""

import codecs
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from pipelines.settings.entry import Aliases, Entry, FieldPath, Key, Text, Zone
from pipelines.settings.suggestions import pick_from

CHANNELS = ("store", "web", "app", "email", "phone", "kiosk", "sms", "social", "letter", "unknown")


def _channel(value: str) -> str:
    if value not in CHANNELS:
        raise ValueError(f"{value!r} is not a channel{pick_from(value, CHANNELS)}")
    return value


def _encoding(value: str) -> str:
    try:
        return codecs.lookup(value).name
    except LookupError:
        raise ValueError(f"{value!r} is not an encoding; write utf-8 or cp1252, or leave it out") from None


def _date_format(value: str) -> str:
    if "%" not in value:
        raise ValueError("must be a strptime format, as '%d/%m/%Y %H:%M'")
    return value


Channel = Annotated[str, AfterValidator(_channel), Field(json_schema_extra={"enum": list(CHANNELS)})]


def _aliases(name: str, description: str) -> Any:
    return Field(default=(name,), description=description)


class Fields(Entry):
    """Which field of the source holds what: a name, several (the first present wins), a dotted path or a JSONPath."""

    response_id: Aliases = _aliases("response_id", "Identifier of the answer, unique within the source.")
    unit_id: Aliases = _aliases("unit_id", "The unit's id, or a code translated by unit_codes.")
    submitted_at: Aliases = _aliases("submitted_at", "When the client answered.")
    experienced_at: Aliases = _aliases("experienced_at", "When the client was served.")
    updated_at: Aliases = _aliases("updated_at", "When the source last changed the answer.")
    channel: Aliases = _aliases("channel", "How the client answered, translated by channels.")
    touchpoint: Aliases = _aliases("touchpoint", "The moment of the journey asked about.")
    contact_reason: Aliases = _aliases("contact_reason", "Why the client came or called.")
    language: Aliases = _aliases("language", "Language of the answer.")
    verbatim: Aliases = _aliases("verbatim", "The client's own words; several fields are joined.")
    source_url: Aliases = _aliases("source_url", "Where the answer can be seen at the source.")
    can_contact: Aliases = _aliases("can_contact", "Whether the client agrees to be contacted.")
    is_verified: Aliases = _aliases("is_verified", "Whether the source has verified the purchase or visit.")
    status: Aliases = _aliases("status", "What became of the answer at the source; see withdrawn_values.")


class Source(Entry):
    """What every source says, whatever its kind: its name, its questionnaire, and how its records are read."""

    name: Key = Field(description="Name of the source, for ever: it is part of the key of its answers.")
    kind: str = Field(description="Kind of source.")
    path: Text = Field(description="Where its pages are.")
    questionnaire: Text = Field(description="Version of the questionnaire that the answers reply to.")
    connection: Text | None = Field(
        default=None, description="Id of the connection with the credentials (AIRFLOW_CONN_<ID>)."
    )
    format: str | None = Field(default=None, description="Format of the pages.")
    encoding: Annotated[str, AfterValidator(_encoding)] | None = Field(
        default=None, description="Encoding of text files; by default detected."
    )
    records: FieldPath | None = Field(default=None, description="Path to the list inside a JSON document.")
    fields: Fields = Field(default=Fields(), description="Which field holds what.")
    unit_codes: Mapping[str, Text] = Field(default={}, description="The source's code of a unit: unit id.")
    channels: Mapping[str, Channel] = Field(default={}, description="The source's word for a channel: channel.")
    channel: Channel | None = Field(default=None, description="Channel of answers that do not name theirs.")
    withdrawn_values: tuple[Text, ...] = Field(
        default=(), description="Words of the field status that take an answer back, as deleted or hidden."
    )
    timezone: Zone | None = Field(
        default=None, description="Time zone of local times; by default that of each answer's unit."
    )
    date_formats: tuple[Annotated[str, AfterValidator(_date_format)], ...] = Field(
        default=(), description="strptime formats of dates beside the ISO ones."
    )
    day_of: Literal["answer", "experience"] = Field(
        default="answer", description="Whether the business date is that of the answer or of the experience."
    )

    @property
    def is_versioned_by_fetch(self) -> bool:
        """Whether the version of an answer is when it was read, whatever update time it carries."""
        return False
