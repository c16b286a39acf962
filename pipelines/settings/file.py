"""The shape of `symetrie.yaml`, and its JSON schema for editors."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from pipelines.settings.alerts import Alerts
from pipelines.settings.delivery import Delivery
from pipelines.settings.entry import Entry, Text
from pipelines.settings.gate import Gate
from pipelines.settings.kinds import KINDS, USUAL_KIND, AnySource
from pipelines.settings.limits import Retention, Thresholds, Windows
from pipelines.settings.pulse import Pulse
from pipelines.settings.questionnaires import QuestionEntry, ScaleEntry
from pipelines.settings.recipients import Locale, RecipientEntry
from pipelines.settings.redaction import Redaction
from pipelines.settings.units import UnitEntry
from symetrie.questions import QUESTION_KEYS
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
    sources: Annotated[tuple[AnySource, ...], Field(description="Where answers come from.")]
    questionnaires: Mapping[str, Mapping[str, QuestionEntry]] = Field(
        default={}, description="Questionnaires beside the shipped ones: version, question, its field and scale."
    )
    scales: Mapping[str, ScaleEntry] = Field(default={}, description="Scales beside the shipped ones.")
    pulse: Pulse = Field(default=Pulse(), description="When employees are asked, and how they stay unknown.")
    benchmarks: tuple[Text, ...] = Field(default=(), description="CSV files of what others score.")
    windows: Windows = Field(default=WINDOWS, description="Days of the rolling windows: 1, 7, 28, 91 and any between.")
    thresholds: Thresholds = Field(default=Thresholds(), description="When rows and batches are flagged or held.")
    redaction: Redaction = Field(default=Redaction(), description="How names are found in clients' words.")
    retention: Retention = Field(default=Retention(), description="How long results keep their full detail.")
    gate: Gate = Field(default=Gate(), description="What becomes of a held batch that nobody decides about.")
    alerts: Alerts = Field(default=Alerts(), description="What is looked for every day, and what becomes of it.")
    recipients: tuple[RecipientEntry, ...] = Field(default=(), description="Who receives the morning answer.")
    delivery: Delivery | None = Field(
        default=None, description="How the morning answer is mailed; without it nothing is."
    )


def settings_json_schema() -> dict[str, Any]:
    """Give the JSON schema of `symetrie.yaml`, for completion and checks in an editor."""
    schema = SettingsFile.model_json_schema()
    schema["properties"]["sources"]["items"] = _chosen_by_kind()
    questions = schema["properties"]["questionnaires"]["additionalProperties"]
    questions["propertyNames"] = {"enum": list(QUESTION_KEYS)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "symetrie.yaml"}


def _chosen_by_kind() -> dict[str, Any]:
    """One block per kind: an editor then tells what is wrong in the one that is meant."""
    kinds = {kind: {"$ref": f"#/$defs/{model.__name__}"} for kind, model in KINDS.items()}
    chosen: dict[str, Any] = kinds.pop(USUAL_KIND)
    for kind, block in kinds.items():
        is_meant = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
        chosen = {"if": is_meant, "then": block, "else": chosen}
    return chosen
