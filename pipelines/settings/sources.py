"""Where answers come from: what the blocks of all kinds of sources share."""

import codecs
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator
from pydantic_core import PydanticKnownError

from pipelines.settings.choices import one_of
from pipelines.settings.entry import Aliases, Entry, FieldPath, Key, Text, Zone

Side = Literal["client", "employee", "contact", "invitation"]

CHANNELS = ("store", "web", "app", "email", "phone", "kiosk", "sms", "social", "letter", "unknown")
# The bonds inside (method, section 1): with one's manager, among employees, with suppliers and partners.
RELATIONS = ("manager", "peers", "supplier", "partner")

# What only sources of these sides have: whoever writes it elsewhere would be wrong about what is read.
SIDES_OF: Mapping[str, tuple[Side, ...]] = {
    "questionnaire": ("client", "employee"),
    "relation": ("employee",),
    "relations": ("employee",),
    "client_source": ("contact",),
    "absent_is_withdrawn": ("client",),
    "day_of": ("client", "employee", "contact"),
}
SIDES_OF_FIELDS: Mapping[str, tuple[Side, ...]] = {
    **dict.fromkeys(("respondent", "campaign_id", "relation", "questionnaire_version"), ("employee",)),
    **dict.fromkeys(("contact_id", "agent", "estimate", "client_response_id"), ("contact",)),
    **dict.fromkeys(("sent_on", "sent_count"), ("invitation",)),
}


def _encoding(value: str) -> str:
    try:
        return codecs.lookup(value).name
    except LookupError:
        raise ValueError(f"{value!r} is not an encoding; write utf-8 or cp1252, or leave it out") from None


def _date_format(value: str) -> str:
    if "%" not in value:
        raise ValueError("must be a strptime format, as '%d/%m/%Y %H:%M'")
    return value


Channel = Annotated[str, AfterValidator(one_of(CHANNELS, "channel")), Field(json_schema_extra={"enum": list(CHANNELS)})]
Relation = Annotated[
    str, AfterValidator(one_of(RELATIONS, "relation")), Field(json_schema_extra={"enum": list(RELATIONS)})
]


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
    # Of employees.
    respondent: Aliases = _aliases(
        "respondent", "The source's token or login of a person: hashed before anything is stored."
    )
    campaign_id: Aliases = _aliases("campaign_id", "The campaign answered; by default that of the day of the answer.")
    relation: Aliases = _aliases("relation", "The bond that is meant, translated by relations.")
    questionnaire_version: Aliases = _aliases(
        "questionnaire_version", "Version answered; by default that of the campaign."
    )
    # Of contacts.
    contact_id: Aliases = _aliases("contact_id", "Identifier of the contact, unique within the source.")
    agent: Aliases = _aliases("agent", "Who served the client: hashed before anything is stored.")
    estimate: Aliases = _aliases("estimate", "What the agent thinks that the client's satisfaction will be, 1 to 4.")
    client_response_id: Aliases = _aliases(
        "client_response_id", "Identifier of the client's answer to this contact, in the client_source."
    )
    # Of invitations.
    sent_on: Aliases = _aliases("sent_on", "The day on which the invitations were sent, or a moment of it.")
    sent_count: Aliases = _aliases("sent_count", "How many invitations the unit sent that day in the channel.")


class Source(Entry):
    """What every source says, whatever its kind: its name, who speaks, and how its records are read."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"side": {"enum": ["contact", "invitation"]}}, "required": ["side"]},
            "then": {
                "if": {"properties": {"side": {"const": "contact"}}},
                "then": {"required": ["client_source"]},
            },
            "else": {"required": ["questionnaire"]},
        }
    )

    name: Key = Field(description="Name of the source, for ever: it is part of the key of its answers.")
    side: Side = Field(
        default="client",
        description="Who speaks: client, employee, contact for what agents note at its end, or invitation for how many"
        " clients were asked.",
    )
    kind: str = Field(description="Kind of source.")
    path: Text = Field(description="Where its pages are.")
    questionnaire: Text = Field(
        default="", validate_default=True, description="Version of the questionnaire that the answers reply to."
    )
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
    relations: Mapping[str, Relation] = Field(default={}, description="The source's word for a relation: relation.")
    relation: Relation | None = Field(default=None, description="Relation of answers that do not name theirs.")
    client_source: Key | None = Field(
        default=None, validate_default=True, description="The client source whose answers the contacts name."
    )
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

    @field_validator("questionnaire", "client_source", mode="wrap")
    @classmethod
    def _needed_by_its_side(cls, written: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        if written:
            return read(written)
        if info.data.get("side") in SIDES_OF[str(info.field_name)]:
            raise PydanticKnownError("missing")
        return written

    @field_validator("*")
    @classmethod
    def _of_its_side(cls, value: Any, info: ValidationInfo) -> Any:
        sides = SIDES_OF.get(str(info.field_name))
        if value and sides and info.data.get("side", sides[0]) not in sides:
            raise ValueError(f"is only for sources of side {' or '.join(sides)}; take it out")
        return value

    @field_validator("fields")
    @classmethod
    def _fields_of_its_side(cls, fields: Fields, info: ValidationInfo) -> Fields:
        for name, sides in SIDES_OF_FIELDS.items():
            if name in fields.model_fields_set and info.data.get("side", sides[0]) not in sides:
                raise ValueError(f"{name} is only read from sources of side {' or '.join(sides)}; take it out")
        return fields

    @property
    def names_campaign(self) -> bool:
        """Whether each answer names its campaign; otherwise its day does."""
        return "campaign_id" in self.fields.model_fields_set

    @property
    def is_versioned_by_fetch(self) -> bool:
        """Whether the version of an answer is when it was read, whatever update time it carries."""
        return False
