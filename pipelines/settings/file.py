"""The shape of `symetrie.yaml`, and its JSON schema for editors."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from pipelines.settings.entry import Entry, Text
from pipelines.settings.limits import Retention, Thresholds, Windows
from pipelines.settings.questionnaires import QuestionEntry, ScaleEntry
from pipelines.settings.recipients import Locale, RecipientEntry
from pipelines.settings.sources import FilesSource
from pipelines.settings.units import UnitEntry
from symetrie.measures import CLIENT_MEASURES
from symetrie.windows import WINDOWS


class NetworkBlock(Entry):
    """The units, inline, in a CSV file, or the few upper ones inline and the many lower ones in a CSV file."""

    units: tuple[UnitEntry, ...] = Field(default=(), description="Units, one per version.")
    units_csv: Text | None = Field(
        default=None, description="CSV file with a column for each key of a unit, the same names."
    )


class SettingsFile(Entry):
    """The whole file."""

    locale: Locale = Field(default="fr", description="Language of the summaries.")
    warehouse: Text | None = Field(
        default=None, description="SQLAlchemy URL; by default a DuckDB file under SYMETRIE_HOME."
    )
    network: NetworkBlock = Field(description="The units, as a tree.")
    sources: Annotated[tuple[FilesSource, ...], Field(description="Where answers come from.")]
    questionnaires: Mapping[str, Mapping[str, QuestionEntry]] = Field(
        default={}, description="Questionnaires beside the shipped ones: version, measure, question."
    )
    scales: Mapping[str, ScaleEntry] = Field(default={}, description="Scales beside the shipped ones.")
    windows: Windows = Field(default=WINDOWS, description="Days of the rolling windows: 1, 7, 28, 91 and any between.")
    thresholds: Thresholds = Field(default=Thresholds(), description="When rows and batches are flagged or held.")
    retention: Retention = Field(default=Retention(), description="How long results keep their full detail.")
    recipients: tuple[RecipientEntry, ...] = Field(default=(), description="Who receives the morning answer.")


def settings_json_schema() -> dict[str, Any]:
    """Give the JSON schema of `symetrie.yaml`, for completion and checks in an editor."""
    schema = SettingsFile.model_json_schema()
    questions = schema["properties"]["questionnaires"]["additionalProperties"]
    questions["propertyNames"] = {"enum": [measure.key for measure in CLIENT_MEASURES]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "symetrie.yaml"}
