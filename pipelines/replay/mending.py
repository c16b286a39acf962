"""What a person makes of a record that was set aside: fields set on the command line, or the record whole in a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import SymetrieError
from pipelines.pages.columns import columns_of
from pipelines.settings.json_path import is_json_path
from symetrie.measures import client_measure

if TYPE_CHECKING:
    from pipelines.settings import Source
    from pipelines.warehouse.typing import AnyRow
    from symetrie.questionnaires import Questionnaire

Record = dict[str, Any]
UNREADABLE_KEYS = ({"raw"}, {"raw", "note"})
"""What stands in the place of a record that was no record, or was too long to be kept whole."""


@dataclass(frozen=True)
class Mending:
    """Values to set in every record replayed, by field, and records rewritten whole, by their key."""

    values: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, Record] = field(default_factory=dict)

    def mended(self, row: AnyRow, source: Source, questionnaire: Questionnaire | None) -> Record | None:
        """The record as it should have been; None where nobody touched it."""
        record = self.corrected.get(row.record_key)
        if not self.values:
            return record
        received = received_record(row) if record is None else record
        if received is None:
            return None  # there is no record to set anything in
        return {**received, **_named_by_source(self.values, received, source, questionnaire)}


def received_record(row: AnyRow) -> Record | None:
    """The record as it was received; None where it cannot be read from its payload."""
    try:
        payload = json.loads(row.payload)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) and set(payload) not in UNREADABLE_KEYS else None


def read_corrected(file: Path) -> dict[str, Record]:
    """Read a file of JSON lines as `symetrie quarantine export` writes them, their payloads mended."""
    corrected: dict[str, Record] = {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SymetrieError(f"{file}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            key, payload = _entry(line, f"{file}:{number}")
            corrected[key] = payload
    return corrected


def _entry(line: str, place: str) -> tuple[str, Record]:
    try:
        given = json.loads(line)
        key, payload = given["record_key"], given["payload"]
    except (ValueError, KeyError, TypeError) as error:
        raise SymetrieError(f"{place}: must be a JSON object with record_key and payload ({error!r})") from error
    if not isinstance(key, str) or not isinstance(payload, dict) or set(payload) in UNREADABLE_KEYS:
        raise SymetrieError(f"{place}: payload must be the record itself, an object of its fields; write it out")
    return key, payload


def _named_by_source(
    values: Mapping[str, str], record: Record, source: Source, questionnaire: Questionnaire | None
) -> Record:
    """The values under the names that the source uses: a field of the record, or one that the settings name."""
    known = {column.name: column.fields for column in columns_of(source, questionnaire)}
    questions = questionnaire.questions if questionnaire else ()
    known |= {each.measure: known[f"mark_{client_measure(each.measure).column}"] for each in questions}
    named = {}
    for name, value in values.items():
        aliases = [alias for alias in known.get(name, (name,)) if not is_json_path(alias)]
        place = next((alias for alias in aliases if alias in record), aliases[0] if aliases else None)
        if place is None or (place not in record and name not in known):
            fields = ", ".join(record) or "none"
            raise SymetrieError(
                f"source {source.name}: --set {name}: no such field in the record; it has {fields}. "
                "A field inside another is mended with --from-file"
            )
        named[place] = value
    return named
