"""What every block of the settings file shares: frozen records that refuse unknown keys, and the texts in them."""

from datetime import date
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from pipelines.settings.json_path import checked_path
from pipelines.settings.suggestions import did_you_mean

KEY_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,62}$"
# A comma, a bracket or a quote in an address would make a mail server read another one, or several.
EMAIL_PART = r"[^@\s,;:<>()\[\]\\\"]+"
EMAIL_PATTERN = rf"^{EMAIL_PART}@{EMAIL_PART}\.{EMAIL_PART}$"


class Entry(BaseModel):
    """One block of the settings file; a key without a value counts as left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blanks(cls, block: Any) -> Any:
        if not isinstance(block, dict):
            return block
        return {key: value for key, value in block.items() if value is not None}


def read_day(written: str) -> date:
    """Read a day written YYYY-MM-DD."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise ValueError("must be a day written YYYY-MM-DD, as 2026-01-31") from None


def _day(value: Any) -> Any:
    return read_day(value) if isinstance(value, str) else value


def _zone(value: Any) -> Any:
    if isinstance(value, str) and (problem := _zone_problem(value)):
        raise ValueError(problem)
    return value


@cache
def _zone_problem(name: str) -> str | None:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        nearest = did_you_mean(name, _zones()) if "/" in name else ""
        hint = nearest or "; write one like Europe/Paris"
        return f"{name!r} is not a time zone{hint}"
    return None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _texts(value: Any) -> Any:
    if not isinstance(value, str | list | tuple):
        raise ValueError("must be a text or a list of texts")
    return (value,) if isinstance(value, str) else value


def _written_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text = Annotated[
    str,
    BeforeValidator(_written_as_text, json_schema_input_type=str | int | float),
    StringConstraints(min_length=1, strip_whitespace=True),
]
Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
Email = Annotated[str, StringConstraints(pattern=EMAIL_PATTERN)]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Zone = Annotated[str, BeforeValidator(_zone, json_schema_input_type=str)]
FieldPath = Annotated[Text, AfterValidator(checked_path)]
Aliases = Annotated[
    tuple[FieldPath, ...], BeforeValidator(_texts, json_schema_input_type=str | list[str]), Field(min_length=1)
]
