"""What JSON Lines and JSON documents share: records as JSON texts, their fields by dotted paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.pages.builder import BatchBuilder
from pipelines.pages.columns import MARK_PREFIX, Column
from pipelines.pages.json_paths import places, pointers, text_at
from pipelines.pages.records import Records
from pipelines.pages.sql import first_of, raw_payload, storable_json, texts

# Fields are those of the first records: the keys of a million records would cost a third of reading them.
RECORDS_LOOKED_AT = 10_000
_LINE = storable_json("line")  # once per record instead of once per field
_IS_BLANK = "line IS NULL OR trim(line, ' \t\r\n') = ''"
_IS_OBJECT = "starts_with(ltrim(line, ' \t\r\n'), '{') AND json_valid(line)"


def load_objects(builder: BatchBuilder, lines: str, page_name: str) -> int:
    """Load the records of a relation with one JSON text per row, in a column `line`; gives their number."""
    records = records_of(builder, lines)
    loaded = builder.load(records, first_line=1, page_name=page_name)
    absent = _absent(builder, lines)
    if absent:
        kept = {name: value for name, value in records.values.items() if name not in absent}
        loaded = builder.load(replace(records, values=kept), first_line=1, page_name=page_name)
    return loaded


def records_of(builder: BatchBuilder, lines: str) -> Records:
    """How the records of such a relation are read: every field looked for at once."""
    fields = [field for column in builder.columns for field in column.fields]
    asked = list(dict.fromkeys(path for field in fields for path in pointers(field)))
    found = f"CASE WHEN {_IS_OBJECT} THEN json_extract_string(line, {texts(asked or ['/'])}) END"
    return Records(
        relation=f"(SELECT line, {found} AS found FROM (SELECT {_LINE} AS line FROM {lines}))",
        values={column.name: _value(column, asked) for column in builder.columns if column.fields},
        payload=f"CASE WHEN {_IS_OBJECT} THEN line ELSE {raw_payload('line')} END",
        fields=_fields(builder, lines),
        unreadable=f"CASE WHEN found IS NULL THEN CASE WHEN {_IS_BLANK} THEN '' ELSE {raw_payload('line')} END END",
    )  # fmt: skip


def _value(column: Column, asked: Sequence[str]) -> str:
    found = [each for field in column.fields for each in _found(field, asked)]
    value = first_of(found, joined=column.is_joined)
    return f"nullif({value}, 'NaN')" if column.name.startswith(MARK_PREFIX) else value


def _found(field: str, asked: Sequence[str]) -> list[str]:
    """Where the field stands among what was read at once; one that holds a search is read by itself."""
    read = [f"found[{asked.index(path) + 1}]" for path in pointers(field)]
    return read or [f"CASE WHEN found IS NOT NULL THEN {text_at(field, 'line')} END"]


def _fields(builder: BatchBuilder, lines: str) -> tuple[str, ...]:
    keys = builder.connection.execute(
        f"SELECT unnest(json_keys(line)) AS key FROM (SELECT line FROM {lines} LIMIT {RECORDS_LOOKED_AT})"
        f" WHERE {_IS_OBJECT}"
    ).fetchall()
    return tuple(dict.fromkeys(key for (key,) in keys))


def _absent(builder: BatchBuilder, lines: str) -> list[str]:
    """Required columns that no record of the page has a key for; a key whose value is null is there."""
    required = [column for column in builder.columns if column.is_required]
    empty = set(builder.empty_columns([column.name for column in required]))
    return [column.name for column in required if column.name in empty and not _has_key(builder, lines, column)]


def _has_key(builder: BatchBuilder, lines: str, column: Column) -> bool:
    found = [place for field in column.fields for place in places(field, "line")]
    exists = " OR ".join(f"{place} IS NOT NULL" for place in found) or "false"
    has_it = builder.connection.execute(
        f"SELECT coalesce(bool_or(CASE WHEN {_IS_OBJECT} THEN {exists} END), false) FROM {lines}"
    ).fetchone()
    return bool(has_it and has_it[0])
